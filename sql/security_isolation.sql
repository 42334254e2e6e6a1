-- One role's code leaves nothing that another's finds, however it tries; and a role is itself again after whatever ended a pretence.
SET client_min_messages = warning;
CREATE ROLE regress_fundb_attacker;
CREATE ROLE regress_fundb_victim;
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO PUBLIC;
CREATE TABLE app.t (id int, seen text);
CREATE TABLE app.inner_t (id int, seen text);
GRANT ALL ON app.t, app.inner_t TO PUBLIC;
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('app'), 'state.mjs',
  'export const state = {marks: []}; export const cache = new Map(); export const weak = new WeakMap();');

-- The attacker marks whatever it can reach: each attempt either fails or stays in its own realm.
SELECT fundb.create_trigger('mark', 'app.t', $js$
import { state, cache } from 'app/state';
let own = 0;
const attempts = {
  'module state': () => { state.marks.push('marked'); cache.set('mark', 1); own++; },
  'import meta': () => { import.meta.mark = 'marked'; },
  'global': () => { globalThis.mark = 'marked'; },
  'global by this': () => { (function () { return this; })().mark = 'marked'; },
  'prototypes': () => { Object.prototype.mark = 'marked'; },
  'array prototype': () => { Array.prototype[0] = 'marked'; },
  'then of all': () => { Object.prototype.then = (f) => f('marked'); },
  'promise then': () => { Promise.prototype.then = () => 'marked'; },
  'symbol of iteration': () => { Array.prototype[Symbol.iterator] = function* () { yield 'marked'; }; },
  'species': () => { Promise[Symbol.species] = class {}; },
  'registered symbol': () => { Symbol.for('mark').description.mark = 'marked'; },
  'properties of a symbol': () => { Object.defineProperty(Symbol.prototype, 'mark', {value: 'marked'}); },
  'FunDB': () => { FunDB.mark = 'marked'; },
  'a method of FunDB': () => { FunDB.getUserView.mark = 'marked'; },
  'FunDBError': () => { FunDBError.prototype.mark = 'marked'; },
  'console': () => { console.log = () => 'marked'; },
  'constructor of async functions': () => { (async () => {}).constructor.prototype.mark = 'marked'; },
  'Function by a constructor': () => (() => {}).constructor('globalThis.mark = "marked"')(),
  'Function of a native': () => FunDB.getUserView.constructor('globalThis.mark = "marked"')(),
  'Function of the event': () => event_.constructor.constructor('globalThis.mark = "marked"')(),
  'prototype of event': () => { Object.getPrototypeOf(event_).mark = 'marked'; },
  'prototype of args': () => { Object.getPrototypeOf(args_).mark = 'marked'; },
  'stack traces': () => { Error.prepareStackTrace = (e, sites) => { for (const s of sites) { const f = s.getFunction(); if (f) f.mark = 'marked'; const t = s.getThis(); if (t) t.mark = 'marked'; } }; new Error('x').stack; },
  'stack trace limit': () => { Error.stackTraceLimit = 1e9; },
  'clock': () => { Date.now = () => 0; },
  'random': () => { Math.random = () => 4; },
  'Reflect': () => { Reflect.ownKeys = () => ['marked']; },
  'JSON': () => { JSON.stringify = () => 'marked'; },
  'regular expressions': () => { RegExp.prototype.exec = () => ['marked']; },
  'the last match': () => { /marked/.test('marked'); },
};
let event_, args_;
export default async (event, args) => {
  event_ = event; args_ = args;
  const failed = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try { await attempt(); } catch (error) { failed.push(name); }
  }
  // Errors of another role's code come as new objects of this realm.
  try { await FunDB.insertEntity({schema: 'app', name: 'inner_t'}, {id: 1}); } catch (error) { error.mark = 'marked'; Object.getPrototypeOf(error).mark ??= 'unmarked'; }
  return {...args, seen: `${own} ${state.marks.length}; refused: ${failed.join(', ')}`};
}
$js$, 'BEFORE', true) > 0 AS created;
-- What the victim's code finds: nothing of it, in fresh objects of every kind.
SELECT fundb.create_trigger('look', 'app.inner_t', $js$
import { state, cache } from 'app/state';
let own = 0;
export default async (event, args) => {
  const error = await FunDB.insertEntity({schema: 'app', name: 'nowhere'}, {}).catch((e) => e);
  const places = {state, cache: Object.fromEntries(cache), globalThis, FunDB, console, event, args, error, FunDBError, view: FunDB.getUserView,
    proto: Object.prototype, array: Array.prototype, promise: Promise.prototype, meta: import.meta, async: (async () => {}).constructor.prototype,
    symbol: Symbol.prototype, date: Date, math: Math, json: JSON, regexp: RegExp.prototype, error_proto: Error.prototype, Error, Reflect};
  const marked = Object.entries(places).filter(([, o]) => 'mark' in o).map(([name]) => name);
  const odd = [JSON.stringify([...[1, 2]]), await {a: 1}.a, Date.now() > 1e12, Math.random() < 1, /x/.exec('x')[0], RegExp.$_ ?? 'no last input', Object.keys({}).length, Error.stackTraceLimit];
  return {...args, seen: `${++own} ${state.marks.length} marked: ${marked.join() || 'nothing'}; ${odd.join(' ')}`};
}
$js$, 'BEFORE', true) > 0 AS created;

SET ROLE regress_fundb_attacker;
INSERT INTO app.t VALUES (1), (2) RETURNING seen;
RESET ROLE;
SET ROLE regress_fundb_victim;
INSERT INTO app.inner_t VALUES (1) RETURNING seen;
RESET ROLE;
-- SECURITY DEFINER in between, both ways.
CREATE FUNCTION app.look() RETURNS text SECURITY DEFINER LANGUAGE sql AS 'INSERT INTO app.inner_t VALUES (2) RETURNING seen';
ALTER FUNCTION app.look() OWNER TO regress_fundb_victim;
SET ROLE regress_fundb_attacker;
INSERT INTO app.t VALUES (3) RETURNING left(seen, 4);
SELECT app.look();
RESET ROLE;
-- A cascade runs as the table's owner.
CREATE TABLE app.parent (id int PRIMARY KEY);
CREATE TABLE app.child (id int REFERENCES app.parent ON DELETE CASCADE);
INSERT INTO app.parent VALUES (1); INSERT INTO app.child VALUES (1);
ALTER TABLE app.child OWNER TO regress_fundb_victim;
ALTER TABLE app.parent OWNER TO regress_fundb_victim;
GRANT ALL ON app.parent TO regress_fundb_attacker;
SELECT fundb.create_trigger('who', 'app.child', $js$
import { state } from 'app/state';
export default async () => {
  const view = await FunDB.getUserView({type: 'anonymous', query: 'SELECT current_user::string AS who'});
  console.warn(view.result.rows[0].values[0].value, state.marks.length);
  return true;
}
$js$, 'BEFORE', on_delete => true) > 0 AS created;
SET ROLE regress_fundb_attacker;
DELETE FROM app.parent;
RESET ROLE;

-- Pretending ends with its function: by an error, a caught error, a cancel, inside and out.
CREATE TABLE app.p (id int, how text);
GRANT ALL ON app.p TO PUBLIC;
CREATE FUNCTION app.who() RETURNS text LANGUAGE sql AS 'SELECT current_user::text';
CREATE FUNCTION app.become(role text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('SET ROLE %I', role); RETURN current_user; END $$;
CREATE FUNCTION app.is_it_me() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text';
SELECT fundb.create_trigger('pretend', 'app.p', $js$
const value = async (query) => (await FunDB.getUserView({type: 'anonymous', query})).result.rows[0].values[0].value;
const who = () => value('SELECT app.who() AS x');
const ways = {
  'plain': () => FunDB.pretendRole('regress_fundb_victim', who),
  'error of SQL': () => FunDB.pretendRole('regress_fundb_victim', () => value('SELECT 1 / 0 AS x')),
  'nested': () => FunDB.pretendRole('regress_fundb_victim', async () => [await who(), await FunDB.pretendRole('regress_fundb_attacker', who), await who()]),
  'cancelled': () => FunDB.pretendRole('regress_fundb_victim', () => value('SELECT pg_sleep(60)::string AS x')),
  'loop': () => FunDB.pretendRole('regress_fundb_victim', async () => { await who(); for (;;); }),
  'set role': () => FunDB.pretendRole('regress_fundb_victim', () => value(`SELECT app.become('postgres') AS x`)),
  'never ends': () => FunDB.pretendRole('regress_fundb_victim', async () => { await who(); await new Promise(() => {}); }),
};
export default async (event, args) => {
  try {
    console.warn(args.how, String(await ways[args.how]()));
  } catch (error) {
    console.warn(args.how, error.sqlstate, error.message);
  }
  console.warn('then', await who());
  return true;
}
$js$, 'BEFORE', true) > 0 AS created;
UPDATE public.triggers SET owner = 'postgres' WHERE name = 'pretend';
SET ROLE regress_fundb_attacker;
SET statement_timeout = '1s';
INSERT INTO app.p VALUES (1, 'plain');
SELECT current_user;
INSERT INTO app.p VALUES (1, 'error of SQL');
SELECT current_user;
INSERT INTO app.p VALUES (1, 'nested');
INSERT INTO app.p VALUES (1, 'set role');
SELECT current_user;
\set VERBOSITY terse
INSERT INTO app.p VALUES (1, 'cancelled');
SELECT current_user, app.who();
INSERT INTO app.p VALUES (1, 'loop');
SELECT current_user, app.who();
INSERT INTO app.p VALUES (1, 'never ends');
SELECT current_user, app.who();
RESET statement_timeout;
INSERT INTO app.p VALUES (1, 'plain');
RESET ROLE;
SELECT count(*) FROM app.p;

DROP SCHEMA app CASCADE;
DELETE FROM public.modules WHERE path = 'state.mjs';
DROP ROLE regress_fundb_attacker, regress_fundb_victim;
