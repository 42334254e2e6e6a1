// FunDB as rules see it: checks and copies arguments at the time of the call, shapes results, and
// leaves the work to natives, which queue it and return promises.  Old and new names are members of
// one frozen object.  The natives trust what is passed from here, so nothing of this scope but the
// returned globals may get into the hands of a rule.
(function (natives) {
'use strict';

const { defineProperty, freeze } = Object;
const { isArray } = Array;
const { parse, stringify } = JSON;

// ---- errors ------------------------------------------------------------------------------------

function define(object, key, value, enumerable = true) {
  defineProperty(object, key, { value, writable: true, enumerable, configurable: true });
}

class FunDBError extends Error {
  constructor(body) {
    super(body?.message ?? '');
    if (body !== null && typeof body === 'object') {
      for (const key of Object.keys(body)) {
        if (key !== 'message') define(this, key, body[key]);
      }
      if (!Object.hasOwn(body, 'body')) define(this, 'body', body, false);
    }
  }
}
define(FunDBError.prototype, 'name', 'FunDBError', false);

// For C++: an error of the API.  `extra` holds PostgreSQL's own fields as strings; where the two
// use one name, the flat string wins, except that `schema` of a rule's error is the rule's.
function makeError(body, extra) {
  const error = new FunDBError(body);
  for (const key of Object.keys(extra)) {
    if (key === 'schema' && body.error === 'trigger') continue;
    define(error, key, extra[key]);
  }
  // What a rule attached to its error is wanted by whoever catches it, however deep it came from.
  for (let inner = body; inner !== undefined; inner = inner.inner) {
    if (inner.userData !== undefined) {
      define(error, 'userData', inner.userData);
      break;
    }
  }
  return error;
}

function callError(message) {
  return makeError({ error: 'call', message }, { sqlstate: '22023' });
}

function notNull(what) {
  return callError(`Value must not be null: ${what}`);
}

function unparsable(what, value) {
  return callError(`Failed to parse value: ${what}, not ${describe(value)}`);
}

function describe(value) {
  if (value === null || value === undefined) return `${value}`;
  if (isArray(value)) return 'an array';
  switch (typeof value) {
    case 'object': return value instanceof Date ? 'a Date' : 'an object';
    case 'string': return value.length <= 40 ? `a string (${stringify(value)})` : 'a string';
    case 'number': case 'boolean': return `a ${typeof value} (${value})`;
    default: return `a ${typeof value}`;
  }
}

// ---- arguments ---------------------------------------------------------------------------------

function isNothing(value) {
  return value === null || value === undefined;
}

function asObject(value, what) {
  if (isNothing(value)) throw notNull(what);
  if (typeof value !== 'object' || isArray(value)) {
    throw unparsable(`${what} must be an object`, value);
  }
  return value;
}

function asOptionalObject(value, what) {
  return isNothing(value) ? undefined : asObject(value, what);
}

function asText(value, what) {
  if (isNothing(value)) throw notNull(what);
  if (typeof value !== 'string') throw unparsable(`${what} must be a string`, value);
  // No text in the database holds one, and messages would end at it.
  if (value.includes('\0')) throw unparsable(`${what} must be a string without NUL`, value);
  return value;
}

function asArray(value, what) {
  if (isNothing(value)) throw notNull(what);
  if (!isArray(value)) throw unparsable(`${what} must be an array`, value);
  return value;
}

function asFunction(value, what) {
  if (typeof value !== 'function') throw unparsable(`${what} must be a function`, value);
  return value;
}

// A real array of its own: natives rely on that, and an array of the caller's may have a map of its
// own, or another species.
function copyArray(value, what, copyElement) {
  const array = asArray(value, what);
  const { length } = array;
  const copy = [];
  for (let i = 0; i < length; ++i) copy[i] = copyElement(array[i], `${what}[${i}]`);
  return copy;
}

// {schema, name} as the two texts that natives take.
function asReference(value, what) {
  const { schema, name } = asObject(value, what);
  return [asText(schema, `${what}.schema`), asText(name, `${what}.name`)];
}

// What a call works with is what it was called with, even if the caller changes the object before
// the call is carried out.
function copyFields(value, what) {
  return { ...asObject(value, what) };
}

// A key: a plain value, an object of the key's fields, or {alt, keys}.
function copyKey(value, what) {
  if (isNothing(value)) throw notNull(what);
  switch (typeof value) {
    case 'number': case 'bigint': case 'string': case 'boolean':
      return value;
    case 'object':
      break;
    default:
      throw unparsable(`${what} must be a key`, value);
  }
  if (isArray(value) || value instanceof Date || ArrayBuffer.isView(value) ||
      value instanceof ArrayBuffer) {
    return value;
  }
  const copy = { ...value };
  if (typeof copy.alt === 'string' && 'keys' in copy) {
    copy.keys = copyFields(copy.keys, `${what}.keys`);
  }
  return copy;
}

// A source of getUserView: (query, null, null) or (null, schema, name).
function asSource(value) {
  const source = asObject(value, 'source');
  switch (source.type) {
    case 'anonymous':
      return [asText(source.query, 'source.query'), null, null];
    case 'named':
      if (isNothing(source.ref)) {
        return [null, ...asReference(source, 'source')];
      }
      return [null, ...asReference(source.ref, 'source.ref')];
    default:
      throw unparsable('source.type must be "anonymous" or "named"', source.type);
  }
}

function asCount(value, what) {
  if (isNothing(value)) return undefined;
  if (!Number.isSafeInteger(value) || value < 0) {
    throw unparsable(`${what} must be a number of rows`, value);
  }
  return value;
}

function copyChunk(value) {
  const chunk = asOptionalObject(value, 'chunk');
  if (chunk === undefined) return undefined;
  const copy = { limit: asCount(chunk.limit, 'chunk.limit'),
                 offset: asCount(chunk.offset, 'chunk.offset'), words: [] };
  if (!isNothing(chunk.search)) {
    copy.words = asText(chunk.search, 'chunk.search').split(/\s+/u).filter((word) => word !== '');
  }
  if (!isNothing(chunk.where)) {
    const where = asObject(chunk.where, 'chunk.where');
    copy.where = asText(where.expression, 'chunk.where.expression');
    copy.names = [];
    copy.types = [];
    copy.values = [];
    const given = asOptionalObject(where.arguments, 'chunk.where.arguments') ?? {};
    for (const name of Object.keys(given)) {
      const { type, value: argument } = asObject(given[name], `chunk.where.arguments.${name}`);
      copy.names.push(name);
      copy.types.push(asText(type, `chunk.where.arguments.${name}.type`));
      copy.values.push(argument);
    }
  }
  return copy;
}

// ---- calls -------------------------------------------------------------------------------------

// An error is made where no JavaScript is on the stack.  Here, behind an await, V8 knows which
// functions wait for the result: the error gets their places.
async function settle(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof FunDBError) Error.captureStackTrace(error, settle);
    throw error;
  }
}

// For the methods that reject where others throw at once.  No async function, whose frame would
// stand between the places of the caller.
function rejecting(call) {
  try {
    return call();
  } catch (error) {
    return Promise.reject(error);
  }
}

const first = (keys) => keys[0];
const asEntry = (id) => ({ id });
const asEntries = (keys) => ({ entries: keys.map(asEntry) });

function insertOne(ref, fields) {
  const [schema, name] = asReference(ref, 'ref');
  const rows = [copyFields(fields, 'fields')];
  return settle(natives.insertEntries(schema, name, rows, true)).then(first);
}

function insertMany(ref, rows) {
  const [schema, name] = asReference(ref, 'ref');
  return settle(natives.insertEntries(schema, name, copyArray(rows, 'rows', copyFields), false));
}

function updateOne(ref, key, fields) {
  const [schema, name] = asReference(ref, 'ref');
  const keys = [copyKey(key, 'id')];
  const rows = [copyFields(fields, 'fields')];
  return settle(natives.updateEntries(schema, name, keys, rows, true)).then(first);
}

const api = {
  getUserView(source, args, chunk) {
    const [query, schema, name] = asSource(source);
    const given = asOptionalObject(args, 'args');
    return settle(natives.getUserView(query, schema, name, given && { ...given },
                                      copyChunk(chunk)));
  },

  getUserViewInfo(source) {
    const [query, schema, name] = asSource(source);
    return settle(natives.getUserViewInfo(query, schema, name));
  },

  getEntityInfo(ref) {
    return settle(natives.getEntityInfo(...asReference(ref, 'ref')));
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
    const copies = copyArray(rows, 'rows', (row, what) => {
      const { id, ...fields } = asObject(row, what);
      keys.push(copyKey(id, `${what}.id`));
      return fields;
    });
    return settle(natives.updateEntries(schema, name, keys, copies, false)).then(asEntries);
  },

  deleteEntry(ref, id) {
    const [schema, name] = asReference(ref, 'ref');
    return settle(natives.deleteEntries(schema, name, [copyKey(id, 'id')], true));
  },

  deleteEntries(ref, ids) {
    const [schema, name] = asReference(ref, 'ref');
    return settle(natives.deleteEntries(schema, name, copyArray(ids, 'ids', copyKey), false));
  },

  getRelatedEntries(ref, id) {
    const [schema, name] = asReference(ref, 'ref');
    return settle(natives.getRelatedEntries(schema, name, copyKey(id, 'id')));
  },

  recursiveDeleteEntry(ref, id) {
    const [schema, name] = asReference(ref, 'ref');
    return settle(natives.recursiveDeleteEntry(schema, name, copyKey(id, 'id')));
  },

  runCommand(query, args) {
    const text = asText(query, 'query');
    const given = asOptionalObject(args, 'args');
    return settle(natives.runCommand(text, given && { ...given }));
  },

  async deferConstraints(fn) {
    asFunction(fn, 'fn');
    await settle(natives.deferConstraints());
    let result;
    try {
      result = await fn();
    } catch (error) {
      // The error of `fn` is the one to tell.  What it left behind is checked at the commit.
      await natives.applyConstraints().catch(() => {});
      throw error;
    }
    await settle(natives.applyConstraints());
    return result;
  },

  async pretendRole(role, fn) {
    const name = typeof role === 'string' ? role : asText(asObject(role, 'role').name, 'role.name');
    asFunction(fn, 'fn');
    const id = await settle(natives.findRole(name, typeof role === 'string'));
    return natives.callAs(id, fn);
  },

  getDomainValues(fieldRef, rowId, chunk) {
    const field = asObject(fieldRef, 'fieldRef');
    const [schema, name] = asReference(isNothing(field.entity) ? field.ref : field.entity,
                                       'fieldRef.entity');
    const column = asText(field.name, 'fieldRef.name');
    // Domains do not depend on the row here, but a wrong key is a mistake all the same.
    if (!isNothing(rowId)) copyKey(rowId, 'rowId');
    return settle(natives.getDomainValues(schema, name, column, copyChunk(chunk)))
      .then(asDomain);
  },

  writeEvent(details) {
    natives.writeEvent(asJson(details));
  },

  writeEventSync(details) {
    return settle(natives.writeEventSync(asJson(details)));
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

// ---- results -----------------------------------------------------------------------------------

// For C++: the result of a user view, with the first rows of it.  See addRows.
function startView(view, cells, layout) {
  view.result = copyConstants(layout.constants);
  view.result.rows = [];
  addRows(view, cells, layout);
}

// For C++: what getUserViewInfo gives.
function makeInfo(infoText, { constants }) {
  const { attributes, columnAttributes, argumentAttributes } = copyConstants(constants);
  return { info: parse(infoText), constAttributes: attributes,
           constColumnAttributes: columnAttributes, constArgumentAttributes: argumentAttributes };
}

function copyConstants({ attributes, columnAttributes, argumentAttributes }) {
  return { attributes: { ...attributes }, columnAttributes: columnAttributes.map(copyPlain),
           argumentAttributes: { ...argumentAttributes } };
}

const copyPlain = (object) => ({ ...object });

// For C++: turns the cells of some rows of an SQL result, `layout.width` per row, into rows of a
// user view.  All numbers in the layout are positions in such a row.
function addRows(view, cells, layout) {
  const { width, columns, ids, main, tables, rowAttributes, singleAttributes } = layout;
  const { rows, attributes } = view.result;
  if (singleAttributes !== null && rows.length === 0) {
    Object.assign(attributes, makeAttributes(cells, 0, singleAttributes));
  }
  for (let start = 0; start < cells.length; start += width) {
    const row = makeRow(makeValues(cells, start, columns), cells, start, ids, main);
    if (tables !== null) addSubEntities(row, cells, start, ids, main, tables);
    if (rowAttributes !== null) row.attributes = makeAttributes(cells, start, rowAttributes);
    rows.push(row);
  }
}

// Rows come by the hundred thousand.  A literal with all its properties is the smallest object there
// is, and the fastest to make; an array that grew by push has room for 17 elements.

function makeRow(values, cells, start, ids, main) {
  if (ids === null) return main === null ? { values } : { values, mainId: makeKey(cells, start, main) };
  const entityIds = makeEntityIds(cells, start, ids);
  return main === null ? { values, domainId: 0, entityIds }
                       : { values, domainId: 0, entityIds, mainId: makeKey(cells, start, main) };
}

function makeValues(cells, start, columns) {
  const a = columns[0], b = columns[1], c = columns[2], d = columns[3];
  switch (columns.length) {
    case 1: return [makeCell(cells, start, a)];
    case 2: return [makeCell(cells, start, a), makeCell(cells, start, b)];
    case 3: return [makeCell(cells, start, a), makeCell(cells, start, b), makeCell(cells, start, c)];
    case 4: return [makeCell(cells, start, a), makeCell(cells, start, b), makeCell(cells, start, c),
                    makeCell(cells, start, d)];
  }
  const values = new Array(columns.length);
  for (let i = 0; i < values.length; ++i) values[i] = makeCell(cells, start, columns[i]);
  return values;
}

function makeCell(cells, start, { at, pun, attributes }) {
  const value = cells[start + at];
  const cell = pun < 0 || value === null ? { value } : { value, pun: cells[start + pun] };
  if (attributes !== null) cell.attributes = makeAttributes(cells, start, attributes);
  return cell;
}

function makeEntityIds(cells, start, ids) {
  if (ids.length === 1) {
    const id = makeKey(cells, start, ids[0].key);
    return id === null ? {} : { 0: { id } };
  }
  const entityIds = {};
  for (let i = 0; i < ids.length; ++i) {
    const id = makeKey(cells, start, ids[i].key);
    if (id !== null) entityIds[ids[i].number] = { id };
  }
  return entityIds;
}

// The tables of inheritance trees that the row's parts are stored in.  A table that was not there yet
// when the query was compiled stays unsaid.
function addSubEntities(row, cells, start, ids, main, tables) {
  const tableOf = ({ table }) => (table < 0 ? undefined : tables[cells[start + table]]);
  const mainTable = main === null ? undefined : tableOf(main);
  if (mainTable !== undefined) row.mainSubEntity = copyPlain(mainTable);
  if (ids === null) return;
  for (const { number, key } of ids) {
    const table = tableOf(key);
    if (table !== undefined) row.entityIds[number].subEntity = copyPlain(table);
  }
}

// A key of one field is its value, one of several is an object; null when a field is.
function makeKey(cells, start, { names, at }) {
  if (at.length === 1) return cells[start + at[0]];
  const key = {};
  for (let i = 0; i < at.length; ++i) {
    const value = cells[start + at[i]];
    if (value === null) return null;
    key[names[i]] = value;
  }
  return key;
}

function makeAttributes(cells, start, attributes) {
  const made = {};
  for (const { name, at } of attributes) made[name] = cells[start + at];
  return made;
}

// ---- helpers -----------------------------------------------------------------------------------

function formatDate(date) {
  if (!(date instanceof Date)) throw unparsable('date must be a Date', date);
  const time = date.getTime();
  if (Number.isNaN(time)) throw callError('Failed to parse value: date must be a valid Date');
  const pad = (number, width) => `${number}`.padStart(width, '0');
  const year = date.getUTCFullYear();
  // PostgreSQL counts years as people do: there is no year 0.
  const shown = year > 0 ? pad(year, 4) : pad(1 - year, 4);
  return `${shown}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}` +
    (year > 0 ? '' : ' BC');
}

function formatName(name) {
  return `"${asText(name, 'name').replace(/"/gu, '""')}"`;
}

const ESCAPES = { '\\': '\\\\', "'": "\\'", '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r',
                  '\t': '\\t' };

function quote(text) {
  return `'${text.replace(/[\\'\b\f\n\r\t]/gu, (found) => ESCAPES[found])}'`;
}

function formatObject(object) {
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined && typeof object[key] !== 'function')
    .map((key) => `${formatName(key)}: ${formatValue(object[key])}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function formatValue(value) {
  switch (typeof value) {
    case 'undefined': return 'NULL';
    case 'boolean': return value ? 'TRUE' : 'FALSE';
    case 'string': return quote(value);
    case 'bigint': return `${value}`;
    case 'number':
      if (!Number.isFinite(value)) break;
      return `${value}`;
    case 'object':
      if (value === null) return 'NULL';
      if (value instanceof Date) {
        if (Number.isNaN(value.getTime())) break;
        return `${quote(value.toISOString())} :: datetime`;
      }
      if (isArray(value)) return `[${value.map(formatValue).join(', ')}]`;
      if (typeof value.toJSON === 'function') return formatValue(value.toJSON());
      return formatObject(value);
  }
  throw unparsable('value must have a form in the query language', value);
}

return {
  makeError,
  startView,
  makeInfo,
  addRows,
  globals: {
    FunDB: api, OzmaDB: api,
    FunDBError, OzmaDBError: FunDBError,
    formatDate, renderDate: formatDate,
    formatOzmaQLName: formatName, formatFunQLName: formatName, renderFunQLName: formatName,
    formatOzmaQLValue: formatValue, formatFunQLValue: formatValue, renderFunQLValue: formatValue,
  },
};
})
