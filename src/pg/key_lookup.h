// A query that looks rows up by the whole key of a unique index, run without the executor.  What is
// done is what the executor does for such a plan: the plan's own locks, the check of rights, a new
// snapshot, the scan of the index.  What is left out is making the executor's state and taking it
// apart again, which takes most of the time of a query of one row.
//
// Extensions that watch the executor see every query: while one is loaded, nothing is run here.
// PostgreSQL only; C++ regime.
#pragma once

#include <memory>

#include "pg/spi.h"

struct CachedPlanSource;

namespace fundb::pg {

// Of one prepared statement, for as long as it is not prepared anew.
class KeyLookup {
 public:
  // Runs the query and hands its rows to the receiver.  False: the query is for the executor, and
  // nothing was done.  The types of the parameters are those that the statement was prepared with.
  bool Run(CachedPlanSource *source, const Parameters &parameters, DestReceiver *receiver);

 private:
  struct Steps;

  // Null until the first run, and when the plan of then is not the plan any more.
  std::shared_ptr<const Steps> steps_;
  bool is_refused_ = false;
};

}  // namespace fundb::pg
