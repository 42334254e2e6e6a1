// getUserView, getUserViewInfo and runCommand: requests in the query language.  V8 and PostgreSQL.

#include "api/errors.h"
#include "api/natives.h"
#include "api/query_source.h"
#include "api/request.h"
#include "api/run_view.h"
#include "api/tables.h"
#include "api/views.h"

namespace fundb::api {

namespace {

using v8::Local;

class ViewRequest final : public ApiRequest {
 public:
  // Natives' arguments: query or null, schema, name, arguments, chunk.
  explicit ViewRequest(const NativeInfo &info)
      : ApiRequest(info.GetIsolate()),
        source_(*this, info, 0),
        arguments_(info.GetIsolate()->GetCurrentContext(), info[3]),
        chunk_(info.GetIsolate()->GetCurrentContext(), info[4]) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    Given given;
    given.arguments = arguments_.Get(context->GetIsolate());
    RealmView view = Find(context, &given);
    const CompiledView &compiled = *view.compiled;
    given.names = &view.handles->argument_names;
    pg::Parameters parameters = Bind(context, compiled.query.arguments, compiled.query.parameters,
                                     compiled.parameter_types, given, api().settings());
    return RunView(context, view, parameters);
  }

 private:
  RealmView Find(Local<v8::Context> context, Given *given) const {
    v8::Isolate *isolate = context->GetIsolate();
    Local<v8::Value> chunk = chunk_.Get(isolate);
    if (chunk->IsUndefined() && !source_.is_named()) {
      return FindView(context, api().views(), source_.query(isolate));
    }
    funql::CompileOptions options;
    std::string text = source_.Read(isolate, &options);
    ReadChunk(context, chunk, &options.chunk, given);
    return FindView(context, api().views(), text, options);
  }

  ViewSource source_;
  js::Kept<v8::Value> arguments_;
  js::Kept<v8::Value> chunk_;
};

class InfoRequest final : public ApiRequest {
 public:
  explicit InfoRequest(const NativeInfo &info)
      : ApiRequest(info.GetIsolate()), source_(*this, info, 0) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    funql::CompileOptions options;
    std::string text = source_.Read(context->GetIsolate(), &options);
    return ViewInfo(context, FindView(context, api().views(), text, options));
  }

 private:
  ViewSource source_;
};

class CommandRequest final : public ApiRequest {
 public:
  explicit CommandRequest(const NativeInfo &info)
      : ApiRequest(info.GetIsolate()),
        text_(info.GetIsolate()->GetCurrentContext(), info[0]),
        arguments_(info.GetIsolate()->GetCurrentContext(), info[1]) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    Given given;
    given.arguments = arguments_.Get(context->GetIsolate());
    std::string text = QueryText(context->GetIsolate(), text_.Get(context->GetIsolate()));
    std::shared_ptr<const CompiledCommand> command = api().views().GetCommand(text);
    const funql::CompiledCommand &compiled = command->command;
    const funql::EntityName &target = compiled.target;
    if (!target.name.empty()) CheckNotFrozen(*api().tables().Find({target.schema, target.name}));
    pg::Parameters parameters = Bind(context, compiled.arguments, compiled.parameters,
                                     command->parameter_types, given, api().settings());
    PragmaScope pragmas(compiled.pragmas);
    try {
      uint64_t rows = command->plan.Execute(parameters);
      return v8::Number::New(context->GetIsolate(), static_cast<double>(rows));
    } catch (Error &error) {
      MapToFunql(error.report(), text, compiled.sql, compiled.positions);
      throw;
    }
  }

 private:
  js::Kept<v8::Value> text_;
  js::Kept<v8::Value> arguments_;
};

}  // namespace

void GetUserView(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<ViewRequest>(info)); });
}

void GetUserViewInfo(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<InfoRequest>(info)); });
}

void RunCommand(const NativeInfo &info) {
  js::Callback(info, [&] { Enqueue(info, std::make_unique<CommandRequest>(info)); });
}

}  // namespace fundb::api
