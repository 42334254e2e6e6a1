#include "js/platform.h"

#include <libplatform/libplatform.h>
#include <v8.h>

#include <cstring>
#include <string>

#include "base/error.h"
#include "js/icu_memory.h"

namespace fundb::js {

namespace {

#define FUNDB_TEXT_OF(x) #x
#define FUNDB_TEXT(x) FUNDB_TEXT_OF(x)
constexpr const char *kCompiledVersion = FUNDB_TEXT(V8_MAJOR_VERSION) "." FUNDB_TEXT(
    V8_MINOR_VERSION) "." FUNDB_TEXT(V8_BUILD_NUMBER) "." FUNDB_TEXT(V8_PATCH_LEVEL);

// --single-threaded: no thread of V8's, ever; a started engine then survives a fork, and a signal
// can only meet the main thread.  The others remove what rules have no use for: WebAssembly and
// memory shared between threads.
constexpr const char *kFlags = "--single-threaded --no-expose-wasm --no-harmony-sharedarraybuffer";

// A plain pointer: no destructor may run at exit.
v8::Platform *platform = nullptr;

// The loaded library may append its embedder's suffix: "10.2.154.26-node.36".
bool IsCompiledVersion(const char *loaded) {
  size_t length = std::strlen(kCompiledVersion);
  return std::strncmp(loaded, kCompiledVersion, length) == 0 &&
         (loaded[length] == '\0' || loaded[length] == '-');
}

}  // namespace

void StartPlatform() {
  if (platform != nullptr) return;
  // The layout of V8's objects is compiled into this code: another version would not fail in a
  // clean way, it would corrupt memory.
  if (!IsCompiledVersion(V8Version())) {
    throw Error("58P01", std::string("JavaScript engine of version ") + V8Version() +
                             " does not match version " + kCompiledVersion +
                             " that fundb was built with")
        .Hint(
            "Install the libnode package of the version that fundb was built with, or build and "
            "install fundb again.");
  }
  CountIcuMemory();
  v8::V8::SetFlagsFromString(kFlags);
  platform = v8::platform::NewSingleThreadedDefaultPlatform().release();
  v8::V8::InitializePlatform(platform);
  v8::V8::Initialize();
}

bool IsPlatformStarted() noexcept { return platform != nullptr; }

const char *V8Version() noexcept { return v8::V8::GetVersion(); }

}  // namespace fundb::js
