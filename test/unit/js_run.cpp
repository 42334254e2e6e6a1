// js/run: calls, promises, requests, nesting.
#include "js_fixture.h"

using namespace fundb;            // NOLINT: tests only
using namespace fundb::js;        // NOLINT
using namespace fundb::js::test;  // NOLINT

TEST_CASE("a sync and an async handler give their value") {
  World world;
  CHECK(world.Call("export default function () { return 'a' + 1; }") == "a1");
  CHECK(world.Call("export default async () => ({a: [1, null]})") == "{\"a\":[1,null]}");
}
