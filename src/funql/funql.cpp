#include "funql/funql.h"

#include "funql/compiler.h"
#include "funql/diagnostics.h"
#include "funql/parser.h"
#include "funql/resolver.h"
#include "funql/steps.h"
#include "funql/writer.h"

namespace fundb::funql {

CompiledQuery CompileView(std::string_view text, const Schema &schema,
                          const CompileOptions &options) {
  Diagnostics diagnostics(text);
  Steps steps(&schema);
  ast::Statement statement = ParseStatement(diagnostics, &steps);
  auto bound = Resolve(statement, schema, options, diagnostics, Purpose::kView, &steps);
  WrittenSql written = Write(Compile(*bound, &steps), text, &steps);
  CompiledQuery result = std::move(bound->result);
  result.sql = std::move(written.text);
  result.positions = std::move(written.positions);
  return result;
}

CompiledCommand CompileCommand(std::string_view text, const Schema &schema,
                               const CompileOptions &options) {
  Diagnostics diagnostics(text);
  Steps steps(&schema);
  ast::Statement statement = ParseStatement(diagnostics, &steps);
  auto bound = Resolve(statement, schema, options, diagnostics, Purpose::kCommand, &steps);
  WrittenSql written = Write(Compile(*bound, &steps), text, &steps);
  CompiledCommand result;
  result.kind = bound->kind;
  result.sql = std::move(written.text);
  result.positions = std::move(written.positions);
  result.arguments = std::move(bound->result.arguments);
  result.parameters = std::move(bound->result.parameters);
  result.pragmas = std::move(bound->result.pragmas);
  result.named_functions = std::move(bound->result.named_functions);
  if (const Entity *target = bound->command.target.entity) {
    result.target = {target->schema, target->name};
  }
  return result;
}

}  // namespace fundb::funql

// The language is pure: a header of either world in here is a mistake.
#if defined(POSTGRES_H) || defined(INCLUDE_V8_H_)
#error "funql must include neither PostgreSQL nor V8"
#endif
