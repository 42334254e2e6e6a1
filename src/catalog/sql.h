// SQL texts of our own, for the registry's rare work: parameters and results as text.  C++ regime.
// To be called inside an OwnerScope unless the caller's rights are meant.  A text is planned once
// and kept: values belong into parameters.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pg/postgres.h"

namespace fundb::catalog {

using Value = std::optional<std::string>;  // none = NULL
using Values = std::vector<Value>;

// Runs a statement as the next one of the transaction; all parameters are of type text.
std::vector<Values> RunSql(const std::string &sql, const Values &parameters = {});

// Runs a query that sees everything committed by now, whatever the isolation level, and our own
// finished commands.
std::vector<Values> ReadLatest(const std::string &sql, const Values &parameters = {});

// The same for a query that locks rows (FOR KEY SHARE and the like).
std::vector<Values> LockLatest(const std::string &sql, const Values &parameters = {});

// Values as the texts of SQL parameters.
std::string TextOf(Oid oid);
std::string ArrayText(const std::vector<Oid> &oids);  // {1,2}
Oid OidOf(const Value &value);                        // NULL gives InvalidOid

// The elements of a text[].
std::vector<std::optional<std::string>> TextArray(Datum array);

}  // namespace fundb::catalog
