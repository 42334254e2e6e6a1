#include "js/limits.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/report.h"
#include "js/engine.h"
#include "js/icu_memory.h"

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
// After how many bytes more or less V8 is told what ICU holds: it knows none of it, and would not
// collect garbage for it.
constexpr int64_t kIcuStep = 4 * kMegabyte;
// What V8 may take on top of the heap while it works on something: this times the heap's limit, and
// what an ordinary script can need if that is small.
constexpr int64_t kWorkFactor = 2;
constexpr int64_t kLeastWorkBytes = 128 * kMegabyte;
// How often V8 asks for one buffer.  Before it asks again it collects garbage, at last all of it.
constexpr int kBufferAttempts = 4;

}  // namespace

// Counts the bytes of array buffers and refuses what goes beyond the limit.  A refusal that stays
// is the end of whoever asked, at once: later it would end a script that did nothing wrong.
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

 private:
  bool Fits(size_t length) const { return length <= limit_ && used_ <= limit_ - length; }
  void *Take(size_t length, void *data) {
    if (data != nullptr) {
      used_ += length;
      refusals_ = 0;
      return data;
    }
    if (length != refused_length_) refusals_ = 0;
    refused_length_ = length;
    if (++refusals_ >= kBufferAttempts || length > limit_) limits_->Exceeded();
    return nullptr;
  }

  Limits *limits_;
  const size_t limit_;
  size_t used_ = 0;
  // In a row, of a buffer of this length.
  int refusals_ = 0;
  size_t refused_length_ = 0;
};

Limits::Limits(Engine &engine, int heap_limit_mb)
    : engine_(engine),
      limit_mb_(heap_limit_mb),
      limit_bytes_(static_cast<size_t>(heap_limit_mb) * kMegabyte),
      allocator_(std::make_shared<BufferAllocator>(this, limit_bytes_)),
      icu_bytes_before_(IcuBytes()),
      icu_bytes_reported_(icu_bytes_before_) {}

Limits::~Limits() = default;

size_t Limits::BufferBytes() const { return allocator_->used(); }

size_t Limits::OutsideBytes() const { return static_cast<size_t>(outside_bytes_) + IcuBytesHeld(); }

size_t Limits::IcuBytesHeld() const {
  // Less than nothing when something else in the process gave memory back to ICU.
  return static_cast<size_t>(std::max<int64_t>(0, IcuBytes() - icu_bytes_before_));
}

void Limits::AdjustOutsideBytes(int64_t change) {
  outside_bytes_ += change;
  isolate_->AdjustAmountOfExternalAllocatedMemory(change);
}

bool Limits::IcuHasMoved() const {
  return std::abs(IcuBytes() - icu_bytes_reported_.load(std::memory_order_relaxed)) > kIcuStep;
}

void Limits::ReportIcu() {
  int64_t bytes = IcuBytes();
  int64_t change = bytes - icu_bytes_reported_.exchange(bytes, std::memory_order_relaxed);
  isolate_->AdjustAmountOfExternalAllocatedMemory(change);
  CheckUse();
}

void Limits::CheckUse() {
  if (engine_.MemoryUsed() <= limit_bytes_) return;
  // Much of it may be garbage that V8 has not looked for.
  isolate_->LowMemoryNotification();
  if (engine_.MemoryUsed() > limit_bytes_) Exceeded();
}

void Limits::Configure(v8::Isolate::CreateParams *params) {
  params->constraints.set_max_old_generation_size_in_bytes(limit_bytes_);
  params->constraints.set_max_young_generation_size_in_bytes(kYoungBytes);
  params->array_buffer_allocator_shared = allocator_;
}

void Limits::Watch(v8::Isolate *isolate) {
  isolate_ = isolate;
  isolate->AddNearHeapLimitCallback(OnNearHeapLimit, this);
  isolate->AddGCEpilogueCallback(OnCollected, this, v8::kGCTypeMarkSweepCompact);
}

int64_t Limits::AllowedGrowth() const {
  auto heap = static_cast<int64_t>(limit_bytes_);
  return heap + std::max(kWorkFactor * heap, kLeastWorkBytes);
}

int64_t Limits::UnbearableGrowth() const {
  return AllowedGrowth() + static_cast<int64_t>(kSlackBytes);
}

void Limits::EndWith(const std::string &message, const char *hint) {
  Report report;
  report.sqlstate = sqlstate::kOutOfMemory;
  report.message = message;
  report.hint = hint;
  engine_.StashAndTerminate(std::move(report));
}

void Limits::Exceeded() noexcept {
  engine_.RequestReplacement();
  try {
    EndWith("JavaScript heap limit of " + std::to_string(limit_mb_) + " MB exceeded",
            "Use less memory, or raise \"fundb.heap_limit\".");
  } catch (...) {
    engine_.Terminate();
  }
}

void Limits::GrewTooMuch() noexcept {
  engine_.RequestReplacement();
  try {
    int64_t megabytes = AllowedGrowth() / static_cast<int64_t>(kMegabyte);
    EndWith("JavaScript took more than " + std::to_string(megabytes) + " MB of memory at once",
            "Work on less at a time (shorter texts, smaller patterns), or raise "
            "\"fundb.heap_limit\".");
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

// Heap and buffers may each be within the limit and together beyond it.  What ICU holds for objects
// that are gone is given back a little later: see ReportIcu.
void Limits::OnCollected(v8::Isolate *, v8::GCType, v8::GCCallbackFlags, void *data) {
  Limits &limits = *static_cast<Limits *>(data);
  size_t used = limits.engine_.MemoryUsed() - limits.IcuBytesHeld();
  if (used > limits.limit_bytes_) limits.Exceeded();
}

}  // namespace fundb::js
