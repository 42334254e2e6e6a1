// The program of all unit tests: base/, funql/ and js/, without a server.
// Run build/unit_tests --help for choosing tests.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
