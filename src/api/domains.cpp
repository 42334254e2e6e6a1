// getDomainValues: what a field may hold: the rows that a reference may mean, or the labels of an
// enum.  V8 and PostgreSQL.

#include "api/errors.h"
#include "api/natives.h"
#include "api/query_source.h"
#include "api/request.h"
#include "api/run_view.h"
#include "api/view_info.h"
#include "base/text.h"
#include "catalog/schema_adapter.h"

namespace fundb::api {

namespace {

using v8::Local;

// The rows of the target as a query: the key that the field stores, and the main field to show.
std::string DomainQuery(const funql::Entity &target, const std::string &key) {
  std::string main_field = target.MainFieldName();
  std::string text = "SELECT e." + QuoteIdentifier(key) + " AS value";
  if (!main_field.empty()) text += ", e." + QuoteIdentifier(main_field) + " AS pun";
  // A foreign key means rows of the very table.
  text += target.kind == funql::EntityKind::kTable && !target.children.empty() ? " FROM ONLY "
                                                                               : " FROM ";
  text += QuoteIdentifier(target.schema) + "." + QuoteIdentifier(target.name) +
          " AS e ORDER BY e." + QuoteIdentifier(main_field.empty() ? key : main_field);
  return text;
}

// Natives' arguments: schema, entity, field, chunk.  The prelude shapes what comes back: an array
// of labels, or a view of value and pun.
class DomainRequest final : public ApiRequest {
 public:
  explicit DomainRequest(const NativeInfo &info)
      : ApiRequest(info.GetIsolate()),
        ref_(EntityArgument(info, 0)),
        field_(NameArgument(info, 2)),
        chunk_(info.GetIsolate()->GetCurrentContext(), info[3]) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    catalog::GetEntity(ref_.schema, ref_.name);
    catalog::SchemaAdapter schema;
    const funql::Entity &entity = *schema.FindEntity(ref_.schema, ref_.name);
    const funql::Field *field = entity.FindField(field_);
    if (field == nullptr) throw UnknownField(entity);
    for (const funql::Reference &reference : entity.references) {
      if (reference.fields.size() == 1 && reference.fields[0] == field_) {
        return RowsOf(context, schema, reference);
      }
    }
    const std::vector<std::string> *labels = schema.EnumLabels(field->type);
    if (labels != nullptr) return LabelsOf(context, *labels);
    throw RequestError(sqlstate::kDatatypeMismatch, "field " + Quoted(field_) + " of entity " +
                                                        Quoted(ref_.Text()) +
                                                        " is neither a reference nor an enum");
  }

 private:
  Error UnknownField(const funql::Entity &entity) const {
    std::vector<std::string> names;
    for (const funql::Field &field : entity.fields) names.push_back(field.name);
    std::string nearest = NearestName(field_, names);
    return RequestError(
        sqlstate::kUndefinedColumn,
        "field " + Quoted(field_) + " of entity " + Quoted(ref_.Text()) + " does not exist",
        nearest.empty() ? "" : "Perhaps you meant field " + Quoted(nearest) + ".");
  }

  Local<v8::Value> RowsOf(Local<v8::Context> context, const catalog::SchemaAdapter &schema,
                          const funql::Reference &reference) {
    const funql::Entity *target = schema.FindEntity(reference.target.schema, reference.target.name);
    std::string text = DomainQuery(*target, reference.target_fields[0]);
    funql::CompileOptions options;
    Given given;
    ReadChunk(context, chunk_.Get(context->GetIsolate()), &options.chunk, &given);
    RealmView view = FindView(context, api().views(), text, options);
    const CompiledView &compiled = *view.compiled;
    pg::Parameters parameters = Bind(context, compiled.query.arguments, compiled.query.parameters,
                                     compiled.parameter_types, given, api().settings());
    return RunView(context, view, parameters);
  }

  static Local<v8::Value> LabelsOf(Local<v8::Context> context,
                                   const std::vector<std::string> &labels) {
    v8::Isolate *isolate = context->GetIsolate();
    std::vector<Local<v8::Value>> values;
    for (const std::string &label : labels) values.push_back(js::NewString(isolate, label));
    return v8::Array::New(isolate, values.data(), values.size());
  }

  EntityRef ref_;
  std::string field_;
  js::Kept<v8::Value> chunk_;
};

}  // namespace

void GetDomainValues(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<DomainRequest>(info)); });
}

}  // namespace fundb::api
