// Whether a handler keeps what it is given of a row: looked up in its text, as far as a text can
// tell; what is unclear counts as kept.  And which columns it names: whoever keeps nothing can be
// given those alone.  Standard C++ only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fundb::js {

// A property that a handler names behind a dot.
struct NamedProperty {
  std::string name;
  bool is_read;
  bool is_written;
};

// What a handler that keeps nothing does with its parameters.
struct ParameterUses {
  bool keeps_nothing = false;
  // `event` is looked at.
  bool reads_event = false;
  // Each name once, in the order in which they appear; empty unless keeps_nothing.
  std::vector<NamedProperty> args;
  std::vector<NamedProperty> new_row;
  std::vector<NamedProperty> old_row;
};

// `function` is the text of a function of (event, args) or (event).  It keeps nothing where the
// text shows that once the call is over, nothing can reach `event`, `args`, `event.new` and
// `event.old` any more, but for `args` itself as the result; and that no function, iteration or
// promise is given them.  What columns hold is no matter: values are their own.  The text must then
// be one of a function of exactly these parameters that is made of names, numbers, strings and
// marks: no template, regular expression or division, no function, no `await`.
ParameterUses FindUses(std::string_view function);

}  // namespace fundb::js
