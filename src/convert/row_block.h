// Memory of rows that JavaScript may keep.  A row's copy and its state lie in a block of plain
// memory; each object made of the row points into the block and keeps, through an internal field, a
// V8 handle of the block alive.  When no object of a block is left, V8 tells, and the block is
// freed: one weak handle per some dozens of rows, not one per row.
#pragma once

#include <v8.h>

#include <cstddef>
#include <memory>
#include <unordered_set>

#include "js/engine.h"

namespace fundb::convert {

class RowShape;

class RowBlock {
 public:
  // `bytes` bytes, aligned as any C++ type needs, for a row of `shape`; the block is the
  // shape's current one, or a new one.  The memory lives until no object holds `*handle`.
  static void *Allocate(js::Engine &engine, const std::shared_ptr<RowShape> &shape, size_t bytes,
                        v8::Local<v8::Value> *handle);

  // The shape takes no more rows: its last block lives on only as long as its objects.
  static void Retire(RowShape &shape) noexcept;

  // A few more bytes for a row whose block may be full meanwhile: chained to the block that holds
  // the row.
  void *AllocateMore(size_t bytes);

  ~RowBlock();

  // All blocks of an engine, freed with it.
  struct Heap {
    std::unordered_set<RowBlock *> blocks;
    // Memory of blocks that are gone, for the next ones.
    std::vector<std::unique_ptr<char[]>> spare;
    // The current blocks of the shapes that took a new one last.  Those of others are retired: a
    // session may write to thousands of partitions.
    static constexpr size_t kMostCurrent = 64;
    RowBlock *current[kMostCurrent] = {};
    size_t next = 0;
    Heap();
    ~Heap();
  };

  // The block that a pointer's row was allocated in is remembered by the row itself.
  const std::shared_ptr<RowShape> &shape() const { return shape_; }

 private:
  RowBlock(js::Engine &engine, std::shared_ptr<RowShape> shape, size_t capacity);
  void MakeCurrent() noexcept;
  void MakeWeak() noexcept;
  void Count(int64_t bytes);

  js::Engine &engine_;
  Heap &heap_;
  std::shared_ptr<RowShape> shape_;
  std::unique_ptr<char[]> memory_;
  size_t capacity_;
  size_t used_ = 0;
  size_t place_ = 0;     // among the current ones
  int64_t counted_ = 0;  // bytes that the engine was told of
  std::vector<std::unique_ptr<char[]>> more_;
  v8::Global<v8::External> handle_;
};

}  // namespace fundb::convert
