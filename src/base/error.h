// The one C++ exception of the project: a Report that is on its way.  Standard C++ only.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "base/report.h"

namespace fundb {

class Error : public std::exception {
 public:
  explicit Error(Report report) : report_(std::move(report)) {}
  Error(const char *sqlstate, std::string message) {
    report_.sqlstate = sqlstate;
    report_.message = std::move(message);
  }

  const char *what() const noexcept override { return report_.message.c_str(); }
  const Report &report() const noexcept { return report_; }
  Report &report() noexcept { return report_; }

  // Builders, so that a throw reads as one sentence.
  Error &Detail(std::string text) & { return report_.detail = std::move(text), *this; }
  Error &&Detail(std::string text) && { return report_.detail = std::move(text), std::move(*this); }
  Error &Hint(std::string text) & { return report_.hint = std::move(text), *this; }
  Error &&Hint(std::string text) && { return report_.hint = std::move(text), std::move(*this); }
  Error &&Column(std::string name) && { return report_.column = std::move(name), std::move(*this); }

 private:
  Report report_;
};

}  // namespace fundb
