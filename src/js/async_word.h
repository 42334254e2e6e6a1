// Finds the word `async` of a rule that does not need it.  An async function without `await` runs
// to its end when it is called; as an ordinary function it does so without a promise and a job.
// Whoever calls it must make up the difference (RunOptions::stands_for_async).  Standard C++ only.
#pragma once

#include <cstddef>
#include <string_view>

namespace fundb::js {

// The offset of `async` in "export default async function" where a module's text shows that nobody
// can tell whether the word is there, npos otherwise.  Meant are texts that nothing imports and
// that import nothing.  Looks at words only: one in a comment or string may be mistaken for code,
// never the other way round.
size_t FindNeedlessAsync(std::string_view source);

}  // namespace fundb::js
