// libFuzzer target: any bytes as a query and as a command.  Beyond not crashing it holds that
//  * what fails, fails with an error of the language and not an internal one;
//  * what compiles comes back from format and parse with the same SQL;
//  * the SQL holds no piece that the writer did not quote (checked by scanning it).
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../unit/fixture_schema.h"
#include "base/error.h"
#include "funql/funql.h"

namespace {

using fundb::funql::CompileOptions;

const fundb::funql::FixtureSchema &Schema() {
  static const auto *const schema = new fundb::funql::FixtureSchema();
  return *schema;
}

void Require(bool holds) {
  if (!holds) std::abort();
}

// Quotes and parentheses balance, and there is neither a semicolon nor a comment outside quotes.
bool IsOneStatement(const std::string &sql) {
  int open = 0;
  for (size_t i = 0; i < sql.size(); ++i) {
    char c = sql[i];
    if (c == '"' || c == '\'') {
      bool escapes = c == '\'' && i > 0 && sql[i - 1] == 'E';
      for (++i; i < sql.size(); ++i) {
        if (escapes && sql[i] == '\\') {
          ++i;
        } else if (sql[i] == c) {
          if (i + 1 < sql.size() && sql[i + 1] == c) {
            ++i;
          } else {
            break;
          }
        }
      }
      if (i >= sql.size()) return false;
      continue;
    }
    char next = i + 1 < sql.size() ? sql[i + 1] : '\0';
    if (c == ';' || (c == '-' && next == '-') || (c == '/' && next == '*')) return false;
    if (c == '(') ++open;
    if (c == ')' && --open < 0) return false;
  }
  return open == 0;
}

std::string Compile(std::string_view text, bool command) {
  try {
    std::string sql = command ? CompileCommand(text, Schema(), CompileOptions()).sql
                              : CompileView(text, Schema(), CompileOptions()).sql;
    Require(IsOneStatement(sql));
    return sql;
  } catch (const fundb::Error &error) {
    Require(error.report().sqlstate != fundb::sqlstate::kInternal);
    Require(!error.report().message.empty());
    return "";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string_view text(reinterpret_cast<const char *>(data), size);
  for (bool command : {false, true}) {
    std::string sql = Compile(text, command);
    if (sql.empty()) continue;
    std::string formatted = fundb::funql::FormatStatement(text);
    // The parentheses that format adds count as nesting: what is nearly too deep may become so.
    try {
      Require(fundb::funql::FormatStatement(formatted) == formatted);
    } catch (const fundb::Error &error) {
      Require(error.report().sqlstate == fundb::sqlstate::kTooComplex);
      continue;
    }
    Require(Compile(formatted, command) == sql);
  }
  // chunk.where: another entrance.
  CompileOptions options;
  options.chunk.where = text;
  options.chunk.search_words = 1;
  try {
    CompileView("SELECT id, customer, number FROM shop.orders", Schema(), options);
  } catch (const fundb::Error &error) {
    Require(error.report().sqlstate != fundb::sqlstate::kInternal);
  }
  return 0;
}
