// The memory of a context, block by block: where PostgreSQL keeps no pointer to a structure, its
// memory is searched.  C++ regime; nothing here allocates or calls PostgreSQL.
#pragma once

#include "pg/postgres.h"

namespace fundb::pg {

// How PostgreSQL 15 keeps the memory of a context (utils/mmgr/aset.c, which exports no header): the
// context begins with a list of blocks, each of which begins with this.
struct ContextBlock {
  MemoryContext context;
  ContextBlock *previous;
  ContextBlock *next;
  char *free;  // the end of what is in use
  char *end;
};

struct ContextWithBlocks {
  MemoryContextData header;
  ContextBlock *blocks;
};

// What stands before each piece of memory that is handed out.
struct ContextChunk {
  Size size;
#ifdef MEMORY_CONTEXT_CHECKING
  Size requested;
#endif
  void *owner;  // the context; something else while the piece is free
};

// The first block, null when the context is of another kind.
inline const ContextBlock *FirstBlock(MemoryContext context) noexcept {
  if (context == nullptr || !IsA(context, AllocSetContext)) return nullptr;
  return reinterpret_cast<ContextWithBlocks *>(context)->blocks;
}

// False when it is not as it should be: another build of PostgreSQL.
inline bool IsBlockOf(const ContextBlock *block, MemoryContext context) noexcept {
  return block->context == context && block->free <= block->end;
}

// The only piece of memory that was handed out for a structure of this size and for which `is_it`
// is true; null when there is none or more than one.  What lies behind the end of a structure, or
// in free pieces, may be of earlier ones, so it is not looked at.
template <typename Structure, typename IsIt>
const Structure *FindOnly(MemoryContext context, IsIt is_it) noexcept {
  const Structure *found = nullptr;
  const ContextBlock *block = FirstBlock(context);
  for (; block != nullptr && IsBlockOf(block, context); block = block->next) {
    auto *at = reinterpret_cast<const char *>(block + 1);
    while (static_cast<size_t>(block->free - at) > sizeof(ContextChunk)) {
      auto *chunk = reinterpret_cast<const ContextChunk *>(at);
      at += sizeof(ContextChunk);
      if (chunk->size > static_cast<size_t>(block->free - at)) return nullptr;
      auto *structure = reinterpret_cast<const Structure *>(at);
      at += chunk->size;
      // Sizes are rounded up to powers of two.
      bool fits = chunk->size >= sizeof(Structure) && chunk->size < 2 * sizeof(Structure);
      if (!fits || chunk->owner != context || !is_it(structure)) continue;
      if (found != nullptr) return nullptr;
      found = structure;
    }
  }
  return found;
}

// Whether the bytes lie in the context's memory, so that they can be read.
inline bool HasBytes(MemoryContext context, const void *at, size_t size) noexcept {
  auto *first = static_cast<const char *>(at);
  if (reinterpret_cast<uintptr_t>(first) % MAXIMUM_ALIGNOF != 0) return false;
  const ContextBlock *block = FirstBlock(context);
  for (; block != nullptr && IsBlockOf(block, context); block = block->next) {
    auto *start = reinterpret_cast<const char *>(block + 1);
    if (first >= start && first < block->free) {
      return size <= static_cast<size_t>(block->free - first);
    }
  }
  return false;
}

}  // namespace fundb::pg
