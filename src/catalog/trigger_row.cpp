#include "catalog/trigger_row.h"

#include "pg/call.h"
#include "pg/encoding.h"

namespace fundb::catalog {

Value TriggerRow::Text(const char *column) const {
  char *text = pg::Call([&] {
    int number = SPI_fnumber(descriptor_, column);
    if (number <= 0) elog(ERROR, "column \"%s\" of the registry is missing", column);
    return SPI_getvalue(tuple_, descriptor_, number);
  });
  if (text == nullptr) return std::nullopt;
  return pg::FromServer(text);
}

std::vector<std::optional<std::string>> TriggerRow::Array(const char *column) const {
  bool is_null = false;
  Datum datum = pg::Call([&] {
    return SPI_getbinval(tuple_, descriptor_, SPI_fnumber(descriptor_, column), &is_null);
  });
  return is_null ? std::vector<std::optional<std::string>>() : TextArray(datum);
}

Change::Change(const TriggerData &event)
    : inserts(TRIGGER_FIRED_BY_INSERT(event.tg_event)),
      updates(TRIGGER_FIRED_BY_UPDATE(event.tg_event)),
      deletes(TRIGGER_FIRED_BY_DELETE(event.tg_event)) {
  TupleDesc descriptor = RelationGetDescr(event.tg_relation);
  if (!inserts) before.emplace(event.tg_trigtuple, descriptor);
  if (!deletes) after.emplace(updates ? event.tg_newtuple : event.tg_trigtuple, descriptor);
}

}  // namespace fundb::catalog
