#include "base/report.h"

#include "base/text.h"

namespace fundb {

namespace {

constexpr std::string Report::*kNames[] = {&Report::schema,     &Report::table,
                                           &Report::column,     &Report::datatype,
                                           &Report::constraint, &Report::argument};

}  // namespace

bool HasLongNames(const Report &report) {
  for (std::string Report::*name : kNames) {
    if ((report.*name).size() > kMostQuotedBytes) return true;
  }
  return false;
}

void ShortenNames(Report *report) {
  for (std::string Report::*name : kNames) {
    std::string &text = report->*name;
    if (text.size() > kMostQuotedBytes) text = Shortened(text);
  }
}

}  // namespace fundb
