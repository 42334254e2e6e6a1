-- A query by the whole key of a unique index is run without the executor.  It must find what the
-- executor finds, see what this transaction wrote, obey the same rights, and notice every change of
-- the table and its indexes.
SET client_min_messages = warning;
\set VERBOSITY terse
CREATE SCHEMA look;
CREATE TABLE look.item (junk int, id int PRIMARY KEY, code text COLLATE "C" UNIQUE, a int, b date, label varchar(40),
  UNIQUE (a, b));
ALTER TABLE look.item DROP COLUMN junk;
INSERT INTO look.item SELECT i, 'c' || i, i % 10, date '2020-01-01' + i, 'label ' || i FROM generate_series(1, 5000) i;
INSERT INTO look.item VALUES (6001, NULL, NULL, NULL, NULL);
-- Rows of before have no place for it.
ALTER TABLE look.item ADD COLUMN late text DEFAULT 'late';
UPDATE look.item SET late = 'own' WHERE id = 2;
ANALYZE look.item;
CREATE TABLE look.ask (q text, arg json, answer text);
-- Each asks three times: the first makes the plan.
SELECT count(fundb.create_trigger('ask', 'look.ask', $js$
export default async function (event, args) {
  const seen = [];
  for (let i = 0; i < 3; i++) {
    try {
      const { result } = await FunDB.getUserView({ type: 'anonymous', query: args.q }, args.arg ?? {});
      seen.push(JSON.stringify(result.rows.map(row => row.values.map(cell => cell.value))));
    } catch (e) {
      seen.push(`${e.sqlstate} ${e.message}`);
    }
  }
  args.answer = seen.every(text => text === seen[0]) ? seen[0] : seen.join(' / ');
  return args;
}
$js$, 'BEFORE', true));
CREATE FUNCTION look.up(q text, arg json DEFAULT NULL) RETURNS text LANGUAGE sql AS
  'INSERT INTO look.ask VALUES (q, arg) RETURNING answer';

-- By each of the keys; columns in any order, and from the index alone.
SELECT look.up('{ $k int }: SELECT id, code, late, label FROM look.item WHERE id = $k', '{"k": 1}');
SELECT look.up('{ $k int }: SELECT label, late, code, id, id AS again FROM look.item WHERE id = $k', '{"k": 2}');
SELECT look.up('{ $k int }: SELECT id FROM look.item WHERE id = $k', '{"k": 77}');
SELECT look.up('{ $k string }: SELECT id, b FROM look.item WHERE code = $k', '{"k": "c4999"}');
SELECT look.up('{ $a int, $b date }: SELECT label FROM look.item WHERE b = $b AND a = $a', '{"a": 5, "b": "2020-01-06"}');
SELECT look.up('SELECT label FROM look.item WHERE code = ''c12''');
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE $k = id', '{"k": 3}');
SELECT look.up('{ $k bigint }: SELECT label FROM look.item WHERE id = $k', '{"k": 4}');
-- Nothing: no such row, a null as the value, a null as the key.
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": -1}');
SELECT look.up('{ $k int null }: SELECT label FROM look.item WHERE id = $k', '{"k": null}');
SELECT look.up('{ $k string null }: SELECT label FROM look.item WHERE code = $k', '{"k": null}');
SELECT look.up('{ $k bigint }: SELECT label FROM look.item WHERE id = $k', '{"k": 99999999999}');
-- Those that only look alike.
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k AND label <> ''label 5''', '{"k": 5}');
SELECT look.up('{ $k int }: SELECT label || ''!'' AS l FROM look.item WHERE id = $k', '{"k": 5}');
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id < $k', '{"k": 2}');
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE a = $k ORDER BY id LIMIT 2', '{"k": 5}');
SELECT look.up('{ $k int }: SELECT count(*) AS n FROM look.item WHERE a = $k', '{"k": 5}');

-- The same for every row as SQL gives, by its executor.
SELECT count(*), count(*) FILTER (WHERE look.up('{ $k int }: SELECT code, a, label, late FROM look.item WHERE id = $k', json_build_object('k', i))::jsonb
  IS DISTINCT FROM coalesce((SELECT json_build_array(json_build_array(code, a, label, late))::jsonb FROM look.item WHERE id = i), '[]')) AS different
  FROM generate_series(-5, 300) i;

-- Planned once, whatever the caller wants for other statements: the executor's way has a line for each row.
SET log_planner_stats = on; SET plan_cache_mode = force_custom_plan; SET client_min_messages = log;
INSERT INTO look.ask SELECT '{ $k int }: SELECT id, code FROM look.item WHERE id = $k', json_build_object('k', i) FROM generate_series(1, 5) i RETURNING answer;
SET client_min_messages = warning; RESET plan_cache_mode; RESET log_planner_stats;

-- What this transaction, this statement and this rule wrote.
BEGIN;
UPDATE look.item SET label = 'new' WHERE id = 10;
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 10}');
SAVEPOINT s;
DELETE FROM look.item WHERE id = 10;
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 10}');
ROLLBACK TO s;
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 10}');
ROLLBACK;
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 10}');
CREATE TABLE look.own (id int PRIMARY KEY, said text);
SELECT count(fundb.create_trigger('own', 'look.own', $js$
export default async function (event, args) {
  const query = { type: 'anonymous', query: '{ $k int }: SELECT label FROM look.item WHERE id = $k' };
  const ask = async () => (await FunDB.getUserView(query, { k: args.id })).result.rows[0]?.values[0].value ?? 'none';
  const said = [await ask()];
  await FunDB.insertEntity({ schema: 'look', name: 'item' }, { id: args.id, label: 'by the rule' });
  said.push(await ask());
  await FunDB.updateEntity({ schema: 'look', name: 'item' }, args.id, { label: 'changed' });
  said.push(await ask());
  await FunDB.deleteEntity({ schema: 'look', name: 'item' }, args.id);
  said.push(await ask());
  args.said = said.join();
  return args;
}
$js$, 'BEFORE', true));
INSERT INTO look.own SELECT i FROM generate_series(7001, 7003) i RETURNING said;

-- A deferred key may hold two rows for a while: both come, as from the executor.
CREATE TABLE look.late (id int PRIMARY KEY, n int UNIQUE DEFERRABLE INITIALLY DEFERRED);
INSERT INTO look.late SELECT i, i FROM generate_series(1, 1000) i;
ANALYZE look.late;
BEGIN;
UPDATE look.late SET n = 5 WHERE id = 6;
SELECT look.up('{ $n int }: SELECT id FROM look.late WHERE n = $n ORDER BY id', '{"n": 5}');
ROLLBACK;

-- Rights: of the table, of columns, of rows; for whoever asks.
CREATE ROLE look_reader;
GRANT USAGE ON SCHEMA look TO look_reader;
GRANT SELECT, INSERT ON look.ask TO look_reader;
SET ROLE look_reader;
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 1}');
RESET ROLE;
GRANT SELECT (id, label) ON look.item TO look_reader;
SET ROLE look_reader;
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 1}');
SELECT look.up('{ $k int }: SELECT late FROM look.item WHERE id = $k', '{"k": 1}');
RESET ROLE;
ALTER TABLE look.item ENABLE ROW LEVEL SECURITY;
CREATE POLICY even ON look.item USING (id % 2 = 0);
SET ROLE look_reader;
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 1}'), look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 2}');
RESET ROLE;
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 1}');
ALTER TABLE look.item DISABLE ROW LEVEL SECURITY;
REVOKE SELECT ON look.item FROM look_reader;
REVOKE SELECT (id, label) ON look.item FROM look_reader;
SET ROLE look_reader;
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": 2}');
RESET ROLE;

-- Changes of the table between two calls.
CREATE TABLE look.moving (id int PRIMARY KEY, v int, w text);
INSERT INTO look.moving SELECT i, i, 'w' || i FROM generate_series(1, 3000) i;
ANALYZE look.moving;
CREATE FUNCTION look.moving() RETURNS text LANGUAGE sql AS
  $$SELECT look.up('{ $k int }: SELECT v, w FROM look.moving WHERE id = $k', '{"k": 2000}')$$;
SELECT look.moving();
ALTER TABLE look.moving ALTER v TYPE text USING 'as text ' || v;
SELECT look.moving();
ALTER TABLE look.moving DROP CONSTRAINT moving_pkey;
SELECT look.moving();
CREATE UNIQUE INDEX other ON look.moving (id) WHERE v IS NOT NULL;
SELECT look.moving();
CREATE UNIQUE INDEX whole ON look.moving (id DESC) INCLUDE (w);
SELECT look.moving();
ALTER TABLE look.moving ADD COLUMN first int, DROP COLUMN v, ADD COLUMN v int DEFAULT 5;
SELECT look.moving();
VACUUM FULL look.moving;
SELECT look.moving();
CLUSTER look.moving USING whole;
SELECT look.moving();
REINDEX INDEX look.whole;
SELECT look.moving();
TRUNCATE look.moving;
SELECT look.moving();
DROP TABLE look.moving;
SELECT look.moving();
-- A view in its place, then a table with partitions.
CREATE VIEW look.moving AS SELECT id, a AS v, label AS w FROM look.item;
SELECT look.moving();
DROP VIEW look.moving;
CREATE TABLE look.moving (id int PRIMARY KEY, v int, w text) PARTITION BY RANGE (id);
CREATE TABLE look.low PARTITION OF look.moving FOR VALUES FROM (0) TO (1000);
CREATE TABLE look.high (w text, id int NOT NULL, v int);
ALTER TABLE look.moving ATTACH PARTITION look.high FOR VALUES FROM (1000) TO (9000);
INSERT INTO look.moving SELECT i, i, 'p' || i FROM generate_series(1, 3000) i;
ANALYZE look.moving;
SELECT look.moving(), look.up('SELECT v, w FROM look.moving WHERE id = 1500');

-- A value that does not fit.
SELECT look.up('{ $k int }: SELECT label FROM look.item WHERE id = $k', '{"k": "many"}');
-- The query of a trigger that is fired in the middle of another's.
SELECT count(fundb.create_trigger('nested', 'look.own', $js$
export default async function (event, args) {
  if (args.id < 8005) await FunDB.insertEntity({ schema: 'look', name: 'own' }, { id: args.id + 1 });
}
$js$, 'AFTER', true));
INSERT INTO look.own VALUES (8001);
SELECT id, said FROM look.own WHERE id > 8000 ORDER BY id;

-- What watches the executor sees every query: one planning more for each row.
LOAD 'auto_explain';
SET log_planner_stats = on; SET plan_cache_mode = force_custom_plan; SET client_min_messages = log;
INSERT INTO look.ask SELECT '{ $k int }: SELECT id, late FROM look.item WHERE id = $k', json_build_object('k', i) FROM generate_series(1, 2) i RETURNING answer;
SET client_min_messages = warning; RESET plan_cache_mode; RESET log_planner_stats;

SET client_min_messages = error;
DROP SCHEMA look CASCADE;
DROP ROLE look_reader;
