// Which statements PostgreSQL's rewriter makes of one that sets off rewrite rules (CREATE RULE),
// and in which order they run.  C regime: may ereport, owns nothing.
#pragma once

#include "pg/postgres.h"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace fundb::pg {

// More than any statement is made into that somebody wants to run.
constexpr int kMostStatements = 1000;

struct RewrittenStatement {
  CmdType command;
  Oid relation;         // that it writes to, below the views that PostgreSQL updates through
  const Query *action;  // of a rule, as it is stored; null: the statement itself
};

// RewrittenStatement * for an INSERT, UPDATE or DELETE of the relation, by the rules that the
// relations have now; NIL when it is not known.
List *fundb_rewrite(CmdType command, Oid relation);

}  // namespace fundb::pg
