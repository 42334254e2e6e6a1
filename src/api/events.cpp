// writeEvent: a line of JSON in the server's log, at once and whatever becomes of the transaction.
// writeEventSync: a row of fundb.events, part of the transaction.  V8 and PostgreSQL.

#include "api/globals.h"
#include "api/json_text.h"
#include "api/natives.h"
#include "api/request.h"
#include "catalog/writes.h"
#include "js/kept.h"
#include "pg/encoding.h"
#include "pg/spi.h"

namespace fundb::api {

namespace {

using v8::Local;

// Who writes the event: {"type":"trigger","schema":…,"entity":{…},"name":…}, or {"type":"api"}.
std::string SourceOf(const Api &api) {
  std::optional<RunningRule> rule = api.environment().running_rule();
  JsonWriter json;
  json.BeginObject().Key("type").Text(rule ? "trigger" : "api");
  if (rule) {
    json.Key("schema").Text(rule->schema);
    json.Key("entity").BeginObject().Key("schema").Text(rule->entity_schema);
    json.Key("name").Text(rule->entity_name).EndObject();
    json.Key("name").Text(rule->name);
  }
  return json.EndObject().text();
}

std::string EventLine(const Api &api, const std::string &details) {
  JsonWriter json;
  json.BeginObject().Key("type").Text("writeEvent");
  json.Key("transactionId").Raw(*GlobalText(funql::ParameterKind::kTransactionId, api.settings()));
  json.Key("transactionTimestamp")
      .Text(*GlobalText(funql::ParameterKind::kTransactionTime, api.settings()));
  json.Key("userName").Text(CurrentUserName(api.settings()));
  json.Key("source").Raw(SourceOf(api));
  json.Key("details").Raw(details).EndObject();
  return json.text();
}

class EventRequest final : public ApiRequest {
 public:
  explicit EventRequest(const NativeInfo &info)
      : ApiRequest(info.GetIsolate()), details_(info.GetIsolate()->GetCurrentContext(), info[0]) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    std::string user = CurrentUserName(api().settings());
    std::string source = SourceOf(api());
    std::string details = TextOf(context->GetIsolate(), details_.Get(context->GetIsolate()));
    // Who may write to a table with rules need not have rights on the log of events.
    catalog::OwnerScope owner;
    catalog::RequireOwnTables({&catalog::Registry::events});
    pg::Plan plan;
    plan.Prepare(
        "INSERT INTO fundb.events (transaction_id, transaction_timestamp, \"timestamp\", "
        "user_name, source, details) VALUES (pg_catalog.pg_current_xact_id()::text::bigint, "
        "pg_catalog.now(), pg_catalog.clock_timestamp(), $1, $2::jsonb, $3::jsonb)",
        {TEXTOID, TEXTOID, TEXTOID});
    pg::Parameters parameters;
    for (const std::string *text : {&user, &source, &details}) {
      parameters.Add(pg::Call([&] { return CStringGetTextDatum(pg::ToServer(*text)); }));
    }
    pg::Execute(plan, parameters, false, 0);
    return v8::Undefined(context->GetIsolate());
  }

 private:
  js::Kept<v8::Value> details_;
};

}  // namespace

void WriteEvent(const NativeInfo &info) {
  js::Callback(info, [&] {
    std::string line = pg::ToServerForced(
        EventLine(Api::From(info.GetIsolate()), TextOf(info.GetIsolate(), info[0])));
    // The line says where it comes from; the statement would only repeat a writer's SQL.
    pg::Call([&] {
      ereport(LOG, (errmsg_internal("%s", line.c_str()), errhidestmt(true), errhidecontext(true)));
    });
  });
}

void WriteEventSync(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<EventRequest>(info)); });
}

}  // namespace fundb::api
