// What FunDB knows of the tables it writes to: columns, unique keys, prepared statements.  Kept per
// relation until PostgreSQL invalidates it.  PostgreSQL only; C++ regime.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/request.h"
#include "catalog/schema_adapter.h"
#include "pg/spi.h"

namespace fundb::api {

struct Column {
  std::string name;
  int16 number = 0;
  Oid type = InvalidOid;
  int32 modifier = -1;
  Oid collation = InvalidOid;
};

// A comparison of two values by the very operator that a key is made with.
struct Equality {
  // OPERATOR("pg_catalog".=)
  std::string name;
  // What its operands are cast to; empty where no operator of somebody else's can fit better.
  std::string left;
  std::string right;
  // What the values are compared by where that is not what the columns say; mostly empty.
  std::string collation;

  // As SQL.
  std::string Of(const std::string &left_value, const std::string &right_value) const;
};

// Fields whose values are found in one row at most.
struct UniqueKey {
  // Of the constraint or index.
  std::string name;
  // Indexes into Table::columns, and what compares each.
  std::vector<int> columns;
  std::vector<Equality> equalities;
  // Why the index does not find one row for sure; empty when it does.
  std::string flaw;
};

// Names a statement among those of a table: what it does, the key it goes by, the columns it
// writes.
std::string StatementName(const char *what, const UniqueKey *key = nullptr,
                          const std::vector<int> &columns = {});

struct Table {
  // `bytes_of_all` counts what is kept for all tables of one cache.
  explicit Table(std::shared_ptr<size_t> bytes_of_all) : bytes_of_all_(std::move(bytes_of_all)) {}
  ~Table();
  Table(const Table &) = delete;
  Table &operator=(const Table &) = delete;

  // Never the same again.
  uint64_t serial = 0;
  EntityRef ref;
  Oid oid = InvalidOid;
  char kind = '\0';
  std::vector<Column> columns;
  // Null without a primary key.
  const UniqueKey *primary_key = nullptr;
  std::vector<std::unique_ptr<UniqueKey>> keys;
  // Row triggers of users (not PostgreSQL's own for foreign keys), or rewrite rules.
  bool fires_on_insert = false;
  bool fires_on_update = false;
  bool fires_on_delete = false;
  // INSERT … RETURNING is possible.
  bool returns_inserted = true;

  // Index of a column, -1 without one of that name.
  int FindColumn(const std::string &name) const;
  std::string QualifiedName() const;

  // A kept statement; `make` says its text when it is not kept yet.  Needs an open SpiSession.
  // Shared, since a nested call may clear the cache while the statement runs.
  template <typename Make>
  std::shared_ptr<const pg::Plan> Statement(const std::string &name, Make &&make) {
    auto found = statements_.find(name);
    if (found != statements_.end()) return found->second;
    std::vector<Oid> types;
    std::string sql = make(&types);
    return Keep(name, sql, types);
  }

 private:
  std::shared_ptr<const pg::Plan> Keep(const std::string &name, const std::string &sql,
                                       const std::vector<Oid> &types);

  void Count();
  void Forget() noexcept;

  std::unordered_map<std::string, std::shared_ptr<const pg::Plan>> statements_;
  // What PostgreSQL held for them when that was last asked.
  size_t bytes_ = 0;
  std::shared_ptr<size_t> bytes_of_all_;
};

class Tables {
 public:
  // The table, view or partitioned table of exactly that name.  Errors: 42P01 with a hint, 42501
  // without USAGE on the schema, 40001 when it is dropped or renamed meanwhile.
  std::shared_ptr<Table> Find(const EntityRef &ref);

  // The same by object id.
  std::shared_ptr<Table> Get(Oid relation);

 private:
  struct Entry {
    std::shared_ptr<Table> table;
    // The relation, its indexes, and the name of its schema.
    catalog::Dependencies dependencies;
  };

  std::unordered_map<Oid, Entry> entries_;
  std::shared_ptr<size_t> bytes_ = std::make_shared<size_t>(0);
};

// Refuses writes to what public.entities calls frozen.
void CheckNotFrozen(const Table &table);

// Of the role, on a column by its number, or on the table (0).  Errors: 40001 when that is gone.
bool HasRight(const Table &table, int16 column, AclMode right);

// The role may read these columns of the table.
bool MayRead(const Table &table, const std::vector<int> &columns);

}  // namespace fundb::api
