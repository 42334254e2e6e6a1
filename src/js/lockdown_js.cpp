// The script that prepares and freezes a new context; see lockdown.h.  A raw string, so that the
// build needs no generator.
#include "js/lockdown.h"

namespace fundb::js {

const char *const kLockdownScript = R"js((() => {
'use strict';
const { defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, hasOwn } = Object;
const { ownKeys } = Reflect;

// As LogLevel in host.h.
const DEBUG = 0, NOTICE = 1, WARNING = 2;

// One argument of console.log as text.
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

function prepare(global, log) {
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) delete global[name];

  // JSON.stringify(row) must not throw for a bigint column.
  defineProperty(BigInt.prototype, 'toJSON', {
    value: { toJSON() { return this.toString(); } }.toJSON,
    writable: true, enumerable: false, configurable: true,
  });

  const writer = (name, level) => ({
    [name](...values) {
      let text = '';
      for (let i = 0; i < values.length; ++i) text += (i === 0 ? '' : ' ') + show(values[i]);
      log(level, text);
    },
  })[name];
  const console = {
    debug: writer('debug', DEBUG),
    error: writer('error', WARNING),
    info: writer('info', NOTICE),
    log: writer('log', NOTICE),
    warn: writer('warn', WARNING),
  };
  defineProperty(global, 'console',
    { value: console, writable: true, enumerable: false, configurable: true });
}

// Built-in objects that no property leads to.
function hiddenIntrinsics() {
  const prototypes = (object) => {
    const found = [];
    for (let o = object; o !== null && o !== undefined; o = getPrototypeOf(o)) found.push(o);
    return found;
  };
  function* generator() {}
  async function asynchronous() {}
  async function* asyncGenerator() {}
  const segments = new Intl.Segmenter().segment('a');
  return [
    generator, asynchronous, asyncGenerator,
    generator(), asyncGenerator(),
    [][Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](),
    ''[Symbol.iterator](), 'a'.matchAll(/a/g), segments, segments[Symbol.iterator](),
    new Uint8Array(),
    // The thrower of arguments.callee.
    getOwnPropertyDescriptor((function () { return arguments; })(), 'callee').get,
  ].map(prototypes).flat().filter((object) => object !== generator);
}

// Frozen, a property of a prototype would also refuse `object.name = value` on the objects that
// inherit it (the "override mistake").  As an accessor whose setter defines the own property it
// does not: reading and shadowing work as before, and the prototype itself cannot be changed.
function allowShadowing(holder, key, { value, enumerable }) {
  defineProperty(holder, key, {
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
  });
}

// V8 takes its fast paths (await, spread, for-of, array methods, regular expressions) only while
// these are plain properties with their first value.  Nobody assigns them to instances.
function isNeededByFastPaths(holder, key, iterators) {
  switch (key) {
    case Symbol.iterator:
    case Symbol.asyncIterator:
      return true;
    case 'constructor':
      return holder === Array.prototype || holder === Promise.prototype ||
        holder === ArrayBuffer.prototype || holder instanceof TypedArray ||
        holder === TypedArray.prototype;
    case 'then':
      return holder === Promise.prototype;
    case 'next':
    case 'return':
    case 'throw':
      return iterators.has(holder);
    default:
      return holder === RegExp.prototype;
  }
}
const TypedArray = getPrototypeOf(Uint8Array);

// Everything that properties and prototypes lead to from the roots.
function reachableFrom(roots) {
  const seen = new Set();
  const waiting = [];
  const visit = (value) => {
    if (value !== null && (typeof value === 'object' || typeof value === 'function') &&
        !seen.has(value)) {
      seen.add(value);
      waiting.push(value);
    }
  };
  roots.forEach(visit);
  while (waiting.length > 0) {
    const object = waiting.pop();
    visit(getPrototypeOf(object));
    for (const key of ownKeys(object)) {
      const { value, get, set } = getOwnPropertyDescriptor(object, key);
      visit(value);
      visit(get);
      visit(set);
    }
  }
  return seen;
}

function lock(global) {
  const hidden = hiddenIntrinsics();
  const iterators = new Set(hidden);
  const objects = reachableFrom([global, ...hidden]);
  const prototypes = new Set(hidden);
  for (const object of objects) {
    if (typeof object !== 'function') continue;
    const prototype = getOwnPropertyDescriptor(object, 'prototype')?.value;
    if (objects.has(prototype)) prototypes.add(prototype);
  }
  for (const prototype of prototypes) {
    for (const key of ownKeys(prototype)) {
      const property = getOwnPropertyDescriptor(prototype, key);
      if (property.writable && property.configurable &&
          !isNeededByFastPaths(prototype, key, iterators)) {
        allowShadowing(prototype, key, property);
      }
    }
  }
  // The accessors of the last step are new: look again.
  for (const object of reachableFrom([global, ...hidden])) freeze(object);
}

return { prepare, lock };
})())js";

}  // namespace fundb::js
