// The library's entry point.  C regime: defines settings and nothing else, so that it may be
// preloaded.

#include "extension/settings.h"

#include "pg/postgres.h"

// PGDLLEXPORT is empty in PostgreSQL 15, and we compile with hidden visibility.
extern "C" {
__attribute__((visibility("default"))) const Pg_magic_struct *PG_MAGIC_FUNCTION_NAME(void);
PG_MODULE_MAGIC;
__attribute__((visibility("default"))) void _PG_init(void);
}

void _PG_init(void) { fundb::extension::fundb_define_settings(); }
