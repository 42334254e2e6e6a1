#include "extension/session.h"

#include "base/text.h"
#include "catalog/modules.h"
#include "catalog/registry.h"
#include "extension/settings.h"
#include "js/fork.h"
#include "pg/call.h"
#include "pg/emergency.h"
#include "pg/encoding.h"
#include "pg/interrupts.h"
#include "pg/inval.h"

namespace fundb::extension {

Session &Session::Get() {
  static Session *session = new Session();
  return *session;
}

Session::Session() : setup_(*this), dispatcher_(*this, CurrentSettings()) {
  pg::RememberMainThread();
}

const Settings &Session::settings() const { return CurrentSettings(); }

js::Engine &Session::FindEngine() {
  if (engine_ != nullptr && engine_->NeedsReplacement() && !engine_->IsInUse()) Reset();
  uint64_t checked_at = pg::Invalidations();
  const catalog::Registry *registry = catalog::FindRegistry();
  uint64_t modules_generation = registry == nullptr ? 0 : registry->modules_generation->generation;
  if (is_inherited_) TakeInheritedEngine();
  if (engine_ == nullptr) {
    StartEngine();
  } else if (modules_generation != modules_generation_) {
    engine_->ForgetModules();
  }
  modules_generation_ = modules_generation;
  // Nobody tells when an extension comes that is not there yet.
  Remember(registry == nullptr ? nullptr : engine_.get(), checked_at);
  return *engine_;
}

void Session::StartEngine() {
  engine_ = std::make_unique<js::Engine>(
      js::Engine::Options{*this, *this, setup_, errors_, settings().heap_limit_mb});
}

void Session::StartBeforeFork() {
  // Asked before anything is started, since V8 cannot be stopped again.
  if (!js::ShareWithChildren()) {
    throw Error("58000", "the kernel does not let processes inherit the engine's memory")
        .Hint("Set fundb.prestart to off.");
  }
  try {
    StartEngine();
    engine_->MakeSpareRealm();
    is_inherited_ = true;
  } catch (...) {
    // Sessions then make engines of their own, on what V8 has mapped for the process by now.
    engine_.reset();
    (void)js::ShareWithChildren();
    throw;
  }
  if (!js::ShareWithChildren()) Fatal("its memory cannot be inherited; set fundb.prestart to off");
}

void Session::TakeInheritedEngine() {
  is_inherited_ = false;
  pg::RememberMainThread();
  if (engine_->heap_limit_mb() == settings().heap_limit_mb) {
    engine_->ContinueInChild();
  } else {
    engine_.reset();
  }
}

void Session::Reset() {
  if (engine_ == nullptr) return;
  if (engine_->IsInUse()) {
    throw Error("55000", "cannot reset while a trigger is running")
        .Hint("Call fundb.reset() from outside of any trigger.");
  }
  dispatcher_.Clear();
  Remember(nullptr, 0);
  engine_.reset();
  is_inherited_ = false;
}

std::optional<api::RunningRule> Session::running_rule() const {
  const triggers::Frame *frame = dispatcher_.innermost();
  if (frame == nullptr) return std::nullopt;
  const catalog::Rule &rule = *frame->rule;
  return api::RunningRule{rule.owner_schema, rule.name, rule.entity_schema, rule.entity_name,
                          rule.owner_name};
}

bool Session::InterruptPending() noexcept { return pg::InterruptPending(); }

bool Session::StopPending() noexcept { return pg::StopPending(); }

void Session::ServiceInterrupts() { pg::ServiceInterrupts(); }

void Session::Log(js::LogLevel level, std::string_view text) {
  int severity = level == js::LogLevel::kWarning  ? WARNING
                 : level == js::LogLevel::kNotice ? NOTICE
                                                  : DEBUG1;
  std::string message = pg::ToServerForced(WithoutNul(std::string(text)));
  const triggers::Frame *frame = dispatcher_.innermost();
  std::string context =
      frame == nullptr ? std::string() : pg::ToServerForced(triggers::RuleText(*frame->rule));
  pg::Call([&] {
    ereport(severity, (errmsg_internal("%s", message.c_str()),
                       context.empty() ? 0 : errcontext("%s", context.c_str())));
  });
}

uintptr_t Session::StackLimit() noexcept { return pg::StackLimit(); }

void Session::CancelRequest() noexcept { pg::CancelStatement(); }

void Session::ForgetCancel() noexcept { pg::ForgetCancel(); }

void Session::Unresponsive() noexcept {
  static const pg::LastWords words = {
      "57014", "terminating connection because a script could not be interrupted",
      "The script called a built-in function of JavaScript that never looks at interrupts.",
      "Bound the length of what such a function works on."};
  pg::EndSession(words);
}

void Session::TakesTooMuchMemory() noexcept {
  static const pg::LastWords words = {
      "53200", "terminating connection because JavaScript took too much memory",
      "The script called a built-in function of JavaScript that takes several times "
      "fundb.heap_limit and never looks at interrupts.",
      "Bound the length of what such a function works on: texts, and patterns of regular "
      "expressions."};
  pg::EndSession(words);
}

void Session::OutOfStack(char *lowest) noexcept {
  static const pg::LastWords words = {
      "54001", "terminating connection because JavaScript used up the stack",
      "The script called a built-in function of JavaScript that went too deep, as a regular "
      "expression does that looks ahead or behind in hundreds of thousands of nested groups.",
      "Bound the nesting of what such a function works on."};
  pg::EndSessionHere(words, lowest);
}

void Session::Fatal(const char *message) noexcept {
  // V8 cannot go on.  FATAL ends this session alone; it runs PostgreSQL's clean-up and does not
  // return.
  HOLD_INTERRUPTS();
  pg::LetCleanUpGoDeep();
  ereport(FATAL,
          (errcode(ERRCODE_OUT_OF_MEMORY),
           errmsg("JavaScript engine failed: %s", message == nullptr ? "out of memory" : message),
           errhint("Raise fundb.heap_limit, or let scripts hold less.")));
}

void Session::NoStackForPattern() noexcept {
  HOLD_INTERRUPTS();
  pg::LetCleanUpGoDeep();
  ereport(FATAL, (errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
                  errmsg("stack depth limit exceeded while a regular expression was compiled"),
                  errhint("Nest its groups less, or raise \"max_stack_depth\".")));
}

std::optional<js::ModuleText> Session::Find(const std::string &name) {
  std::optional<catalog::Module> module = catalog::FindModule(name);
  // The engine tries names with and without extension itself: only the exact one is an answer here.
  if (!module || module->name != name) return std::nullopt;
  return js::ModuleText{module->name, module->source, module->version};
}

}  // namespace fundb::extension
