// The errors that rules get from FunDB, and those of malformed calls.  See prelude_globals.js.
(function (parts) {
'use strict';

const { defineProperty } = Object;
const { isArray } = Array;
const { parse, stringify } = JSON;

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
  Error.captureStackTrace(error, makeError);
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

function unparsable(what, value, shown = describe(value)) {
  return callError(`Failed to parse value: ${what}, not ${shown}`);
}

function describe(value) {
  if (value === null || value === undefined) return `${value}`;
  if (isArray(value)) return 'an array';
  switch (typeof value) {
    case 'object':
      if (value instanceof Promise) return 'a Promise (is an await missing?)';
      return value instanceof Date ? 'a Date' : 'an object';
    case 'string': return value.length <= 40 ? `a string (${stringify(value)})` : 'a string';
    case 'number': case 'boolean': return `a ${typeof value} (${value})`;
    default: return `a ${typeof value}`;
  }
}

Object.assign(parts, { define, FunDBError, makeError, callError, notNull, unparsable });
})
