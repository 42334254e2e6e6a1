// A varlena that can be read: compressed and out-of-line values are fetched, and freed with the
// scope, so that reading many rows does not grow the caller's memory context.  C++ regime.
#pragma once

#include <string_view>

#include "pg/call.h"

namespace fundb::convert {

class Detoasted {
 public:
  enum class Alignment {
    kAny,   // a short header may stay: read with data() and size() only
    kFull,  // the plain four-byte header, aligned: a structure may be read through get()
  };

  Detoasted(Datum value, Alignment alignment)
      : stored_(reinterpret_cast<struct varlena *>(DatumGetPointer(value))), readable_(stored_) {
    bool readable = alignment == Alignment::kFull
                        ? !VARATT_IS_EXTENDED(stored_)
                        // A pointer to an out-of-line value has a one-byte header, too.
                        : (VARATT_IS_SHORT(stored_) && !VARATT_IS_EXTERNAL(stored_)) ||
                              !VARATT_IS_EXTENDED(stored_);
    if (readable) return;
    if (alignment == Alignment::kFull) {
      readable_ = pg::Call([this] { return pg_detoast_datum(stored_); });
    } else {
      readable_ = pg::Call([this] { return pg_detoast_datum_packed(stored_); });
    }
  }
  ~Detoasted() {
    if (readable_ == stored_) return;
    pg::CallQuietly([this] { pfree(readable_); });
  }
  Detoasted(const Detoasted &) = delete;
  Detoasted &operator=(const Detoasted &) = delete;

  struct varlena *get() const {
    return readable_;
  }
  const char *data() const { return VARDATA_ANY(readable_); }
  size_t size() const { return VARSIZE_ANY_EXHDR(readable_); }

 private:
  struct varlena *stored_;
  struct varlena *readable_;
};

}  // namespace fundb::convert
