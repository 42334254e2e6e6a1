// One error as data: everything PostgreSQL's ErrorData can tell, in plain strings, so that it can
// cross C, C++ and JavaScript without loss.  Standard C++ only.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fundb {

// A rule that an error left uncaught.
struct PassedRule {
  std::string schema;  // the owning namespace
  std::string name;
  // The row of a plural call inside the rule whose failure this was, or -1.
  int operation = -1;
};

struct Report {
  // Five characters, as in PostgreSQL's appendix A.
  std::string sqlstate = "XX000";
  std::string message;
  std::string detail;
  std::string hint;
  // Lines from the innermost place outwards, separated by '\n'.
  std::string context;
  std::string schema;
  std::string table;
  std::string column;
  std::string datatype;
  std::string constraint;
  // The text that `internal_position` points into (1-based, in characters; 0 = none): FunQL or SQL.
  std::string internal_query;
  int internal_position = 0;
  // True while the error came from PostgreSQL and the (sub)transaction that raised it was not
  // rolled back yet.  JavaScript must not catch such an error: nothing may go on in a transaction
  // in that state.
  bool needs_rollback = false;

  // What only the API's error objects tell.  PostgreSQL's ErrorData has no room for it;
  // pg/report.cpp hands it on beside the error while that travels from one of our functions up to
  // the next.

  // The rules that the error left uncaught, the innermost first.  See PassRule.
  std::vector<PassedRule> rules;
  // The kind of error ("call", "argument", "entryNotFound", …); empty: by SQLSTATE.
  std::string kind;
  // Of kind "argument": which argument or field, and whether it was missing rather than wrong.  Of
  // kind "foreignKey": the field that refers.
  std::string argument;
  bool argument_is_missing = false;
  // The row of a plural call that failed, or -1.
  int operation = -1;
  // JSON of the `userData` that the thrown object carried; empty = none.
  std::string user_data;
};

// Notes that the error left a rule.  Call it once per rule, on its way out.
inline void PassRule(Report &report, std::string schema, std::string name) {
  report.rules.push_back({std::move(schema), std::move(name), report.operation});
  report.operation = -1;
}

// The names in a report may be whatever text a script gave for one.  Called where reports go to
// JavaScript or PostgreSQL: of a long one the beginning is left, as in messages.
bool HasLongNames(const Report &report);
void ShortenNames(Report *report);

// The classes of the contract, one name each (see docs/api.md).
namespace sqlstate {
inline constexpr const char *kSyntaxError = "42601";
inline constexpr const char *kUndefinedColumn = "42703";
inline constexpr const char *kUndefinedTable = "42P01";
inline constexpr const char *kUndefinedFunction = "42883";
inline constexpr const char *kUndefinedObject = "42704";
inline constexpr const char *kAmbiguousColumn = "42702";
inline constexpr const char *kDuplicateAlias = "42712";
inline constexpr const char *kDuplicateColumn = "42701";
inline constexpr const char *kGroupingError = "42803";
inline constexpr const char *kDatatypeMismatch = "42804";
inline constexpr const char *kInsufficientPrivilege = "42501";
inline constexpr const char *kGeneratedAlways = "428C9";
inline constexpr const char *kInvalidParameter = "22023";
inline constexpr const char *kInvalidText = "22P02";
inline constexpr const char *kNumberOutOfRange = "22003";
inline constexpr const char *kBadCharacter = "22021";
inline constexpr const char *kNoData = "P0002";
inline constexpr const char *kRaise = "P0001";
inline constexpr const char *kScriptError = "38000";
inline constexpr const char *kTriggerProtocol = "39P01";
inline constexpr const char *kTriggeredDataChange = "27000";
inline constexpr const char *kLimitExceeded = "54000";
inline constexpr const char *kTooComplex = "54001";
inline constexpr const char *kTooManyColumns = "54011";
inline constexpr const char *kTooManyArguments = "54023";
inline constexpr const char *kOutOfMemory = "53200";
inline constexpr const char *kQueryCanceled = "57014";
inline constexpr const char *kNotSupported = "0A000";
inline constexpr const char *kInternal = "XX000";
}  // namespace sqlstate

// Errors that no script may catch: operator intervention (class 57: cancel, time-outs, shutdown),
// lost memory, and whatever still needs a rollback.
inline bool IsUncatchable(const Report &report) {
  return report.needs_rollback || report.sqlstate.compare(0, 2, "57") == 0 ||
         report.sqlstate == sqlstate::kOutOfMemory;
}

// Errors that leave the database unchanged in form, whoever caught them: serialization failure,
// deadlock.
inline bool MustLeaveUnchanged(const Report &report) {
  return report.sqlstate == "40001" || report.sqlstate == "40P01";
}

}  // namespace fundb
