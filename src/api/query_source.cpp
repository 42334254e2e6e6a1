#include "api/query_source.h"

#include "api/errors.h"
#include "base/text.h"
#include "catalog/user_views.h"
#include "funql/diagnostics.h"
#include "funql/limits.h"
#include "js/run.h"

namespace fundb::api {

namespace {

using v8::Local;

Local<v8::Value> Member(Local<v8::Context> context, Local<v8::Object> object, const char *name) {
  return js::Check(object->Get(context, js::NewName(context->GetIsolate(), name)));
}

// Names and types of a page's arguments: the same string may stand in many places of them.
class Texts {
 public:
  explicit Texts(v8::Isolate *isolate) : isolate_(isolate) {}

  std::string Read(Local<v8::Value> value) {
    if (!value->IsString()) return std::string();
    auto units = static_cast<size_t>(value.As<v8::String>()->Length());
    if (units > left_) {
      throw Error(sqlstate::kLimitExceeded,
                  "names and types of a page's arguments are longer than " +
                      std::to_string(funql::kMostTextBytes))
          .Hint("Pass what is long as the value of an argument.");
    }
    left_ -= units;
    return TextOf(isolate_, value);
  }

 private:
  v8::Isolate *isolate_;
  size_t left_ = funql::kMostTextBytes;
};

std::vector<Local<v8::Value>> Elements(Local<v8::Context> context, Local<v8::Value> value) {
  std::vector<Local<v8::Value>> elements;
  if (!value->IsArray()) return elements;
  Local<v8::Array> array = value.As<v8::Array>();
  for (uint32_t i = 0; i < array->Length(); ++i) {
    js::Engine::From(context->GetIsolate()).CheckInterrupts();
    elements.push_back(js::Check(array->Get(context, i)));
  }
  return elements;
}

}  // namespace

std::string QueryText(v8::Isolate *isolate, Local<v8::Value> value) {
  if (value->IsString()) {
    int units = value.As<v8::String>()->Length();
    if (static_cast<size_t>(units) > funql::kMostTextBytes) {
      throw funql::TextTooLong(std::to_string(units) + " characters");
    }
  }
  return TextOf(isolate, value);
}

ViewSource::ViewSource(ApiRequest &request, const NativeInfo &info, int first)
    : is_named_(!info[first]->IsString()),
      query_(info.GetIsolate()->GetCurrentContext(), info[first]) {
  if (is_named_) view_ = request.EntityArgument(info, first + 1);
}

std::string ViewSource::Read(v8::Isolate *isolate, funql::CompileOptions *options) const {
  if (!is_named_) return QueryText(isolate, query(isolate));
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
  v8::Isolate *isolate = context->GetIsolate();
  js::WatchedScope watched(js::Engine::From(isolate));
  Local<v8::Object> object = value.As<v8::Object>();
  given->limit = Member(context, object, "limit");
  given->offset = Member(context, object, "offset");
  chunk->has_limit = !given->limit->IsUndefined();
  chunk->has_offset = !given->offset->IsUndefined();
  given->search_words = Elements(context, Member(context, object, "words"));
  chunk->search_words = static_cast<int>(given->search_words.size());
  chunk->where = QueryText(isolate, Member(context, object, "where"));
  if (chunk->where.empty()) return;
  std::vector<Local<v8::Value>> names = Elements(context, Member(context, object, "names"));
  std::vector<Local<v8::Value>> types = Elements(context, Member(context, object, "types"));
  if (names.size() > funql::kMostArguments) {
    throw Error(sqlstate::kTooManyArguments,
                "page has more than " + std::to_string(funql::kMostArguments) + " arguments")
        .Hint("Pass many values as one array.");
  }
  given->chunk_arguments = Elements(context, Member(context, object, "values"));
  Texts texts(isolate);
  for (size_t i = 0; i < names.size(); ++i) {
    js::Engine::From(isolate).CheckInterrupts();
    std::string name = texts.Read(names[i]);
    chunk->arguments.push_back({std::move(name), texts.Read(types[i])});
    given->chunk_names.push_back(chunk->arguments.back().name);
  }
}

}  // namespace fundb::api
