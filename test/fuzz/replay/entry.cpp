// The entry that libFuzzer calls; the targets' own have names of theirs (see CMakeLists.txt).
#include <cstddef>
#include <cstdint>

// V8 is not instrumented: what it holds looks lost.
extern "C" const char *__asan_default_options() { return "detect_leaks=0"; }

extern "C" int FUNDB_FUZZ_ENTRY(const uint8_t *data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return FUNDB_FUZZ_ENTRY(data, size);
}
