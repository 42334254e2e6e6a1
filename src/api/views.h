// Compiled user views: FunQL compiled to SQL, prepared, with the description of the result.  Kept
// per text, role and shape of the page until something they were compiled from changes, or others
// need the room.
// PostgreSQL only; C++ regime.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/compiled_plan.h"
#include "catalog/schema_adapter.h"
#include "funql/funql.h"

namespace fundb::api {

// What a value for a parameter must be.
struct ParameterType {
  Oid type = InvalidOid;
  // As of a column: the length of varchar(3); -1 = none.
  int32 modifier = -1;
};

struct CompiledView {
  // Of this session, never used twice: for caches beside this one.
  uint64_t serial = 0;
  std::string text;
  funql::CompiledQuery query;
  std::vector<ParameterType> parameter_types;
  catalog::Dependencies dependencies;
  // Prepared anew when PostgreSQL says so, which is nothing that users of the view notice.
  mutable CompiledPlan plan;
  // JSON of `info`, and of what the prelude needs to make rows (addRows).
  std::string info;
  std::string layout;

  // Nothing that it was compiled from has changed.
  bool IsCurrent() const { return dependencies.IsCurrent() && plan.IsValid(); }
};

struct CompiledCommand {
  std::string text;
  funql::CompiledCommand command;
  std::vector<ParameterType> parameter_types;
  catalog::Dependencies dependencies;
  // Prepared anew when PostgreSQL says so, which is nothing that users of the view notice.
  mutable CompiledPlan plan;

  bool IsCurrent() const { return dependencies.IsCurrent() && plan.IsValid(); }
};

class Views {
 public:
  // Errors: those of the compiler and of PostgreSQL's parser, with the FunQL text and position.
  std::shared_ptr<const CompiledView> Get(const std::string &text,
                                          const funql::CompileOptions &options);
  std::shared_ptr<const CompiledCommand> GetCommand(const std::string &text);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const CompiledView> view;
    std::shared_ptr<const CompiledCommand> command;
    size_t bytes;  // when that was last asked

    // What it holds, roughly.
    size_t Bytes() const;
  };

  // Newest use first.
  std::list<Entry> entries_;
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
  size_t bytes_ = 0;
  uint64_t kept_ = 0;

  Entry *Find(const std::string &key);
  Entry &Keep(Entry entry);
  void Drop(std::list<Entry>::iterator entry);
  void Recount();
};

// Rewords an error of PostgreSQL that came from compiled SQL: it shows the FunQL text and the
// position in it.
void MapToFunql(Report &report, const std::string &text, const std::string &sql,
                const funql::PositionMap &positions);

}  // namespace fundb::api
