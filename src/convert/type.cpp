// Which converter a type has, and the cache of them.

#include "convert/type.h"

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "convert/factories.h"
#include "convert/stack.h"
#include "pg/call.h"
#include "pg/encoding.h"

#include "convert/postgres_values.h"

namespace fundb::convert {

uint64_t internal::types_generation = 0;

namespace {

// What pg_type says of a type, as far as a converter depends on it.
struct Definition {
  NameData name;
  Oid schema;
  Oid element;  // of a true array
  Oid base;     // of a domain
  Oid input;
  Oid output;
  int32 base_modifier;
  char kind;           // typtype
  bool reads_as_text;  // by text's own input function

  bool operator==(const Definition &other) const {
    return strcmp(NameStr(name), NameStr(other.name)) == 0 && schema == other.schema &&
           element == other.element && base == other.base && input == other.input &&
           output == other.output && base_modifier == other.base_modifier && kind == other.kind;
  }
};

struct Entry {
  TypePointer type;
  Definition definition;
  const Type *part = nullptr;  // what a domain or an array is made of
  // types_generation when it was found to be up to date; kNever = to be looked at again.
  uint64 checked_at = kNever;

  static constexpr uint64 kNever = UINT64_MAX;
  bool IsStale() const { return checked_at != internal::types_generation; }
};

// Found again without a search: the values of a row have few types.
struct RecentType {
  uint64 key = 0;
  const Entry *entry = nullptr;
};
constexpr size_t kRecentTypes = 64;

struct Cache {
  // Only grows.
  std::unordered_map<uint64, Entry> entries;
  // Of the rows of their types in PostgreSQL's cache.
  std::unordered_set<uint32> hashes;
  RecentType recent[kRecentTypes];
  // Converters of definitions that are gone.  Callers may still hold them, so they stay: one per
  // ALTER TYPE of a type that the session used before.
  std::vector<TypePointer> retired;
  MemoryContext memory = nullptr;
  uint64 invalidations = 0;
};

// Leaked on purpose: no static object with a destructor.
Cache &TheCache() {
  static Cache *cache = new Cache();
  return *cache;
}

// Every new type in the database comes by here too, and an aborted transaction brings all of its
// own once more, when nothing can stop it: no loop over the entries.
void fundb_type_invalidated(Datum, int, uint32 hash) noexcept {
  Cache &cache = TheCache();
  ++cache.invalidations;
  // All become stale, since others may be made of it.
  if (hash == 0 || cache.hashes.count(hash) != 0) ++internal::types_generation;
}

void Prepare(Cache *cache) {
  if (cache->memory != nullptr) return;
  cache->memory = pg::Call([] {
    CacheRegisterSyscacheCallback(TYPEOID, fundb_type_invalidated, static_cast<Datum>(0));
    return AllocSetContextCreate(TopMemoryContext, "fundb types", ALLOCSET_SMALL_SIZES);
  });
}

Definition Define(Oid oid) {
  return pg::Call([oid] {
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", oid);
    auto *form = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple));
    Definition definition;
    memset(&definition, 0, sizeof definition);
    definition.name = form->typname;
    definition.schema = form->typnamespace;
    // The two vectors of the catalogs have rules of their own.
    if (IsTrueArrayType(form) && oid != INT2VECTOROID && oid != OIDVECTOROID) {
      definition.element = form->typelem;
    }
    definition.input = form->typinput;
    definition.output = form->typoutput;
    definition.kind = form->typtype;
    ReleaseSysCache(tuple);
    definition.base_modifier = -1;
    if (definition.kind == TYPTYPE_DOMAIN) {
      definition.base = getBaseTypeAndTypmod(oid, &definition.base_modifier);
    }
    if (definition.kind == TYPTYPE_BASE && OidIsValid(definition.input)) {
      FmgrInfo input;
      fmgr_info(definition.input, &input);
      definition.reads_as_text = input.fn_addr == textin;
    }
    return definition;
  });
}

std::string NameOf(Oid oid, int32 modifier) {
  char *text = pg::Call([&] { return format_type_with_typemod(oid, modifier); });
  std::string name = pg::FromServer(text);
  pg::CallQuietly([&] { pfree(text); });
  return name;
}

const Type *PartOf(const Definition &definition, int32 modifier) {
  if (definition.kind == TYPTYPE_DOMAIN) {
    return &TypeFor(definition.base, definition.base_modifier);
  }
  return OidIsValid(definition.element) ? &TypeFor(definition.element, modifier) : nullptr;
}

TypePointer Make(const TypeSeed &seed, const Definition &definition) {
  switch (seed.oid) {
    case INT2OID:
    case INT4OID:
    case INT8OID:
    case OIDOID:
      return MakeInteger(seed);
    case FLOAT4OID:
    case FLOAT8OID:
      return MakeFloat(seed);
    case NUMERICOID:
      return MakeNumeric(seed);
    case BOOLOID:
      return MakeBoolean(seed);
    case TEXTOID:
    case VARCHAROID:
    case BPCHAROID:
      return MakeText(seed);
    case NAMEOID:
      return MakeName(seed);
    case UUIDOID:
      return MakeUuid(seed);
    case BYTEAOID:
      return MakeBytes(seed);
    case DATEOID:
    case TIMEOID:
    case TIMETZOID:
    case TIMESTAMPOID:
    case TIMESTAMPTZOID:
      return MakeTemporal(seed);
    case INTERVALOID:
      return MakeInterval(seed);
    case JSONOID:
    case JSONBOID:
      return MakeJson(seed);
    case RECORDOID:
      return MakeComposite(seed);
    default:
      break;
  }
  if (definition.kind == TYPTYPE_DOMAIN) {
    return MakeDomain(seed, TypeFor(definition.base, definition.base_modifier));
  }
  if (definition.kind == TYPTYPE_ENUM) return MakeEnum(seed);
  if (definition.kind == TYPTYPE_COMPOSITE) return MakeComposite(seed);
  if (OidIsValid(definition.element)) return MakeArray(seed, definition.element);
  if (definition.reads_as_text) return MakeText(seed);
  return MakeOther(seed);
}

}  // namespace

const Type &TypeFor(Oid oid, int32 modifier) {
  Cache &cache = TheCache();
  uint64 key = uint64{oid} << 32 | static_cast<uint32>(modifier);
  RecentType &recent = cache.recent[(oid ^ static_cast<uint32>(modifier)) % kRecentTypes];
  if (recent.entry != nullptr && recent.key == key && !recent.entry->IsStale()) {
    return *recent.entry->type;
  }
  auto found = cache.entries.find(key);
  if (found != cache.entries.end() && !found->second.IsStale()) {
    recent = {key, &found->second};
    return *found->second.type;
  }
  // Domains over arrays of domains over arrays.
  CheckStackDepth();
  Prepare(&cache);
  uint64 invalidations = cache.invalidations;
  Definition definition = Define(oid);
  const Type *part = PartOf(definition, modifier);
  found = cache.entries.find(key);
  if (found == cache.entries.end() || !(found->second.definition == definition) ||
      found->second.part != part) {
    // Mostly it is the same as before: a lost invalidation message makes everything stale.
    TypePointer made = Make({oid, modifier, NameOf(oid, modifier), cache.memory}, definition);
    uint32 hash = pg::Call([&] { return GetSysCacheHashValue1(TYPEOID, ObjectIdGetDatum(oid)); });
    cache.hashes.insert(hash);
    Entry &entry = cache.entries[key];
    if (entry.type != nullptr) cache.retired.push_back(std::move(entry.type));
    entry.type = std::move(made);
    entry.definition = definition;
    entry.part = part;
    found = cache.entries.find(key);
  }
  // Something changed meanwhile: look again next time.
  found->second.checked_at =
      cache.invalidations == invalidations ? internal::types_generation : Entry::kNever;
  return *found->second.type;
}

}  // namespace fundb::convert
