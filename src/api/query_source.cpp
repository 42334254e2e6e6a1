#include "api/query_source.h"

#include "api/errors.h"
#include "base/text.h"
#include "catalog/user_views.h"

namespace fundb::api {

namespace {

using v8::Local;

Local<v8::Value> Member(Local<v8::Context> context, Local<v8::Object> object, const char *name) {
  return js::Check(object->Get(context, js::NewName(context->GetIsolate(), name)));
}

std::vector<Local<v8::Value>> Elements(Local<v8::Context> context, Local<v8::Value> value) {
  std::vector<Local<v8::Value>> elements;
  if (!value->IsArray()) return elements;
  Local<v8::Array> array = value.As<v8::Array>();
  for (uint32_t i = 0; i < array->Length(); ++i) {
    elements.push_back(js::Check(array->Get(context, i)));
  }
  return elements;
}

}  // namespace

ViewSource::ViewSource(const NativeInfo &info, int first)
    : is_named_(!info[first]->IsString()),
      query_(info.GetIsolate()->GetCurrentContext(), info[first]) {
  if (is_named_) view_ = EntityArgument(info, first + 1);
}

std::string ViewSource::Read(v8::Isolate *isolate, funql::CompileOptions *options) const {
  if (!is_named_) return js::ToText(isolate, query(isolate));
  std::optional<catalog::UserView> view = catalog::FindUserView(view_.schema, view_.name);
  if (!view) {
    Error error(sqlstate::kUndefinedTable, "user view " + Quoted(view_.Text()) + " does not exist");
    error.report().kind = "notFound";
    throw error;
  }
  options->default_schema = view_.schema;
  return view->query;
}

void ReadChunk(Local<v8::Context> context, Local<v8::Value> value, funql::Chunk *chunk,
               Given *given) {
  if (!value->IsObject()) return;
  Local<v8::Object> object = value.As<v8::Object>();
  given->limit = Member(context, object, "limit");
  given->offset = Member(context, object, "offset");
  chunk->has_limit = !given->limit->IsUndefined();
  chunk->has_offset = !given->offset->IsUndefined();
  given->search_words = Elements(context, Member(context, object, "words"));
  chunk->search_words = static_cast<int>(given->search_words.size());
  chunk->where = TextOf(context->GetIsolate(), Member(context, object, "where"));
  if (chunk->where.empty()) return;
  std::vector<Local<v8::Value>> names = Elements(context, Member(context, object, "names"));
  std::vector<Local<v8::Value>> types = Elements(context, Member(context, object, "types"));
  given->chunk_arguments = Elements(context, Member(context, object, "values"));
  for (size_t i = 0; i < names.size(); ++i) {
    chunk->arguments.push_back(
        {TextOf(context->GetIsolate(), names[i]), TextOf(context->GetIsolate(), types[i])});
    given->chunk_names.push_back(chunk->arguments.back().name);
  }
}

}  // namespace fundb::api
