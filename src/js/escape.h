// Whether a handler can keep its parameters beyond its call, found in its own text: objects that
// nobody keeps can be used again for the next row.  Standard C++ only.
#pragma once

#include <string_view>

namespace fundb::js {

// True when the text of a function (event, args) shows that nothing is done with the parameters but
//   args.column           read, or assigned to
//   return args;
//   event.new.column, event.old.column
//   const row = event.new;   and then row.column
// where no value so read is called as a method, and that nothing in it could run later: it has no
// functions, does not await.  Everything that the scan does not know for certain makes it false.
// The text must be one that compiled.
bool KeepsNoParameter(std::string_view function);

}  // namespace fundb::js
