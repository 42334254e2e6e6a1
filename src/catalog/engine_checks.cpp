#include "catalog/engine_checks.h"

#include <optional>

#include "pg/call.h"

#include "pg/encoding.h"
#include "pg/postgres.h"

extern "C" {
#include "catalog/pg_type.h"
#include "parser/parse_func.h"
}

namespace fundb::catalog {

namespace {

// Called by its object id: nobody but the registry needs the right to execute it.
void Check(const char *function, const std::string &first, const std::string &second,
           std::optional<int> limit_ms) {
  int arguments = limit_ms.has_value() ? 3 : 2;
  Datum limit = Int32GetDatum(limit_ms.value_or(0));
  pg::Call([&] {
    Oid types[3] = {TEXTOID, TEXTOID, INT4OID};
    Oid oid =
        LookupFuncName(list_make2(makeString(pstrdup("fundb")), makeString(pstrdup(function))),
                       arguments, types, false);
    Datum texts[2] = {CStringGetTextDatum(pg::ToServer(first)),
                      CStringGetTextDatum(pg::ToServer(second))};
    if (arguments == 3) {
      OidFunctionCall3(oid, texts[0], texts[1], limit);
    } else {
      OidFunctionCall2(oid, texts[0], texts[1]);
    }
  });
}

}  // namespace

void CheckRuleCode(const std::string &module_name, const std::string &source, int limit_ms) {
  Check("check_rule", module_name, source, limit_ms);
}

void CheckModuleCode(const std::string &module_name, const std::string &source, int limit_ms) {
  Check("check_module", module_name, source, limit_ms);
}

void CheckUserViewQuery(const std::string &schema, const std::string &query) {
  Check("check_user_view", schema, query, std::nullopt);
}

}  // namespace fundb::catalog
