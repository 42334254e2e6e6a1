-- Which columns an INSERT assigns is known for every way of writing it: an explicit NULL is in args, a
-- column that the statement leaves out is not.  A path that lost the list would drop the nulls.
CREATE SCHEMA app;
CREATE FUNCTION app.watch(relation regclass) RETURNS void LANGUAGE sql AS $$
  SELECT fundb.create_trigger('show_' || w, relation, $js$
    export default (event, args) => {
      console.log(event.time, event.entity.name, JSON.stringify(event.source), JSON.stringify(args));
      return true;
    }
  $js$, w, true, '{*}', true) FROM (VALUES ('BEFORE'), ('AFTER')) v(w)
$$;
CREATE TABLE app.t (id int PRIMARY KEY, a text, b int DEFAULT 5, c text);
SELECT app.watch('app.t');

-- Rows, a query, DEFAULT.
INSERT INTO app.t (id, c) SELECT n, NULL FROM generate_series(1, 2) n;
INSERT INTO app.t VALUES (3, 'x', DEFAULT), (4, NULL, NULL);
INSERT INTO app.t (id, b, a) VALUES (5, DEFAULT, NULL) RETURNING id, b;
INSERT INTO app.t VALUES (6);
CREATE TABLE app.d (id int DEFAULT 7, a text);
SELECT app.watch('app.d');
INSERT INTO app.d DEFAULT VALUES;
-- COPY: all columns, a list, CSV, binary, a filter.
COPY app.t FROM stdin;
20	\N	\N	\N
\.
COPY app.t (id, c) FROM stdin (FORMAT csv);
21,
\.
COPY app.t (id, c) FROM PROGRAM $$printf 'PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\002\0\0\0\004\0\0\0\026\377\377\377\377\377\377'$$ (FORMAT binary);
COPY app.t (id, a) FROM stdin WHERE id > 23;
23	filtered
24	\N
\.
-- Views: renamed columns, a view over a view, a view's own default.
CREATE VIEW app.v AS SELECT c AS renamed, id AS key FROM app.t WHERE id < 1000 WITH CHECK OPTION;
CREATE VIEW app.vv AS SELECT key, renamed FROM app.v;
INSERT INTO app.vv VALUES (40, NULL);
INSERT INTO app.vv (key) VALUES (41);
ALTER VIEW app.v ALTER renamed SET DEFAULT 'of the view';
INSERT INTO app.v (key) VALUES (42);
COPY app.t (id) FROM stdin;
43
\.
-- Rules of the rewriter.
CREATE TABLE app.old (id int, x text);
CREATE RULE r AS ON INSERT TO app.old DO INSTEAD INSERT INTO app.t (id, c) VALUES (NEW.id, NEW.x);
INSERT INTO app.old VALUES (50, NULL);
CREATE RULE r AS ON INSERT TO app.d DO ALSO INSERT INTO app.t (id) VALUES (NEW.id);
INSERT INTO app.d VALUES (51);
DROP RULE r ON app.d;
-- CTEs.  An AFTER rule of a statement with two INSERTs into one table knows what both assign.
WITH i AS (INSERT INTO app.t (id, a) VALUES (60, NULL) RETURNING id) INSERT INTO app.d (id) SELECT id FROM i;
WITH i AS (INSERT INTO app.t (id, a) VALUES (61, NULL)) INSERT INTO app.t (id, c) VALUES (62, NULL);
WITH i AS (INSERT INTO app.t (id, a) VALUES (63, NULL)) UPDATE app.t SET a = 'cte' WHERE id = 61;
-- MERGE and ON CONFLICT.
MERGE INTO app.t USING (VALUES (70)) v(id) ON t.id = v.id WHEN NOT MATCHED THEN INSERT (id, c) VALUES (v.id, NULL);
INSERT INTO app.t (id, c) VALUES (71, NULL) ON CONFLICT (id) DO UPDATE SET c = 'no conflict';
-- Functions in SQL and PL/pgSQL, prepared statements with a parameter that is null.
CREATE FUNCTION app.f() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO app.t (id, c) VALUES (80, NULL)';
SELECT app.f();
CREATE FUNCTION app.g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.t (id, c) VALUES (NEW.id, NULL); RETURN NEW; END $$;
CREATE TABLE app.source (id int);
CREATE TRIGGER before BEFORE INSERT ON app.source FOR EACH ROW EXECUTE FUNCTION app.g();
INSERT INTO app.source VALUES (81);
DROP TRIGGER before ON app.source;
CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON app.source DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.g();
COPY app.source FROM stdin;
82
\.
PREPARE p(int, text) AS INSERT INTO app.t (id, c) VALUES ($1, $2);
EXECUTE p(83, NULL);
-- A SELECT that runs in parallel, its rows inserted.
SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET max_parallel_workers_per_gather = 2;
CREATE TABLE app.many AS SELECT n AS id FROM generate_series(90, 92) n;
ALTER TABLE app.many SET (parallel_workers = 2);
CREATE FUNCTION app.scan() RETURNS TABLE (id int) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT m.id FROM app.many m; END $$;
EXPLAIN (COSTS OFF) SELECT id FROM app.many;
INSERT INTO app.t (id, c) SELECT id, NULL FROM app.scan() ORDER BY id;
RESET ALL;
-- Partitions with another order of columns, directly and through the root.
CREATE TABLE app.l (id int, note text, a text) PARTITION BY LIST (id);
CREATE TABLE app.l1 PARTITION OF app.l FOR VALUES IN (1);
CREATE TABLE app.l2 (note text, gone int, id int, a text);
ALTER TABLE app.l2 DROP COLUMN gone;
ALTER TABLE app.l ATTACH PARTITION app.l2 FOR VALUES IN (2);
SELECT app.watch('app.l');
INSERT INTO app.l (id, note) VALUES (1, NULL), (2, NULL);
INSERT INTO app.l2 (id, a) VALUES (2, NULL);
COPY app.l (note, id) FROM stdin;
\N	1
\N	2
\.
MERGE INTO app.l USING (VALUES (5)) v(id) ON l.id = v.id WHEN NOT MATCHED THEN INSERT (id, a) VALUES (2, NULL);

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
