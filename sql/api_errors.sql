-- The error objects that rules catch: kinds, PostgreSQL's fields, bodies, rules and rows on the way.
CREATE SCHEMA api_errors;
SET search_path = api_errors;
CREATE TABLE run (id int);
CREATE FUNCTION js(body text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers WHERE name = 'body';
  PERFORM fundb.create_trigger('body', 'api_errors.run', $js$
    const E = (name) => ({schema: 'api_errors', name});
    const log = (...values) => console.log(values.map((v) => JSON.stringify(v) ?? 'undefined').join(' '));
    const rows = async (query, args) =>
      (await FunDB.getUserView({type: 'anonymous', query}, args)).result.rows.map(({values}) => values.map(({value}) => value));
    const attempt = async (call) => {
      try { log(await call()); } catch (e) { console.log(e.error, e.sqlstate, e.message, e.detail ?? '', e.hint ?? ''); }
    };
    export default async function (event) {$js$ || body || '}', 'AFTER', true);
  INSERT INTO api_errors.run VALUES (1);
END $$;
CREATE TABLE t (id int PRIMARY KEY, n int CHECK (n > 0), u text UNIQUE, name text NOT NULL DEFAULT 'x');
CREATE TABLE child (id int PRIMARY KEY, t int REFERENCES t, d date);
CREATE TABLE inner_t (id int, how text);
CREATE TABLE middle (id int, how text);
INSERT INTO t VALUES (1, 1, 'one');
INSERT INTO child VALUES (1, 1);

-- Properties and body, kind by kind.
SELECT js($q$
  const show = async (call) => {
    try { await call(); console.log('no error'); } catch (e) {
      const {message, stack, ...rest} = e;
      log(e instanceof FunDBError, e instanceof Error, message);
      log(rest);
      log(e.body);
    }
  };
  await show(() => FunDB.insertEntity(E('child'), {id: 2, t: 5}));
  await show(() => FunDB.deleteEntity(E('t'), 1));
  await show(() => FunDB.insertEntity(E('t'), {id: 2, u: 'one'}));
  await show(() => FunDB.insertEntity(E('t'), {id: 2, n: -1}));
  await show(() => FunDB.insertEntity(E('t'), {id: 2, name: null}));
  await show(() => FunDB.insertEntity(E('child'), {id: 2, d: new Date(0)}));
  await show(() => FunDB.updateEntries(E('t'), [{id: 1, n: 2}, {id: 9, n: 2}]));
  await show(() => FunDB.insertEntity(E('chil'), {}));
$q$);

-- An error of a rule: which one, and what it attached, whatever the way.
SELECT fundb.create_trigger('low', 'api_errors.inner_t', $$ export default async function handle(event, args) {
  switch (args.how) {
    case 'error': throw Object.assign(new RangeError('too low'), {userData: 5});
    case 'cancel': FunDB.cancelWith({code: 'LOW'}, 'too low');
    case 'cancel without words': FunDB.cancelWith(['x']);
    case 'text': throw 'a text';
    case 'sql': await FunDB.insertEntries({schema: 'api_errors', name: 't'}, [{id: 7}, {id: 1}]);
    case 'answer': return 5;
    case 'class': throw Object.assign(new Error('own class'), {sqlstate: '23514', constraint: 'mine'});
  }
} $$, 'BEFORE', true) > 0 AS created;
SELECT fundb.create_trigger('mid', 'api_errors.middle', $$ export default async function handle(event, args) {
  try {
    await FunDB.insertEntity({schema: 'api_errors', name: 'inner_t'}, {id: args.id, how: args.how});
  } catch (e) {
    if (args.id === 2) e.message += ', says mid';
    if (args.id === 3) throw new FunDBError({message: 'mid knows better', userData: {mid: true}});
    throw e;
  }
  return true;
} $$, 'BEFORE', true) > 0 AS created;
SELECT js($q$
  const show = async (table, fields) => {
    try { await FunDB.insertEntity(E(table), fields); } catch (e) { log(e.sqlstate, e.userData, e.constraint, e.body); }
  };
  for (const how of ['error', 'cancel', 'cancel without words', 'text', 'sql', 'answer', 'class']) await show('inner_t', {how});
  for (const id of [1, 2, 3]) await show('middle', {id, how: 'cancel'});
  await show('middle', {id: 1, how: 'sql'});
$q$);
-- Thrown on, it leaves as it was; in other words, as a new one.
\set VERBOSITY default
INSERT INTO middle VALUES (1, 'sql');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO middle VALUES (1, 'cancel');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO middle VALUES (2, 'cancel');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO middle VALUES (3, 'cancel');
\echo :LAST_ERROR_SQLSTATE

-- An error that reads like an earlier one has not come the same way: that one passed a rule, and SQL caught it.
CREATE TABLE twice (id int);
SELECT fundb.create_trigger('twice', 'api_errors.twice',
  $$ export default () => FunDB.insertEntity({schema: 'api_errors', name: 't'}, {id: 1}) $$, 'BEFORE', true) > 0 AS created;
DO $$ BEGIN INSERT INTO api_errors.twice VALUES (1); EXCEPTION WHEN unique_violation THEN NULL; END $$;
SELECT js($q$ try { await FunDB.insertEntity(E('t'), {id: 1}); } catch (e) { log(e.body); } $q$);

-- Malformed calls: at once, or by the promise.
SELECT js($q$
  const at_once = (...calls) => calls.forEach((call) => {
    try { call().catch((e) => console.log('rejects:', e.error, e.message)); } catch (e) { console.log('throws:', e.error, e.message); }
  });
  at_once(
    () => FunDB.insertEntity(null, {}), () => FunDB.insertEntity({name: 't'}, {}), () => FunDB.insertEntity(E('t')),
    () => FunDB.insertEntity(E('t'), [1]), () => FunDB.insertEntry(E('t'), 'x'), () => FunDB.insertEntries(E('t'), {}),
    () => FunDB.insertEntries(E('t'), [{}, 5]), () => FunDB.insertEntities(E('t'), null), () => FunDB.updateEntity(E('t'), null, {}),
    () => FunDB.updateEntry(E('t'), undefined, {}), () => FunDB.updateEntry(E('t'), Symbol('x'), {}),
    () => FunDB.updateEntries(E('t'), [{n: 1}]), () => FunDB.deleteEntity(E('t')), () => FunDB.deleteEntries(E('t'), 5),
    () => FunDB.runCommand(5), () => FunDB.runCommand('x', 5), () => FunDB.getEntityInfo('t'), () => FunDB.getRelatedEntries(E('t')),
    () => FunDB.pretendRole(5, () => 1), () => FunDB.pretendRole('root'), () => FunDB.deferConstraints(),
    () => FunDB.getDomainValues(E('t')), () => FunDB.writeEvent(), () => FunDB.writeEventSync(null), () => FunDB.writeEvent(() => 1));
$q$);
-- Arrays and objects of other kinds than the plain ones do no harm.
SELECT js($q$
  class Odd extends Array { static get [Symbol.species]() { return function () { return {length: 3, 0: 'x'}; }; } }
  await attempt(() => FunDB.insertEntities(E('t'), Odd.of({id: 50}, {id: 51})));
  await attempt(() => FunDB.insertEntities(E('t'), Object.assign([{id: 52}], {map: () => 5})));
  await attempt(() => FunDB.insertEntities(E('t'), new Proxy([{id: 53}], {})));
  await attempt(() => FunDB.insertEntity(E('t'), new Proxy({id: 54}, {})));
  await attempt(() => FunDB.insertEntity(E('t'), {get id() { throw new Error('from a getter'); }}));
  await attempt(() => FunDB.deleteEntries(E('t'), new Odd(50, 51, 52, 53, 54)));
  await attempt(() => FunDB.deleteEntity(E('t'), new Proxy({id: 54}, {get() { throw new Error('from a trap'); }})));
  await attempt(() => FunDB.insertEntities(E('t'), [, {id: 55}]));
  await attempt(() => FunDB.getUserView({type: 'anonymous', query: 'SELECT 1 AS a'}, new Proxy({}, {ownKeys() { throw new Error('no keys'); }})));
  await attempt(() => FunDB.pretendRole('root', new Proxy(() => 'called', {})));
  await attempt(() => FunDB.insertEntity(E('t'), {id: {toString() { throw new Error('never asked'); }}}));
  await attempt(() => FunDB.insertEntity(E('t'), {id: 56, u: 'a\u0000b'}));
  await attempt(() => FunDB.insertEntity({schema: 'a\u0000b', name: '\ud800'}, {id: 56}));
$q$);

-- The stack says which functions wait for the call, and nothing of ours but the place that makes the error.
SELECT js($q$
  const missing = {schema: 'api_errors', name: 'missing'};
  const query = async () => { await FunDB.getUserView({type: 'anonymous', query: 'SELECT nothing FROM api_errors.t'}); };
  const insert = async () => { await FunDB.insertEntity(missing, {}); };
  const update = async () => { await FunDB.updateEntry(E('t'), 77, {n: 1}).then((entry) => entry); };
  const both = async () => { await Promise.all([FunDB.deleteEntry(E('t'), 77), rows('SELECT 1 AS a')]); };
  const defer = async () => { await FunDB.deferConstraints(insert); };
  for (const call of [query, insert, update, both, defer]) {
    try { await call(); } catch (e) { console.log(e.stack.replace(/\(.*?\/body\.mjs:(\d+):\d+\)/g, '$1').replace(/prelude_calls[:\d]+/, 'prelude_calls')); }
  }
$q$);

-- At module top level nothing is running.
SELECT fundb.create_trigger('top', 'api_errors.middle', $$
  const rows = await FunDB.getUserView({type: 'anonymous', query: 'SELECT 1 AS a'});
  export default () => true; $$, 'BEFORE', true);

-- Names that a script gave are shown to their thousandth byte, wherever they stand.
SELECT js($q$
  const long = 'K'.repeat(1e6);
  for (const call of [() => FunDB.insertEntity(E('t'), {[long]: 1}), () => rows('{ $a int }: SELECT $a AS a', {a: [long]}),
                      () => FunDB.getUserView({type: 'anonymous', query: 'SELECT 1 AS a'}, {}, {where: {expression: `$"${long}" = 1`, arguments: {[long]: {type: 'int', value: 'x'}}}})]) {
    try { await call(); } catch (e) { log(e.error, e.message.length < 2000, e.column?.length, e.argument?.length); }
  }
$q$);
CREATE FUNCTION names_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE a text; b text; c text;
BEGIN
  EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS a = COLUMN_NAME, b = TABLE_NAME, c = CONSTRAINT_NAME;
  RETURN concat_ws(' ', SQLSTATE, length(a), right(a, 3), length(b), length(c));
END $$;
SELECT fundb.create_trigger('long', 'api_errors.middle', $$ export default (event, {how}) => {
  if (how === 'unknown') return {['K'.repeat(1e6)]: 1};
  throw Object.assign(new Error('own'), {column: 'Ж'.repeat(1e6), table: 'T', constraint: 'C'.repeat(1e6)}); } $$, 'BEFORE', true) > 0 AS created;
SELECT names_of($$ INSERT INTO middle VALUES (1, 'unknown') $$), names_of($$ INSERT INTO middle VALUES (1, 'thrown') $$);
DELETE FROM public.triggers WHERE name = 'long';

-- What no script may go on after: serialization failures, deadlocks, cancelled statements.
CREATE FUNCTION fail(state text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'state %', state USING ERRCODE = state; END $$;
SELECT js($q$ await attempt(() => rows(`SELECT api_errors.fail('22012') AS a`)); $q$);
SELECT js($q$ try { await rows(`SELECT api_errors.fail('40001') AS a`); } catch { console.log('caught'); } finally { console.log('finally'); } $q$);
SELECT js($q$ try { await rows(`SELECT api_errors.fail('40P01') AS a`); } catch { console.log('caught'); } $q$);
SELECT js($q$ try { await rows(`SELECT api_errors.fail('57014') AS a`); } catch { console.log('caught'); } $q$);
SELECT js($q$ log(await rows('SELECT 1 AS a')); $q$);

-- An error without a message is thrown again as it came.
CREATE FUNCTION fail_silently() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING errcode = 'ZX124', message = '', detail = 'a detail'; END $$;
SELECT js($q$ try { await rows('SELECT api_errors.fail_silently() AS a'); } catch (e) { throw e; } $q$);
\echo :LAST_ERROR_SQLSTATE

-- The class by itself.
SELECT js($q$
  const e = new FunDBError({message: 'm', error: 'mine', userData: 1, name: 'n'});
  log(e.message, e.error, e.userData, e.name, e.body, Object.keys(e), `${new FunDBError({message: 'm'})}`);
  class Own extends FunDBError { constructor() { super({message: 'own'}); this.name = 'Own'; this.more = 1; } }
  log(`${new Own()}`, new Own() instanceof OzmaDBError, new FunDBError().message);
  log(formatDate(new Date('2024-02-29T23:59:59.999Z')), renderDate(new Date(0)), formatDate(new Date('0044-03-15')), formatDate(new Date(-2e14)));
  log(formatFunQLName('a "b"'), formatOzmaQLName('x') === renderFunQLName('x'));
  log(formatFunQLValue({a: [1, -2.5, 'x\\y\'\n', null, true, undefined], 'b c': {}, d: new Date(0), e: 5n, f: undefined}));
  await attempt(() => formatDate('2024-01-01'));
  await attempt(() => formatFunQLValue(NaN));
  const literals = ['a\'b\\c\n"d"', 1.5, -3, true, null, [1, 'x', {y: [null]}], {}, [], new Date(0)];
  log(...await rows(`SELECT ${literals.map((v, i) => `${formatFunQLValue(v)} AS c${i}`).join(', ')}`));
$q$);

SET client_min_messages = warning;
DROP SCHEMA api_errors CASCADE;
