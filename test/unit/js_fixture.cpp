#include "js_fixture.h"

namespace fundb::js::test {

namespace {

using Info = v8::FunctionCallbackInfo<v8::Value>;

World &WorldOf(const Info &info) {
  return *static_cast<World *>(info.Data().As<v8::External>()->Value());
}

std::string TextArgument(const Info &info, int i) {
  return Text(info.GetIsolate()->GetCurrentContext(), info[i]);
}

void Queue(const Info &info, Work work) {
  info.GetReturnValue().Set(
      WorldOf(info).engine().Enqueue(std::make_unique<WorkRequest>(std::move(work))));
}

void Later(const Info &info) {
  Callback(info, [&] {
    auto kept = std::make_shared<v8::Global<v8::Value>>(info.GetIsolate(), info[0]);
    Queue(info, [kept](v8::Local<v8::Context> context) -> v8::Local<v8::Value> {
      return kept->Get(context->GetIsolate());
    });
  });
}

void Fail(const Info &info) {
  Callback(info, [&] {
    std::string state = TextArgument(info, 0);
    std::string message = TextArgument(info, 1);
    Queue(info, [state, message](v8::Local<v8::Context>) -> v8::Local<v8::Value> {
      throw Error(state.c_str(), message).Detail("The detail.").Hint("The hint.");
    });
  });
}

void Nested(const Info &info) {
  Callback(info, [&] {
    World &world = WorldOf(info);
    std::string name = TextArgument(info, 0);
    Queue(info,
          [&world, name](v8::Local<v8::Context> context) { return world.nested(context, name); });
  });
}

void Now(const Info &info) {
  Callback(info, [&] { WorldOf(info).now(TextArgument(info, 0)); });
}

void Ambient(const Info &info) {
  Callback(info, [&] {
    v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
    info.GetReturnValue().Set(WorldOf(info).engine().Ambient(context));
  });
}

void Within(const Info &info) {
  Callback(info, [&] {
    v8::Local<v8::Context> context = info.GetIsolate()->GetCurrentContext();
    AmbientScope scope(WorldOf(info).engine(), context, info[0]);
    info.GetReturnValue().Set(Check(
        info[1].As<v8::Function>()->Call(context, v8::Undefined(info.GetIsolate()), 0, nullptr)));
  });
}

}  // namespace

void World::Install(Engine &engine, v8::Local<v8::Context> context, v8::Local<v8::Object> global) {
  v8::Isolate *isolate = engine.isolate();
  v8::Local<v8::Value> data = v8::External::New(isolate, this);
  auto add = [&](const char *name, v8::FunctionCallback callback) {
    Check(global->CreateDataProperty(context, NewName(isolate, name),
                                     NewFunction(context, callback, data, name, 1)));
  };
  add("later", Later);
  add("fail", Fail);
  add("nested", Nested);
  add("now", Now);
  add("ambient", Ambient);
  add("within", Within);
}

}  // namespace fundb::js::test
