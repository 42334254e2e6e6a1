// Types that go by the text PostgreSQL writes and reads: enums, ranges, network and geometric
// types, xml, and whatever an extension brings.  uuid too, with a short cut for its usual form.

#include <cmath>
#include <cstring>

#include "convert/factories.h"
#include "convert/pinned_settings.h"
#include "convert/refusal.h"
#include "convert/text_functions.h"
#include "convert/text_io.h"
#include "pg/encoding.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr char kUuidHint[] =
    "Accepted are strings such as \"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\".";

bool IsCounter(std::string_view text, uint64_t greatest) {
  uint64_t number = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    uint64_t digit = static_cast<uint64_t>(c - '0');
    if (number > (greatest - digit) / 10) return false;
    number = number * 10 + digit;
  }
  return !text.empty();
}

// The input functions of these take any text and drop what they cannot read.
bool IsReadWhole(Oid type, std::string_view text) {
  switch (type) {
    case XIDOID:
    case CIDOID:
      return IsCounter(text, PG_UINT32_MAX);
    case XID8OID:
      return IsCounter(text, PG_UINT64_MAX);
    case CHAROID:
      return text.size() <= 1;
    default:
      return true;
  }
}

std::string HintOf(const TypeSeed &seed) {
  switch (seed.oid) {
    case XIDOID:
    case CIDOID:
      return "Accepted are whole numbers and strings of digits up to 4294967295.";
    case XID8OID:
      return "Accepted are whole numbers, BigInts and strings of digits up to "
             "18446744073709551615.";
    case CHAROID:
      return "Accepted are strings of one byte.";
    case MONEYOID:
      return "Accepted are numbers, BigInts and strings that PostgreSQL reads as money.";
    default:
      return "Accepted are strings that PostgreSQL reads as " + seed.name + ".";
  }
}

class OtherType final : public Type {
 public:
  explicit OtherType(const TypeSeed &seed)
      : Type(seed.name), oid_(seed.oid), functions_(seed), hint_(HintOf(seed)) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    return functions_.Write(context->GetIsolate(), value);
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    v8::Local<v8::String> string = StringOf(refused, context, Booleans::kRefused, hint_);
    ServerText text = JsToText(refused, string, 0);
    if (oid_ == MONEYOID && !value->IsString()) return ReadMoney(refused, text.text);
    if (!IsReadWhole(oid_, {text.text, text.size})) {
      Refuse(refused, sqlstate::kInvalidText, hint_);
    }
    return functions_.ReadText(refused, text.text, hint_);
  }

  // Nobody knows what the text leaves out.
  bool IsLossy() const override { return true; }

 private:
  // As text a number would be read by the session's lc_monetary, which may take its point for a
  // separator of thousands.
  Datum ReadMoney(const Refused &refused, char *text) const {
    if (refused.value->IsNumber() && !std::isfinite(refused.value.As<v8::Number>()->Value())) {
      Refuse(refused, sqlstate::kInvalidText, hint_);
    }
    try {
      return pg::Call([&] {
        Datum number = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
                                           ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
        return DirectFunctionCall1(numeric_cash, number);
      });
    } catch (const Error &error) {
      if (error.report().sqlstate != sqlstate::kNumberOutOfRange) throw;
    }
    Refuse(refused, sqlstate::kNumberOutOfRange, hint_);
  }

  Oid oid_;
  TextFunctions functions_;
  std::string hint_;
};

constexpr int kUuidLength = 36;

bool IsDash(int place) { return place == 8 || place == 13 || place == 18 || place == 23; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool ParseUuid(const char *text, unsigned char *bytes) {
  int half = -1;
  for (int i = 0; i < kUuidLength; ++i) {
    if (IsDash(i)) {
      if (text[i] != '-') return false;
      continue;
    }
    int digit = HexDigit(text[i]);
    if (digit < 0) return false;
    if (half < 0) {
      half = digit;
    } else {
      *bytes++ = static_cast<unsigned char>(half << 4 | digit);
      half = -1;
    }
  }
  return true;
}

class UuidType final : public Type {
 public:
  explicit UuidType(const TypeSeed &seed) : Type(seed.name), functions_(seed) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    static constexpr char kDigits[] = "0123456789abcdef";
    const unsigned char *bytes = DatumGetUUIDP(value)->data;
    char text[kUuidLength];
    int place = 0;
    for (int i = 0; i < UUID_LEN; ++i) {
      if (IsDash(place)) text[place++] = '-';
      text[place++] = kDigits[bytes[i] >> 4];
      text[place++] = kDigits[bytes[i] & 15];
    }
    return TextToJs(context->GetIsolate(), text, kUuidLength);
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    if (!value->IsString()) Refuse(refused, sqlstate::kDatatypeMismatch, kUuidHint);
    v8::Local<v8::String> string = value.As<v8::String>();
    if (string->Length() == kUuidLength && string->ContainsOnlyOneByte()) {
      char text[kUuidLength];
      string->WriteOneByte(context->GetIsolate(), reinterpret_cast<uint8_t *>(text), 0, kUuidLength,
                           v8::String::NO_NULL_TERMINATION);
      unsigned char bytes[UUID_LEN];
      if (ParseUuid(text, bytes)) {
        auto *uuid = pg::Call([] { return static_cast<pg_uuid_t *>(palloc(UUID_LEN)); });
        std::memcpy(uuid->data, bytes, UUID_LEN);
        return UUIDPGetDatum(uuid);
      }
    }
    return functions_.Read(refused, string, kUuidHint);
  }

  bool IsLossy() const override { return false; }

 private:
  TextFunctions functions_;
};

class EnumType final : public Type {
 public:
  explicit EnumType(const TypeSeed &seed) : Type(seed.name), oid_(seed.oid), functions_(seed) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    return functions_.Write(context->GetIsolate(), value);
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    if (!value->IsString() && !value->IsNumber() && !value->IsBoolean()) {
      Refuse(refused, sqlstate::kDatatypeMismatch, LabelHint());
    }
    ServerText label = JsToText(refused, StringOf(refused, context, Booleans::kAccepted, ""), 0);
    // Asked first, so that a wrong label needs no error of PostgreSQL's.
    bool exists = label.size < NAMEDATALEN && pg::Call([&] {
                    return SearchSysCacheExists2(ENUMTYPOIDNAME, ObjectIdGetDatum(oid_),
                                                 CStringGetDatum(label.text));
                  });
    if (!exists) Refuse(refused, sqlstate::kInvalidText, LabelHint());
    return functions_.ReadText(refused, label.text, "");
  }

  bool IsLossy() const override { return false; }

 private:
  // Labels beyond so many are left out of a hint.
  static constexpr int kShownLabels = 20;

  std::string LabelHint() const {
    struct Labels {
      char names[kShownLabels][NAMEDATALEN];
      int count;
    };
    auto *labels = pg::Call([this] {
      auto *found = static_cast<Labels *>(palloc0(sizeof(Labels)));
      Relation relation = table_open(EnumRelationId, AccessShareLock);
      Relation index = index_open(EnumTypIdSortOrderIndexId, AccessShareLock);
      ScanKeyData key;
      ScanKeyInit(&key, Anum_pg_enum_enumtypid, BTEqualStrategyNumber, F_OIDEQ,
                  ObjectIdGetDatum(oid_));
      SysScanDesc scan = systable_beginscan_ordered(relation, index, nullptr, 1, &key);
      HeapTuple tuple;
      while ((tuple = systable_getnext_ordered(scan, ForwardScanDirection)) != nullptr) {
        auto *form = reinterpret_cast<Form_pg_enum>(GETSTRUCT(tuple));
        if (found->count < kShownLabels) {
          strlcpy(found->names[found->count], NameStr(form->enumlabel), NAMEDATALEN);
        }
        ++found->count;
      }
      systable_endscan_ordered(scan);
      index_close(index, AccessShareLock);
      table_close(relation, AccessShareLock);
      return found;
    });
    std::string hint;
    for (int i = 0; i < labels->count && i < kShownLabels; ++i) {
      hint += (i == 0 ? "Accepted are " : ", ") + std::string("\"") +
              pg::FromServer(labels->names[i]) + "\"";
    }
    if (labels->count > kShownLabels) {
      hint += " and " + std::to_string(labels->count - kShownLabels) + " more";
    }
    pg::CallQuietly([&] { pfree(labels); });
    return hint.empty() ? "The type has no values." : hint + ".";
  }

  Oid oid_;
  TextFunctions functions_;
};

}  // namespace

TypePointer MakeOther(const TypeSeed &seed) { return std::make_unique<OtherType>(seed); }
TypePointer MakeUuid(const TypeSeed &seed) { return std::make_unique<UuidType>(seed); }
TypePointer MakeEnum(const TypeSeed &seed) { return std::make_unique<EnumType>(seed); }

}  // namespace fundb::convert
