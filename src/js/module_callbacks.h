// What V8 asks for while modules are linked and run: import statements, import(), import.meta.
#pragma once

#include <v8.h>

namespace fundb::js {

// Sets the isolate's callbacks for import() and import.meta.
void InstallModuleCallbacks(v8::Isolate *isolate);

// For v8::Module::InstantiateModule: what the import was bound to when its module was loaded.
v8::MaybeLocal<v8::Module> ResolveImport(v8::Local<v8::Context> context,
                                         v8::Local<v8::String> specifier, v8::Local<v8::FixedArray>,
                                         v8::Local<v8::Module> referrer);

}  // namespace fundb::js
