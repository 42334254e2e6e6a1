// The native functions behind FunDB, one file per concern.  Only the prelude calls them, with
// arguments it has checked and copied; those that return a promise queue a request.
#pragma once

#include <v8.h>

namespace fundb::api {

using Native = void(const v8::FunctionCallbackInfo<v8::Value> &);

// entries: (schema, entity, …)
Native InsertEntries;  // rows, single -> [key], or the key of a single one
Native UpdateEntries;  // keys, rows, single -> the same
Native DeleteEntries;  // keys, single
// related
Native GetRelatedEntries;     // schema, entity, key -> tree
Native RecursiveDeleteEntry;  // schema, entity, key -> tree
// query: source is (query, null, null) or (null, schema, name)
Native GetUserView;      // source, arguments, chunk -> view
Native GetUserViewInfo;  // source -> info
Native GetDomainValues;  // schema, entity, field, chunk -> view or labels
Native RunCommand;       // text, arguments -> number of rows
Native GetEntityInfo;    // schema, entity -> description
// copies
Native IsPlain;   // of an object: nothing but its properties; synchronous
Native CopyDate;  // Date -> another one, microseconds included; synchronous
// roles and constraints
Native FindRole;          // name -> oid, when it may be pretended
Native CallAs;            // oid, function -> what it returned
Native DeferConstraints;  // -> undefined
Native ApplyConstraints;  // -> undefined
// events
Native WriteEvent;      // JSON text; synchronous
Native WriteEventSync;  // JSON text

}  // namespace fundb::api
