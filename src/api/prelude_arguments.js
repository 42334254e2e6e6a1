// What a rule passes to FunDB, checked and copied at the time of the call.  See prelude_globals.js.
(function (parts) {
'use strict';

const { isArray } = Array;
const { getPrototypeOf, prototype: plain } = Object;
const { natives, notNull, unparsable, startCopies, copyValue, copyMembers } = parts;

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
  const state = startCopies();
  for (let i = 0; i < length; ++i) copy[i] = copyElement(array[i], `${what}[${i}]`, state);
  return copy;
}

// {schema, name} as the two texts that natives take.
function asReference(value, what) {
  const { schema, name } = asObject(value, what);
  return [asText(schema, `${what}.schema`), asText(name, `${what}.name`)];
}

// Not what would look as if it had none: a promise, a Map, an instance that has but getters.
function hasFields(object) {
  const prototype = getPrototypeOf(object);
  return prototype === plain || prototype === null || natives.isPlain(object);
}

function asFields(value, what) {
  const object = asObject(value, what);
  if (!hasFields(object)) {
    const shown = object instanceof Promise ? undefined : 'one without';
    throw unparsable(`${what} must be an object with fields of its own`, value, shown);
  }
  return object;
}

function copyFields(value, what, state) {
  return copyMembers(asFields(value, what), state);
}

function copyOptionalFields(value, what) {
  return isNothing(value) ? undefined : copyMembers(asFields(value, what));
}

// A key: a plain value, an object of the key's fields, or {alt, keys}.
function copyKey(value, what, state) {
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
    return copyValue(value, state);
  }
  const copy = copyMembers(value, state);
  const { alt, keys } = copy;
  // Whether that is another key or a field called so is known with the table.
  if (typeof alt === 'string' && typeof keys === 'object' && keys !== null && !isArray(keys) && hasFields(keys)) {
    copy.keys = copyMembers(keys, state);
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
      copy.values.push(copyValue(argument));
    }
  }
  return copy;
}

Object.assign(parts, {
  isNothing, asObject, asText, asFunction, copyArray, asReference, copyFields, copyOptionalFields,
  copyKey, asSource, copyChunk,
});
})
