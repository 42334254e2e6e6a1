// Reads one relation for the query language: fields, key, references, children.  C++ regime.

#include <algorithm>

#include "catalog/entity_settings.h"
#include "catalog/schema_adapter.h"
#include "pg/encoding.h"
#include "pg/relation.h"

extern "C" {
#include "catalog/pg_constraint.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_operator.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
}

namespace fundb::catalog {

namespace {

funql::EntityName NameOf(Oid relation) {
  struct Names {
    const char *schema;
    const char *name;
  };
  Names names = pg::Call([&] {
    return Names{get_namespace_name(get_rel_namespace(relation)), get_rel_name(relation)};
  });
  return {pg::FromServer(names.schema), pg::FromServer(names.name)};
}

funql::EntityKind KindOf(char kind) {
  switch (kind) {
    case RELKIND_PARTITIONED_TABLE:
      return funql::EntityKind::kPartitioned;
    case RELKIND_VIEW:
    case RELKIND_MATVIEW:
      return funql::EntityKind::kView;
    default:
      return funql::EntityKind::kTable;
  }
}

void ReadFields(Relation relation, funql::Entity *entity) {
  Oid id = RelationGetRelid(relation);
  entity->readable =
      pg::Call([&] { return pg_class_aclcheck(id, GetUserId(), ACL_SELECT) == ACLCHECK_OK; });
  TupleDesc shape = RelationGetDescr(relation);
  for (int i = 0; i < shape->natts; ++i) {
    Form_pg_attribute attribute = TupleDescAttr(shape, i);
    if (attribute->attisdropped) continue;
    funql::Field field;
    field.name = pg::FromServer(NameStr(attribute->attname));
    field.type = DescribeType(attribute->atttypid, attribute->atttypmod);
    field.nullable = !attribute->attnotnull;
    field.generated = attribute->attgenerated != '\0';
    field.readable = entity->readable || pg::Call([&] {
                       return pg_attribute_aclcheck(id, attribute->attnum, GetUserId(),
                                                    ACL_SELECT) == ACLCHECK_OK;
                     });
    entity->fields.push_back(std::move(field));
  }
}

std::string FieldName(Relation relation, int16 number) {
  return pg::FromServer(NameStr(TupleDescAttr(RelationGetDescr(relation), number - 1)->attname));
}

// The operators of a key, one for each pair of columns; empty where a search for `=` finds them, as
// it does for PostgreSQL's own.
struct KeyOperators {
  std::vector<funql::OperatorName> names;
  bool any = false;

  void Add(Oid id, Oid left_type, Oid right_type) {
    struct Facts {
      Oid schema, left, right;
      const char *schema_name;
      const char *name;
    };
    Facts facts = pg::Call([&] {
      HeapTuple tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(id));
      if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for operator %u", id);
      auto *form = reinterpret_cast<Form_pg_operator>(GETSTRUCT(tuple));
      Facts found = {form->oprnamespace, form->oprleft, form->oprright,
                     get_namespace_name(form->oprnamespace), pstrdup(NameStr(form->oprname))};
      ReleaseSysCache(tuple);
      return found;
    });
    names.emplace_back();
    const std::vector<Oid> &searched = TrustedSchemas();
    if (std::find(searched.begin(), searched.end(), facts.schema) != searched.end()) return;
    any = true;
    funql::OperatorName &exact = names.back();
    exact.schema = pg::FromServer(facts.schema_name);
    exact.name = pg::FromServer(facts.name);
    // Of several operators of one name PostgreSQL takes the one that fits best, and others may
    // create some there: none fits better than the types themselves.
    if (facts.left != left_type) exact.left = DescribeType(facts.left, -1);
    if (facts.right != right_type) exact.right = DescribeType(facts.right, -1);
  }

  std::vector<funql::OperatorName> Take() {
    return any ? std::move(names) : std::vector<funql::OperatorName>();
  }
};

Oid ColumnType(Relation relation, int16 number) {
  return TupleDescAttr(RelationGetDescr(relation), number - 1)->atttypid;
}

void ReadPrimaryKey(Relation relation, funql::Entity *entity) {
  // Fills rd_pkindex.
  pg::Call([&] { return RelationGetIndexList(relation); });
  if (!OidIsValid(relation->rd_pkindex)) return;
  pg::OpenRelation index(relation->rd_pkindex, AccessShareLock);
  KeyOperators operators;
  for (int i = 0; i < index->rd_index->indnkeyatts; ++i) {
    int16 number = index->rd_index->indkey.values[i];
    entity->key.push_back(FieldName(relation, number));
    Oid type = index->rd_opcintype[i];
    Oid family = index->rd_opfamily[i];
    Oid equals =
        pg::Call([&] { return get_opfamily_member(family, type, type, BTEqualStrategyNumber); });
    operators.Add(equals, ColumnType(relation, number), ColumnType(relation, number));
  }
  entity->key_operators = operators.Take();
}

// A foreign key to a partitioned table has a copy for each partition: the same reference again.
bool IsCopy(Oid constraint, Oid relation) {
  return pg::Call([&] {
    HeapTuple tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));
    if (!HeapTupleIsValid(tuple)) return false;
    Oid parent = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple))->conparentid;
    ReleaseSysCache(tuple);
    if (!OidIsValid(parent)) return false;
    tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(parent));
    if (!HeapTupleIsValid(tuple)) return false;
    bool same = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple))->conrelid == relation;
    ReleaseSysCache(tuple);
    return same;
  });
}

void ReadReferences(Relation relation, funql::Entity *entity) {
  // A copy: the relation cache's own list goes away with the next invalidation.
  List *keys =
      pg::Call([&] { return static_cast<List *>(copyObjectImpl(RelationGetFKeyList(relation))); });
  for (int i = 0; i < list_length(keys); ++i) {
    auto *key = static_cast<ForeignKeyCacheInfo *>(list_nth(keys, i));
    if (IsCopy(key->conoid, RelationGetRelid(relation))) continue;
    funql::Reference reference;
    const char *name = pg::Call([&] { return get_constraint_name(key->conoid); });
    reference.constraint = pg::FromServer(name);
    reference.target = NameOf(key->confrelid);
    reference.target_oid = key->confrelid;
    KeyOperators operators;
    for (int k = 0; k < key->nkeys; ++k) {
      int16 target_number = key->confkey[k];
      const char *target =
          pg::Call([&] { return get_attname(key->confrelid, target_number, false); });
      Oid target_type = pg::Call([&] { return get_atttype(key->confrelid, target_number); });
      operators.Add(key->conpfeqop[k], target_type, ColumnType(relation, key->conkey[k]));
      reference.fields.push_back(FieldName(relation, key->conkey[k]));
      reference.target_fields.push_back(pg::FromServer(target));
    }
    reference.operators = operators.Take();
    entity->references.push_back(std::move(reference));
  }
}

void ReadChildren(Oid id, funql::Entity *entity) {
  List *children = pg::Call([&] { return find_inheritance_children(id, NoLock); });
  for (int i = 0; i < list_length(children); ++i) {
    entity->children.push_back(NameOf(list_nth_oid(children, i)));
  }
}

}  // namespace

std::unique_ptr<funql::Entity> ReadEntity(Oid id) {
  pg::OpenRelation relation(id, AccessShareLock);
  auto entity = std::make_unique<funql::Entity>();
  funql::EntityName name = NameOf(id);
  entity->schema = name.schema;
  entity->name = name.name;
  entity->oid = id;
  entity->kind = KindOf(relation->rd_rel->relkind);
  ReadFields(relation.get(), entity.get());
  ReadPrimaryKey(relation.get(), entity.get());
  ReadReferences(relation.get(), entity.get());
  if (entity->kind == funql::EntityKind::kTable && relation->rd_rel->relhassubclass) {
    ReadChildren(id, entity.get());
  }
  const std::string &main_field = FindEntitySettings(id, name.schema, name.name).main_field;
  // A main field that was dropped or renamed since is as good as none.
  if (entity->FindField(main_field) != nullptr) entity->main_field = main_field;
  return entity;
}

}  // namespace fundb::catalog
