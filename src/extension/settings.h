// Definition of the extension's settings (GUCs).  C regime: called from _PG_init.
#pragma once

#include "base/settings.h"

namespace fundb::extension {

// Defines every fundb.* setting.  May ereport.
void fundb_define_settings();

// The current values.
const Settings &CurrentSettings();

}  // namespace fundb::extension
