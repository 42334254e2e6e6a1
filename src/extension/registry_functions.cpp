// The SQL-callable functions of the registry.  C regime: every frame has trivial locals only, the
// work is behind pg::Enter.

#include <initializer_list>
#include <type_traits>

#include "pg/call.h"
#include "pg/encoding.h"
#include "pg/enter.h"

#include "catalog/broken.h"
#include "catalog/entities.h"
#include "catalog/follow.h"
#include "catalog/install.h"
#include "catalog/late_references.h"
#include "catalog/registry.h"
#include "catalog/saving.h"

extern "C" {
#include "commands/event_trigger.h"
#include "funcapi.h"
}

namespace {

using fundb::catalog::Registry;
using fundb::catalog::Value;

using RegistryTable = Oid Registry::*;
constexpr std::initializer_list<RegistryTable> kWritten = {&Registry::schemas, &Registry::entities,
                                                           &Registry::triggers, &Registry::modules,
                                                           &Registry::user_views};

template <typename F>
Datum Enter(F &&function) {
  ErrorData *failure = nullptr;
  Datum result = fundb::pg::Enter(&failure, [&]() -> Datum {
    if constexpr (std::is_void_v<decltype(function())>) {
      function();
      return static_cast<Datum>(0);
    } else {
      return function();
    }
  });
  if (failure != nullptr) fundb::pg::Raise(failure);
  return result;
}

// On another table the columns could be anything, and whoever may create triggers there would write
// the registry with its owner's rights.
const TriggerData &TriggerOf(FunctionCallInfo fcinfo, std::initializer_list<RegistryTable> tables) {
  if (CALLED_AS_TRIGGER(fcinfo)) {
    const auto &event = *reinterpret_cast<const TriggerData *>(fcinfo->context);
    const fundb::catalog::Registry registry = fundb::catalog::GetRegistry();
    for (RegistryTable table : tables) {
      if (registry.*table == RelationGetRelid(event.tg_relation)) return event;
    }
  }
  throw fundb::Error("39P01", "this function may only be called as a trigger of the registry")
      .Hint("Its triggers come with the extension; nobody else needs any.");
}

const EventTriggerData &EventOf(FunctionCallInfo fcinfo) {
  if (!CALLED_AS_EVENT_TRIGGER(fcinfo)) {
    throw fundb::Error("39P03", "this function may only be called as an event trigger");
  }
  return *reinterpret_cast<const EventTriggerData *>(fcinfo->context);
}

template <HeapTuple (*kBody)(const TriggerData &)>
Datum Before(FunctionCallInfo fcinfo, RegistryTable table) {
  return Enter([&] { return PointerGetDatum(kBody(TriggerOf(fcinfo, {table}))); });
}

template <void (*kBody)(const TriggerData &)>
Datum After(FunctionCallInfo fcinfo, RegistryTable table) {
  return Enter([&] { kBody(TriggerOf(fcinfo, {table})); });
}

Datum TextDatum(const Value &value) {
  return fundb::pg::Call([&] { return CStringGetTextDatum(fundb::pg::ToServer(*value)); });
}

// Rows of texts into the result of a set-returning function; the executor casts nothing, so
// columns that are integers come as such.
ReturnSetInfo *BeginRows(FunctionCallInfo fcinfo, bool single_column) {
  return fundb::pg::Call([&] {
    InitMaterializedSRF(fcinfo, single_column ? MAT_SRF_USE_EXPECTED_DESC : 0);
    return reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
  });
}

void PutRow(ReturnSetInfo *result, Datum *values, bool *nulls) {
  fundb::pg::Call([&] { tuplestore_putvalues(result->setResult, result->setDesc, values, nulls); });
}

}  // namespace

FUNDB_FUNCTION(fundb_check_install) {
  return Enter([] { fundb::catalog::CheckInstall(); });
}

FUNDB_FUNCTION(fundb_schema_id) {
  return Enter([&] {
    char *name = fundb::pg::Call([&] { return text_to_cstring(PG_GETARG_TEXT_PP(0)); });
    return Int32GetDatum(fundb::catalog::SchemaId(fundb::pg::FromServer(name)));
  });
}

FUNDB_FUNCTION(fundb_entity_id) {
  return Enter([&] { return Int32GetDatum(fundb::catalog::EntityId(PG_GETARG_OID(0))); });
}

FUNDB_FUNCTION(fundb_before_schema) {
  return Before<fundb::catalog::BeforeSchema>(fcinfo, &Registry::schemas);
}
FUNDB_FUNCTION(fundb_after_schema) {
  return After<fundb::catalog::AfterSchema>(fcinfo, &Registry::schemas);
}
FUNDB_FUNCTION(fundb_before_entity) {
  return Before<fundb::catalog::BeforeEntity>(fcinfo, &Registry::entities);
}
FUNDB_FUNCTION(fundb_after_entity) {
  return After<fundb::catalog::AfterEntity>(fcinfo, &Registry::entities);
}
FUNDB_FUNCTION(fundb_before_rule) {
  return Before<fundb::catalog::BeforeRule>(fcinfo, &Registry::triggers);
}
FUNDB_FUNCTION(fundb_after_rule) {
  return After<fundb::catalog::AfterRule>(fcinfo, &Registry::triggers);
}
FUNDB_FUNCTION(fundb_before_module) {
  return Before<fundb::catalog::BeforeModule>(fcinfo, &Registry::modules);
}
FUNDB_FUNCTION(fundb_after_module) {
  return After<fundb::catalog::AfterModule>(fcinfo, &Registry::modules);
}
FUNDB_FUNCTION(fundb_before_user_view) {
  return Before<fundb::catalog::BeforeUserView>(fcinfo, &Registry::user_views);
}
FUNDB_FUNCTION(fundb_after_user_view) {
  return After<fundb::catalog::AfterUserView>(fcinfo, &Registry::user_views);
}

FUNDB_FUNCTION(fundb_after_insert) {
  return Enter([&] {
    TriggerOf(fcinfo, kWritten);
    fundb::catalog::EndLateReferences();
  });
}

FUNDB_FUNCTION(fundb_before_truncate) {
  return Enter([&] {
    TriggerOf(fcinfo, kWritten);
    fundb::catalog::BeforeTruncate();
  });
}
FUNDB_FUNCTION(fundb_after_truncate) {
  return Enter([&] { fundb::catalog::AfterTruncate(TriggerOf(fcinfo, kWritten)); });
}

FUNDB_FUNCTION(fundb_before_ddl) {
  return Enter([&] {
    EventOf(fcinfo);
    fundb::catalog::BeforeDdl();
  });
}

FUNDB_FUNCTION(fundb_follow_ddl) {
  return Enter([&] { fundb::catalog::FollowDdl(GetCommandTagName(EventOf(fcinfo).tag)); });
}

FUNDB_FUNCTION(fundb_follow_drop) {
  return Enter([&] {
    EventOf(fcinfo);
    fundb::catalog::FollowDrop();
  });
}

FUNDB_FUNCTION(fundb_sync) {
  return Enter([&] {
    ReturnSetInfo *result = BeginRows(fcinfo, true);
    for (const std::string &change : fundb::catalog::Synchronize()) {
      Datum value = TextDatum(change);
      bool is_null = false;
      PutRow(result, &value, &is_null);
    }
  });
}

FUNDB_FUNCTION(fundb_find_broken) {
  return Enter([&] {
    ReturnSetInfo *result = BeginRows(fcinfo, false);
    for (const fundb::catalog::BrokenObject &object : fundb::catalog::FindBroken()) {
      Datum values[6] = {
          TextDatum(object.kind),   Int32GetDatum(std::stoi(object.id)),
          TextDatum(object.schema), object.entity.has_value() ? TextDatum(object.entity) : 0,
          TextDatum(object.name),   TextDatum(object.reason)};
      bool nulls[6] = {false, false, false, !object.entity.has_value(), false, false};
      PutRow(result, values, nulls);
    }
  });
}
