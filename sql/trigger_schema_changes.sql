-- The database changes between and inside of statements, while a session keeps rules, plans and shapes.
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a int, b text);
CREATE TABLE app.other (id int, note text);
CREATE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
SELECT fundb.create_trigger('all', 'app.t', $js$
export default async (event, args) => {
  const view = await FunDB.getUserView({type: 'anonymous', query: '{ $n int }: SELECT app.twice($n) AS n'}, {n: args.id});
  await FunDB.insertEntity({schema: 'app', name: 'other'}, {id: args.id, note: JSON.stringify(event.new)});
  return {...args, b: `${Object.keys(event.new)}:${view.result.rows[0].values[0].value}`};
}
$js$, 'BEFORE', true) > 0 AS created;
PREPARE kept AS INSERT INTO app.t (id, a) VALUES ($1, 5) RETURNING *;
EXECUTE kept(1);
-- Columns come, go and change their type; kept plans of ours and of the session follow.
ALTER TABLE app.t ADD COLUMN c timestamptz DEFAULT '2024-01-01Z';
INSERT INTO app.t (id, a) VALUES (2, 5) RETURNING *;
ALTER TABLE app.t DROP COLUMN a;
INSERT INTO app.t (id) VALUES (3) RETURNING *;
ALTER TABLE app.t ALTER COLUMN c TYPE text USING 'was a time';
INSERT INTO app.t (id, c) VALUES (4, 'text') RETURNING *;
ALTER TABLE app.t RENAME COLUMN c TO d;
INSERT INTO app.t (id) VALUES (5) RETURNING *;
ALTER TABLE app.other ADD COLUMN at date;
INSERT INTO app.t (id) VALUES (6) RETURNING *;
ALTER TABLE app.other ALTER COLUMN note TYPE varchar(3) USING left(note, 3);
INSERT INTO app.t (id) VALUES (7);
ALTER TABLE app.other ALTER COLUMN note TYPE text;
-- Rolled back, it was never there.
BEGIN;
ALTER TABLE app.t ADD COLUMN e int;
INSERT INTO app.t (id) VALUES (8) RETURNING b;
ROLLBACK;
INSERT INTO app.t (id) VALUES (8) RETURNING b;
-- A function is replaced and dropped, a table that a rule writes to is replaced.
CREATE OR REPLACE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 3 * n';
INSERT INTO app.t (id) VALUES (9) RETURNING b;
DROP FUNCTION app.twice(int);
INSERT INTO app.t (id) VALUES (10) RETURNING b;
CREATE FUNCTION app.twice(n int) RETURNS text LANGUAGE sql AS $$ SELECT 'now a text' $$;
INSERT INTO app.t (id) VALUES (10) RETURNING b;
DROP TABLE app.other;
INSERT INTO app.t (id) VALUES (11) RETURNING b;
CREATE TABLE app.other (note text, id bigint, PRIMARY KEY (note));
INSERT INTO app.t (id) VALUES (11) RETURNING b;
SELECT id, note FROM app.other;
-- The table itself is replaced: its rules went with it.
DROP TABLE app.t;
CREATE TABLE app.t (b text, id int);
INSERT INTO app.t (id) VALUES (12) RETURNING *;

-- Inside of a statement: what PostgreSQL forbids while a table is in use fails cleanly, and what it allows is seen by the next row.
CREATE FUNCTION app.run(sql text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE sql; RETURN 'done'; END $$;
SELECT fundb.create_trigger('changer', 'app.t', $js$
const view = (query, args) => FunDB.getUserView({type: 'anonymous', query}, args);
export default async (event, args) => {
  if (args.id !== 20 && args.id !== 21) return true;
  try {
    await view('{ $sql string }: SELECT app.run($sql) AS done', {sql: args.b});
    return {...args, b: 'done'};
  } catch (error) {
    return {...args, b: `${error.sqlstate} ${error.message}`};
  }
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.t (id, b) VALUES (20, 'ALTER TABLE app.t ADD COLUMN z int') RETURNING b;
INSERT INTO app.t (id, b) VALUES (20, 'DROP TABLE app.t') RETURNING b;
BEGIN;
INSERT INTO app.t (id, b) VALUES (20, 'DROP EXTENSION fundb CASCADE') RETURNING b;
INSERT INTO app.t (id, b) VALUES (20, 'without rules') RETURNING b;
ROLLBACK;
INSERT INTO app.t (id, b) VALUES (20, 'TRUNCATE app.t') RETURNING b;
INSERT INTO app.t (id, b) VALUES (20, 'SELECT fundb.reset()') RETURNING b;
INSERT INTO app.t (id, b) VALUES (20, 'CREATE TABLE app.made (id int)') RETURNING b;
INSERT INTO app.t (id, b) VALUES (20, 'ALTER TABLE app.other ADD COLUMN more int') RETURNING b;
-- A rule changes and deletes itself while it runs: the row that runs ends as it began, the next one sees it.
INSERT INTO app.t (id, b) VALUES
  (20, $$UPDATE public.triggers SET procedure = 'export default (e, args) => ({...args, b: "new code"})' WHERE name = 'changer'$$),
  (21, 'not run') RETURNING b;
UPDATE public.triggers SET procedure = $js$
export default async (event, args) => {
  await FunDB.getUserView({type: 'anonymous', query: `SELECT app.run('DELETE FROM public.triggers WHERE name = ''changer''') AS x`});
  return {...args, b: 'deleted itself'};
}
$js$ WHERE name = 'changer';
INSERT INTO app.t (id, b) VALUES (21, 'x'), (21, 'the rule is gone') RETURNING b;
SELECT count(*) FROM public.triggers WHERE name = 'changer';
\set VERBOSITY terse
DROP SCHEMA app CASCADE;

-- The extension goes and comes back, here and in a session that keeps its rules.
CREATE DATABASE regress_fundb_changes;
\set here :DBNAME
\c regress_fundb_changes
SET client_min_messages = warning;
CREATE EXTENSION fundb;
CREATE TABLE t (id int, note text);
SELECT fundb.create_trigger('mark', 't', 'export default (e, args) => ({...args, note: "first"})', 'BEFORE', true) > 0 AS created;
INSERT INTO t VALUES (1) RETURNING note;
BEGIN;
DROP EXTENSION fundb CASCADE;
INSERT INTO t VALUES (2) RETURNING note;
ROLLBACK;
INSERT INTO t VALUES (3) RETURNING note;
DROP EXTENSION fundb CASCADE;
INSERT INTO t VALUES (4) RETURNING note;
CREATE EXTENSION fundb;
SELECT fundb.create_trigger('mark', 't', 'export default (e, args) => ({...args, note: "second"})', 'BEFORE', true) > 0 AS created;
INSERT INTO t VALUES (5) RETURNING note;
BEGIN;
DROP EXTENSION fundb CASCADE;
CREATE EXTENSION fundb;
SELECT fundb.create_trigger('mark', 't', 'export default (e, args) => ({...args, note: "third"})', 'BEFORE', true) > 0 AS created;
INSERT INTO t VALUES (6) RETURNING note;
COMMIT;
INSERT INTO t VALUES (7) RETURNING note;
SELECT fundb.reset();
INSERT INTO t VALUES (8) RETURNING note;
\c :here
DROP DATABASE regress_fundb_changes;
