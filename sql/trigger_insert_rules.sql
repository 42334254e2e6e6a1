-- Rewrite rules (CREATE RULE) that insert: `args` has what the action that wrote the row assigns, also where several
-- actions insert into the same table, and where PostgreSQL keeps the rows of an action and reads them again and again.
-- Were an action or a row taken for another, `args` would miss a NULL or show one that nobody wrote.
CREATE SCHEMA app;
CREATE TABLE app.t (id int, a text, b text);
SELECT fundb.create_trigger('show_' || w, 'app.t', $js$
  export default (event, args) => {
    console.log(event.time, JSON.stringify(args));
    return true;
  }
$js$, w, true) > 0 AS made FROM (VALUES ('BEFORE'), ('AFTER')) v(w);
CREATE VIEW app.v AS SELECT b AS vb, id, a AS va FROM app.t;
CREATE TABLE app.log (id int);

-- Several actions, of several rules, with a condition, through a view, beside other statements.
CREATE TABLE app.r (id int, n int);
CREATE RULE a AS ON INSERT TO app.r DO INSTEAD (
  INSERT INTO app.t (id, a, b) VALUES (NEW.id, DEFAULT, NULL);
  INSERT INTO app.t (id, a, b) VALUES (NEW.id + 1, NULL, DEFAULT));
CREATE RULE b AS ON INSERT TO app.r WHERE NEW.n > 1 DO ALSO (
  INSERT INTO app.log VALUES (NEW.id);
  INSERT INTO app.v (id, va, vb) VALUES (NEW.id + 2, NULL, NULL);
  INSERT INTO app.v (id, va, vb) VALUES (NEW.id + 3, DEFAULT, DEFAULT));
CREATE RULE c AS ON INSERT TO app.r DO ALSO INSERT INTO app.t (id, a, b) VALUES (NEW.id + 4, NULL, DEFAULT), (NEW.id + 5, DEFAULT, NULL);
INSERT INTO app.r VALUES (10, 1);
INSERT INTO app.r VALUES (20, 2), (30, 1);
-- One that does not fire is not counted.
ALTER TABLE app.r DISABLE RULE a;
ALTER TABLE app.r ENABLE REPLICA RULE b;
INSERT INTO app.r VALUES (40, 2);
SET session_replication_role = replica;
ALTER TABLE app.t ENABLE ALWAYS TRIGGER zz_fundb_before;
INSERT INTO app.r VALUES (50, 2);
RESET session_replication_role;
ALTER TABLE app.t ENABLE TRIGGER zz_fundb_before;
ALTER TABLE app.r ENABLE RULE b, ENABLE RULE a;
-- Prepared, in functions.
PREPARE p(int) AS INSERT INTO app.r VALUES ($1, 1);
EXECUTE p(60);
SET plan_cache_mode = force_generic_plan;
EXECUTE p(70);
RESET plan_cache_mode;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE p(80);
DO $$ BEGIN INSERT INTO app.r VALUES (90, 1); END $$;
DO $$ BEGIN EXECUTE 'INSERT INTO app.log VALUES (1); INSERT INTO app.r VALUES (100, 1); INSERT INTO app.r VALUES (110, 2)'; END $$;
CREATE FUNCTION app.text(i int) RETURNS void LANGUAGE sql AS $$ SELECT 1; INSERT INTO app.r VALUES (i, 1); INSERT INTO app.r VALUES (i + 10, 2) $$;
SELECT app.text(120);
CREATE FUNCTION app.tree(i int) RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT 1; INSERT INTO app.r VALUES (i, 1); INSERT INTO app.r VALUES (i + 10, 2); END;
SELECT app.tree(140);

-- Rules that set off others; the statement itself runs first when it inserts, else last.
CREATE TABLE app.s (id int);
CREATE RULE a AS ON INSERT TO app.s DO ALSO (INSERT INTO app.t (id, a, b) VALUES (NEW.id, DEFAULT, NULL); INSERT INTO app.r VALUES (NEW.id + 1, 1); INSERT INTO app.t (id, a, b) VALUES (NEW.id + 9, NULL, NULL));
CREATE RULE b AS ON UPDATE TO app.s DO ALSO (INSERT INTO app.t (id, a, b) VALUES (NEW.id, NULL, DEFAULT); INSERT INTO app.t (id, a, b) VALUES (OLD.id, DEFAULT, NULL));
CREATE RULE c AS ON DELETE TO app.s DO ALSO (INSERT INTO app.t (id, a, b) VALUES (OLD.id, NULL, DEFAULT); INSERT INTO app.t (id, a, b) VALUES (OLD.id, DEFAULT, DEFAULT));
CREATE VIEW app.sv AS SELECT id FROM app.s;
CREATE RULE z AS ON UPDATE TO app.sv DO ALSO (INSERT INTO app.t (id, a, b) VALUES (0, NULL, NULL));
INSERT INTO app.sv VALUES (200);
UPDATE app.sv SET id = 210;
DELETE FROM app.sv;

-- Rows that do not depend on the statement's are kept, and read again for each of its rows.
CREATE TABLE app.kept (id int, n int) WITH (autovacuum_enabled = off);
CREATE RULE a AS ON INSERT TO app.kept DO ALSO INSERT INTO app.t (a, b) VALUES (DEFAULT, NULL), (NULL, DEFAULT), ('x', DEFAULT);
EXPLAIN (COSTS OFF) INSERT INTO app.kept VALUES (1, 1), (2, 1), (3, 2);
INSERT INTO app.kept VALUES (1, 1), (2, 1), (3, 2);
-- Also together with other rows that are joined with them.
CREATE TABLE app.far (id int) WITH (autovacuum_enabled = off);
INSERT INTO app.far VALUES (1), (2);
CREATE RULE b AS ON DELETE TO app.far DO INSTEAD INSERT INTO app.kept SELECT OLD.id, i FROM generate_series(1, 2) AS i;
EXPLAIN (COSTS OFF) DELETE FROM app.far;
DELETE FROM app.far;
-- Those that depend on little of it are kept for each value.
DROP RULE a ON app.kept;
INSERT INTO app.kept SELECT i, i % 2 FROM generate_series(1, 500) AS i;
ANALYZE app.kept;
DELETE FROM app.kept WHERE id > 2;
CREATE RULE u AS ON UPDATE TO app.kept DO ALSO INSERT INTO app.t (id, a, b) VALUES (OLD.n, DEFAULT, NULL), (OLD.n + 10, NULL, DEFAULT);
EXPLAIN (COSTS OFF) UPDATE app.kept SET id = id;
UPDATE app.kept SET id = id;

-- In doubt a column counts as assigned: where the rows are hashed; where so many are kept that they are written to files;
-- several actions under EXPLAIN ANALYZE.
CREATE TABLE app.joined (n int) WITH (autovacuum_enabled = off);
INSERT INTO app.joined SELECT 5 FROM generate_series(1, 100);
ANALYZE app.joined;
UPDATE app.joined SET n = CASE WHEN ctid = '(0,1)' THEN 1 ELSE n END;
CREATE RULE d AS ON DELETE TO app.joined DO INSTEAD INSERT INTO app.t (a, b) VALUES (DEFAULT, NULL), (NULL, DEFAULT);
SET enable_nestloop = off;
EXPLAIN (COSTS OFF) DELETE FROM app.joined USING generate_series(0, 1) AS g (v) WHERE n = v;
DELETE FROM app.joined USING generate_series(0, 1) AS g (v) WHERE n = v;
RESET enable_nestloop;
CREATE TABLE app.many (n int);
DO $$ BEGIN EXECUTE 'CREATE RULE r AS ON INSERT TO app.many DO INSTEAD INSERT INTO app.t (id, a, b) VALUES '
  || (SELECT string_agg(format('(%s, %s, %L)', i, CASE i % 2 WHEN 0 THEN 'DEFAULT' ELSE 'NULL' END, repeat('x', 500)), ', ' ORDER BY i) FROM generate_series(1, 300) AS i); END $$;
DELETE FROM public.triggers;
SELECT fundb.create_trigger('check', 'app.t', $js$
  export default async (event, args) => {
    if (args.id <= 2) console.log(JSON.stringify({id: args.id, a: 'a' in args}));
    if (args.id % 2 === 1 && !('a' in args)) throw new Error(`row ${args.id} misses a NULL`);
    return true;
  }
$js$, 'BEFORE', true) > 0 AS made;
CREATE TABLE app.few (n int) WITH (autovacuum_enabled = off);
INSERT INTO app.few SELECT generate_series(1, 20000);
ANALYZE app.few;
DELETE FROM app.few WHERE n > 2;
SET work_mem = '64kB';
EXPLAIN (COSTS OFF) INSERT INTO app.many SELECT n FROM app.few;
INSERT INTO app.many SELECT n FROM app.few;
RESET work_mem;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) INSERT INTO app.r VALUES (0, 1);

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
