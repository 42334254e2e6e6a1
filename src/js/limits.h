// Bounds on memory: V8's heap, array buffers, and both together.  Exceeding one ends the running
// JavaScript with 53200 and marks the engine for replacement.  All callbacks here run inside V8's
// allocation or garbage collection: they throw nothing and call nothing that allocates in V8.
#pragma once

#include <v8.h>

#include <cstddef>
#include <memory>

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

 private:
  class BufferAllocator;

  static size_t OnNearHeapLimit(void *data, size_t current_limit, size_t initial_limit);
  static void OnCollected(v8::Isolate *isolate, v8::GCType type, v8::GCCallbackFlags flags,
                          void *data);
  static void OnBufferRefused(v8::Isolate *isolate, void *data);
  void Exceeded() noexcept;

  Engine &engine_;
  const int limit_mb_;
  const size_t limit_bytes_;
  std::shared_ptr<BufferAllocator> allocator_;
};

}  // namespace fundb::js
