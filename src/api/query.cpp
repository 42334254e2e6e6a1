// getUserView, getUserViewInfo and runCommand: requests in the query language.  V8 and PostgreSQL.

#include "api/errors.h"
#include "api/natives.h"
#include "api/query_source.h"
#include "api/request.h"
#include "api/run_view.h"
#include "api/views.h"

namespace fundb::api {

namespace {

using v8::Local;

class ViewRequest final : public ApiRequest {
 public:
  // Natives' arguments: query or null, schema, name, arguments, chunk.
  explicit ViewRequest(const NativeInfo &info)
      : ApiRequest(info.GetIsolate()),
        source_(info, 0),
        arguments_(info.GetIsolate(), info[3]),
        chunk_(info.GetIsolate(), info[4]) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    Given given;
    given.arguments = arguments_.Get(context->GetIsolate());
    funql::CompileOptions options;
    std::string text = source_.Read(&options);
    ReadChunk(context, chunk_.Get(context->GetIsolate()), &options.chunk, &given);
    std::shared_ptr<const CompiledView> view = api().views().Get(text, options);
    pg::Parameters parameters = Bind(context, view->query.arguments, view->query.parameters,
                                     view->parameter_types, given, api().settings());
    return RunView(context, *view, parameters);
  }

 private:
  ViewSource source_;
  v8::Global<v8::Value> arguments_;
  v8::Global<v8::Value> chunk_;
};

class InfoRequest final : public ApiRequest {
 public:
  explicit InfoRequest(const NativeInfo &info) : ApiRequest(info.GetIsolate()), source_(info, 0) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    funql::CompileOptions options;
    std::string text = source_.Read(&options);
    return ViewInfo(context, *api().views().Get(text, options));
  }

 private:
  ViewSource source_;
};

class CommandRequest final : public ApiRequest {
 public:
  explicit CommandRequest(const NativeInfo &info)
      : ApiRequest(info.GetIsolate()),
        text_(TextArgument(info, 0)),
        arguments_(info.GetIsolate(), info[1]) {}

 protected:
  Local<v8::Value> Do(Local<v8::Context> context) override {
    Given given;
    given.arguments = arguments_.Get(context->GetIsolate());
    std::shared_ptr<const CompiledCommand> command = api().views().GetCommand(text_);
    const funql::CompiledCommand &compiled = command->command;
    pg::Parameters parameters = Bind(context, compiled.arguments, compiled.parameters,
                                     command->parameter_types, given, api().settings());
    PragmaScope pragmas(compiled.pragmas);
    try {
      uint64_t rows = command->plan.Execute(parameters);
      return v8::Number::New(context->GetIsolate(), static_cast<double>(rows));
    } catch (Error &error) {
      MapToFunql(error.report(), text_, compiled.sql, compiled.positions);
      throw;
    }
  }

 private:
  std::string text_;
  v8::Global<v8::Value> arguments_;
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
