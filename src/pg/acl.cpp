#include "pg/acl.h"

extern "C" {
#include "utils/guc.h"
}

namespace fundb::pg {

SafeSearchPath::SafeSearchPath()
    : nest_level_(Call([] {
        int level = NewGUCNestLevel();
        (void)set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
                                GUC_ACTION_SAVE, true, 0, false);
        return level;
      })) {}

SafeSearchPath::~SafeSearchPath() {
  CallQuietly([this] { AtEOXact_GUC(true, nest_level_); });
}

}  // namespace fundb::pg
