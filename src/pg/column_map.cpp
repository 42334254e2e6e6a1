#include "pg/column_map.h"

extern "C" {
#include "access/relation.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
}

namespace fundb::pg {

Oid fundb_relation_below(Relation view) {
  if (view->rd_rel->relkind != RELKIND_VIEW) return InvalidOid;
  const Query *query = get_view_query(view);
  if (list_length(query->jointree->fromlist) != 1) return InvalidOid;
  auto *from = static_cast<Node *>(linitial(query->jointree->fromlist));
  if (!IsA(from, RangeTblRef)) return InvalidOid;
  const RangeTblEntry *entry =
      rt_fetch(reinterpret_cast<RangeTblRef *>(from)->rtindex, query->rtable);
  return entry->rtekind == RTE_RELATION ? entry->relid : InvalidOid;
}

ColumnMap fundb_open_columns(Oid written, Oid table) {
  ColumnMap map;
  map.relation = relation_open(written, NoLock);
  int count = RelationGetNumberOfAttributes(map.relation);
  map.columns = static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * (count + 1)));
  for (int i = 0; i <= count; ++i) map.columns[i] = static_cast<AttrNumber>(i);
  for (Oid at = written; at != table;) {
    Relation view = relation_open(at, NoLock);
    Oid below = fundb_relation_below(view);
    if (!OidIsValid(below)) {
      relation_close(view, NoLock);
      relation_close(map.relation, NoLock);
      return ColumnMap{nullptr, nullptr};
    }
    const Query *query = get_view_query(view);
    for (int i = 1; i <= count; ++i) {
      TargetEntry *entry =
          map.columns[i] > 0 ? get_tle_by_resno(query->targetList, map.columns[i]) : nullptr;
      bool is_column = entry != nullptr && IsA(entry->expr, Var);
      map.columns[i] = is_column ? reinterpret_cast<Var *>(entry->expr)->varattno : 0;
    }
    at = below;
    relation_close(view, NoLock);
  }
  return map;
}

}  // namespace fundb::pg
