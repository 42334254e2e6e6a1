// Making a large value for JavaScript where none is on the stack: a json document, a long text, an
// array.  V8 looks at no interrupt while it parses, and notices only later that the value is more
// than may be held.  V8 only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "js/engine.h"

namespace fundb::js {

// For as long as it lives, the watchdog sees what is done as JavaScript's.  A small value pays a
// comparison.
class LargeValueScope {
 public:
  // How much there is to read.
  LargeValueScope(v8::Isolate *isolate, size_t bytes)
      : engine_(bytes < kLarge ? nullptr : &Engine::From(isolate)) {
    if (engine_ != nullptr) Begin();
  }
  ~LargeValueScope() {
    if (engine_ != nullptr) End();
  }
  LargeValueScope(const LargeValueScope &) = delete;
  LargeValueScope &operator=(const LargeValueScope &) = delete;

  // Once the value is there.  Throws Error, or Pending when JavaScript is to end: by an interrupt,
  // or since it holds too much now.
  void Finish() {
    if (engine_ != nullptr) LookUp();
  }

 private:
  // Whatever is shorter takes milliseconds, and too little memory to matter.
  static constexpr size_t kLarge = 128 * 1024;

  void Begin();
  void End() noexcept;
  void LookUp();

  Engine *engine_;
  bool is_stay_ = false;  // none was under way
};

}  // namespace fundb::js
