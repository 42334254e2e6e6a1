// The modules of one realm: text -> compiled -> linked -> evaluated, with imports found through
// the engine's ModuleSource.  Errors name the importing module and the position.
#pragma once

#include <v8.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "js/module_source.h"

namespace fundb::js {

class Adapter;
struct AdapterForm;
class Realm;

class ModuleMap {
 public:
  explicit ModuleMap(Realm &realm) : realm_(realm) {}
  ModuleMap(const ModuleMap &) = delete;
  ModuleMap &operator=(const ModuleMap &) = delete;

  // See Realm.
  v8::Local<v8::Function> LoadHandler(const std::string &name, const std::string &source,
                                      int timeout_ms);
  bool StandsForAsync(const std::string &name) const;
  std::shared_ptr<const Adapter> AdapterOf(const std::string &name, const AdapterForm &form);
  void ForgetModules();
  void ForgetEverything();

  // The evaluated namespace of what `specifier` means in module `importer`, for import().  Throws
  // Error; Pending when the module's own top level threw.
  v8::Local<v8::Value> Import(const std::string &importer, const std::string &specifier);

  // The compiled module that an import of `referrer` was bound to when it was loaded; empty when
  // there is none.
  v8::MaybeLocal<v8::Module> ImportOf(v8::Local<v8::Module> referrer,
                                      const std::string &specifier) const;
  // The name of a loaded module, "" when it is not known.
  std::string NameOf(v8::Local<v8::Module> module) const;

 private:
  struct Entry;
  // Shared, since an entry may be forgotten by an invalidation while it is being evaluated.
  using EntryPtr = std::shared_ptr<Entry>;
  enum class Kind { kRule, kLibrary };
  using Fresh = std::vector<EntryPtr>;
  // Modules that import each other in a circle, or one alone.
  using Group = std::vector<EntryPtr>;

  EntryPtr Find(const std::string &name) const;
  EntryPtr FindByModule(v8::Local<v8::Module> module) const;
  EntryPtr Load(const std::string &name, const std::string &source, Kind kind, Fresh *fresh);
  EntryPtr LoadImport(const std::string &importer, const std::string &specifier, Fresh *fresh);
  void LoadImportsOf(const EntryPtr &entry, Fresh *fresh);
  void Compile(Entry *entry);
  bool CompileWithoutAsync(Entry *entry);
  v8::MaybeLocal<v8::Module> CompileText(const Entry &entry, const std::string &text);
  void Link(const EntryPtr &entry);
  std::vector<Group> GroupsToEvaluate(const EntryPtr &entry) const;
  void CheckMayEvaluate(const Group &group) const;
  // When a module throws at its top level, `failed` is that module.
  void Evaluate(const EntryPtr &entry, int timeout_ms, EntryPtr *failed);
  void Remove(const Fresh &entries);
  void RemoveWithImporters(std::vector<std::string> names);
  template <typename F>
  void LoadOrRemove(Fresh *fresh, F load);

  Realm &realm_;
  int depth_ = 0;
  std::unordered_map<std::string, EntryPtr> entries_;
  mutable EntryPtr last_found_;
};

}  // namespace fundb::js
