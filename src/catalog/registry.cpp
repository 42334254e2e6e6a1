#include "catalog/registry.h"

#include "base/error.h"

#include "pg/call.h"

extern "C" {
#include "access/stratnum.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "storage/proc.h"
#include "tcop/pquery.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
}

namespace fundb::catalog {

namespace {

Oid ExtensionOwner(Oid extension) {
  Relation catalog = table_open(ExtensionRelationId, AccessShareLock);
  ScanKeyData key;
  ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
              ObjectIdGetDatum(extension));
  SysScanDesc scan = systable_beginscan(catalog, ExtensionOidIndexId, true, nullptr, 1, &key);
  HeapTuple tuple = systable_getnext(scan);
  Oid owner = InvalidOid;
  if (HeapTupleIsValid(tuple)) {
    owner = reinterpret_cast<Form_pg_extension>(GETSTRUCT(tuple))->extowner;
  }
  systable_endscan(scan);
  table_close(catalog, AccessShareLock);
  return owner;
}

// A table of the extension, or InvalidOid when there is none of that name or it is somebody else's.
Oid MemberTable(Oid extension, Oid schema, const char *name) {
  Oid table = get_relname_relid(name, schema);
  if (!OidIsValid(table)) return InvalidOid;
  return getExtensionOfObject(RelationRelationId, table) == extension ? table : InvalidOid;
}

bool LookUp(Registry *registry) {
  Oid extension = get_extension_oid("fundb", true);
  if (!OidIsValid(extension)) return false;
  Oid public_schema = get_namespace_oid("public", true);
  Oid own_schema = get_namespace_oid("fundb", true);
  if (!OidIsValid(public_schema) || !OidIsValid(own_schema)) return false;
  registry->owner = ExtensionOwner(extension);
  registry->schemas = MemberTable(extension, public_schema, "schemas");
  registry->entities = MemberTable(extension, public_schema, "entities");
  registry->triggers = MemberTable(extension, public_schema, "triggers");
  registry->modules = MemberTable(extension, public_schema, "modules");
  registry->user_views = MemberTable(extension, public_schema, "user_views");
  registry->events = MemberTable(extension, own_schema, "events");
  registry->relations = MemberTable(extension, own_schema, "relations");
  registry->namespaces = MemberTable(extension, own_schema, "namespaces");
  return OidIsValid(registry->owner) && OidIsValid(registry->schemas) &&
         OidIsValid(registry->entities) && OidIsValid(registry->triggers) &&
         OidIsValid(registry->modules) && OidIsValid(registry->user_views) &&
         OidIsValid(registry->events) && OidIsValid(registry->relations) &&
         OidIsValid(registry->namespaces);
}

}  // namespace

const Registry *FindRegistry() {
  // Dropping the extension invalidates its tables, so the rules' generation tells that, too.
  static Registry known;
  static uint64_t known_at = 0;
  if (known.rules_generation != nullptr && known.rules_generation->generation == known_at) {
    return &known;
  }
  Registry found;
  if (!pg::Call([&] { return LookUp(&found); })) return nullptr;
  found.rules_generation = pg::WatchRelation(found.triggers);
  found.modules_generation = pg::WatchRelation(found.modules);
  found.user_views_generation = pg::WatchRelation(found.user_views);
  known = found;
  known_at = found.rules_generation->generation;
  return &known;
}

const Registry &GetRegistry() {
  const Registry *registry = FindRegistry();
  if (registry == nullptr) {
    throw Error("55000", "extension \"fundb\" is not installed in this database")
        .Hint("Run CREATE EXTENSION fundb.");
  }
  return *registry;
}

namespace {

// An OwnerScope has a search_path and a role of its own, so what was outside is kept here.
bool inside_scope = false;
Restoring scope_restoring = Restoring::kNot;

bool triggers_are_restored = false;

constexpr int kRegistryTables = 8;

// Where the value of check_function_bodies comes from.  C regime.
const config_generic *fundb_find_setting() {
  static const config_generic *found = nullptr;
  config_generic **all = get_guc_variables();
  for (int i = 0; found == nullptr && i < GetNumConfigOptions(); ++i) {
    if (strcmp(all[i]->name, "check_function_bodies") == 0) found = all[i];
  }
  return found;
}

// Both settings may be made by anybody.  So nobody else's rights count: not those of a SECURITY
// DEFINER function, of the owner of a table in the action of a foreign key or while an index is
// built, nor of a role that is pretended.
bool ActsAsItself() {
  return GetUserId() == GetOuterUserId() && !InLocalUserIdChange() &&
         !InSecurityRestrictedOperation();
}

Restoring FindRestoring() {
  if (inside_scope) return scope_restoring;
  if (check_function_bodies || namespace_search_path == nullptr ||
      namespace_search_path[0] != '\0' || !ActsAsItself()) {
    return Restoring::kNot;
  }
  return pg::Call([] {
    const config_generic *setting = fundb_find_setting();
    // The owner of the database may set it for everybody: only what this session said counts.
    if (setting == nullptr || setting->source < PGC_S_CLIENT) return Restoring::kNot;
    // Another's SECURITY DEFINER function may have left it behind in a superuser's session.
    bool is_superuser = superuser() && superuser_arg(setting->srole);
    return is_superuser ? Restoring::kAsSuperuser : Restoring::kAsOrdinaryRole;
  });
}

}  // namespace

OwnerScope::OwnerScope(Oid owner)
    : was_inside_(inside_scope),
      was_restoring_(FindRestoring()),
      role_(owner, SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS) {
  inside_scope = true;
  scope_restoring = was_restoring_;
}

OwnerScope::~OwnerScope() {
  inside_scope = was_inside_;
  scope_restoring = was_restoring_;
}

bool IsRestoring() { return FindRestoring() != Restoring::kNot; }

bool IsLoadingDump() {
  if (!IsRestoring()) return false;
  if (!triggers_are_restored) return true;
  return ActivePortal != nullptr && ActivePortal->commandTag == CMDTAG_COPY;
}

void NoteRestoredTrigger() { triggers_are_restored = true; }

bool IsRestoringAsSuperuser() {
  return FindRestoring() == Restoring::kAsSuperuser && IsLoadingDump();
}

void AnnounceChange(Oid table) {
  const Registry registry = GetRegistry();
  pg::Call([&] {
    if (table != registry.user_views) CacheInvalidateRelcacheByRelid(registry.triggers);
    if (table == registry.modules || table == registry.schemas) {
      CacheInvalidateRelcacheByRelid(registry.modules);
    }
    if (table == registry.user_views || table == registry.schemas) {
      CacheInvalidateRelcacheByRelid(registry.user_views);
    }
    // The own session learns of it when a command ends that used its number.
    (void)GetCurrentCommandId(true);
    CommandCounterIncrement();
  });
}

void AnnounceWrite(Oid table) {
  // PostgreSQL repeats what a subtransaction announced when it is rolled back.
  static LocalTransactionId transaction = InvalidLocalTransactionId;
  static SubTransactionId subtransaction = InvalidSubTransactionId;
  static Oid announced[kRegistryTables];
  static int count = 0;
  LocalTransactionId now = MyProc->lxid;
  SubTransactionId level = pg::Call([] { return GetCurrentSubTransactionId(); });
  if (transaction != now || subtransaction != level) count = 0;
  for (int i = 0; i < count; ++i) {
    if (announced[i] == table) return;
  }
  AnnounceChange(table);
  transaction = now;
  subtransaction = level;
  if (count < kRegistryTables) announced[count++] = table;
}

}  // namespace fundb::catalog
