#include "js/limits.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/report.h"
#include "js/engine.h"

namespace fundb::js {

namespace {

constexpr size_t kMegabyte = 1024 * 1024;
// The nursery: large enough that the garbage of one rule rarely costs a collection, small enough
// that it does not dominate the memory of an idle session (V8's own default is 48 MB).
// Twice the half that new objects are made in, and half of one more: what rules make for a row is
// dead at the next, and a half of 1 MB stays in the processor's cache.
constexpr size_t kYoungBytes = 3 * kMegabyte;
// What JavaScript may still take after the limit was hit, until it reaches the next point where
// it can be ended.  A single built-in call can ask for that much at once (the longest string, the
// largest array), and if V8 does not get it the process is lost.
constexpr size_t kSlackBytes = 1200 * kMegabyte;

}  // namespace

// Counts the bytes of array buffers and refuses what goes beyond the limit.  V8 then collects
// garbage and asks again; a refusal that stays is met in OnBufferRefused.
class Limits::BufferAllocator final : public v8::ArrayBuffer::Allocator {
 public:
  BufferAllocator(Limits *limits, size_t limit) : limits_(limits), limit_(limit) {}

  void *Allocate(size_t length) override {
    return Take(length, Fits(length) ? std::calloc(1, length) : nullptr);
  }
  void *AllocateUninitialized(size_t length) override {
    return Take(length, Fits(length) ? std::malloc(length) : nullptr);
  }
  void Free(void *data, size_t length) override {
    std::free(data);
    used_ -= length;
  }
  void *Reallocate(void *data, size_t old_length, size_t new_length) override {
    void *fresh = Allocate(new_length);
    if (fresh == nullptr) return nullptr;
    std::char_traits<char>::copy(static_cast<char *>(fresh), static_cast<char *>(data),
                                 std::min(old_length, new_length));
    Free(data, old_length);
    return fresh;
  }

  size_t used() const { return used_; }
  bool refused() const { return refused_; }
  void set_isolate(v8::Isolate *isolate) { isolate_ = isolate; }

 private:
  bool Fits(size_t length) const { return length <= limit_ && used_ <= limit_ - length; }
  void *Take(size_t length, void *data) {
    refused_ = data == nullptr;
    if (data != nullptr) {
      used_ += length;
    } else if (isolate_ != nullptr) {
      isolate_->RequestInterrupt(OnBufferRefused, limits_);
    }
    return data;
  }

  Limits *limits_;
  const size_t limit_;
  size_t used_ = 0;
  bool refused_ = false;
  v8::Isolate *isolate_ = nullptr;
};

Limits::Limits(Engine &engine, int heap_limit_mb)
    : engine_(engine),
      limit_mb_(heap_limit_mb),
      limit_bytes_(static_cast<size_t>(heap_limit_mb) * kMegabyte),
      allocator_(std::make_shared<BufferAllocator>(this, limit_bytes_)) {}

Limits::~Limits() = default;

size_t Limits::BufferBytes() const { return allocator_->used(); }

void Limits::Configure(v8::Isolate::CreateParams *params) {
  params->constraints.set_max_old_generation_size_in_bytes(limit_bytes_);
  params->constraints.set_max_young_generation_size_in_bytes(kYoungBytes);
  params->array_buffer_allocator_shared = allocator_;
}

void Limits::Watch(v8::Isolate *isolate) {
  allocator_->set_isolate(isolate);
  isolate->AddNearHeapLimitCallback(OnNearHeapLimit, this);
  isolate->AddGCEpilogueCallback(OnCollected, this, v8::kGCTypeMarkSweepCompact);
}

void Limits::Exceeded() noexcept {
  engine_.RequestReplacement();
  try {
    Report report;
    report.sqlstate = sqlstate::kOutOfMemory;
    report.message = "JavaScript heap limit of " + std::to_string(limit_mb_) + " MB exceeded";
    report.hint = "Use less memory, or raise \"fundb.heap_limit\".";
    engine_.StashAndTerminate(std::move(report));
  } catch (...) {
    engine_.Terminate();
  }
}

size_t Limits::OnNearHeapLimit(void *data, size_t current_limit, size_t initial_limit) {
  Limits &limits = *static_cast<Limits *>(data);
  limits.Exceeded();
  size_t raised = initial_limit + kSlackBytes;
  return raised > current_limit ? raised : current_limit;
}

// Heap and buffers may each be within the limit and together beyond it.
void Limits::OnCollected(v8::Isolate *, v8::GCType, v8::GCCallbackFlags, void *data) {
  Limits &limits = *static_cast<Limits *>(data);
  if (limits.engine_.MemoryUsed() > limits.limit_bytes_) limits.Exceeded();
}

void Limits::OnBufferRefused(v8::Isolate *, void *data) {
  Limits &limits = *static_cast<Limits *>(data);
  if (limits.allocator_->refused()) limits.Exceeded();
}

}  // namespace fundb::js
