// Whether a module may wait at its top level, by its text: V8 tells it only of a module together
// with all that it imports.  Standard C++ only.
#pragma once

#include <string_view>

namespace fundb::js {

// False where `await` stands in the braces of functions only (`function f() {`, `=> {`).  True
// where it stands elsewhere, in methods and arrow functions without braces, too, and where the text
// has something in it that is not understood (see tokens.h).
bool MayWaitAtTopLevel(std::string_view source);

}  // namespace fundb::js
