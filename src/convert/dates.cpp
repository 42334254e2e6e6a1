#include "convert/dates.h"

#include "js/engine.h"
#include "js/handles.h"

namespace fundb::convert {

namespace {

// No script gets at it.
struct DateSymbol {
  v8::Eternal<v8::Private> symbol;
};

v8::Local<v8::Private> SymbolOf(v8::Isolate *isolate) {
  auto &symbol = js::Engine::From(isolate).attachments().Of<DateSymbol>().symbol;
  if (symbol.IsEmpty()) symbol.Set(isolate, v8::Private::New(isolate));
  return symbol.Get(isolate);
}

constexpr int kBits = 10;
// As many of the time's as fit into a number beside the microseconds: 278 years.
constexpr uint64_t kTimeMask = (uint64_t{1} << 43) - 1;

double Mark(int64_t milliseconds, int microseconds) {
  uint64_t time = static_cast<uint64_t>(milliseconds) & kTimeMask;
  return static_cast<double>(time << kBits | static_cast<uint64_t>(microseconds));
}

}  // namespace

v8::Local<v8::Date> NewDate(v8::Local<v8::Context> context, int64_t milliseconds,
                            int microseconds) {
  v8::Isolate *isolate = context->GetIsolate();
  auto date = js::Check(v8::Date::New(context, static_cast<double>(milliseconds))).As<v8::Date>();
  if (microseconds != 0) {
    js::Check(date->SetPrivate(context, SymbolOf(isolate),
                               v8::Number::New(isolate, Mark(milliseconds, microseconds))));
  }
  return date;
}

int MicrosecondsOf(v8::Local<v8::Context> context, v8::Local<v8::Date> date) {
  v8::Local<v8::Value> mark = js::Check(date->GetPrivate(context, SymbolOf(context->GetIsolate())));
  if (!mark->IsNumber()) return 0;
  double value = mark.As<v8::Number>()->Value();
  int microseconds = static_cast<int>(static_cast<uint64_t>(value) & ((1u << kBits) - 1));
  // A Date that is no time any more is no number.
  double time = date->ValueOf();
  return time == time && Mark(static_cast<int64_t>(time), microseconds) == value ? microseconds : 0;
}

v8::Local<v8::Date> CopyDate(v8::Local<v8::Context> context, v8::Local<v8::Date> date) {
  double time = date->ValueOf();
  if (time != time) return js::Check(v8::Date::New(context, time)).As<v8::Date>();
  return NewDate(context, static_cast<int64_t>(time), MicrosecondsOf(context, date));
}

}  // namespace fundb::convert
