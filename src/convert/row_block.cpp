#include "convert/row_block.h"

#include <cstring>

#include "convert/row_shape.h"

namespace fundb::convert {

namespace {

// Room for some dozens of usual rows; one kept row keeps this much alive.
constexpr size_t kBlockBytes = 16 * 1024;
// As many as a young generation of V8 usually keeps alive.
constexpr size_t kMostSpare = 32;
constexpr size_t kAlignment = alignof(std::max_align_t);

size_t Aligned(size_t bytes) { return (bytes + kAlignment - 1) & ~(kAlignment - 1); }

}  // namespace

// Adding to it later must not fail.
RowBlock::Heap::Heap() { spare.reserve(kMostSpare); }

RowBlock::Heap::~Heap() {
  auto all = std::move(blocks);
  blocks.clear();
  for (RowBlock *block : all) {
    if (block->shape_->current_block == block) block->shape_->current_block = nullptr;
    delete block;
  }
}

RowBlock::RowBlock(js::Engine &engine, std::shared_ptr<RowShape> shape, size_t capacity)
    : engine_(engine),
      heap_(engine.attachments().Of<Heap>()),
      shape_(std::move(shape)),
      capacity_(capacity) {
  if (capacity == kBlockBytes && !heap_.spare.empty()) {
    memory_ = std::move(heap_.spare.back());
    heap_.spare.pop_back();
  } else {
    memory_.reset(new char[capacity]);
  }
  heap_.blocks.insert(this);
  v8::Isolate *isolate = engine_.isolate();
  handle_.Reset(isolate, v8::External::New(isolate, this));
  Count(static_cast<int64_t>(capacity_));
}

RowBlock::~RowBlock() {
  heap_.blocks.erase(this);
  if (capacity_ == kBlockBytes && heap_.spare.size() < kMostSpare) {
    heap_.spare.push_back(std::move(memory_));
  }
  handle_.Reset();
  Count(-counted_);
}

void RowBlock::Count(int64_t bytes) {
  counted_ += bytes;
  engine_.AdjustOutsideBytes(bytes);
}

void RowBlock::MakeCurrent() noexcept {
  place_ = heap_.next;
  heap_.next = (place_ + 1) % Heap::kMostCurrent;
  if (heap_.current[place_] != nullptr) Retire(*heap_.current[place_]->shape_);
  heap_.current[place_] = this;
  shape_->current_block = this;
}

void RowBlock::MakeWeak() noexcept {
  handle_.SetWeak(
      this,
      [](const v8::WeakCallbackInfo<RowBlock> &info) {
        // The first pass may do no more than drop the handle.
        info.GetParameter()->handle_.Reset();
        info.SetSecondPassCallback(
            [](const v8::WeakCallbackInfo<RowBlock> &again) { delete again.GetParameter(); });
      },
      v8::WeakCallbackType::kParameter);
}

void *RowBlock::Allocate(js::Engine &engine, const std::shared_ptr<RowShape> &shape, size_t bytes,
                         v8::Local<v8::Value> *handle) {
  bytes = Aligned(bytes);
  RowBlock *block = shape->current_block;
  if (block == nullptr || block->capacity_ - block->used_ < bytes) {
    Retire(*shape);
    block = new RowBlock(engine, shape, bytes > kBlockBytes ? bytes : kBlockBytes);
    block->MakeCurrent();
  }
  void *memory = block->memory_.get() + block->used_;
  block->used_ += bytes;
  *handle = block->handle_.Get(engine.isolate());
  return memory;
}

void RowBlock::Retire(RowShape &shape) noexcept {
  if (shape.current_block == nullptr) return;
  RowBlock *block = shape.current_block;
  shape.current_block = nullptr;
  block->heap_.current[block->place_] = nullptr;
  block->MakeWeak();
}

void *RowBlock::AllocateMore(size_t bytes) {
  bytes = Aligned(bytes);
  more_.emplace_back(new char[bytes]());
  Count(static_cast<int64_t>(bytes));
  return more_.back().get();
}

}  // namespace fundb::convert
