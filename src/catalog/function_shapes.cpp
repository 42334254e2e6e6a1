#include "catalog/function_shapes.h"

#include "pg/call.h"
#include "pg/encoding.h"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "funcapi.h"
#include "utils/typcache.h"
}

namespace fundb::catalog {

namespace {

// The descriptor of a composite result, null for others.
TupleDesc fundb_columns(HeapTuple function) {
  Oid result = reinterpret_cast<Form_pg_proc>(GETSTRUCT(function))->prorettype;
  if (result == RECORDOID) return build_function_result_tupdesc_t(function);
  Oid base = getBaseType(result);
  if (get_typtype(base) != TYPTYPE_COMPOSITE) return nullptr;
  TupleDesc kept = lookup_rowtype_tupdesc(base, -1);
  TupleDesc copy = CreateTupleDescCopy(kept);
  ReleaseTupleDesc(kept);
  return copy;
}

}  // namespace

funql::FunctionShape ShapeOf(HeapTuple function) {
  auto *form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(function));
  funql::FunctionShape shape;
  auto count = static_cast<size_t>(form->pronargs);
  shape.least_arguments = count - static_cast<size_t>(form->pronargdefaults);
  shape.most_arguments = count;
  if (count > 0) {
    Oid first = form->proargtypes.values[0];
    shape.takes_array = pg::Call([&] {
      return first == ANYOID || first == ANYARRAYOID || first == ANYELEMENTOID ||
             first == ANYCOMPATIBLEOID || first == ANYCOMPATIBLEARRAYOID ||
             OidIsValid(get_element_type(first));
    });
  }
  if (OidIsValid(form->provariadic)) {
    shape.least_arguments -= shape.least_arguments > 0 ? 1 : 0;
    shape.most_arguments = FUNC_MAX_ARGS;
  }
  TupleDesc columns = pg::Call([&] { return fundb_columns(function); });
  if (columns != nullptr) {
    shape.kind = funql::FunctionShape::Kind::kColumns;
    for (int i = 0; i < columns->natts; ++i) {
      Form_pg_attribute column = TupleDescAttr(columns, i);
      if (!column->attisdropped) shape.columns.push_back(pg::FromServer(NameStr(column->attname)));
    }
    return shape;
  }
  if (form->prorettype == RECORDOID) return shape;
  // The only OUT parameter names the column.
  Oid id = form->oid;
  const char *name = pg::Call([&] { return get_func_result_name(id); });
  if (IsPolymorphicType(form->prorettype)) {
    if (name == nullptr) shape.kind = funql::FunctionShape::Kind::kOfArgument;
    return shape;
  }
  shape.kind = funql::FunctionShape::Kind::kScalar;
  if (name != nullptr) {
    shape.kind = funql::FunctionShape::Kind::kColumns;
    shape.columns.push_back(pg::FromServer(name));
  }
  return shape;
}

}  // namespace fundb::catalog
