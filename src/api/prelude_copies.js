// Copies of the values that a rule passes to FunDB, however deep: a call works with what it was called
// with, even if the rule changes that before the call is carried out.  See prelude_globals.js.
(function (parts) {
'use strict';

const { getPrototypeOf, hasOwn, prototype: plain } = Object;
const { isArray } = Array;
const { apply } = Reflect;
const { getTime } = Date.prototype;
const { slice: sliceBuffer } = ArrayBuffer.prototype;
const viewOf = (name) => Object.getOwnPropertyDescriptor(DataView.prototype, name).get;
const [getBuffer, getOffset, getLength] = ['buffer', 'byteOffset', 'byteLength'].map(viewOf);
const { natives, define } = parts;

// Thrown where a value cannot be copied without becoming another one: one that contains itself, one
// that is nested too deep.  It is then taken as it is, and the call says what is wrong with it.
const leave = Object.freeze({});
const mostLevels = 500;
// Longer ones are for no column; a proxy may claim any length.
const mostElements = 1 << 26;

// Views of bytes and numbers by their prototypes.
const views = new Map([Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array,
                       Uint32Array, BigInt64Array, BigUint64Array, Float32Array, Float64Array]
  .map((constructor) => [constructor.prototype, constructor]));

// What the copies of one call share: those made so far, since what is held twice is copied once, and
// how deep the one at hand is.
function startCopies() {
  return { known: null, level: 0 };
}

function copyValue(value, state = startCopies()) {
  if (typeof value !== 'object' || value === null) return value;
  state.level = 0;
  try {
    return copyNested(value, state);
  } catch (error) {
    if (error !== leave) throw error;
    // What the value shares with others of the call is known as too deep now, which it may not be there.
    state.known = null;
    return value;
  }
}

// The members of an object as one of our own.
function copyMembers(value, state = startCopies()) {
  const copy = { ...value };
  for (const name in copy) {
    const member = copy[name];
    if (typeof member === 'object' && member !== null) put(copy, name, copyValue(member, state));
  }
  return copy;
}

function put(object, name, value) {
  if (name === '__proto__') define(object, name, value);
  else object[name] = value;
}

// Arrays, plain objects, dates and bytes.  Instances of other classes, and what has a toJSON of its
// own, say only themselves what they are.
function copyNested(value, state) {
  if (typeof value !== 'object' || value === null) return value;
  let copy = state.known?.get(value);
  if (copy === leave) throw leave;
  if (copy === undefined) {
    if (++state.level > mostLevels) throw leave;
    copy = copyObject(value, state);
    state.known?.set(value, copy);
    --state.level;
  }
  return copy;
}

// From here on it is known that the value is being copied.  Most values are plain objects without
// another one in them, and need no such look.
function enter(value, state) {
  state.known ??= new Map();
  state.known.set(value, leave);
}

function copyObject(value, state) {
  const prototype = getPrototypeOf(value);
  if (!isArray(value) && (prototype === plain || prototype === null)) {
    return copyPlain(value, state);
  }
  enter(value, state);
  if (isArray(value)) return copyElements(value, state);
  if (prototype === Date.prototype) return copyDate(value);
  if (prototype === ArrayBuffer.prototype) return apply(sliceBuffer, value, [0]);
  if (hasOwn(value, 'toJSON')) return value;
  if (prototype === DataView.prototype) return copyView(value);
  const View = views.get(prototype);
  return View === undefined ? value : new View(value);
}

function copyView(view) {
  const offset = apply(getOffset, view, []);
  return new DataView(apply(sliceBuffer, apply(getBuffer, view, []), [offset, offset + apply(getLength, view, [])]));
}

function copyElements(array, state) {
  if (typeof array.toJSON === 'function') return array;
  const { length } = array;
  if (length > mostElements) throw leave;
  const copy = [];
  for (let i = 0; i < length; ++i) copy[i] = copyNested(array[i], state);
  return copy;
}

function copyPlain(object, state) {
  if (typeof object.toJSON === 'function') return object;
  const copy = { ...object };
  let isEntered = false;
  for (const name in copy) {
    const member = copy[name];
    if (typeof member !== 'object' || member === null) continue;
    if (!isEntered) enter(object, state);
    isEntered = true;
    put(copy, name, copyNested(member, state));
  }
  return copy;
}

function copyDate(date) {
  // Also throws when it is none.
  apply(getTime, date, []);
  return hasOwn(date, 'toJSON') ? date : natives.copyDate(date);
}

Object.assign(parts, { startCopies, copyValue, copyMembers });
})
