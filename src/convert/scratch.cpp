#include "convert/scratch.h"

#include "pg/call.h"

namespace fundb::convert {

namespace {

int depth = 0;

MemoryContext Memory() {
  static MemoryContext memory = pg::Call([] {
    return AllocSetContextCreate(TopMemoryContext, "fundb scratch", ALLOCSET_DEFAULT_SIZES);
  });
  return memory;
}

}  // namespace

Scratch::Scratch() : previous_(MemoryContextSwitchTo(Memory())) { ++depth; }

Scratch::~Scratch() {
  MemoryContextSwitchTo(previous_);
  if (--depth == 0) pg::CallQuietly([] { MemoryContextReset(Memory()); });
}

}  // namespace fundb::convert
