#include "js/microtasks.h"

#include <v8-microtask-queue.h>

namespace fundb::js {

namespace {
void DoNothing(void *) {}
}  // namespace

void MicrotaskCount::Find(v8::Local<v8::Context> context) {
  v8::Isolate *isolate = context->GetIsolate();
  v8::MicrotaskQueue *queue = context->GetMicrotaskQueue();
  // The first word leads to the virtual functions, the next is the count.
  const volatile intptr_t *count = reinterpret_cast<const volatile intptr_t *>(queue) + 1;
  count_ = nullptr;
  if (*count != 0) return;
  constexpr intptr_t kJobs = 3;
  bool counts = true;
  for (intptr_t i = 1; i <= kJobs; ++i) {
    isolate->EnqueueMicrotask(DoNothing);
    counts = counts && *count == i;
  }
  isolate->PerformMicrotaskCheckpoint();
  if (counts && *count == 0) count_ = count;
}

}  // namespace fundb::js
