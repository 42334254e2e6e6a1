// Whether jobs wait in V8's queue of microtasks.  V8 does not tell, and to ask it to run an empty
// queue costs every run of JavaScript as much as a call of V8 does.  So this reads the word in
// which the queue counts its jobs, but only after having seen it count (Find).
#pragma once

#include <v8.h>

#include <cstdint>

namespace fundb::js {

class MicrotaskCount {
 public:
  // Looks for the word; without it every run counts as one that queued something.  `context` is
  // any: all of an isolate share one queue.  Not while JavaScript is on the stack.  Needs a
  // HandleScope.
  void Find(v8::Local<v8::Context> context);
  bool IsFound() const { return count_ != nullptr; }

  // Whether jobs wait, as far as can be told.
  bool MayHaveJobs() const { return count_ == nullptr || *count_ != 0; }

  // Whether to run the queue after a call of JavaScript.  Now and then it says yes for an empty
  // one: V8 keeps what a WeakRef was asked for until then.
  bool IsCheckpointDue() {
    return count_ == nullptr || *count_ != 0 || ++skipped_ % kMostSkipped == 0;
  }

 private:
  static constexpr unsigned kMostSkipped = 64;

  // Changed by V8, also by code that it makes.
  const volatile intptr_t *count_ = nullptr;
  unsigned skipped_ = 0;
};

}  // namespace fundb::js
