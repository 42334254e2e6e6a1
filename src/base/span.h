// A range of bytes in a source text.
#pragma once

namespace fundb {

struct Span {
  int begin = 0;  // offset of the first byte, 0-based
  int end = 0;    // offset behind the last byte
};

}  // namespace fundb
