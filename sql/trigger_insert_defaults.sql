-- DEFAULT in a list of VALUES does not count as assigned: args has such a column only when its default
-- gives it a value, while an explicit NULL is in args.  PostgreSQL tells a trigger neither, and plans the same
-- constant for both.
CREATE SCHEMA app;
CREATE FUNCTION app.watch(relation regclass) RETURNS void LANGUAGE sql AS $$
  SELECT fundb.create_trigger('show_' || w, relation, $js$
    export default (event, args) => {
      console.log(event.time, event.entity.name, JSON.stringify(args));
      return true;
    }
  $js$, w, true) FROM (VALUES ('BEFORE'), ('AFTER')) v(w)
$$;
CREATE DOMAIN app.word AS text CHECK (value <> 'bad');
CREATE TABLE app.t (id int PRIMARY KEY, a text, v varchar(5), w app.word, n int DEFAULT 5, z text DEFAULT nullif('x', 'x'));
SELECT app.watch('app.t');

-- One row: NULL or DEFAULT, in columns without a default, of a type with a length, of a domain, with a
-- default, with a default that is NULL.
INSERT INTO app.t VALUES (1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO app.t VALUES (2, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT);
INSERT INTO app.t (z, w, a, id) VALUES (DEFAULT, NULL, DEFAULT, 3) RETURNING n;
-- What is computed when it is planned is no DEFAULT.
INSERT INTO app.t (id, a, v, w, z) VALUES (4, nullif('default', 'default'), lower(NULL), NULL::text, DEFAULT);
-- Many rows, each with its own.
INSERT INTO app.t (id, a, v, w) VALUES (10, DEFAULT, NULL, DEFAULT), (11, NULL, DEFAULT, DEFAULT), (12, 'x', 'y', DEFAULT), (13, NULL, NULL, 'z');
-- Rows that are skipped do not count away the others.
SELECT fundb.create_trigger('a_skip', 'app.t', 'export default (event, args) => args.id !== 15', 'BEFORE', true, priority => -1) > 0 AS made;
INSERT INTO app.t (id, a) VALUES (14, DEFAULT), (15, DEFAULT), (16, NULL), (17, DEFAULT);
DELETE FROM public.triggers WHERE name = 'a_skip';
-- A default that a rule does not take on is not computed again.
CREATE TABLE app.s (id serial, a text);
SELECT fundb.create_trigger('leave_out', 'app.s', 'export default (event, args) => ({a: "set"})', 'BEFORE', true) > 0 AS made;
INSERT INTO app.s VALUES (DEFAULT, 'x'), (DEFAULT, DEFAULT) RETURNING *;
INSERT INTO app.s VALUES (DEFAULT, DEFAULT) RETURNING *;

-- A key that is written as DEFAULT is none that the statement assigns.
CREATE TABLE app.k (id serial PRIMARY KEY, a text);
SELECT app.watch('app.k');
INSERT INTO app.k (a) VALUES ('left out');
INSERT INTO app.k VALUES (DEFAULT, 'default');
INSERT INTO app.k VALUES (DEFAULT, 'default'), (10, 'given');

-- Through views, also with another order, other names and a default of their own.
CREATE VIEW app.v AS SELECT w AS word, a AS renamed, v, id AS key FROM app.t WHERE id > 0;
CREATE VIEW app.vv AS SELECT key, renamed, v FROM app.v;
INSERT INTO app.vv VALUES (20, DEFAULT, NULL);
INSERT INTO app.vv VALUES (21, NULL, DEFAULT), (22, DEFAULT, NULL);
ALTER VIEW app.v ALTER renamed SET DEFAULT 'of the view';
INSERT INTO app.v (key, renamed, word) VALUES (23, DEFAULT, DEFAULT);
-- In WITH, also beside another INSERT into the same table.
WITH i AS (INSERT INTO app.t (id, a, v) VALUES (30, DEFAULT, NULL) RETURNING id) SELECT id FROM i;
WITH i AS (INSERT INTO app.t (id, a, v) VALUES (31, NULL, NULL)) INSERT INTO app.t (id, a, v) VALUES (32, DEFAULT, NULL);
WITH i AS (INSERT INTO app.t (id, a, v) VALUES (33, DEFAULT, NULL)) UPDATE app.t SET a = a WHERE id = 1;
-- Prepared: one plan for all values, one for these values; a value that is NULL is assigned.
PREPARE p(int, text) AS INSERT INTO app.t (id, a, v) VALUES ($1, lower($2), DEFAULT);
SET plan_cache_mode = force_custom_plan;
EXECUTE p(40, NULL);
SET plan_cache_mode = force_generic_plan;
EXECUTE p(41, NULL);
RESET plan_cache_mode;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) INSERT INTO app.t (id, a, v) VALUES (42, DEFAULT, NULL);
COPY (INSERT INTO app.t (id, a, v) VALUES (43, DEFAULT, NULL) RETURNING id) TO stdout;
-- Several statements in one text.
COMMENT ON SCHEMA app IS 'default' \; INSERT INTO app.t (id, a) VALUES (44, NULL) \; INSERT INTO app.t (id, a) VALUES (45, DEFAULT);
-- Functions.
DO $$ BEGIN INSERT INTO app.t (id, a, v) VALUES (50, DEFAULT, NULL), (51, NULL, DEFAULT); END $$;
CREATE FUNCTION app.plpgsql(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.t (id, a, v) VALUES (52, lower(x), DEFAULT); END $$;
SELECT app.plpgsql(NULL);
CREATE FUNCTION app.text() RETURNS void LANGUAGE sql AS $$ SELECT 1; INSERT INTO app.t (id, a, v) VALUES (53, DEFAULT, NULL) $$;
SELECT app.text();
CREATE FUNCTION app.atomic(x text) RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT 1; INSERT INTO app.t (id, a, v, w) VALUES (54, DEFAULT, NULL, lower(x)); END;
SELECT app.atomic(NULL);
CREATE FUNCTION app.atomic() RETURNS int LANGUAGE sql RETURN 1;
DELETE FROM app.t WHERE id = 54;
SELECT app.atomic('x');
CREATE FUNCTION app.many() RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO app.v (key, renamed, word) VALUES (55, NULL, DEFAULT), (56, NULL, NULL); END;
SELECT app.many();
-- Rules of the rewriter.
CREATE TABLE app.old (id int, x text);
CREATE RULE r AS ON INSERT TO app.old DO INSTEAD INSERT INTO app.t (id, a, v) VALUES (NEW.id, DEFAULT, NEW.x);
INSERT INTO app.old VALUES (60, NULL);
INSERT INTO app.old VALUES (61, DEFAULT), (62, NULL);
CREATE RULE u AS ON UPDATE TO app.s DO ALSO INSERT INTO app.v (key, renamed, word) VALUES (63, NULL, DEFAULT);
UPDATE app.s SET a = 'y' WHERE id = 1;
-- In WITH of a statement that a rule replaces, also beside other statements in the same text.
CREATE TABLE app.replaced (id int, x text);
CREATE RULE r AS ON INSERT TO app.replaced DO INSTEAD INSERT INTO app.s (a) VALUES (NEW.x);
CREATE RULE u AS ON UPDATE TO app.replaced DO INSTEAD INSERT INTO app.t (id, a, v) VALUES (OLD.id, NULL, DEFAULT);
WITH i AS (INSERT INTO app.t (id, a, v) VALUES (100, DEFAULT, NULL), (101, NULL, DEFAULT)) INSERT INTO app.replaced VALUES (1, 'x');
COMMENT ON TABLE app.replaced IS 'with' \; WITH i AS (INSERT INTO app.t (id, a, v) VALUES (102, DEFAULT, NULL)) INSERT INTO app.replaced VALUES (1, 'x') \; INSERT INTO app.t (id, v) VALUES (103, DEFAULT);
ALTER TABLE app.replaced DISABLE RULE r;
INSERT INTO app.replaced VALUES (104, 'x');
WITH i AS (INSERT INTO app.t (id, a, v) VALUES (105, DEFAULT, NULL)) UPDATE app.replaced SET x = 'y';
-- Rows of VALUES in a rule, for one row and for many of the statement.
CREATE TABLE app.twice (id int, x text);
CREATE RULE r AS ON INSERT TO app.twice DO INSTEAD INSERT INTO app.t (id, a, v) VALUES (NEW.id, DEFAULT, NULL), (NEW.id + 1, NULL, DEFAULT);
INSERT INTO app.twice VALUES (64);
INSERT INTO app.twice VALUES (66), (68);
INSERT INTO app.twice SELECT 110 + 2 * i FROM generate_series(0, 1) AS i;
-- Each by its own rule.
ALTER TABLE app.twice DISABLE RULE r;
INSERT INTO app.twice VALUES (116, 'x'), (118, NULL);
ALTER TABLE app.twice ENABLE RULE r;
CREATE RULE u AS ON UPDATE TO app.twice DO INSTEAD INSERT INTO app.t (id, v, a) VALUES (OLD.id, DEFAULT, NEW.x), (OLD.id + 1, NEW.x, DEFAULT);
CREATE RULE d AS ON DELETE TO app.twice DO INSTEAD INSERT INTO app.t (id, a, v) VALUES (OLD.id + 4, DEFAULT, DEFAULT);
UPDATE app.twice SET x = nullif(x, 'x') || '.';
DELETE FROM app.twice;
CREATE VIEW app.ruled AS SELECT id, x FROM app.twice;
CREATE RULE i AS ON INSERT TO app.ruled DO INSTEAD INSERT INTO app.twice VALUES (NEW.id, NEW.x);
CREATE RULE u AS ON UPDATE TO app.ruled DO INSTEAD UPDATE app.twice SET x = NULL;
INSERT INTO app.ruled VALUES (130, 'x');
DELETE FROM app.t WHERE id > 115;
UPDATE app.ruled SET id = id WHERE id = 118;
-- Rows that do not depend on those of the statement; several actions (more in trigger_insert_rules).
CREATE TABLE app.kept (id int);
CREATE RULE r AS ON INSERT TO app.kept DO INSTEAD INSERT INTO app.k (a) VALUES (DEFAULT), (NULL);
INSERT INTO app.kept VALUES (1);
INSERT INTO app.kept VALUES (1), (2);
CREATE TABLE app.actions (id int);
CREATE RULE r AS ON INSERT TO app.actions DO INSTEAD (INSERT INTO app.t (id, a, v) VALUES (NEW.id, DEFAULT, NULL); INSERT INTO app.t (id, a, v) VALUES (NEW.id + 1, NULL, DEFAULT));
INSERT INTO app.actions VALUES (140);
-- ON CONFLICT.
INSERT INTO app.t (id, a, v) VALUES (70, DEFAULT, NULL) ON CONFLICT (id) DO UPDATE SET a = DEFAULT;
INSERT INTO app.t (id, a, v) VALUES (1, DEFAULT, NULL), (71, NULL, DEFAULT) ON CONFLICT DO NOTHING;
-- MERGE: of several INSERTs the one that writes the row counts.
MERGE INTO app.t USING (VALUES (80)) s(id) ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id, a, v) VALUES (s.id, DEFAULT, NULL);
MERGE INTO app.t USING (VALUES (81), (82), (83), (84)) s(id) ON false
WHEN NOT MATCHED AND s.id % 4 = 0 THEN DO NOTHING
WHEN NOT MATCHED AND s.id % 4 = 1 THEN INSERT (id, a, v) VALUES (s.id, DEFAULT, NULL)
WHEN NOT MATCHED AND s.id % 4 = 2 THEN INSERT (v, id, a) VALUES (NULL, s.id, NULL)
WHEN NOT MATCHED THEN INSERT (w, id, v) VALUES (NULL, s.id, NULL);
SET jit_above_cost = 0;
MERGE INTO app.t USING (VALUES (86), (87)) s(id) ON false
WHEN NOT MATCHED AND s.id % 2 = 1 THEN INSERT (id, a, v) VALUES (s.id, DEFAULT, NULL)
WHEN NOT MATCHED AND s.id % 2 = 0 THEN INSERT (v, id, a) VALUES (DEFAULT, s.id, NULL);
RESET jit_above_cost;
-- Identity.
CREATE TABLE app.i (id int GENERATED ALWAYS AS IDENTITY, a text, b text);
SELECT app.watch('app.i');
INSERT INTO app.i VALUES (DEFAULT, DEFAULT, NULL), (DEFAULT, NULL, DEFAULT);
INSERT INTO app.i OVERRIDING SYSTEM VALUE VALUES (10, DEFAULT, NULL), (DEFAULT, NULL, NULL);
INSERT INTO app.i OVERRIDING USER VALUE VALUES (11, DEFAULT, NULL);
-- Partitions with another order of columns; dropped columns; inheritance.
CREATE TABLE app.l (gone int, id int, note text, a text) PARTITION BY LIST (id);
ALTER TABLE app.l DROP COLUMN gone;
CREATE TABLE app.l1 PARTITION OF app.l FOR VALUES IN (1);
CREATE TABLE app.l2 (note text, gone int, id int, a text);
ALTER TABLE app.l2 DROP COLUMN gone;
ALTER TABLE app.l ATTACH PARTITION app.l2 FOR VALUES IN (2);
SELECT app.watch('app.l');
INSERT INTO app.l VALUES (1, DEFAULT, NULL), (2, DEFAULT, NULL), (2, NULL, DEFAULT);
INSERT INTO app.l2 VALUES (DEFAULT, 2, NULL);
MERGE INTO app.l USING (VALUES (1), (2)) s(id) ON false
WHEN NOT MATCHED AND s.id = 1 THEN INSERT VALUES (s.id, DEFAULT, NULL)
WHEN NOT MATCHED THEN INSERT (id, a, note) VALUES (s.id, DEFAULT, NULL);
CREATE TABLE app.child (extra text) INHERITS (app.i);
INSERT INTO app.child VALUES (1, DEFAULT, NULL, DEFAULT);
CREATE FUNCTION app.lost() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('search_path', 'pg_catalog', true); RETURN NEW; END $$;
CREATE TRIGGER "!first" BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.lost();
-- The search path that a trigger changes does not count, also where the statement has two tables of the name.
SET search_path = app;
INSERT INTO t (id, a) VALUES (90, DEFAULT), (92, NULL);
CREATE SCHEMA other;
CREATE TABLE other.t (id int);
INSERT INTO t (id, a) VALUES (93, DEFAULT), ((SELECT count(*) FROM other.t) + 94, NULL);
SET search_path = app;
WITH i AS (INSERT INTO other.t VALUES (DEFAULT)), j AS (INSERT INTO t (id, a, v) VALUES (95, DEFAULT, NULL)) INSERT INTO t (id, a, v) VALUES (96, NULL, DEFAULT), (97, DEFAULT, DEFAULT);
SET search_path = app;
MERGE INTO t USING (SELECT 98 FROM other.t) s(id) ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id, a, v) VALUES (s.id, DEFAULT, NULL);
RESET search_path;
-- The text is parsed again, its warnings are not given again.
SET standard_conforming_strings = off;
INSERT INTO app.t (id, a, v) VALUES (91, DEFAULT, 'a\\b');
RESET standard_conforming_strings;

-- A default that a rule only reads is not assigned: the next rule leaves it out, and it is not computed once more.  Assigned or changed, it is.
CREATE SEQUENCE app.computed;
CREATE TABLE app.read (id int PRIMARY KEY, j jsonb DEFAULT jsonb_build_object('n', nextval('app.computed')), l int[] DEFAULT ARRAY[nextval('app.computed')],
  b bytea DEFAULT int4send(nextval('app.computed')::int), at timestamptz DEFAULT to_timestamp(nextval('app.computed')));
SELECT fundb.create_trigger('reads', 'app.read', $js$ export default (event, args) => {
  args.id += 10;
  const all = [args.j, args.l, args.b, args.at];
  if (args.id === 12) JSON.stringify(args);
  if (args.id === 13) args.j = args.j;
  if (args.id === 14) args.l[0] *= 100;
  if (args.id === 15) args.l.sort();
  if (args.id === 16) { args.j = 5; args.j = all[0]; }
  return args;
} $js$, 'BEFORE', true, priority => 1) > 0 AS reads;
SELECT fundb.create_trigger('leaves', 'app.read', 'export default (event, args) => ({id: event.new.id})', 'BEFORE', true, priority => 2) > 0 AS leaves;
INSERT INTO app.read (id) VALUES (1), (2), (3), (4), (5), (6) RETURNING id, j, l, b, extract(epoch FROM at)::int AS at;
SELECT last_value FROM app.computed;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA app, other CASCADE;
