// The scripts that prepare and freeze a new context; see lockdown.h.  Raw strings, so that the
// build needs no generator.
#include "js/lockdown.h"

namespace fundb::js {

// Runs while V8 sets the context up (see lockdown.cpp).  Only ASCII, as V8 wants it of an
// extension.
const char *const kEarlyScript = R"js((() => {
'use strict';
const TypedArray = Object.getPrototypeOf(Uint8Array);
const isTyped = (value) =>
  typeof value === 'function' && Object.getPrototypeOf(value) === TypedArray;

// Defined anew rather than changed: after a change of attributes V8's compiler takes nothing on
// the object for constant any more.
function fix(holder, key) {
  const { value } = Object.getOwnPropertyDescriptor(holder, key);
  delete holder[key];
  Object.defineProperty(holder, key,
    { value, writable: false, enumerable: false, configurable: false });
}

fix(Array.prototype, 'constructor');
fix(Array.prototype, Symbol.iterator);
fix(TypedArray.prototype, 'constructor');
for (const name of Reflect.ownKeys(globalThis)) {
  const { value } = Object.getOwnPropertyDescriptor(globalThis, name);
  if (isTyped(value)) fix(value.prototype, 'constructor');
}
})())js";

const char *const kIntrinsicsScript = R"js((() => {
'use strict';
const { defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, isExtensible,
        preventExtensions } = Object;
const { ownKeys } = Reflect;
const TypedArray = getPrototypeOf(Uint8Array);

for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'console']) {
  delete globalThis[name];
}

// What was matched last (RegExp.$1, RegExp.input, …), by whichever rule, and can be set.
for (const name of ownKeys(RegExp)) {
  if (typeof name === 'string' && !hasOwn(getOwnPropertyDescriptor(RegExp, name), 'value')) {
    delete RegExp[name];
  }
}

// JSON.stringify(row) must not throw for a bigint column.
defineProperty(BigInt.prototype, 'toJSON', {
  value: { toJSON() { return this.toString(); } }.toJSON,
  writable: true, enumerable: false, configurable: true,
});

// Built-in objects that no property leads to, as prototypes of what only syntax makes.
function hiddenPrototypes() {
  function* generator() {}
  async function asynchronous() {}
  async function* asyncGenerator() {}
  return prototypesOf([
    generator, generator.prototype, asynchronous, asyncGenerator, asyncGenerator.prototype,
    [][Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](),
    ''[Symbol.iterator](), 'a'.matchAll(/a/g),
  ]);
}

function prototypesOf(objects) {
  const found = new Set();
  for (const object of objects) {
    for (let o = getPrototypeOf(object); o !== null; o = getPrototypeOf(o)) found.add(o);
  }
  return found;
}

// The same of what Intl.Segmenter makes: locked before a script first gets at one.  Making one now
// would load the tables of word boundaries, a tenth of a new connection's start.
function lockSegmentsLater() {
  const { segment } = Intl.Segmenter.prototype;
  const { apply } = Reflect;
  let locked = false;
  const replacement = { segment(input) {
    const segments = apply(segment, this, [input]);
    if (!locked) {
      const prototypes = prototypesOf([segments, segments[Symbol.iterator]()]);
      lock(prototypes, prototypes);
      locked = true;
    }
    return segments;
  } };
  defineProperty(Intl.Segmenter.prototype, 'segment', { value: replacement.segment });
}

// Where code may store array elements on objects that inherit from it.  These cannot be frozen as
// a whole: that marks their (absent) elements as read-only, and V8 then stores every element of
// every array the slow way.
const underElements = new Set([Object.prototype, Array.prototype, TypedArray.prototype]);
for (const name of ownKeys(globalThis)) {
  const value = getOwnPropertyDescriptor(globalThis, name).value;
  if (typeof value === 'function' && getPrototypeOf(value) === TypedArray) {
    underElements.add(value.prototype);
  }
}

// The prototypes of what cannot be assigned to, and those that V8's fast paths for regular
// expressions and promises want as they are.
const plainPrototypes = new Set([String.prototype, Number.prototype, Boolean.prototype,
  Symbol.prototype, BigInt.prototype, RegExp.prototype]);
function staysPlain(holder, key, hidden) {
  if (underElements.has(holder)) return false;
  if (plainPrototypes.has(holder)) return true;
  switch (key) {
    case Symbol.iterator:
    case Symbol.asyncIterator:
      return true;
    case 'constructor':
    case 'then':
      return holder === Promise.prototype;
    case 'next':
    case 'return':
    case 'throw':
      return hidden.has(holder);
    default:
      return false;
  }
}

// Once read-only, a property of a prototype would also refuse `object.name = value` on the objects
// that inherit it (the "override mistake").  As an accessor whose setter defines the own property
// it does not: reading and shadowing work as before, and the prototype itself cannot be changed.
function allowShadowing(holder, key, { value, enumerable }) {
  const property = {
    get() { return value; },
    set(replacement) {
      if (this === holder || this === null ||
          (typeof this !== 'object' && typeof this !== 'function')) {
        throw new TypeError(`Cannot assign to read only property '${String(key)}' of object`);
      }
      defineProperty(this, key, hasOwn(this, key) ?
        { value: replacement } :
        { value: replacement, writable: true, enumerable: true, configurable: true });
    },
    enumerable,
    configurable: false,
  };
  defineProperty(holder, key, property);
  freeze(property.get);
  freeze(property.set);
}

// Like freeze, but allows shadowing.
function lockPrototype(object, hidden) {
  for (const key of ownKeys(object)) {
    const property = getOwnPropertyDescriptor(object, key);
    if (property.writable && property.configurable && !staysPlain(object, key, hidden)) {
      allowShadowing(object, key, property);
    } else if (!underElements.has(object)) {
      continue;
    } else if (!hasOwn(property, 'value')) {
      defineProperty(object, key, { configurable: false });
    } else if (property.configurable) {
      // Symbol.unscopables.  Defined anew for the reason that the early script gives.
      delete object[key];
      defineProperty(object, key, { ...property, writable: false, configurable: false });
    } else if (property.writable) {
      // Array.prototype.length.
      defineProperty(object, key, { writable: false });
    }
  }
  if (underElements.has(object)) {
    preventExtensions(object);
  } else {
    freeze(object);
  }
}

// Locks everything that properties and prototypes lead to from the roots, up to what is locked
// already.
function lock(roots, hidden) {
  const seen = new Set();
  const objects = [];
  const prototypes = new Set(hidden);
  const visit = (value) => {
    if (value !== null && (typeof value === 'object' || typeof value === 'function') &&
        !seen.has(value)) {
      seen.add(value);
      if (isExtensible(value)) objects.push(value);
    }
  };
  for (const root of roots) visit(root);
  // Grows while it is walked.
  for (let i = 0; i < objects.length; ++i) {
    const object = objects[i];
    visit(getPrototypeOf(object));
    for (const key of ownKeys(object)) {
      const property = getOwnPropertyDescriptor(object, key);
      if (hasOwn(property, 'value')) {
        visit(property.value);
        if (key === 'prototype' && typeof object === 'function') prototypes.add(property.value);
      } else {
        visit(property.get);
        visit(property.set);
      }
    }
  }
  for (const object of objects) {
    if (prototypes.has(object)) {
      lockPrototype(object, hidden);
    } else if (object !== globalThis) {
      freeze(object);
    }
  }
}

const none = new Set();
const hidden = hiddenPrototypes();
lockSegmentsLater();
return {
  lockIntrinsics() { lock([globalThis, ...hidden], hidden); },
  lockGlobals() {
    lock([globalThis], none);
    freeze(globalThis);
  },
};
}))js";

const char *const kConsoleScript = R"js(((log) => {
'use strict';
// As LogLevel in host.h.
const DEBUG = 0, NOTICE = 1, WARNING = 2;

// One argument as text.
function show(value) {
  switch (typeof value) {
    case 'string':
      return value;
    case 'symbol':
      return value.toString();
    case 'function':
      return `[function ${value.name}]`;
    case 'object':
      if (value === null) return 'null';
      if (value instanceof Error) return typeof value.stack === 'string' ? value.stack : `${value}`;
      try {
        const text = JSON.stringify(value);
        if (typeof text === 'string') return text;
      } catch {
        // A cycle, or a toJSON that throws.
      }
      return Object.prototype.toString.call(value);
    default:
      return `${value}`;
  }
}

const writer = (name, level) => ({
  [name](...values) {
    let text = '';
    for (let i = 0; i < values.length; ++i) text += (i === 0 ? '' : ' ') + show(values[i]);
    log(level, text);
  },
})[name];

Object.defineProperty(globalThis, 'console', {
  value: {
    debug: writer('debug', DEBUG),
    error: writer('error', WARNING),
    info: writer('info', NOTICE),
    log: writer('log', NOTICE),
    warn: writer('warn', WARNING),
  },
  writable: true,
  enumerable: false,
  configurable: true,
});
}))js";

}  // namespace fundb::js
