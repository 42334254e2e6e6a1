// The library's entry point.  C regime: defines settings and, when it is preloaded, starts an
// engine for all sessions to come.

#include "extension/session.h"
#include "extension/settings.h"
#include "pg/enter.h"
#include "pg/faults.h"

#include "pg/postgres.h"

extern "C" {
#include "miscadmin.h"
}

// PGDLLEXPORT is empty in PostgreSQL 15, and we compile with hidden visibility.
extern "C" {
__attribute__((visibility("default"))) const Pg_magic_struct *PG_MAGIC_FUNCTION_NAME(void);
PG_MODULE_MAGIC;
__attribute__((visibility("default"))) void _PG_init(void);
}

void _PG_init(void) {
  fundb::pg::fundb_define_fault_settings();
  using fundb::extension::CurrentSettings;
  using fundb::extension::Session;
  fundb::extension::fundb_define_settings();
  if (!process_shared_preload_libraries_in_progress || !IsPostmasterEnvironment ||
      !CurrentSettings().prestart) {
    return;
  }
  ErrorData *failure = nullptr;
  fundb::pg::Enter(&failure, [] { Session::Get().StartBeforeFork(); });
  if (failure != nullptr) {
    // Sessions then start engines of their own, and say what is wrong when they fail, too.
    ereport(WARNING, (errmsg("could not start the JavaScript engine ahead of sessions: %s",
                             failure->message)));
  }
}
