// Memory for PostgreSQL's output functions, many of which leave something behind and count on their
// caller's memory to be reset soon.  Used while a value is written, and emptied when the outermost
// use ends.  C++ regime.
#pragma once

#include "pg/postgres.h"

namespace fundb::convert {

class Scratch {
 public:
  // Throws Error.
  Scratch();
  ~Scratch();
  Scratch(const Scratch &) = delete;
  Scratch &operator=(const Scratch &) = delete;

 private:
  MemoryContext previous_;
};

}  // namespace fundb::convert
