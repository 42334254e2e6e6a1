// Sql tree to text, with the way back from positions in it to positions in the FunQL text.  The one
// place where names and literals are quoted.
#pragma once

#include <string>
#include <string_view>

#include "funql/funql.h"
#include "funql/sql.h"
#include "funql/steps.h"

namespace fundb::funql {

struct WrittenSql {
  std::string text;
  PositionMap positions;
};

WrittenSql Write(const sql::Node &node, std::string_view funql, Steps *steps);

// A string literal that means the same whatever standard_conforming_strings says.
std::string QuoteLiteral(std::string_view text);

}  // namespace fundb::funql
