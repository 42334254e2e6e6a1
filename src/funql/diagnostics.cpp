#include "funql/diagnostics.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace fundb::funql {

namespace {

std::string Near(std::string_view kind, std::string_view name,
                 const std::vector<std::string> &candidates) {
  std::string nearest = NearestName(name, candidates);
  if (nearest.empty()) return "";
  return "Perhaps you meant " + std::string(kind) + " " + Quoted(nearest) + ".";
}

std::string Dotted(std::string_view schema, std::string_view name) {
  std::string result(schema);
  if (!result.empty()) result += '.';
  result += name;
  return result;
}

std::string Listed(const std::vector<std::string> &names) {
  std::string result;
  for (const std::string &name : names) {
    if (!result.empty()) result += ", ";
    result += Quoted(name);
  }
  return result;
}

std::string Lower(std::string_view name) {
  std::string lower(name);
  for (char &c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// U+2018 to U+201F, which word processors make of quotes.
bool HasCurlyQuote(std::string_view name) {
  for (size_t at = name.find("\xE2\x80"); at != std::string_view::npos;
       at = name.find("\xE2\x80", at + 1)) {
    if (at + 2 < name.size() && name[at + 2] >= '\x98' && name[at + 2] <= '\x9F') return true;
  }
  return false;
}

bool IsTimeUnit(std::string_view name) {
  constexpr std::string_view kUnits[] = {"year", "quarter", "month",  "week",
                                         "day",  "hour",    "minute", "second"};
  return std::find(std::begin(kUnits), std::end(kUnits), name) != std::end(kUnits);
}

// What other databases and languages call it.
struct Foreign {
  std::string_view name;
  const char *hint;
};
constexpr Foreign kForeignFunctions[] = {
    {"if", "Write CASE WHEN … THEN … ELSE … END."},
    {"iif", "Write CASE WHEN … THEN … ELSE … END."},
    {"ifnull", "Perhaps you meant function \"coalesce\"."},
    {"isnull", "Perhaps you meant function \"coalesce\"."},
    {"nvl", "Perhaps you meant function \"coalesce\"."},
    {"len", "Perhaps you meant function \"length\"."},
    {"instr", "Perhaps you meant function \"strpos\"."},
    {"charindex", "Perhaps you meant function \"strpos\"."},
    {"getdate", "Perhaps you meant function \"now\"."},
    {"group_concat", "Perhaps you meant function \"string_agg\"."},
    {"listagg", "Perhaps you meant function \"string_agg\"."},
    {"ucase", "Perhaps you meant function \"upper\"."},
    {"lcase", "Perhaps you meant function \"lower\"."},
    {"today", "Write CURRENT_DATE."},
    {"curdate", "Write CURRENT_DATE."},
    {"current_date", "Write CURRENT_DATE without parentheses."},
    {"year", "Write EXTRACT(year FROM …)."},
    {"month", "Write EXTRACT(month FROM …)."},
    {"day", "Write EXTRACT(day FROM …)."},
    {"hour", "Write EXTRACT(hour FROM …)."},
    {"minute", "Write EXTRACT(minute FROM …)."},
    {"second", "Write EXTRACT(second FROM …)."},
    {"json_extract", "Write data->'key', or data->>'key' for text."},
    {"datediff", "Dates are subtracted: finish - start."},
    {"dateadd", "Intervals are added: day + interval '1 day'."},
};

// Messages quote at most this much of a token: a long string would drown the message.
constexpr size_t kQuotedTokenBytes = 40;
// More sources than these are no help.
constexpr size_t kListedSources = 8;

}  // namespace

int Diagnostics::Position(int offset) const {
  return CharacterCount(text_.substr(0, static_cast<size_t>(std::max(offset, 0)))) + 1;
}

Error Diagnostics::At(Span span, const char *sqlstate, std::string message,
                      std::string hint) const {
  Error error(sqlstate, std::move(message));
  error.report().hint = std::move(hint);
  error.report().internal_query = std::string(text_);
  error.report().internal_position = Position(span.begin);
  return error;
}

Error Diagnostics::InvalidCharacter(Span span) const {
  size_t begin = static_cast<size_t>(span.begin);
  size_t end = begin + 1;
  while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
  return At(span, sqlstate::kSyntaxError,
            "character " + Quoted(text_.substr(begin, end - begin)) + " is not allowed here",
            text_[begin] == '`' ? "A name that needs quotes stands in double quotes." : "");
}

Error Diagnostics::Unterminated(Span span, const char *what) const {
  bool string = std::string_view(what) == "string";
  return At(span, sqlstate::kSyntaxError, std::string("unterminated ") + what,
            string ? "A quote inside of a string is doubled: 'it''s'." : "");
}

Error Diagnostics::InvalidEscape(Span span) const {
  return At(
      span, sqlstate::kBadCharacter, "invalid escape sequence in string",
      "Escapes are \\\\, \\', \\b, \\f, \\n, \\r, \\t, \\ooo, \\xHH, \\uXXXX and \\UXXXXXXXX; "
      "the result must be valid UTF-8 without a zero character.");
}

Error Diagnostics::InvalidEncoding() const {
  // The text itself cannot be shown: it would break whatever shows it.
  return Error(sqlstate::kBadCharacter, "query text is not valid UTF-8");
}

Error Diagnostics::NameExpectedAfterDollar(Span span) const {
  return At(span, sqlstate::kSyntaxError, "name of an argument expected after \"$\"",
            "Arguments have names: { $x int }: SELECT $x AS x.");
}

Error Diagnostics::EmptyName(Span span) const {
  return At(span, sqlstate::kSyntaxError, "a quoted name must not be empty");
}

Error Diagnostics::JunkAfterNumber(Span span) const {
  return At(span, sqlstate::kSyntaxError, "a letter must not follow a number directly",
            "A name that begins with a digit stands in double quotes.");
}

Error Diagnostics::Unexpected(const Token &token, std::string_view expected) const {
  std::string message;
  if (token.kind == TokenKind::kEnd) {
    message = "syntax error at end of input";
  } else {
    auto begin = static_cast<size_t>(token.span.begin);
    auto length = static_cast<size_t>(token.span.end - token.span.begin);
    std::string shown(text_.substr(begin, std::min(length, kQuotedTokenBytes)));
    while (!shown.empty() && !IsValidUtf8(shown)) shown.pop_back();
    if (length > kQuotedTokenBytes) shown += "…";
    message = "syntax error at or near " + Quoted(shown);
  }
  if (!expected.empty()) message += ", expected " + std::string(expected);
  return At(token.span, sqlstate::kSyntaxError, std::move(message));
}

Error Diagnostics::ReservedWord(const Token &token) const {
  Error error = Unexpected(token, "");
  error.report().hint = "A reserved word needs quotes to be a name: " + Quoted(token.text) + ".";
  return error;
}

Error Diagnostics::Inequality(Span span) const {
  return At(span, sqlstate::kSyntaxError, "syntax error at or near \"!\"",
            "Inequality is written <> or !=, without a blank.");
}

Error Diagnostics::ForeignArgument(Span span, std::string_view mark, std::string_view name) const {
  std::string argument = "$" + std::string(name);
  return At(span, sqlstate::kSyntaxError, "syntax error at or near " + Quoted(mark),
            "Arguments are declared in front of the query and begin with $: { " + argument +
                " int }: SELECT " + argument + " AS x.  An operator stands apart: " +
                std::string(mark) + " " + std::string(name) + ".");
}

Error Diagnostics::NotSupported(Span span, std::string_view what, std::string hint) const {
  return At(span, sqlstate::kNotSupported, std::string(what) + " is not supported",
            std::move(hint));
}

Error Diagnostics::UnknownSchema(Span span, std::string_view schema,
                                 const std::vector<std::string> &candidates) const {
  return At(span, sqlstate::kUndefinedTable, "schema " + Quoted(schema) + " does not exist",
            Near("schema", schema, candidates));
}

Error Diagnostics::UnknownEntity(Span span, std::string_view schema, std::string_view name,
                                 const std::vector<std::string> &candidates) const {
  std::string nearest = NearestName(name, candidates);
  std::string hint;
  if (!nearest.empty()) hint = "Perhaps you meant entity " + Quoted(Dotted(schema, nearest)) + ".";
  return At(span, sqlstate::kUndefinedTable,
            "entity " + Quoted(Dotted(schema, name)) + " does not exist", std::move(hint));
}

Error Diagnostics::EntityWithoutSchema(Span span, std::string_view name,
                                       std::string_view suggestion) const {
  std::string hint = suggestion.empty() ? "Entities are written with their schema: schema.entity."
                                        : "Perhaps you meant " + Quoted(suggestion) + ".";
  return At(span, sqlstate::kUndefinedTable,
            "entity " + Quoted(name) + " is written without a schema", std::move(hint));
}

Error Diagnostics::UnknownField(Span span, std::string_view name, std::string_view owner,
                                const std::vector<std::string> &candidates) const {
  std::string message = "field " + Quoted(name);
  if (!owner.empty()) message += " of " + std::string(owner);
  std::string hint = Near("field", name, candidates);
  auto begin = static_cast<size_t>(span.begin);
  bool quoted = begin < text_.size() && text_[begin] == '"';
  if (hint.empty() && quoted) {
    hint = "Double quotes are for names; a string stands in single quotes.";
  } else if (quoted && hint.find(Quoted(Lower(name))) != std::string::npos) {
    hint += "  A name in double quotes keeps its capitals.";
  } else if (HasCurlyQuote(name)) {
    hint = "Quotes are straight: single ones around strings, double ones around names.";
  } else if (hint.empty() && IsTimeUnit(name)) {
    hint = "A unit of time is a string here: '" + std::string(name) + "'.";
  }
  return At(span, sqlstate::kUndefinedColumn, message + " does not exist", std::move(hint));
}

Error Diagnostics::UnknownSource(Span span, std::string_view name,
                                 const std::vector<std::string> &candidates) const {
  std::string nearest = NearestName(name, candidates);
  std::string hint;
  if (!nearest.empty()) {
    hint = "Perhaps you meant " + Quoted(nearest) + ".";
  } else if (!candidates.empty() && candidates.size() <= kListedSources) {
    hint = "There is " + Listed(candidates) + ".";
  }
  return At(span, sqlstate::kUndefinedTable, "nothing in FROM is called " + Quoted(name),
            std::move(hint));
}

Error Diagnostics::FieldWithPoint(Span span, std::string_view name, FieldOf what,
                                  std::string_view field) const {
  std::string hint = "It is a field";
  if (what == FieldOf::kReference) {
    hint += "; the field of the row it refers to is " + std::string(name) + "=>" +
            std::string(field) + ".";
  } else if (what == FieldOf::kJson) {
    hint += "; what is inside of it is " + std::string(name) + "->'" + std::string(field) +
            "', as text " + std::string(name) + "->>'" + std::string(field) + "'.";
  } else {
    hint += " and has no fields of its own.";
  }
  return At(span, sqlstate::kUndefinedTable, "nothing in FROM is called " + Quoted(name),
            std::move(hint));
}

Error Diagnostics::HiddenByAlias(Span span, std::string_view name, std::string_view alias) const {
  return At(span, sqlstate::kUndefinedTable, "nothing in FROM is called " + Quoted(name),
            "The entity has the alias " + Quoted(alias) + " here.");
}

Error Diagnostics::OutsideOfJoin(Span span, std::string_view name) const {
  return At(span, sqlstate::kUndefinedTable, "source " + Quoted(name) + " cannot be used here",
            "ON sees only the two sides of its JOIN.  Write CROSS JOIN instead of the comma.");
}

Error Diagnostics::MayBeColumnOf(Span span, std::string_view name,
                                 std::string_view function) const {
  return At(span, sqlstate::kAmbiguousColumn,
            Quoted(name) + " may be a column of " + Quoted(function),
            "Say whose it is, or name the columns: AS " + std::string(function) + " (a, b).");
}

Error Diagnostics::AmbiguousField(Span span, std::string_view name,
                                  const std::vector<std::string> &possible) const {
  return At(span, sqlstate::kAmbiguousColumn, "field name " + Quoted(name) + " is ambiguous",
            "Possible values: " + Listed(possible) + ".");
}

Error Diagnostics::NotAReference(Span span, std::string_view what,
                                 const std::vector<std::string> &references) const {
  std::string hint =
      "The operator => needs a field with a foreign key, or an argument of type reference, on its "
      "left.";
  if (!references.empty()) hint = "The references there are: " + Listed(references) + ".";
  return At(span, sqlstate::kDatatypeMismatch, std::string(what) + " is not a reference",
            std::move(hint));
}

Error Diagnostics::AmbiguousReference(Span span, std::string_view field,
                                      const std::vector<std::string> &constraints) const {
  return At(span, sqlstate::kAmbiguousColumn,
            "field " + Quoted(field) + " is part of several references",
            "Write the name of the constraint instead of the field: " + Listed(constraints) + ".");
}

Error Diagnostics::UnknownArgument(Span span, std::string_view name,
                                   const std::vector<std::string> &candidates) const {
  std::string nearest = NearestName(name, candidates);
  return At(span, sqlstate::kUndefinedObject, "argument " + Quoted(name) + " is not declared",
            nearest.empty() ? "Declare arguments in front of the query: { $" + std::string(name) +
                                  " int }: SELECT …"
                            : "Perhaps you meant argument " + Quoted(nearest) + ".");
}

Error Diagnostics::UnknownGlobal(Span span, std::string_view name,
                                 const std::vector<std::string> &candidates) const {
  std::string nearest = NearestName(name, candidates);
  return At(span, sqlstate::kUndefinedObject,
            "global argument " + Quoted("$$" + std::string(name)) + " does not exist",
            nearest.empty() ? "There are $$user_id, $$user, $$lang, $$transaction_time and "
                              "$$transaction_id."
                            : "Perhaps you meant " + Quoted("$$" + nearest) + ".");
}

Error Diagnostics::UnknownFunction(Span span, std::string_view name,
                                   const std::vector<std::string> &candidates) const {
  std::string hint = Near("function", name, candidates);
  for (const Foreign &foreign : kForeignFunctions) {
    if (foreign.name == name) hint = foreign.hint;
  }
  return At(span, sqlstate::kUndefinedFunction, "function " + Quoted(name) + " does not exist",
            std::move(hint));
}

Error Diagnostics::UnknownType(Span span, std::string_view name,
                               const std::vector<std::string> &candidates) const {
  return At(span, sqlstate::kUndefinedObject, "type " + Quoted(name) + " does not exist",
            Near("type", name, candidates));
}

Error Diagnostics::UnknownUserView(Span span, std::string_view schema,
                                   std::string_view name) const {
  return At(span, sqlstate::kUndefinedObject,
            "user view " + Quoted(Dotted(schema, name)) + " does not exist");
}

Error Diagnostics::LackingOperators(Span span, std::string_view schema,
                                    std::string_view type) const {
  return At(span, sqlstate::kUndefinedFunction,
            (type.empty() ? "no operator of a type that the value may have"
                          : "no operator of type " + Quoted(Dotted(schema, type))) +
                " can be found",
            "They are looked for in public and the schemas of extensions while only superusers may "
            "create objects there.  Cast the value, as in name::string, to compare it as that.");
}

Error Diagnostics::NoPrivilege(Span span, std::string_view what, std::string_view name) const {
  return At(span, sqlstate::kInsufficientPrivilege,
            "permission denied for " + std::string(what) + " " + std::string(name));
}

Error Diagnostics::DuplicateSource(Span span, std::string_view name) const {
  return At(span, sqlstate::kDuplicateAlias, "name " + Quoted(name) + " is used twice in FROM",
            "Give one of them another name with AS.");
}

Error Diagnostics::DuplicateResult(Span span, std::string_view name) const {
  return At(span, sqlstate::kDuplicateColumn, "result column " + Quoted(name) + " appears twice",
            "Give one of them another name with AS.");
}

Error Diagnostics::DuplicateAssignment(Span span, std::string_view name) const {
  return At(span, sqlstate::kDuplicateColumn, "field " + Quoted(name) + " is assigned twice");
}

Error Diagnostics::DuplicateArgument(Span span, std::string_view name) const {
  return At(span, sqlstate::kDuplicateColumn, "argument " + Quoted(name) + " is declared twice");
}

Error Diagnostics::ColumnCount(Span span, std::string message) const {
  return At(span, sqlstate::kSyntaxError, std::move(message));
}

Error Diagnostics::MainEntityMismatch(Span span, std::string_view declared,
                                      std::string_view detected) const {
  return At(span, sqlstate::kInvalidParameter,
            "main entity " + Quoted(declared) + " is declared, but the query is about " +
                Quoted(detected));
}

Error Diagnostics::GeneratedField(Span span, std::string_view field,
                                  std::string_view entity) const {
  return At(span, sqlstate::kGeneratedAlways,
            "field " + Quoted(field) + " of entity " + Quoted(entity) +
                " is generated and cannot be assigned");
}

}  // namespace fundb::funql
