// One per backend: owns the engine, the dispatcher and what they need, and hands references down.
// C++ regime.
#pragma once

#include <memory>
#include <optional>

#include "api/environment.h"
#include "api/errors.h"
#include "api/setup.h"
#include "js/engine.h"
#include "triggers/dispatcher.h"

#include "pg/postgres.h"

namespace fundb::extension {

class Session final : public js::Host,
                      public js::ModuleSource,
                      public api::Environment,
                      public triggers::Surroundings {
 public:
  // Made when first asked for; lives until the process ends (leaked on purpose).
  static Session &Get();

  triggers::Dispatcher &dispatcher() { return dispatcher_; }
  api::Api &api() { return setup_.api(); }

  // Starts the engine in the postmaster, for all sessions to come.  Throws Error.
  void StartBeforeFork();

  // Throws away all JavaScript state.  Error 55000 while a rule runs.
  void Reset();

  // api::Environment
  const Settings &settings() const override;
  std::optional<api::RunningRule> running_rule() const override;

  // js::Host
  bool InterruptPending() noexcept override;
  bool StopPending() noexcept override;
  void ServiceInterrupts() override;
  void Log(js::LogLevel level, std::string_view text) override;
  uintptr_t StackLimit() noexcept override;
  void CancelRequest() noexcept override;
  void ForgetCancel() noexcept override;
  void Unresponsive() noexcept override;
  void TakesTooMuchMemory() noexcept override;
  void OutOfStack(char *lowest) noexcept override;
  void Fatal(const char *message) noexcept override;
  void NoStackForPattern() noexcept override;

  // js::ModuleSource
  std::optional<js::ModuleText> Find(const std::string &name) override;

 private:
  Session();

  js::Engine &FindEngine() override;

  void StartEngine();
  void TakeInheritedEngine();

  api::Setup setup_;
  api::Errors errors_;
  triggers::Dispatcher dispatcher_;
  std::unique_ptr<js::Engine> engine_;
  uint64_t modules_generation_ = 0;
  // The engine was made by the postmaster and not used by this process yet.
  bool is_inherited_ = false;
};

}  // namespace fundb::extension
