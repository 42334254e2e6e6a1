// The methods of FunDB.  The work is left to natives, which queue it and return promises; they trust
// what is passed from here.  See prelude_globals.js.
(function (parts) {
'use strict';

const { freeze } = Object;
const { isArray } = Array;
const { stringify } = JSON;
const { natives, define, FunDBError, notNull, unparsable, isNothing, asObject,
        asText, asFunction, copyArray, asReference, copyFields, copyOptionalFields, copyKey, asSource,
        copyChunk } = parts;

// For the methods that reject where others throw at once.  No async function, whose frame would
// stand between the places of the caller.
function rejecting(call) {
  try {
    return call();
  } catch (error) {
    return Promise.reject(error);
  }
}

const asEntry = (id) => ({ id });
const asEntries = (keys) => ({ entries: keys.map(asEntry) });

function insertOne(ref, fields) {
  const [schema, name] = asReference(ref, 'ref');
  const rows = [copyFields(fields, 'fields')];
  return natives.insertEntries(schema, name, rows, true);
}

function insertMany(ref, rows) {
  const [schema, name] = asReference(ref, 'ref');
  return natives.insertEntries(schema, name, copyArray(rows, 'rows', copyFields), false);
}

function updateOne(ref, key, fields) {
  const [schema, name] = asReference(ref, 'ref');
  const keys = [copyKey(key, 'id')];
  const rows = [copyFields(fields, 'fields')];
  return natives.updateEntries(schema, name, keys, rows, true);
}

const api = {
  getUserView(source, args, chunk) {
    const [query, schema, name] = asSource(source);
    return natives.getUserView(query, schema, name, copyOptionalFields(args, 'args'),
                               copyChunk(chunk));
  },

  getUserViewInfo(source) {
    const [query, schema, name] = asSource(source);
    return natives.getUserViewInfo(query, schema, name);
  },

  getEntityInfo(ref) {
    return natives.getEntityInfo(...asReference(ref, 'ref'));
  },

  insertEntry(ref, fields) {
    return rejecting(() => insertOne(ref, fields).then(asEntry));
  },

  insertEntity(ref, fields) {
    return rejecting(() => insertOne(ref, fields));
  },

  insertEntries(ref, rows) {
    return insertMany(ref, rows).then(asEntries);
  },

  insertEntities(ref, rows) {
    return rejecting(() => insertMany(ref, rows));
  },

  updateEntry(ref, id, fields) {
    return updateOne(ref, id, fields).then(asEntry);
  },

  updateEntity(ref, id, fields) {
    return rejecting(() => updateOne(ref, id, fields));
  },

  updateEntries(ref, rows) {
    const [schema, name] = asReference(ref, 'ref');
    const keys = [];
    const copies = copyArray(rows, 'rows', (row, what, state) => {
      const { id, ...fields } = asObject(row, what);
      keys.push(copyKey(id, `${what}.id`, state));
      return copyFields(fields, what, state);
    });
    return natives.updateEntries(schema, name, keys, copies, false).then(asEntries);
  },

  deleteEntry(ref, id) {
    const [schema, name] = asReference(ref, 'ref');
    return natives.deleteEntries(schema, name, [copyKey(id, 'id')], true);
  },

  deleteEntries(ref, ids) {
    const [schema, name] = asReference(ref, 'ref');
    return natives.deleteEntries(schema, name, copyArray(ids, 'ids', copyKey), false);
  },

  getRelatedEntries(ref, id) {
    const [schema, name] = asReference(ref, 'ref');
    return natives.getRelatedEntries(schema, name, copyKey(id, 'id'));
  },

  recursiveDeleteEntry(ref, id) {
    const [schema, name] = asReference(ref, 'ref');
    return natives.recursiveDeleteEntry(schema, name, copyKey(id, 'id'));
  },

  runCommand(query, args) {
    const text = asText(query, 'query');
    return natives.runCommand(text, copyOptionalFields(args, 'args'));
  },

  async deferConstraints(fn) {
    asFunction(fn, 'fn');
    await natives.deferConstraints();
    let result;
    try {
      result = await fn();
    } catch (error) {
      // The error of `fn` is the one to tell.  What it left behind is checked at the rule's end.
      await natives.applyConstraints().catch(() => {});
      throw error;
    }
    await natives.applyConstraints();
    return result;
  },

  async pretendRole(role, fn) {
    const name = typeof role === 'string' ? asText(role, 'role')
                                          : asText(asObject(role, 'role').name, 'role.name');
    asFunction(fn, 'fn');
    const id = await natives.findRole(name, typeof role === 'string');
    return natives.callAs(id, fn);
  },

  getDomainValues(fieldRef, rowId, chunk) {
    const field = asObject(fieldRef, 'fieldRef');
    const [schema, name] = asReference(isNothing(field.entity) ? field.ref : field.entity,
                                       'fieldRef.entity');
    const column = asText(field.name, 'fieldRef.name');
    // Domains do not depend on the row here, but a wrong key is a mistake all the same.
    if (!isNothing(rowId)) copyKey(rowId, 'rowId');
    return natives.getDomainValues(schema, name, column, copyChunk(chunk)).then(asDomain);
  },

  writeEvent(details) {
    natives.writeEvent(asJson(details));
  },

  writeEventSync(details) {
    return natives.writeEventSync(asJson(details));
  },

  cancelWith(userData, message) {
    const error = new FunDBError({ message: isNothing(message) ? '' : `${message}`, userData });
    define(error, 'sqlstate', 'P0001', false);
    const detail = stringify(userData);
    if (detail !== undefined) define(error, 'detail', detail, false);
    Error.captureStackTrace(error, api.cancelWith);
    throw error;
  },
};

// The labels of an enum, or a view of value and pun.
function asDomain(found) {
  if (isArray(found)) return { values: found.map((value) => ({ value })) };
  const { columns, hash } = found.info;
  const values = found.result.rows.map(({ values: [{ value }, shown] }) =>
    (shown === undefined ? { value } : { value, pun: shown.value }));
  return columns.length < 2 ? { values, hash } : { values, punType: columns[1].valueType, hash };
}

function asJson(details) {
  if (isNothing(details)) throw notNull('details');
  const text = stringify(details);
  if (text === undefined) throw unparsable('details must be a JSON value', details);
  return text;
}

// The deprecated names of what is otherwise the same.
api.deleteEntity = api.deleteEntry;
api.getRelatedEntities = api.getRelatedEntries;
api.recursiveDeleteEntity = api.recursiveDeleteEntry;
// Every rule of a role has the same: nothing may be left on them, either.
for (const name in api) freeze(api[name]);
freeze(api);

Object.assign(parts, { api });
})
