// The messages about texts that are too long, too deep or stand for too much.
#include "funql/diagnostics.h"
#include "funql/limits.h"

namespace fundb::funql {

Error TextTooLong(const std::string &size) {
  return Error(sqlstate::kLimitExceeded,
               "query text of " + size + " is longer than " + std::to_string(kMostTextBytes))
      .Hint("Pass what is long as arguments: { $ids array(int) }: ... WHERE id = ANY ($ids).");
}

Error Diagnostics::LongOperator(Span span) const {
  return At(span, sqlstate::kSyntaxError, "operator is too long");
}

Error Diagnostics::NestedTooDeeply(Span span) const {
  return At(span, sqlstate::kTooComplex, "query is nested too deeply");
}

Error Diagnostics::TooManyArguments(Span span, size_t most) const {
  return At(span, sqlstate::kTooManyArguments,
            "query declares more than " + std::to_string(most) + " arguments",
            "Pass many values as one array: { $ids array(int) }: ... WHERE id = ANY ($ids).");
}

Error Diagnostics::TooManyColumns(Span span, std::string_view what) const {
  Error error = TooMany(span, what, kMostColumns);
  error.report().sqlstate = sqlstate::kTooManyColumns;
  return error;
}

Error Diagnostics::TooMany(Span span, std::string_view what, size_t most) const {
  return At(span, sqlstate::kLimitExceeded,
            "query has more than " + std::to_string(most) + " " + std::string(what));
}

Error Diagnostics::TooManyMerged(Span span, std::string_view name) const {
  return At(span, sqlstate::kLimitExceeded,
            "too many joins merge field \"" + std::string(name) + "\", whose type is not known",
            "Say the type in the subqueries, as in " + std::string(name) + "::string.");
}

Error Diagnostics::TooLarge(Span span, size_t most) const {
  return At(span, sqlstate::kLimitExceeded,
            "query holds or stands for more than " + std::to_string(most) + " expressions",
            "Name the fields instead of *, and pass long lists as arguments: { $ids array(int) }: "
            "... WHERE id = ANY ($ids).");
}

}  // namespace fundb::funql
