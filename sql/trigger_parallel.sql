-- Queries that run in parallel workers and feed a statement that writes: the rows are read by workers, every rule
-- runs in the session, for each row and in the documented order.
CREATE SCHEMA app;
-- The process that reads a row says so.  The leader reads none itself.
CREATE FUNCTION app.process() RETURNS int LANGUAGE plpgsql PARALLEL SAFE AS 'BEGIN RETURN pg_catalog.pg_backend_pid(); END';
CREATE TABLE app.many AS SELECT n AS id FROM generate_series(1, 3) n;
ALTER TABLE app.many SET (parallel_workers = 2);
CREATE TABLE app.t (id int PRIMARY KEY, read_by int, note text);
SELECT fundb.create_trigger('show_' || w, 'app.t', $js$
  export default async (event, args) => {
    const session = await FunDB.getUserView({type: 'anonymous', query: 'SELECT app.process() AS pid'});
    const pid = session.result.rows[0].values[0].value;
    console.log(event.time, JSON.stringify(event.source), Object.keys(args).join(), args.read_by === pid ? 'read here' : 'read by a worker');
    return true;
  }
$js$, w, true, '{*}') > 0 AS made FROM (VALUES ('BEFORE'), ('AFTER')) v(w);
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
SELECT pg_backend_pid() AS leader \gset
SELECT count(*) AS rows, bool_and(app.process() <> :leader) AS by_workers FROM app.many;

-- PostgreSQL plans no query in parallel that is part of a statement that writes.
EXPLAIN (COSTS OFF) INSERT INTO app.t SELECT id, app.process() FROM app.many;
INSERT INTO app.t SELECT id, app.process() FROM app.many ORDER BY id;
TRUNCATE app.t;
-- But those of functions that it calls with RETURN QUERY.  A function in SQL reads a row at a time, by itself.
CREATE FUNCTION app.scan() RETURNS TABLE (id int, read_by int) LANGUAGE plpgsql AS
  'BEGIN RETURN QUERY SELECT m.id, app.process() FROM app.many m; END';
INSERT INTO app.t SELECT * FROM app.scan() ORDER BY id;
UPDATE app.t SET read_by = s.read_by, note = 'updated' FROM app.scan() s WHERE s.id = t.id AND t.id < 3;
MERGE INTO app.t USING (SELECT * FROM app.scan() ORDER BY id) s ON t.id = s.id + 1
WHEN MATCHED THEN UPDATE SET note = 'merged' WHEN NOT MATCHED THEN INSERT (id, read_by) VALUES (s.id + 1, s.read_by);
CREATE FUNCTION app.highest() RETURNS int LANGUAGE sql AS 'SELECT max(app.process()) FROM app.many';
INSERT INTO app.t VALUES (10, app.highest());
WITH read AS MATERIALIZED (SELECT * FROM app.scan()) INSERT INTO app.t (id, read_by) SELECT id + 10, read_by FROM read WHERE id = 1;
-- And a query whose result becomes a table first.
CREATE TEMP TABLE copied AS SELECT id + 20 AS id, app.process() AS read_by FROM app.many;
INSERT INTO app.t SELECT * FROM copied WHERE id = 21;
-- Queries of rules are not given to workers.
SELECT fundb.create_trigger('ask', 'app.t', $js$
  export default async (event, args) => {
    const read = await FunDB.getUserView({type: 'anonymous', query: 'SELECT app.process() AS pid FROM app.many'});
    const session = await FunDB.getUserView({type: 'anonymous', query: 'SELECT app.process() AS pid'});
    const here = session.result.rows[0].values[0].value;
    console.log(read.result.rows.length, 'rows of a rule', read.result.rows.every((row) => row.values[0].value === here) ? 'read here' : 'read by workers');
    return true;
  }
$js$, 'AFTER', true) > 0 AS made;
INSERT INTO app.t SELECT id + 30, read_by FROM app.scan() WHERE id = 1;
RESET ALL;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
