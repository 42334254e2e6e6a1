// An engine that was started in a parent process and is used in its children.
#pragma once

namespace fundb::js {

// V8 asks the kernel not to hand its memory on to children.  Takes that back for everything that
// is mapped now, so that a child forked later finds its engine whole.  Call it when the engine is
// as far as it shall be; the parent must not run JavaScript any more.  False when the kernel does
// not tell or refuses: children must then start engines of their own.
bool ShareWithChildren() noexcept;

}  // namespace fundb::js
