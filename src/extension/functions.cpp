// SQL-callable functions.  C regime: each has trivial locals only and does its work inside
// pg::Enter.

#include <nlohmann/json.hpp>

#include "base/scope_exit.h"
#include "catalog/schema_adapter.h"
#include "extension/session.h"
#include "extension/settings.h"
#include "funql/funql.h"
#include "js/platform.h"
#include "js/realm.h"
#include "pg/encoding.h"
#include "pg/enter.h"
#include "pg/insert_notes.h"
#include "pg/memory.h"

namespace fundb::extension {

namespace {

std::string TextArgument(FunctionCallInfo call, int number) {
  Datum value = call->args[number].value;
  char *characters = pg::Call([&] { return TextDatumGetCString(value); });
  std::string result = pg::FromServer(characters);
  pg::CallQuietly([&] { pfree(characters); });
  return result;
}

Datum TextResult(const std::string &text) {
  return pg::Call([&] { return PointerGetDatum(cstring_to_text(pg::ToServer(text))); });
}

}  // namespace

}  // namespace fundb::extension

using namespace fundb;             // NOLINT: extern "C" functions live outside of namespaces
using namespace fundb::extension;  // NOLINT

// The function of every native row trigger.
FUNDB_FUNCTION(fundb_run_rules) {
  ErrorData *failure = nullptr;
  if (!CALLED_AS_TRIGGER(fcinfo)) {
    ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
                    errmsg("function \"fundb.run_rules\" can only be called as a row trigger")));
  }
  auto *data = reinterpret_cast<TriggerData *>(fcinfo->context);
  if (!TRIGGER_FIRED_FOR_ROW(data->tg_event) || TRIGGER_FIRED_INSTEAD(data->tg_event)) {
    ereport(ERROR,
            (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
             errmsg("function \"fundb.run_rules\" must be fired BEFORE or AFTER, FOR EACH ROW")));
  }
  HeapTuple row = pg::Enter(&failure, [&] { return Session::Get().dispatcher().Dispatch(fcinfo); });
  if (failure != nullptr) pg::Raise(failure);
  return PointerGetDatum(row);
}

// The condition of native AFTER triggers, always true.  PostgreSQL evaluates it right after a row
// was written, when it can still be told which columns an INSERT assigned in it.
FUNDB_FUNCTION(fundb_note_insert) {
  ErrorData *failure = nullptr;
  if (!pg::HasToNote(fcinfo)) return BoolGetDatum(true);
  pg::Enter(&failure, [&] {
    if (CurrentSettings().enabled) {
      pg::NoteInsert(fcinfo);
    } else {
      pg::StopNoting(fcinfo);
    }
  });
  if (failure != nullptr) pg::Raise(failure);
  return BoolGetDatum(true);
}

FUNDB_FUNCTION(fundb_version) {
  ErrorData *failure = nullptr;
  (void)fcinfo;
  Datum result = pg::Enter(&failure, [] {
    return TextResult(std::string("fundb ") + FUNDB_VERSION + ", V8 " + js::V8Version());
  });
  if (failure != nullptr) pg::Raise(failure);
  return result;
}

FUNDB_FUNCTION(fundb_reset) {
  ErrorData *failure = nullptr;
  (void)fcinfo;
  Datum result = pg::Enter(&failure, [] {
    Session::Get().Reset();
    return static_cast<Datum>(0);
  });
  if (failure != nullptr) pg::Raise(failure);
  return result;
}

// Where code is evaluated to see whether it can be: apart from the modules of rules that run, which
// it could change, and nothing of it stays for the code that is checked next.
class CheckRealm {
 public:
  CheckRealm()
      : realm_(Session::Get().engine().RealmOf(GetUserId(), js::Engine::Owner::kNone)),
        scope_(realm_) {}
  ~CheckRealm() { realm_.ForgetEverything(); }
  CheckRealm(const CheckRealm &) = delete;
  CheckRealm &operator=(const CheckRealm &) = delete;

  js::Realm &realm() { return realm_; }

 private:
  js::Realm &realm_;
  js::RealmScope scope_;
};

// With a limit (ms; 0 = none) a top level that runs longer, or that takes too much memory, is a
// fault of the code (54000): fundb.broken lists it and goes on.  Without one it ends the statement,
// as a time-out of PostgreSQL's own does in either case.
void LoadToCheck(const std::string &name, const std::string &source, int limit_ms) {
  CheckRealm check;
  try {
    (void)check.realm().LoadHandler(name, source, limit_ms);
  } catch (Error &error) {
    Report &report = error.report();
    bool is_limit =
        report.sqlstate == sqlstate::kQueryCanceled || report.sqlstate == sqlstate::kOutOfMemory;
    if (limit_ms > 0 && is_limit && !report.needs_rollback) {
      report.sqlstate = sqlstate::kLimitExceeded;
    }
    throw;
  }
}

// Compiles, links and evaluates a rule's module; raises what is wrong with it.
FUNDB_FUNCTION(fundb_check_rule) {
  ErrorData *failure = nullptr;
  Datum result = pg::Enter(&failure, [&] {
    std::string name = TextArgument(fcinfo, 0);
    std::string source = TextArgument(fcinfo, 1);
    LoadToCheck(name, source, PG_GETARG_INT32(2));
    return static_cast<Datum>(0);
  });
  if (failure != nullptr) pg::Raise(failure);
  return result;
}

// The same for a library module that is saved already: by importing it.
FUNDB_FUNCTION(fundb_check_module) {
  ErrorData *failure = nullptr;
  Datum result = pg::Enter(&failure, [&] {
    constexpr std::string_view kFolder = "lib/";
    const std::string own_name = "fundb:check";
    std::string name = TextArgument(fcinfo, 0);
    if (name.compare(0, kFolder.size(), kFolder) == 0) name.erase(0, kFolder.size());
    std::string source = "import ";
    source += nlohmann::json(name).dump();
    source += "; export default () => true";
    LoadToCheck(own_name, source, PG_GETARG_INT32(2));
    return static_cast<Datum>(0);
  });
  if (failure != nullptr) pg::Raise(failure);
  return result;
}

// Compiles a named view's query against the database as it is.
FUNDB_FUNCTION(fundb_check_user_view) {
  ErrorData *failure = nullptr;
  Datum result = pg::Enter(&failure, [&] {
    funql::CompileOptions options;
    options.default_schema = TextArgument(fcinfo, 0);
    std::string query = TextArgument(fcinfo, 1);
    catalog::SchemaAdapter schema;
    (void)funql::CompileView(query, schema, options);
    return static_cast<Datum>(0);
  });
  if (failure != nullptr) pg::Raise(failure);
  return result;
}
