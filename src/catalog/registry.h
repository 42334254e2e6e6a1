// Where the registry is: the object ids of our tables, whose rights we read them with, and how a
// session learns that they changed.  C++ regime.
//
// The tables are found by name and must be members of the extension, so that a table which a user
// put in their place is never taken for them.
#pragma once

#include "pg/acl.h"
#include "pg/inval.h"

#include "pg/postgres.h"

namespace fundb::catalog {

struct Registry {
  Oid owner = InvalidOid;  // the extension's owner
  Oid schemas = InvalidOid;
  Oid entities = InvalidOid;
  Oid triggers = InvalidOid;
  Oid modules = InvalidOid;
  Oid user_views = InvalidOid;
  Oid events = InvalidOid;
  Oid relations = InvalidOid;
  Oid namespaces = InvalidOid;

  // Grow with every change of what rules are made of (any registry table but user_views; renamed
  // and dropped tables as well), of modules, of user views: in the own session at the end of the
  // command, in others at the commit, and once more when a change is rolled back.
  const pg::RelationGeneration *rules_generation = nullptr;
  const pg::RelationGeneration *modules_generation = nullptr;
  const pg::RelationGeneration *user_views_generation = nullptr;
};

// The registry, or null while the extension is not (or not wholly) installed in this database.
// Cheap while nothing changed.  The pointer is good until the next call.
const Registry *FindRegistry();

// The same; throws 55000 with a hint when there is none.
const Registry &GetRegistry();

// How far a session is believed to restore a dump.
enum class Restoring { kNot, kAsOrdinaryRole, kAsSuperuser };

// Runs as the extension's owner with a safe search_path until the scope ends: no right of the
// caller is needed, no object of the caller can be found in front of PostgreSQL's own, and row
// security does not hide rules.  No code of a user may run inside.
class OwnerScope {
 public:
  OwnerScope() : OwnerScope(GetRegistry().owner) {}
  explicit OwnerScope(Oid owner);
  ~OwnerScope();
  OwnerScope(const OwnerScope &) = delete;
  OwnerScope &operator=(const OwnerScope &) = delete;

 private:
  // Outside of the scope, as IsRestoring() and the like say inside.
  bool was_inside_;
  Restoring was_restoring_;
  pg::RoleScope role_;
  pg::SafeSearchPath path_;
};

// True in a session that restores a dump: it turned check_function_bodies off and its search_path
// is empty, as the output of pg_dump and pg_restore begin.  The dump then brings the native
// triggers itself.  Never while the session works with the rights of another role: in a SECURITY
// DEFINER function, in the action of a foreign key.
bool IsRestoring();

// The same while rows are loaded: the registry takes them as they are, since what they belong to
// may not be there yet.  The native triggers of a dump come behind its rows, so once they came only
// COPY counts: whoever goes on to work in the session works as always.
bool IsLoadingDump();

// The same, done by a superuser: then no rule fires (a superuser may switch rules off anyway, so
// this opens no door).  For the dispatcher.
bool IsRestoringAsSuperuser();

// This session restored a native trigger.
void NoteRestoredTrigger();

// Makes every session see a change of one of the registry's tables (see the generations above) and
// this session at once.
void AnnounceChange(Oid table);

// Before a row of the table is written: should the statement fail before it can announce its
// change, what this session read meanwhile must not stay.  Costs something once in a
// subtransaction.
void AnnounceWrite(Oid table);

}  // namespace fundb::catalog
