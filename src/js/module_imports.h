// What one module imports: which module each of its specifiers was resolved to.  A module can have
// tens of thousands of imports, also of one module by as many specifiers.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fundb::js {

class ModuleImports {
 public:
  void Add(const std::string &specifier, const std::string &name);

  // The name of the module, null when there is no such import.
  const std::string *Find(const std::string &specifier) const;

  // Each module once, in the order of the text.
  const std::vector<const std::string *> &names() const { return in_order_; }

 private:
  struct Import {
    std::string specifier;
    const std::string *name;  // in names_
  };

  std::set<std::string> names_;
  std::vector<const std::string *> in_order_;
  std::vector<Import> imports_;
  // V8 asks for them in this order: which to look at first.
  mutable size_t next_ = 0;
};

// Who imports whom, to find all that stand on some modules.  Looks at each import once.
class Importers {
 public:
  // Both must outlive this.
  void Add(const std::string &importer, const ModuleImports &imports);

  // These modules and all that import them, over any number of others.
  std::set<std::string> With(std::vector<std::string> names) const;

 private:
  std::map<std::string_view, std::vector<const std::string *>> importers_;
};

}  // namespace fundb::js
