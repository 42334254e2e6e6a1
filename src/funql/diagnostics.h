// Every message of the language, in one place: wording, SQLSTATE, hint and position.  The functions
// make the error; the caller throws it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/span.h"
#include "funql/token.h"

namespace fundb::funql {

// Longer than kMostTextBytes.  Without the text: nobody could read it.
Error TextTooLong(const std::string &size);

class Diagnostics {
 public:
  // Keeps a view of the text: it must outlive this object.
  explicit Diagnostics(std::string_view text) : text_(text) {}

  std::string_view text() const { return text_; }
  // 1-based position in characters of a byte offset.
  int Position(int offset) const;
  // A message that has no function of its own.
  Error At(Span span, const char *sqlstate, std::string message, std::string hint = "") const;

  // Text and tokens.
  Error InvalidCharacter(Span span) const;
  Error Unterminated(Span span, const char *what) const;
  Error InvalidEscape(Span span) const;
  Error InvalidEncoding() const;
  Error NameExpectedAfterDollar(Span span) const;
  Error EmptyName(Span span) const;
  Error JunkAfterNumber(Span span) const;
  Error LongOperator(Span span) const;

  // Grammar.  `expected` says what could stand there, "" when that is a long list.
  Error Unexpected(const Token &token, std::string_view expected) const;
  Error ReservedWord(const Token &token) const;
  Error NestedTooDeeply(Span span) const;
  Error TooManyArguments(Span span, size_t most) const;
  // "result columns", "entries in WITH", …
  Error TooManyColumns(Span span, std::string_view what) const;
  Error TooMany(Span span, std::string_view what, size_t most) const;
  // Long lists, and short texts that stand for much: each * for all columns of a wide entity.
  Error TooManyMerged(Span span, std::string_view name) const;
  Error TooLarge(Span span, size_t most) const;
  // field ! = value
  Error Inequality(Span span) const;
  // @name and the like.
  Error ForeignArgument(Span span, std::string_view mark, std::string_view name) const;
  Error NotSupported(Span span, std::string_view what, std::string hint = "") const;

  // Names.
  Error UnknownSchema(Span span, std::string_view schema,
                      const std::vector<std::string> &candidates) const;
  Error UnknownEntity(Span span, std::string_view schema, std::string_view name,
                      const std::vector<std::string> &candidates) const;
  Error EntityWithoutSchema(Span span, std::string_view name, std::string_view suggestion) const;
  // `owner` names what should have had the field: `entity "s.e"`, `source "x"`, or "".
  Error UnknownField(Span span, std::string_view name, std::string_view owner,
                     const std::vector<std::string> &candidates) const;
  Error UnknownSource(Span span, std::string_view name,
                      const std::vector<std::string> &candidates) const;
  // name.field, where name is no source but a field.
  enum class FieldOf { kReference, kJson, kOther };
  Error FieldWithPoint(Span span, std::string_view name, FieldOf what,
                       std::string_view field) const;
  // The entity is there, under an alias.
  Error HiddenByAlias(Span span, std::string_view name, std::string_view alias) const;
  // It is in FROM, but not on either side of the JOIN whose ON names it.
  Error OutsideOfJoin(Span span, std::string_view name) const;
  Error MayBeColumnOf(Span span, std::string_view name, std::string_view function) const;
  Error AmbiguousField(Span span, std::string_view name,
                       const std::vector<std::string> &possible) const;
  Error NotAReference(Span span, std::string_view what,
                      const std::vector<std::string> &references) const;
  Error AmbiguousReference(Span span, std::string_view field,
                           const std::vector<std::string> &constraints) const;
  Error UnknownArgument(Span span, std::string_view name,
                        const std::vector<std::string> &candidates) const;
  Error UnknownGlobal(Span span, std::string_view name,
                      const std::vector<std::string> &candidates) const;
  Error UnknownFunction(Span span, std::string_view name,
                        const std::vector<std::string> &candidates) const;
  Error UnknownType(Span span, std::string_view name,
                    const std::vector<std::string> &candidates) const;
  Error UnknownUserView(Span span, std::string_view schema, std::string_view name) const;
  Error LackingOperators(Span span, std::string_view schema, std::string_view type) const;
  Error NoPrivilege(Span span, std::string_view what, std::string_view name) const;
  Error DuplicateSource(Span span, std::string_view name) const;
  Error DuplicateResult(Span span, std::string_view name) const;
  Error DuplicateAssignment(Span span, std::string_view name) const;
  Error DuplicateArgument(Span span, std::string_view name) const;

  // Shapes.
  Error ColumnCount(Span span, std::string message) const;
  Error MainEntityMismatch(Span span, std::string_view declared, std::string_view detected) const;
  Error GeneratedField(Span span, std::string_view field, std::string_view entity) const;

 private:
  std::string_view text_;
};

}  // namespace fundb::funql
