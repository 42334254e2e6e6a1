// A prepared statement of compiled SQL.  Its names are found in PostgreSQL's own schema, in those
// of extensions and in public, never by the caller's search_path; but functions that it calls, and
// triggers that it fires, see the caller's path, those that the planner inlines too.
//
// PostgreSQL ties the two together: a kept statement that was parsed under another path than the
// current one is parsed again under the current one.  So Settle() parses where names are safe, and
// then tells the statement that it belongs to the path of now.  PostgreSQL would also parse anew
// what changed since, under the path of now; so the relations are locked first, which is when such
// changes are heard of, and what it still finds then is an error.  PostgreSQL only; C++ regime.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "funql/funql.h"
#include "pg/key_lookup.h"
#include "pg/spi.h"

namespace fundb::api {

class CompiledPlan {
 public:
  // Parses.  `named_functions`: as in funql::CompiledQuery; 0A000 when one of them has columns that
  // are not named.  Needs an open SpiSession.
  void Prepare(std::string sql, std::vector<Oid> types,
               std::vector<funql::NamedFunction> named_functions);

  const std::vector<Oid> &types() const { return *types_; }

  // False once something that the statement uses was changed: types of its result may be others
  // now.
  bool IsValid() const;

  // What PostgreSQL holds for it now; more once it was planned.
  size_t Bytes() const;

  // The number of rows written.
  uint64_t Execute(pg::Parameters &parameters);

  // Runs a query and hands its rows to a receiver.
  void ExecuteInto(const pg::Parameters &parameters, DestReceiver *receiver);

  // The type of a column of the result, as parsed.
  void ColumnType(int position, Oid *type, int32 *modifier) const;

 private:
  // The statement, ready for one use under the current search_path.  Shared, since a nested use may
  // make it anew.
  std::shared_ptr<const pg::Plan> Settle();

  // A relation of the statement, and how it is locked.
  struct Lock {
    Oid relation;
    LOCKMODE mode;
  };

  // Whether it may be run as it is, once its locks are held.
  bool IsSettled() const;

  std::string sql_;
  std::vector<funql::NamedFunction> named_functions_;
  // Of the parameters.  PostgreSQL's plan points to it.
  std::shared_ptr<const std::vector<Oid>> types_ = std::make_shared<const std::vector<Oid>>();
  std::vector<Lock> locks_;
  std::shared_ptr<const pg::Plan> plan_;
  // The one statement of the plan, and gone with it.
  struct CachedPlanSource *source_ = nullptr;
  // Where PostgreSQL keeps what Prepare() parsed; elsewhere, once it has parsed the text itself.
  MemoryContext parsed_ = nullptr;
  pg::KeyLookup lookup_;
};

}  // namespace fundb::api
