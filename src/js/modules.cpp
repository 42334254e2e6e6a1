#include "js/modules.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/scope_exit.h"
#include "base/text.h"
#include "js/adapter.h"
#include "js/async_word.h"
#include "js/errors.h"
#include "js/handles.h"
#include "js/module_callbacks.h"
#include "js/module_entry.h"
#include "js/module_errors.h"
#include "js/realm.h"
#include "js/run.h"
#include "js/specifier.h"

namespace fundb::js {

namespace {

// Loading recurses, here and inside V8; the stack of the server is small.
constexpr int kDeepestImport = 200;

// V8 compiles and links without a look at interrupts, so a run is made of it: what is pending then
// ends it.
template <typename F>
void Watched(Realm &realm, F work) {
  Guard(realm, RunOptions(), [&] {
    work();
    realm.engine().CheckInterrupts();
  });
}

}  // namespace

v8::Local<v8::Function> ModuleMap::LoadHandler(const std::string &name, const std::string &source,
                                               int timeout_ms) {
  v8::Isolate *isolate = realm_.isolate();
  v8::EscapableHandleScope handles(isolate);
  EntryPtr entry = Find(name);
  if (entry != nullptr && entry->source != source) {
    RemoveWithImporters({name});
    entry = nullptr;
  }
  if (entry != nullptr && !entry->handler.IsEmpty()) {
    return handles.Escape(entry->handler.Get(isolate));
  }
  v8::Local<v8::Context> context = realm_.context();
  v8::Context::Scope entered(context);
  Fresh fresh;
  LoadOrRemove(&fresh, [&] {
    if (entry == nullptr) entry = Load(name, source, Kind::kRule, &fresh);
    Link(entry);
    EntryPtr failed;
    Evaluate(entry, timeout_ms, &failed);
  });
  v8::Local<v8::Value> exported;
  v8::Local<v8::Object> exports;
  v8::Local<v8::String> key = NewName(isolate, "default");
  LoadOrRemove(&fresh, [&] {
    bool has_default = false;
    // V8 gathers all that `export *` brings in one go.
    Watched(realm_, [&] {
      exports = entry->module.Get(isolate)->GetModuleNamespace().As<v8::Object>();
      has_default = exports->HasRealNamedProperty(context, key).FromMaybe(false);
    });
    v8::TryCatch caught(isolate);
    if (!has_default) {
      throw NotAHandler(name, "module ", " has no default export");
    }
    if (!exports->Get(context, key).ToLocal(&exported) || !exported->IsFunction()) {
      throw NotAHandler(name, "default export of module ", " is not a function")
          .Detail("It is " +
                  (exported.IsEmpty() ? std::string("not set") : Describe(isolate, exported)) +
                  ".");
    }
    v8::Local<v8::String> text;
    if (exported.As<v8::Function>()->FunctionProtoToString(context).ToLocal(&text) &&
        ToText(isolate, text).compare(0, 5, "class") == 0) {
      throw NotAHandler(name, "default export of module ", " is not a function")
          .Detail("It is a class, which cannot be called.");
    }
    if (exported->IsGeneratorFunction()) {
      throw NotAHandler(name, "default export of module ", " is a generator function")
          .Detail("A call of it only makes an iterator, and runs nothing.");
    }
  });
  v8::Local<v8::Function> handler = exported.As<v8::Function>();
  entry->handler.Reset(isolate, handler);
  return handles.Escape(handler);
}

bool ModuleMap::StandsForAsync(const std::string &name) const {
  EntryPtr entry = Find(name);
  return entry != nullptr && entry->stands_for_async;
}

std::shared_ptr<const Adapter> ModuleMap::AdapterOf(const std::string &name,
                                                    const AdapterForm &form) {
  // Tables of one rule are few, and mostly alike.
  constexpr size_t kMostForms = 8;
  EntryPtr entry = Find(name);
  if (entry == nullptr || entry->handler.IsEmpty()) return nullptr;
  std::string source = Adapter::SourceOf(form);
  for (const std::shared_ptr<const Adapter> &known : entry->adapters) {
    if (known->source() == source) return known;
  }
  auto made = std::make_shared<const Adapter>(realm_, Borrow(entry->handler), form);
  if (entry->adapters.size() == kMostForms) entry->adapters.clear();
  entry->adapters.push_back(made);
  return made;
}

v8::Local<v8::Value> ModuleMap::Import(const std::string &importer, const std::string &specifier) {
  v8::Isolate *isolate = realm_.isolate();
  v8::EscapableHandleScope handles(isolate);
  Fresh fresh;
  v8::Local<v8::Value> exports;
  LoadOrRemove(&fresh, [&] {
    EntryPtr entry = LoadImport(importer, specifier, &fresh);
    if (entry == nullptr) {
      throw Error(sqlstate::kInvalidParameter, "module " + Quoted(specifier) + " does not exist");
    }
    Link(entry);
    EntryPtr failed;
    try {
      Evaluate(entry, 0, &failed);
    } catch (const Error &error) {
      if (IsUncatchable(error.report()) || failed == nullptr) throw;
      // The importing code gets the very exception, as the language wants it.
      isolate->ThrowException(Borrow(failed->module)->GetException());
      throw Pending{};
    }
    // V8 gathers all that `export *` brings in one go.
    Watched(realm_, [&] { exports = entry->module.Get(isolate)->GetModuleNamespace(); });
  });
  return handles.Escape(exports);
}

// A load that fails leaves nothing behind: the next one starts from fresh text.
template <typename F>
void ModuleMap::LoadOrRemove(Fresh *fresh, F load) {
  try {
    load();
  } catch (...) {
    Remove(*fresh);
    throw;
  }
}

ModuleMap::EntryPtr ModuleMap::Find(const std::string &name) const {
  auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : found->second;
}

ModuleMap::EntryPtr ModuleMap::FindByModule(v8::Local<v8::Module> module) const {
  // Once per import statement, mostly of the same module.
  if (last_found_ != nullptr && last_found_->module == module) return last_found_;
  for (const auto &[name, entry] : entries_) {
    if (entry->module == module) return last_found_ = entry;
  }
  return nullptr;
}

std::string ModuleMap::NameOf(v8::Local<v8::Module> module) const {
  EntryPtr entry = FindByModule(module);
  return entry == nullptr ? std::string() : entry->name;
}

v8::MaybeLocal<v8::Module> ModuleMap::ImportOf(v8::Local<v8::Module> referrer,
                                               const std::string &specifier) const {
  EntryPtr importer = FindByModule(referrer);
  if (importer == nullptr) return v8::MaybeLocal<v8::Module>();
  const std::string *name = importer->imports.Find(specifier);
  EntryPtr imported = name == nullptr ? nullptr : Find(*name);
  if (imported == nullptr) return v8::MaybeLocal<v8::Module>();
  return imported->module.Get(realm_.isolate());
}

ModuleMap::EntryPtr ModuleMap::Load(const std::string &name, const std::string &source, Kind kind,
                                    Fresh *fresh) {
  if (source.size() > kLongestModule) throw ModuleTooLong(name, source.size());
  auto entry = std::make_shared<Entry>();
  entry->is_library = kind == Kind::kLibrary;
  entry->name = name;
  entry->source = source;
  Watched(realm_, [&] { Compile(entry.get()); });
  // Known before its imports are loaded, so that cycles end here; and known to be fresh before
  // that, so that it does not stay should this fail.
  fresh->push_back(entry);
  entries_[name] = entry;
  if (depth_ == kDeepestImport) {
    throw Error(sqlstate::kTooComplex, "modules import each other more than " +
                                           std::to_string(kDeepestImport) + " levels deep");
  }
  ++depth_;
  ScopeExit leave([this] { --depth_; });
  LoadImportsOf(entry, fresh);
  return entry;
}

ModuleMap::EntryPtr ModuleMap::LoadImport(const std::string &importer, const std::string &specifier,
                                          Fresh *fresh) {
  std::vector<std::string> names = CandidateNames(importer, specifier);
  for (const std::string &name : names) {
    EntryPtr entry = Find(name);
    // A rule's module is no library, whatever its name looks like.
    if (entry != nullptr && entry->is_library) return entry;
    if (name.compare(0, 4, "lib/") != 0) continue;
    std::optional<ModuleText> text = realm_.engine().modules().Find(name);
    if (!text) continue;
    return Load(name, text->source, Kind::kLibrary, fresh);
  }
  return nullptr;
}

void ModuleMap::LoadImportsOf(const EntryPtr &entry, Fresh *fresh) {
  v8::Isolate *isolate = realm_.isolate();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = realm_.context();
  v8::Local<v8::Module> module = entry->module.Get(isolate);
  v8::Local<v8::FixedArray> requests = module->GetModuleRequests();
  for (int i = 0; i < requests->Length(); ++i) {
    realm_.engine().CheckInterrupts();
    v8::Local<v8::ModuleRequest> request = requests->Get(context, i).As<v8::ModuleRequest>();
    std::string specifier = ToText(isolate, request->GetSpecifier());
    v8::Location location = module->SourceOffsetToLocation(request->GetSourceOffset());
    std::string position = "import in " + ModulePosition(entry->name, location.GetLineNumber() + 1,
                                                         location.GetColumnNumber() + 1);
    try {
      EntryPtr imported = LoadImport(entry->name, specifier, fresh);
      if (imported == nullptr) {
        throw Error(sqlstate::kInvalidParameter, "module " + Quoted(specifier) + " does not exist");
      }
      entry->imports.Add(specifier, imported->name);
    } catch (Error &error) {
      std::string &lines = error.report().context;
      if (!lines.empty()) lines += '\n';
      lines += position;
      throw;
    }
  }
}

void ModuleMap::Compile(Entry *entry) {
  v8::Isolate *isolate = realm_.isolate();
  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = realm_.context();
  if (!entry->is_library && CompileWithoutAsync(entry)) return;
  v8::TryCatch caught(isolate);
  v8::Local<v8::Module> module;
  if (!CompileText(*entry, entry->source).ToLocal(&module)) {
    throw RefusedModule(context, caught, entry->name, sqlstate::kSyntaxError,
                        "JavaScript syntax error: ");
  }
  entry->module.Reset(isolate, module);
}

// With blanks in the place of the word: all positions stay.
bool ModuleMap::CompileWithoutAsync(Entry *entry) {
  size_t at = FindNeedlessAsync(entry->source);
  if (at == std::string::npos) return false;
  constexpr std::string_view kAsync = "async";
  std::string text = entry->source;
  text.replace(at, kAsync.size(), kAsync.size(), ' ');
  v8::TryCatch caught(realm_.isolate());
  v8::Local<v8::Module> module;
  // What is wrong with it is told of the text as it was written.
  if (!CompileText(*entry, text).ToLocal(&module)) return false;
  entry->module.Reset(realm_.isolate(), module);
  entry->stands_for_async = true;
  return true;
}

v8::MaybeLocal<v8::Module> ModuleMap::CompileText(const Entry &entry, const std::string &text) {
  v8::Isolate *isolate = realm_.isolate();
  v8::ScriptOrigin origin(isolate, NewName(isolate, entry.name), 0, 0, false, -1,
                          v8::Local<v8::Value>(), false, false, /*is_module=*/true);
  // V8's compilation cache, which is per isolate, finds the same name and text again when another
  // realm loads it.
  v8::ScriptCompiler::Source source(NewString(isolate, text), origin);
  return v8::ScriptCompiler::CompileModule(isolate, &source);
}

void ModuleMap::Link(const EntryPtr &entry) {
  v8::Isolate *isolate = realm_.isolate();
  v8::Local<v8::Context> context = realm_.context();
  v8::Local<v8::Module> module = entry->module.Get(isolate);
  if (module->GetStatus() != v8::Module::kUninstantiated) return;
  Watched(realm_, [&] {
    v8::TryCatch caught(isolate);
    if (!module->InstantiateModule(context, ResolveImport).FromMaybe(false)) {
      throw RefusedModule(context, caught, entry->name, sqlstate::kInvalidParameter, "");
    }
  });
}

void ModuleMap::Remove(const Fresh &entries) {
  last_found_.reset();
  for (const EntryPtr &entry : entries) {
    if (Find(entry->name) == entry) entries_.erase(entry->name);
  }
}

void ModuleMap::RemoveWithImporters(std::vector<std::string> names) {
  Importers importers;
  for (const auto &[name, entry] : entries_) importers.Add(name, entry->imports);
  std::set<std::string> doomed = importers.With(std::move(names));
  last_found_.reset();
  size_t removed = 0;
  for (const std::string &name : doomed) removed += entries_.erase(name);
  if (removed != 0) realm_.BumpGeneration();
}

void ModuleMap::ForgetEverything() {
  if (entries_.empty()) return;
  entries_.clear();
  last_found_.reset();
  realm_.BumpGeneration();
}

void ModuleMap::ForgetModules() {
  std::vector<std::string> libraries;
  for (const auto &[name, entry] : entries_) {
    if (entry->is_library) libraries.push_back(name);
  }
  RemoveWithImporters(std::move(libraries));
}

}  // namespace fundb::js
