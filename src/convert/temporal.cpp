// date, time, timetz, timestamp, timestamptz: ISO text, and Date for timestamptz.  PostgreSQL's
// functions that are called without a guard here (j2date, timestamp2tm, Encode…) compute on their
// arguments only and never raise.

#include <cmath>
#include <cstring>

#include "convert/dates.h"
#include "convert/factories.h"
#include "convert/iso.h"
#include "convert/refusal.h"
#include "convert/text_io.h"
#include "js/handles.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

namespace {

constexpr const char *kBadFormat = "22007";      // invalid_datetime_format
constexpr const char *kFieldOverflow = "22008";  // datetime_field_overflow

// The longest ISO text of any use, with room for blanks and digits that are rounded away.
constexpr int kLongestText = 64;

constexpr int64 kEpochShiftDays = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;
constexpr int64 kEpochShift = kEpochShiftDays * USECS_PER_DAY;
// A Date reaches 100,000,000 days from 1970 either way.
constexpr int64 kDateLimit = int64{8640000000000000};  // ms

enum class Infinity { kNone, kPlus, kMinus };

// The text of a short string, without V8 or encodings; empty when it cannot be one of ours.
class ShortText {
 public:
  ShortText(v8::Isolate *isolate, v8::Local<v8::Value> value) {
    if (!value->IsString()) return;
    v8::Local<v8::String> string = value.As<v8::String>();
    if (string->Length() > kLongestText || !string->ContainsOnlyOneByte()) return;
    size_ =
        static_cast<size_t>(string->WriteOneByte(isolate, reinterpret_cast<uint8_t *>(text_), 0,
                                                 kLongestText, v8::String::NO_NULL_TERMINATION));
  }
  std::string_view get() const { return {text_, size_}; }

 private:
  char text_[kLongestText];
  size_t size_ = 0;
};

Infinity InfinityOf(std::string_view text) {
  if (text == "infinity" || text == "+infinity" || text == "Infinity" || text == "+Infinity") {
    return Infinity::kPlus;
  }
  return text == "-infinity" || text == "-Infinity" ? Infinity::kMinus : Infinity::kNone;
}

v8::Local<v8::Value> AsciiToJs(v8::Isolate *isolate, const char *text) {
  return TextToJs(isolate, text, std::strlen(text));
}

int64 Microseconds(const IsoTime &time) {
  return ((time.hour * int64{60} + time.minute) * 60 + time.second) * USECS_PER_SEC +
         time.microsecond;
}

// Days since 2000-01-01.  False beyond what PostgreSQL counts.
bool DaysOf(const IsoTime &time, int64 *days) {
  // date2j counts as the parser does: year 0 is 1 BC.
  if (!IS_VALID_JULIAN(time.year, time.month, time.day)) return false;
  *days = int64{date2j(time.year, time.month, time.day)} - POSTGRES_EPOCH_JDATE;
  return true;
}

class DateType final : public Type {
 public:
  explicit DateType(const TypeSeed &seed) : Type(seed.name) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    v8::Isolate *isolate = context->GetIsolate();
    DateADT date = DatumGetDateADT(value);
    if (DATE_IS_NOEND(date)) return AsciiToJs(isolate, "infinity");
    if (DATE_IS_NOBEGIN(date)) return AsciiToJs(isolate, "-infinity");
    struct pg_tm tm {};
    char text[MAXDATELEN + 1];
    j2date(date + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
    EncodeDateOnly(&tm, USE_ISO_DATES, text);
    return AsciiToJs(isolate, text);
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    static constexpr char kHint[] = "Accepted are strings such as \"2024-03-10\".";
    Refused refused{*this, target, context->GetIsolate(), value};
    if (value->IsDate()) {
      // Which day a moment belongs to depends on the place; the script has to say.
      Refuse(refused, sqlstate::kDatatypeMismatch,
             "Use formatDate(date), which gives the day in UTC, or a string such as "
             "\"2024-03-10\".");
    }
    if (!value->IsString()) Refuse(refused, sqlstate::kDatatypeMismatch, kHint);
    ShortText text(context->GetIsolate(), value);
    Infinity infinity = InfinityOf(text.get());
    if (infinity != Infinity::kNone) {
      return DateADTGetDatum(infinity == Infinity::kPlus ? DATEVAL_NOEND : DATEVAL_NOBEGIN);
    }
    IsoTime time;
    if (!ParseIso(text.get(), &time) || !time.has_date || time.has_time) {
      Refuse(refused, kBadFormat, kHint);
    }
    int64 days;
    if (!DaysOf(time, &days) || !IS_VALID_DATE(days)) Refuse(refused, kFieldOverflow, kHint);
    return DateADTGetDatum(static_cast<DateADT>(days));
  }

  bool IsLossy() const override { return false; }
};

// time and timetz.
class TimeType final : public Type {
 public:
  explicit TimeType(const TypeSeed &seed)
      : Type(seed.name), has_zone_(seed.oid == TIMETZOID), modifier_(seed.modifier) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    struct pg_tm tm {};
    fsec_t fraction = 0;
    int zone = 0;
    char text[MAXDATELEN + 1];
    if (has_zone_) {
      timetz2tm(DatumGetTimeTzADTP(value), &tm, &fraction, &zone);
    } else {
      time2tm(DatumGetTimeADT(value), &tm, &fraction);
    }
    EncodeTimeOnly(&tm, fraction, has_zone_, zone, USE_XSD_DATES, text);
    return AsciiToJs(context->GetIsolate(), text);
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    const char *hint = has_zone_ ? "Accepted are strings such as \"12:30:05.5+02:00\"."
                                 : "Accepted are strings such as \"12:30:05.5\".";
    Refused refused{*this, target, context->GetIsolate(), value};
    if (!value->IsString()) Refuse(refused, sqlstate::kDatatypeMismatch, hint);
    ShortText text(context->GetIsolate(), value);
    IsoTime time;
    if (!ParseIso(text.get(), &time) || time.has_date || (time.has_zone && !has_zone_)) {
      Refuse(refused, kBadFormat, hint);
    }
    TimeADT microseconds = Microseconds(time);
    if (microseconds > USECS_PER_DAY) Refuse(refused, kFieldOverflow, hint);
    AdjustTimeForTypmod(&microseconds, modifier_);
    if (!has_zone_) return TimeADTGetDatum(microseconds);
    auto *result = pg::Call([] { return static_cast<TimeTzADT *>(palloc(sizeof(TimeTzADT))); });
    result->time = microseconds;
    result->zone = -time.zone;  // PostgreSQL counts westwards
    return TimeTzADTPGetDatum(result);
  }

  bool IsLossy() const override { return false; }

 private:
  bool has_zone_;
  int32 modifier_;
};

// timestamp and timestamptz.
class TimestampType final : public Type {
 public:
  explicit TimestampType(const TypeSeed &seed)
      : Type(seed.name), has_zone_(seed.oid == TIMESTAMPTZOID), modifier_(seed.modifier) {}

  v8::Local<v8::Value> ToJs(v8::Local<v8::Context> context, Datum value) const override {
    v8::Isolate *isolate = context->GetIsolate();
    Timestamp timestamp = DatumGetTimestamp(value);
    if (TIMESTAMP_IS_NOEND(timestamp)) return AsciiToJs(isolate, "infinity");
    if (TIMESTAMP_IS_NOBEGIN(timestamp)) return AsciiToJs(isolate, "-infinity");
    if (has_zone_) {
      // Downwards also before 2000: the millisecond that the moment lies in.
      int64 milliseconds = timestamp / 1000 - (timestamp % 1000 < 0 ? 1 : 0) + kEpochShift / 1000;
      if (milliseconds <= kDateLimit) {
        int microseconds = static_cast<int>((timestamp % 1000 + 1000) % 1000);
        return NewDate(context, milliseconds, microseconds);
      }
    }
    struct pg_tm tm {};
    fsec_t fraction = 0;
    char text[MAXDATELEN + 1];
    // Without a zone asked for, the fields of a timestamptz are those in UTC.
    timestamp2tm(timestamp, nullptr, &tm, &fraction, nullptr, nullptr);
    EncodeDateTime(&tm, fraction, false, 0, nullptr, USE_XSD_DATES, text);
    if (has_zone_) std::strcat(text, "Z");
    return AsciiToJs(isolate, text);
  }

  Datum FromJs(v8::Local<v8::Context> context, v8::Local<v8::Value> value,
               const Target &target) const override {
    Refused refused{*this, target, context->GetIsolate(), value};
    if (value->IsDate() && has_zone_) return FromDate(refused, context, value.As<v8::Date>());
    if (!value->IsString()) Refuse(refused, sqlstate::kDatatypeMismatch, Hint(value->IsDate()));
    ShortText text(context->GetIsolate(), value);
    Infinity infinity = InfinityOf(text.get());
    if (infinity != Infinity::kNone) {
      return TimestampGetDatum(infinity == Infinity::kPlus ? DT_NOEND : DT_NOBEGIN);
    }
    IsoTime time;
    if (!ParseIso(text.get(), &time) || !time.has_date) Refuse(refused, kBadFormat, Hint(false));
    if (!has_zone_ && time.zone != 0) {
      // PostgreSQL would drop the offset without a word.
      Refuse(refused, kBadFormat, Hint(false), "The type keeps no time zone.");
    }
    int64 days;
    int64 timestamp;
    if (!DaysOf(time, &days) || __builtin_mul_overflow(days, USECS_PER_DAY, &timestamp) ||
        __builtin_add_overflow(timestamp, Microseconds(time) - time.zone * USECS_PER_SEC,
                               &timestamp) ||
        !IS_VALID_TIMESTAMP(timestamp)) {
      Refuse(refused, kFieldOverflow, Hint(false));
    }
    return Rounded(refused, timestamp);
  }

  // A Date has milliseconds, and only one that was made here knows more.
  bool IsLossy() const override { return has_zone_; }

 private:
  const char *Hint(bool got_date) const {
    if (has_zone_) return "Accepted are Date and strings such as \"2024-03-10T12:30:05.5Z\".";
    return got_date ? "Use date.toISOString() for the time in UTC, or a string such as "
                      "\"2024-03-10T12:30:05.5\"."
                    : "Accepted are strings such as \"2024-03-10T12:30:05.5\".";
  }

  Datum FromDate(const Refused &refused, v8::Local<v8::Context> context,
                 v8::Local<v8::Date> date) const {
    double milliseconds = date->ValueOf();
    if (std::isnan(milliseconds)) Refuse(refused, kBadFormat, Hint(false));
    // A Date is whole and within ±8.64e15, so the microseconds fit.
    int64 timestamp =
        static_cast<int64>(milliseconds) * 1000 + MicrosecondsOf(context, date) - kEpochShift;
    if (!IS_VALID_TIMESTAMP(timestamp)) Refuse(refused, kFieldOverflow, Hint(false));
    return Rounded(refused, timestamp);
  }

  // To the precision of timestamp(p).
  Datum Rounded(const Refused &refused, Timestamp timestamp) const {
    if (modifier_ < 0 || modifier_ >= MAX_TIMESTAMP_PRECISION) return TimestampGetDatum(timestamp);
    return CallInput(refused, Hint(false), [&] {
      return DirectFunctionCall2(timestamp_scale, TimestampGetDatum(timestamp),
                                 Int32GetDatum(modifier_));
    });
  }

  bool has_zone_;
  int32 modifier_;
};

}  // namespace

TypePointer MakeTemporal(const TypeSeed &seed) {
  switch (seed.oid) {
    case DATEOID:
      return std::make_unique<DateType>(seed);
    case TIMEOID:
    case TIMETZOID:
      return std::make_unique<TimeType>(seed);
    default:
      return std::make_unique<TimestampType>(seed);
  }
}

}  // namespace fundb::convert
