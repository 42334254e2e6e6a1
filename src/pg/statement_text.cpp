#include "pg/statement_text.h"

#include <cstring>

#include "base/scope_exit.h"
#include "pg/call.h"

extern "C" {
#include "nodes/execnodes.h"
#include "parser/parser.h"
}

namespace fundb::pg {

namespace {

// The statement that was parsed last.
struct ParsedText {
  const EState *state;
  List *statements;
};
ParsedText parsed_text = {nullptr, NIL};

// The execution is over, and another may get the same address.
void ForgetParsedText(void *state) noexcept {
  if (parsed_text.state == state) parsed_text.state = nullptr;
}

}  // namespace

const char *StatementText(const EState *state, int *length) noexcept {
  const PlannedStmt *plan = state->es_plannedstmt;
  const char *text = state->es_sourceText;
  if (text == nullptr || plan == nullptr || plan->stmt_location < 0) return nullptr;
  auto size = static_cast<int>(std::strlen(text));
  if (plan->stmt_location >= size) return nullptr;
  size -= plan->stmt_location;
  *length = plan->stmt_len > 0 && plan->stmt_len < size ? plan->stmt_len : size;
  return text + plan->stmt_location;
}

bool HasWord(const char *text, int length, const char *word) noexcept {
  size_t size = std::strlen(word);
  const char *end = text + length;
  for (int first : {static_cast<int>(*word), *word ^ 0x20}) {
    for (const char *at = text; at < end; ++at) {
      at = static_cast<const char *>(std::memchr(at, first, static_cast<size_t>(end - at)));
      if (at == nullptr || static_cast<size_t>(end - at) < size) break;
      if (pg_strncasecmp(at, word, size) == 0) return true;
    }
  }
  return false;
}

List *ParsedStatement(EState *state) {
  if (parsed_text.state == state) return parsed_text.statements;
  int length = 0;
  const char *text = StatementText(state, &length);
  if (text == nullptr && state->es_sourceText != nullptr) {
    text = state->es_sourceText;
    length = static_cast<int>(std::strlen(text));
  }
  if (text == nullptr) return NIL;
  // Its warnings were given when PostgreSQL parsed it.
  bool warns = escape_string_warning;
  ScopeExit restore([&] { escape_string_warning = warns; });
  escape_string_warning = false;
  List *statements = NIL;
  try {
    statements = Call([&] {
      MemoryContext before = MemoryContextSwitchTo(state->es_query_cxt);
      List *trees = raw_parser(pnstrdup(text, static_cast<Size>(length)), RAW_PARSE_DEFAULT);
      MemoryContextSwitchTo(before);
      return trees;
    });
  } catch (Error &error) {
    // Text of another kind, as an extension may execute.  A parser takes nothing that would have
    // to be given back.
    if (error.report().sqlstate != sqlstate::kSyntaxError) throw;
  }
  Call([&] {
    auto *callback = static_cast<MemoryContextCallback *>(
        MemoryContextAlloc(state->es_query_cxt, sizeof(MemoryContextCallback)));
    callback->func = ForgetParsedText;
    callback->arg = state;
    MemoryContextRegisterResetCallback(state->es_query_cxt, callback);
  });
  parsed_text = {state, statements};
  return statements;
}

}  // namespace fundb::pg
