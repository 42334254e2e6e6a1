// json, jsonb <-> parsed values.

#include "convert/detoasted.h"
#include "convert/factories.h"
#include "convert/json_writer.h"
#include "convert/refusal.h"
#include "convert/scratch.h"
#include "convert/text_io.h"
#include "js/engine.h"
#include "js/handles.h"
#include "js/large_value.h"
#include "js/realm.h"
#include "pg/encoding.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr char kHint[] =
    "Accepted is whatever JSON can say: objects, arrays, strings, finite numbers, true, false, "
    "null.";

// Of one realm.
struct JsonForms {
  JsonWriter::Forms forms;
};

[[noreturn]] void RefuseJson(const Refused &refused, const JsonRefusal &refusal) {
  Refuse(refused, refusal.sqlstate, kHint, "JSON has no form for " + refusal.detail + ".");
}

class JsonType final : public Type {
 public:
  explicit JsonType(const TypeSeed &seed) : Type(seed.name), is_binary_(seed.oid == JSONBOID) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    v8::Isolate *isolate = context->GetIsolate();
    v8::EscapableHandleScope handles(isolate);
    v8::Local<v8::String> text = is_binary_ ? TextOfBinary(isolate, value) : TextOf(isolate, value);
    js::LargeValueScope large(isolate, static_cast<size_t>(text->Length()));
    v8::Local<v8::Value> parsed = js::Check(v8::JSON::Parse(context, text));
    large.Finish();
    return handles.Escape(parsed);
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    std::string json;
    JsonRefusal refusal;
    {
      v8::HandleScope handles(context->GetIsolate());
      auto &forms = js::Realm::From(context).attachments().Of<JsonForms>().forms;
      if (!JsonWriter(context, &forms).Write(value, &json, &refusal)) RefuseJson(refused, refusal);
    }
    js::Engine::From(refused.isolate).CountTransfer(json.size());
    // json_in would only check what JsonWriter is known to write.
    return is_binary_ ? BinaryOf(refused, json) : TextDatum(refused, json);
  }

  // The form of numbers; with json also blanks, duplicate keys and their order.
  bool IsLossy() const override { return true; }

  bool MayBeArray() const override { return true; }

 private:
  static v8::Local<v8::String> TextOf(v8::Isolate *isolate, Datum value) {
    Detoasted text(value, Detoasted::Alignment::kAny);
    return TextToJs(isolate, text.data(), text.size());
  }

  static v8::Local<v8::String> TextOfBinary(v8::Isolate *isolate, Datum value) {
    Scratch scratch;
    Detoasted stored(value, Detoasted::Alignment::kFull);
    auto *jsonb = reinterpret_cast<Jsonb *>(stored.get());
    StringInfoData text;
    pg::Call([&] {
      initStringInfo(&text);
      JsonbToCString(&text, &jsonb->root, static_cast<int>(VARSIZE(jsonb)));
    });
    return TextToJs(isolate, text.data, static_cast<size_t>(text.len));
  }

  // The text in the server's encoding; the same pointer when that is UTF-8 anyway.
  static const char *Encoded(const Refused &refused, const std::string &json) {
    if (!AllocSizeIsValid(json.size() + VARHDRSZ + 1)) {
      Refuse(refused, "54000", kHint, "The limit is 1 GB.");
    }
    if (GetDatabaseEncoding() == PG_UTF8) return json.c_str();
    return CallInput(refused, kHint, [&] {
      return pg_any_to_server(json.c_str(), static_cast<int>(json.size()), PG_UTF8);
    });
  }

  static Datum BinaryOf(const Refused &refused, const std::string &json) {
    const char *text = Encoded(refused, json);
    return CallInput(refused, kHint,
                     [&] { return DirectFunctionCall1(jsonb_in, CStringGetDatum(text)); });
  }

  static Datum TextDatum(const Refused &refused, const std::string &json) {
    const char *text = Encoded(refused, json);
    return pg::Call([&] { return PointerGetDatum(cstring_to_text(text)); });
  }

  bool is_binary_;
};

}  // namespace

TypePointer MakeJson(const TypeSeed &seed) { return std::make_unique<JsonType>(seed); }

}  // namespace fundb::convert
