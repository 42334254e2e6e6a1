// Comparing stored values by their binary image, without JavaScript.
#pragma once

#include "pg/tuple_walker.h"

#include "pg/postgres.h"

namespace fundb::convert {

// Whether two values that are not null have different bytes; detoasts only when it must.
bool ImageDiffers(Datum a, Datum b, bool by_value, int16 length);

// Whether a column (index = attribute number - 1) differs between two rows of the descriptor.
bool ColumnDiffers(HeapTuple a, HeapTuple b, TupleDesc descriptor, int index);

// Generated columns count only where they are computed: ahead of that, they may be null or as in
// the old row.
enum class GeneratedColumns { kCount, kSkip };

// The columns that differ, as a set by index; for descriptors of up to 64 columns.  `layout` is the
// descriptor's.
uint64_t ChangedColumns(HeapTuple a, HeapTuple b, TupleDesc descriptor,
                        const pg::TupleLayout &layout, GeneratedColumns generated);

bool AnyColumnDiffers(HeapTuple a, HeapTuple b, TupleDesc descriptor, const pg::TupleLayout &layout,
                      GeneratedColumns generated);

}  // namespace fundb::convert
