// Values and names as text of the query language, and dates as the database writes them.  See
// prelude_globals.js.
(function (parts) {
'use strict';

const { isArray } = Array;
const { callError, unparsable, asText } = parts;

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

Object.assign(parts, { formatDate, formatName, formatValue });
})
