-- A call that fails, at any place, leaves no lock, cursor, plan, snapshot or memory behind, and PostgreSQL finds nothing to warn
-- of.  Warnings are shown: there must be none.
CREATE SCHEMA app;
CREATE TABLE app.t (id int, how text);
CREATE TABLE app.big (id int PRIMARY KEY, note text);
INSERT INTO app.big SELECT i, repeat('x', 500) FROM generate_series(1, 2000) AS i;
CREATE TABLE app.referring (id int PRIMARY KEY, big int REFERENCES app.big DEFERRABLE);
CREATE FUNCTION app.lock_and_fail() RETURNS int LANGUAGE plpgsql AS $$ BEGIN LOCK TABLE app.big IN SHARE MODE; RAISE EXCEPTION 'locked'; END $$;
CREATE FUNCTION app.open_and_fail() RETURNS int LANGUAGE plpgsql AS $$
DECLARE c refcursor := 'left open'; r record;
BEGIN OPEN c FOR SELECT * FROM app.big ORDER BY id; FETCH c INTO r; FETCH c INTO r; RAISE EXCEPTION 'open'; END $$;
CREATE FUNCTION app.advise_and_fail() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(42); RAISE EXCEPTION 'advised'; END $$;
CREATE FUNCTION app.rows_then_fail() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1 .. 5000 LOOP RETURN NEXT i; END LOOP; RAISE EXCEPTION 'many rows'; END $$;
CREATE FUNCTION app.temp_and_fail() RETURNS int LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE left_here (a int); RAISE EXCEPTION 'created'; END $$;
CREATE FUNCTION app.setting_and_fail() RETURNS int LANGUAGE plpgsql AS $$ BEGIN SET LOCAL work_mem = '5MB'; SET application_name = 'left'; RAISE EXCEPTION 'set'; END $$;
CREATE FUNCTION app.prepare_and_fail() RETURNS int LANGUAGE plpgsql AS $$ BEGIN NOTIFY left_here; SET CONSTRAINTS ALL DEFERRED; RAISE EXCEPTION 'prepared'; END $$;
SELECT fundb.create_trigger('fails', 'app.t', $js$
const view = (query, args) => FunDB.getUserView({type: 'anonymous', query}, args);
const big = {schema: 'app', name: 'big'};
const ways = {
  'in the middle of rows': () => view('SELECT id, note, 1 / (1500 - id) AS x FROM app.big'),
  'a row of an index scan': () => view('{ $n int }: SELECT note, 1 / (id - $n) AS x FROM app.big WHERE id = $n', {n: 7}),
  'a parameter': () => view('{ $n int }: SELECT note FROM app.big WHERE id = $n', {n: 'seven'}),
  'planning': () => view('SELECT 1 / 0 AS x FROM app.big'),
  'a lock': () => view('SELECT app.lock_and_fail() AS x'),
  'an open cursor': () => view('SELECT app.open_and_fail() AS x'),
  'an advisory lock': () => view('SELECT app.advise_and_fail() AS x'),
  'many rows': () => view('SELECT app.rows_then_fail() AS x'),
  'a new table': () => view('SELECT app.temp_and_fail() AS x'),
  'a setting': () => view('SELECT app.setting_and_fail() AS x'),
  'a notification': () => view('SELECT app.prepare_and_fail() AS x'),
  'many writes': () => FunDB.insertEntries(big, [...Array(300).keys()].map((i) => ({id: 3000 - i})).concat([{id: 1}])),
  'an update': () => FunDB.updateEntries(big, [{id: 1, note: 'changed'}, {id: 99999, note: 'none'}]),
  'a deferred check': () => FunDB.deferConstraints(async () => { await FunDB.insertEntity({schema: 'app', name: 'referring'}, {id: 1, big: 99999}); })
    .catch(async (error) => { await FunDB.deleteEntity({schema: 'app', name: 'referring'}, 1); throw error; }),
  'a command': () => FunDB.runCommand(`UPDATE app.big SET id = id + 1 WHERE id > 5`),
  'as another role': () => FunDB.pretendRole('root', () => view('SELECT app.lock_and_fail() AS x')),
  'a value of a row': (args) => view('SELECT note AS n FROM app.big').then(({result}) => { throw new Error(`${result.rows.length} rows`); }),
};
export default async (event, args) => {
  const [, times, way] = /^(\d+) (.*)$/.exec(args.how);
  let message;
  for (let i = 0; i < times; i++) {
    try { await ways[way](args); message = 'no error'; } catch (error) { message = error.message; }
  }
  return {...args, how: `${way}: ${message}`};
}
$js$, 'BEFORE', true) > 0 AS ok;
CREATE VIEW app.left_over AS
  SELECT (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND (locktype = 'advisory' OR relation = 'app.big'::regclass AND mode NOT IN ('AccessShareLock', 'RowExclusiveLock', 'RowShareLock'))) AS locks,
    (SELECT count(*) FROM pg_cursors WHERE name <> '') AS cursors, to_regclass('pg_temp.left_here') IS NULL AS no_table, current_setting('application_name') = 'left' AS name, current_setting('work_mem') = '5MB' AS setting,
    (SELECT count(*) FROM app.big) AS rows, (SELECT count(*) FROM app.referring) AS referring, current_user;
CREATE VIEW app.memory AS SELECT sum(total_bytes) / 1024 / 256 AS quarters_of_a_mb FROM pg_backend_memory_contexts;
CREATE TABLE app.ways AS SELECT unnest('{in the middle of rows,a row of an index scan,a parameter,planning,a lock,an open cursor,an advisory lock,many rows,a new table,a setting,
a notification,many writes,an update,a deferred check,a command,as another role,a value of a row}'::text[]) AS way;

-- In one transaction, each once, and what is left after each.
BEGIN;
DO $$
DECLARE w text; said text; l app.left_over; f app.left_over;
BEGIN
  FOR w IN SELECT way FROM app.ways LOOP
    IF f.locks IS NULL THEN SELECT * INTO f FROM app.left_over; END IF;
    INSERT INTO app.t VALUES (1, '1 ' || w) RETURNING how INTO said;
    SELECT * INTO l FROM app.left_over;
    RAISE INFO '%', said;
    IF l IS DISTINCT FROM f THEN RAISE INFO 'left: %', l; END IF;
  END LOOP;
END $$;
SELECT * FROM app.left_over;
COMMIT;
-- And many times: memory does not grow.
INSERT INTO app.t SELECT 1, '20 ' || way FROM app.ways;
CREATE TEMP TABLE before AS SELECT * FROM app.memory;
INSERT INTO app.t SELECT 1, '60 ' || way FROM app.ways WHERE way NOT IN ('a command', 'many writes');
SELECT now.quarters_of_a_mb - before.quarters_of_a_mb <= 1 AS flat FROM app.memory AS now, before;
SELECT * FROM app.left_over;

SET client_min_messages = error;
DROP SCHEMA app CASCADE;

-- A session that goes through many roles: each has a realm of its own, and together they would fill the heap.
SET client_min_messages = error;
CREATE TABLE roles_row (id int);
GRANT INSERT ON roles_row TO PUBLIC;
SELECT fundb.create_trigger('many', 'roles_row', 'export default () => true', 'BEFORE', true) > 0 AS created;
SET fundb.heap_limit = '16MB';
SELECT fundb.reset();
DO $$
BEGIN
  FOR i IN 1..70 LOOP
    EXECUTE format('CREATE ROLE regress_fundb_many_%s', i);
    EXECUTE format('SET ROLE regress_fundb_many_%s', i);
    INSERT INTO roles_row VALUES (i);
    RESET ROLE;
    EXECUTE format('DROP ROLE regress_fundb_many_%s', i);
  END LOOP;
END $$;
SELECT count(*) FROM roles_row;
RESET fundb.heap_limit;
SELECT fundb.reset();
DROP TABLE roles_row;

-- Calls that wait for their turn hold no copies of their texts: these would be 2 GB, beside the heap.
CREATE TABLE waiting (id int);
SELECT fundb.create_trigger('waiting', 'waiting', $js$
const text = 'x'.repeat(1100000);
export default async () => {
  let refused = 0;
  for (let i = 0; i < 2000; i++) FunDB.runCommand(text).catch(error => { if (error.sqlstate === '54000') refused++; });
  await FunDB.getUserView({ type: 'anonymous', query: 'SELECT 1 AS one' });
  console.warn(refused);
  return true;
};
$js$, 'BEFORE', true) > 0 AS created;
SET client_min_messages = warning;
\set VERBOSITY terse
INSERT INTO waiting VALUES (1);
SET client_min_messages = error;
DROP TABLE waiting;
