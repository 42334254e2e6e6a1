// What a ModuleMap keeps of a module.  For modules.cpp and module_evaluation.cpp.
#pragma once

#include <v8.h>

#include <memory>
#include <string>
#include <vector>

#include "js/module_imports.h"
#include "js/modules.h"

namespace fundb::js {

struct ModuleMap::Entry {
  std::string name;
  std::string source;
  bool is_library = false;
  bool stands_for_async = false;
  // Its top level is being run; has been run to its end, without an error.
  bool is_evaluating = false;
  bool is_evaluated = false;
  v8::Global<v8::Module> module;
  ModuleImports imports;
  v8::Global<v8::Function> handler;
  // One for each form that was asked for.
  std::vector<std::shared_ptr<const Adapter>> adapters;
};

}  // namespace fundb::js
