// The entry that libFuzzer calls; the targets' own have names of theirs (see CMakeLists.txt).
#include <cstddef>
#include <cstdint>

extern "C" int FUNDB_FUZZ_ENTRY(const uint8_t *data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return FUNDB_FUZZ_ENTRY(data, size);
}
