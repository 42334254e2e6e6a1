// libFuzzer target: "importer\nspecifier" as the two sides of an import.  No name that is asked for
// climbs out of the modules or stands for another one.
#include "js/specifier.h"

#include "support.h"

using fundb::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string_view text(reinterpret_cast<const char *>(data), size);
  size_t end = text.find('\n');
  if (end == text.npos) return 0;
  std::string importer(text.substr(0, end));
  std::string specifier(text.substr(end + 1));
  auto names = fundb::js::CandidateNames(importer, specifier);
  Require(names.size() <= 4, "few names");
  for (const std::string &name : names) {
    Require(!name.empty() && name.front() != '/' && name.back() != '/', "no root");
    size_t begin = 0;
    for (size_t at = 0; at <= name.size(); ++at) {
      if (at < name.size() && name[at] != '/') continue;
      std::string_view part = std::string_view(name).substr(begin, at - begin);
      Require(!part.empty() && part != "." && part != "..", "no empty, . or .. part");
      begin = at + 1;
    }
    // What is asked for is a name that imports itself by.
    auto again = fundb::js::CandidateNames("", name);
    Require(!again.empty(), "can be asked for");
  }
  if (!specifier.empty() && specifier.front() == '/') Require(names.empty(), "no absolute names");
  return 0;
}
