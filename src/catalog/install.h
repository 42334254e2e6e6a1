// The check that CREATE EXTENSION begins with.  C++ regime.
#pragma once

namespace fundb::catalog {

// Refuses a database where public has relations or types of our tables' names, or where schema
// fundb has objects or another owner.
void CheckInstall();

}  // namespace fundb::catalog
