// The library's entry point.  C regime: defines settings and nothing else, so that it may be
// preloaded.

#include "extension/settings.h"

#include "pg/postgres.h"

extern "C" {
PG_MODULE_MAGIC;
__attribute__((visibility("default"))) void _PG_init(void);
}

void _PG_init(void) { fundb::extension::fundb_define_settings(); }
