#include "triggers/changes.h"

namespace fundb::triggers {

HeapTuple fundb_with_changes(HeapTuple from, TupleDesc descriptor, Changes::Item const *item,
                             Changes::Item const *end) {
  constexpr int kUsualWidth = 64;
  Datum few_values[kUsualWidth];
  bool few_nulls[kUsualWidth];
  auto count = static_cast<size_t>(descriptor->natts);
  bool is_wide = descriptor->natts > kUsualWidth;
  Datum *values = is_wide ? static_cast<Datum *>(palloc(count * sizeof(Datum))) : few_values;
  bool *nulls = is_wide ? static_cast<bool *>(palloc(count * sizeof(bool))) : few_nulls;
  heap_deform_tuple(from, descriptor, values, nulls);
  for (; item != end; ++item) {
    values[item->index] = item->value;
    nulls[item->index] = item->is_null;
  }
  HeapTuple made = heap_form_tuple(descriptor, values, nulls);
  made->t_data->t_ctid = from->t_data->t_ctid;
  made->t_self = from->t_self;
  made->t_tableOid = from->t_tableOid;
  if (is_wide) {
    pfree(values);
    pfree(nulls);
  }
  return made;
}

}  // namespace fundb::triggers
