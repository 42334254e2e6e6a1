// Bounds on memory: V8's heap, array buffers, what other objects hold outside of the heap, their
// sum, and how much the process grows while JavaScript works.  Exceeding one ends the running
// JavaScript with 53200 and marks the engine for replacement.  All callbacks here run inside V8's
// allocation or garbage collection: they throw nothing and call nothing that allocates in V8.
#pragma once

#include <v8.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace fundb::js {

class Engine;

class Limits {
 public:
  Limits(Engine &engine, int heap_limit_mb);
  ~Limits();
  Limits(const Limits &) = delete;
  Limits &operator=(const Limits &) = delete;

  // Before and after the isolate is made.
  void Configure(v8::Isolate::CreateParams *params);
  void Watch(v8::Isolate *isolate);
  // Bytes held by array buffers.
  size_t BufferBytes() const;
  // Bytes held by other objects: what AdjustOutsideBytes was told, and ICU's.
  size_t OutsideBytes() const;
  void AdjustOutsideBytes(int64_t change);

  // Main thread: ends JavaScript when it holds more than it may.  To be called when it got
  // something large, which V8 may let pass.
  void CheckUse();

  // True when V8 should hear again how much ICU holds.  From any thread.
  bool IcuHasMoved() const;
  // Tells V8, which may collect garbage now.  Main thread.
  void ReportIcu();

  // V8 takes memory that it does not count, for as long as it works on something: the compiler, its
  // parsers, regular expressions.  What the process may grow by while a script runs, all in all, in
  // bytes; from any thread.
  int64_t AllowedGrowth() const;
  // Where to wait for the script to notice is over.
  int64_t UnbearableGrowth() const;
  // Main thread, JavaScript on the stack: ends it, for it grew too much.
  void GrewTooMuch() noexcept;

 private:
  class BufferAllocator;

  static size_t OnNearHeapLimit(void *data, size_t current_limit, size_t initial_limit);
  static void OnCollected(v8::Isolate *isolate, v8::GCType type, v8::GCCallbackFlags flags,
                          void *data);
  size_t IcuBytesHeld() const;
  void Exceeded() noexcept;
  void EndWith(const std::string &message, const char *hint);

  Engine &engine_;
  const int limit_mb_;
  const size_t limit_bytes_;
  std::shared_ptr<BufferAllocator> allocator_;
  v8::Isolate *isolate_ = nullptr;
  int64_t outside_bytes_ = 0;
  const int64_t icu_bytes_before_;
  std::atomic<int64_t> icu_bytes_reported_;
};

}  // namespace fundb::js
