// The results of user views, made of the cells that C++ reads.  See prelude_globals.js.
(function (parts) {
'use strict';

const { parse } = JSON;
const { define } = parts;

// For C++: the result of a user view, with the first rows of it.  See addRows.
function startView(view, cells, layout) {
  const { attributes, columnAttributes, argumentAttributes } = layout.constants;
  view.result = { attributes: { ...attributes }, columnAttributes: copyAll(columnAttributes),
                  argumentAttributes: { ...argumentAttributes }, rows: [] };
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

function copyAll(objects) {
  const copies = [];
  for (let i = 0; i < objects.length; ++i) copies.push(copyPlain(objects[i]));
  return copies;
}

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
    if (names[i] === '__proto__') define(key, names[i], value);
    else key[names[i]] = value;
  }
  return key;
}

function makeAttributes(cells, start, attributes) {
  const made = {};
  for (const { name, at } of attributes) made[name] = cells[start + at];
  return made;
}

Object.assign(parts, { startView, makeInfo, addRows });
})
