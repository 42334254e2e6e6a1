#include "api/sql_messages.h"

#include <string>
#include <string_view>

namespace fundb::api {

namespace {

struct Hint {
  const char *sqlstate;
  // A part of the message that tells the case.
  std::string_view part;
  const char *hint;
};

constexpr char kTextPlus[] =
    "Strings are joined with ||.  What is a number only in looks is cast: number::int.";

// The first that fits.
constexpr Hint kHints[] = {
    {"42883", " == ", "Equality is written =."},
    {"42883", " === ", "Equality is written =."},
    {"42883", " !== ", "Inequality is written <>."},
    {"42883", " >< ", "Inequality is written <>."},
    {"42883", " =< ", "Less than or equal is written <=."},
    {"42883", "boolean || boolean", "Conditions are joined by AND and OR."},
    {"42883", " && ", "Conditions are joined by AND; && is for arrays."},
    {"42883", " -> ", "References are followed with =>; -> is for json."},
    {"42883", " ~~", "LIKE and ILIKE are for strings: id::string LIKE '1%'."},
    {"42883", "text + ", kTextPlus},
    {"42883", " + text", kTextPlus},
    {"42883", "operator does not exist",
     "There is no such operator for these types.  Values are cast with ::, as in id::string."},
    {"42883", "function ",
     "There is no such function for these types.  Values are cast with ::, as in id::string."},
    {"42725", "unknown + unknown", "Strings are joined with ||."},
    {"42725", "operator is not unique",
     "Tell the type of the constant: '1 day'::interval, '2020-12-31'::date."},
    {"42803", "not allowed in WHERE", "Conditions on aggregates stand in HAVING."},
    {"42803", "must appear in the GROUP BY clause",
     "Add it to GROUP BY, or choose one of its values with an aggregate function such as max."},
    {"42P20", "not allowed in WHERE",
     "Compute it in a subquery: FROM (SELECT …) AS x WHERE x.n = 1."},
    {"42804", "must be type boolean", "A condition compares: field = value, field IS NOT NULL."},
    {"42809", "is not a composite type", "What is inside of JSON is data->'key'."},
    {"21000", "more than one row", "Add a condition or LIMIT 1, or ask with IN (SELECT …)."},
    {"22008", "date/time field value out of range", "Dates are written '2020-12-31'."},
    {"0A000", "nullable side of an outer join",
     "Name the sources whose rows are to be locked: FOR NO KEY UPDATE OF source."},
};

// The element against the array, the array's name behind it.
const char *ArrayHint(std::string_view message) {
  if (message.compare(0, 8, "operator") != 0 || message.find("[]") == message.npos) return nullptr;
  if (message.find(" = ") != message.npos) {
    return "Whether an array has the value is asked with = ANY ($ids).";
  }
  if (message.find(" <> ") != message.npos) {
    return "Whether an array lacks the value is asked with <> ALL ($ids).";
  }
  return nullptr;
}

}  // namespace

void ImproveMessage(Report *report) {
  const std::string &state = report->sqlstate;
  // Names that the compiler qualified, and nobody wrote so.
  if (state == "42883" || state == "42809") {
    constexpr std::string_view kSchema = "pg_catalog.";
    size_t at = report->message.find(kSchema);
    if (at != std::string::npos) report->message.erase(at, kSchema.size());
  }
  const char *array = state == "42883" ? ArrayHint(report->message) : nullptr;
  if (array != nullptr) {
    report->hint = array;
    return;
  }
  for (const Hint &hint : kHints) {
    if (state != hint.sqlstate || report->message.find(hint.part) == std::string::npos) continue;
    report->hint = hint.hint;
    return;
  }
}

}  // namespace fundb::api
