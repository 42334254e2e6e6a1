#include "catalog/engine_checks.h"

#include "pg/call.h"

#include "pg/encoding.h"
#include "pg/postgres.h"

extern "C" {
#include "parser/parse_func.h"
}

namespace fundb::catalog {

namespace {

// Called by its object id: nobody but the registry needs the right to execute it.
void Check(const char *function, const std::string &first, const std::string &second) {
  pg::Call([&] {
    Oid types[2] = {TEXTOID, TEXTOID};
    Oid oid = LookupFuncName(
        list_make2(makeString(pstrdup("fundb")), makeString(pstrdup(function))), 2, types, false);
    OidFunctionCall2(oid, CStringGetTextDatum(pg::ToServer(first)),
                     CStringGetTextDatum(pg::ToServer(second)));
  });
}

}  // namespace

void CheckRuleCode(const std::string &module_name, const std::string &source) {
  Check("check_rule", module_name, source);
}

void CheckModuleCode(const std::string &module_name, const std::string &source) {
  Check("check_module", module_name, source);
}

void CheckUserViewQuery(const std::string &schema, const std::string &query) {
  Check("check_user_view", schema, query);
}

}  // namespace fundb::catalog
