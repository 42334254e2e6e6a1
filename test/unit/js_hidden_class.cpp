// js/hidden_class: that V8's objects are laid out as it expects.
#include "js/hidden_class.h"

#include "js_fixture.h"

using fundb::js::HaveSameHiddenClass;
using fundb::js::NewName;
using fundb::js::Realm;
using fundb::js::test::World;

namespace {

void Getter(v8::Local<v8::Name>, const v8::PropertyCallbackInfo<v8::Value> &info) {
  info.GetReturnValue().Set(7);
}
void Setter(v8::Local<v8::Name>, v8::Local<v8::Value>, const v8::PropertyCallbackInfo<void> &) {}

// Copies of one object with native accessors a, b and c.
class Copies {
 public:
  Copies() : handles_(world_.isolate()), entered_(world_.realm().context()) {
    v8::Isolate *isolate = world_.isolate();
    v8::Local<v8::ObjectTemplate> made = v8::ObjectTemplate::New(isolate);
    made->SetInternalFieldCount(2);
    for (const char *name : {"c", "b", "a"}) {
      made->SetNativeDataProperty(NewName(isolate, name), Getter, Setter);
    }
    original_ = made->NewInstance(context()).ToLocalChecked();
  }
  v8::Local<v8::Context> context() { return world_.realm().context(); }
  v8::Local<v8::Object> original() { return original_; }

  // A copy that a script did something to.
  v8::Local<v8::Object> After(const std::string &statements) {
    v8::Local<v8::Object> copy = original_->Clone();
    v8::Local<v8::Function> act =
        world_.realm().LoadHandler("triggers/o/s/t/" + std::to_string(++count_) + ".mjs",
                                   "export default function (o) { " + statements + " }");
    v8::Local<v8::Value> argument = copy;
    REQUIRE(!act->Call(context(), v8::Undefined(world_.isolate()), 1, &argument).IsEmpty());
    return copy;
  }
  bool IsLikeOriginal(const std::string &statements) {
    return HaveSameHiddenClass(After(statements), original_);
  }
  bool IsDictionary(v8::Local<v8::Object> object, const char *name) {
    return fundb::js::IsDictionary(context(), object, NewName(world_.isolate(), name));
  }

 private:
  World world_;
  v8::HandleScope handles_;
  v8::Context::Scope entered_;
  v8::Local<v8::Object> original_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("a hidden class stays while an object is only read and assigned to") {
  Copies copies;
  for (const char *statements :
       {"", "o.a = 1; o.b = 'x'", "JSON.stringify(o); Object.keys(o); ({...o}); 'a' in o",
        "new Map([[o, 1]]); new WeakSet([o])", "o.d = 1; delete o.d",
        "Object.defineProperty(o, 'a', {value: 8})", "Reflect.set(o, 'a', 3, {})"}) {
    CAPTURE(statements);
    CHECK(copies.IsLikeOriginal(statements));
  }
}

TEST_CASE("a hidden class changes with every other change") {
  Copies copies;
  for (const char *statements :
       {"o.d = 1", "o['a' + 1] = 1", "o[0] = 1", "o[4294967294] = 1", "o[5e9] = 1",
        "o[Symbol()] = 1", "delete o.a", "delete o.c", "delete o.c; o.c = 1",
        "for (const k in o) delete o[k]", "Object.freeze(o)", "Object.seal(o)",
        "Object.preventExtensions(o)", "Object.setPrototypeOf(o, null)", "o.__proto__ = {}",
        "Object.defineProperty(o, 'a', {enumerable: false})",
        "Object.defineProperty(o, 'b', {get: () => 9})",
        "Object.defineProperty(o, 'b', {writable: false})",
        "class A extends function () { return o; } { #p = 1 }; new A()"}) {
    CAPTURE(statements);
    CHECK_FALSE(copies.IsLikeOriginal(statements));
  }
}

TEST_CASE("equal additions give equal hidden classes") {
  Copies copies;
  CHECK(HaveSameHiddenClass(copies.After("o.d = 1"), copies.After("o.d = 2")));
  CHECK(
      HaveSameHiddenClass(copies.After("o.d = 'x'; o.e = {}"), copies.After("o.d = 'y'; o.e = o")));
  CHECK_FALSE(HaveSameHiddenClass(copies.After("o.d = 1"), copies.After("o.e = 1")));
  CHECK_FALSE(
      HaveSameHiddenClass(copies.After("o.d = 1; o.e = 1"), copies.After("o.e = 1; o.d = 1")));
}

TEST_CASE("dictionaries are told") {
  Copies copies;
  CHECK_FALSE(copies.IsDictionary(copies.original(), "a"));
  CHECK_FALSE(copies.IsDictionary(copies.original(), "c"));
  CHECK_FALSE(copies.IsDictionary(copies.After("o.d = 1"), "a"));
  CHECK(copies.IsDictionary(copies.After("delete o.a"), "b"));
  std::string many = "for (let i = 0; i < 200; i++) o['x' + i] = i";
  CHECK(copies.IsDictionary(copies.After(many), "a"));
  // Why it matters: V8 gives unlike dictionaries one hidden class.
  CHECK(HaveSameHiddenClass(copies.After("delete o.a; o.x = 1"),
                            copies.After("delete o.a; o.y = 1")));
}
