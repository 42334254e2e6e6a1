// What the targets share: checks that end the process, and an engine with one realm.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "js/engine.h"
#include "js/errors.h"
#include "js/handles.h"
#include "js/module_source.h"
#include "js/realm.h"
#include "js/run.h"

namespace fundb::fuzz {

inline void Require(bool holds, const char *what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

class World final : public js::Host, public js::ModuleSource, public js::RealmSetup {
 public:
  static World &Get() {
    static World *const world = new World();
    return *world;
  }

  v8::Isolate *isolate() { return Engine().isolate(); }
  js::Realm &realm() { return Engine().RealmOf(10, js::Engine::Owner::kNone); }
  // A script may have used up the heap; the session makes a new engine then, too.
  js::Engine &Engine() {
    if (engine_ == nullptr || engine_->NeedsReplacement() || ++uses_ % kUsesOfAnEngine == 0) {
      engine_.reset();
      engine_ = std::make_unique<js::Engine>(js::Engine::Options{*this, *this, *this, errors_, 64});
    }
    return *engine_;
  }

  bool InterruptPending() noexcept override { return false; }
  bool StopPending() noexcept override { return false; }
  void ServiceInterrupts() override {}
  void Log(js::LogLevel, std::string_view) override {}
  uintptr_t StackLimit() noexcept override {
    char here;
    return reinterpret_cast<uintptr_t>(&here) - 900 * 1024;
  }
  void Unresponsive() noexcept override { std::_Exit(0); }
  void TakesTooMuchMemory() noexcept override { std::_Exit(0); }
  void Fatal(const char *message) noexcept override {
    std::fprintf(stderr, "fatal: %s\n", message);
    std::abort();
  }
  std::optional<js::ModuleText> Find(const std::string &) override { return std::nullopt; }
  void Install(js::Engine &, v8::Local<v8::Context>, v8::Local<v8::Object>) override {}

 private:
  World() = default;

  // Modules of a realm are kept: a new engine lets go of them.
  static constexpr int kUsesOfAnEngine = 20000;
  std::unique_ptr<js::Engine> engine_;
  js::ErrorFactory errors_;
  int uses_ = 0;
};

}  // namespace fundb::fuzz
