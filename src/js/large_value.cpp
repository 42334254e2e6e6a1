#include "js/large_value.h"

#include "js/handles.h"
#include "js/interrupts.h"
#include "js/limits.h"
#include "js/run_frame.h"

namespace fundb::js {

void LargeValueScope::Begin() {
  Watchdog &watchdog = engine_->watchdog();
  if (watchdog.IsInStay()) return;
  watchdog.Enter();
  is_stay_ = true;
}

void LargeValueScope::End() noexcept {
  if (is_stay_) engine_->watchdog().Leave(0);
}

void LargeValueScope::LookUp() {
  engine_->limits().CheckUse();
  engine_->CheckInterrupts();
  RunFrame *frame = engine_->innermost();
  if (frame != nullptr && frame->has_stash()) throw Pending();
}

}  // namespace fundb::js
