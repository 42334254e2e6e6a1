-- An AFTER rule knows which columns the statement assigned in its very row, in statements that assign others in
-- other rows.  Were a row's columns mixed up with another's, `args` would miss a NULL or show one that nobody wrote.
CREATE SCHEMA app;
CREATE FUNCTION app.watch(relation regclass) RETURNS void LANGUAGE sql AS $$
  SELECT fundb.create_trigger('show', relation, $js$
    export default (event, args) => console.log(event.entity.name, JSON.stringify(args))
  $js$, 'AFTER', true)
$$;
CREATE TABLE app.t (id int PRIMARY KEY, a text, b text, n int DEFAULT 5);
SELECT app.watch('app.t');
\d app.t

-- Several INSERTs of one statement, through a view too; what they read is inserted by others of them.
CREATE VIEW app.v AS SELECT b, id, a FROM app.t;
WITH i AS (INSERT INTO app.t (id, a) VALUES (1, NULL) RETURNING id), j AS (INSERT INTO app.v VALUES (NULL, 2, DEFAULT), (DEFAULT, 3, NULL))
  INSERT INTO app.t (id, n) SELECT id + 3, NULL FROM i;
WITH i AS (INSERT INTO app.t (id, a) VALUES (5, NULL))
  MERGE INTO app.t USING (VALUES (6), (7), (1)) s(id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = 'matched'
  WHEN NOT MATCHED AND s.id = 6 THEN INSERT (id, b) VALUES (s.id, NULL) WHEN NOT MATCHED THEN INSERT (id, n) VALUES (s.id, NULL);
-- Rows that end as updates or are not written.
INSERT INTO app.t (id, a, b) VALUES (1, NULL, DEFAULT), (8, DEFAULT, NULL), (2, DEFAULT, DEFAULT), (9, NULL, DEFAULT), (8, NULL, NULL)
  ON CONFLICT DO NOTHING;
INSERT INTO app.t (id, a, b) VALUES (1, NULL, DEFAULT), (10, DEFAULT, NULL) ON CONFLICT (id) DO UPDATE SET a = 'updated';

-- Statements within the statement: of another trigger, and of a function whose rows are rolled back, so that
-- others get their places.
CREATE FUNCTION app.more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO app.t (id, a, b) VALUES (NEW.id + 100, NULL, DEFAULT), (NEW.id + 200, DEFAULT, NULL); RETURN NEW; END $$;
CREATE TRIGGER more AFTER INSERT ON app.t FOR EACH ROW WHEN (NEW.id IN (20, 21)) EXECUTE FUNCTION app.more();
INSERT INTO app.t (id, a, b) VALUES (20, DEFAULT, NULL), (21, NULL, DEFAULT), (22, DEFAULT, DEFAULT);
CREATE FUNCTION app.lost(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO app.t (id, a, b) VALUES (i + 100, NULL, NULL), (i + 200, DEFAULT, DEFAULT); RAISE division_by_zero;
  EXCEPTION WHEN division_by_zero THEN RETURN i; END $$;
INSERT INTO app.t (id, a, b) VALUES (app.lost(30), DEFAULT, NULL), (app.lost(31), NULL, DEFAULT), (app.lost(32), DEFAULT, DEFAULT);

-- Partitions, and rows that move there beside those that are inserted.
CREATE TABLE app.p (id int, part int, a text, b text) PARTITION BY LIST (part);
CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES IN (1);
CREATE TABLE app.p2 (b text, part int, gone text, a text, id int);
ALTER TABLE app.p2 DROP COLUMN gone;
ALTER TABLE app.p ATTACH PARTITION app.p2 FOR VALUES IN (2);
SELECT app.watch('app.p');
WITH i AS (INSERT INTO app.p1 VALUES (1, 1, NULL, DEFAULT)), j AS (INSERT INTO app.p VALUES (2, 1, DEFAULT, NULL), (3, 2, NULL, DEFAULT))
  INSERT INTO app.p VALUES (4, 2, DEFAULT, NULL), (5, 1, NULL, NULL);
WITH u AS (UPDATE app.p SET part = 2 WHERE id = 1) INSERT INTO app.p VALUES (6, 2, NULL, NULL);
MERGE INTO app.p USING (VALUES (2), (7)) s(id) ON p.id = s.id WHEN MATCHED THEN UPDATE SET part = 2
  WHEN NOT MATCHED THEN INSERT VALUES (7, 2, NULL, NULL);
COPY app.p (part, b) FROM stdin;
1	\N
2	\N
1	\N
\.

-- Rows of a foreign table have no place.
CREATE EXTENSION postgres_fdw SCHEMA app;
DO $$ BEGIN EXECUTE format('CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L)',
  split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_database()); END $$;
CREATE USER MAPPING FOR CURRENT_USER SERVER here;
CREATE TABLE app.far (id int, part int, a text, b text);
CREATE FOREIGN TABLE app.p3 PARTITION OF app.p FOR VALUES IN (3) SERVER here OPTIONS (schema_name 'app', table_name 'far');
SELECT fundb.create_trigger('skip', 'app.p', 'export default (event, args) => args.id !== 12', 'BEFORE', true) > 0 AS made;
INSERT INTO app.p VALUES (10, 3, DEFAULT, NULL), (11, 1, NULL, NULL), (12, 3, NULL, NULL), (13, 3, NULL, DEFAULT), (14, 2, DEFAULT, DEFAULT), (15, 3, DEFAULT, DEFAULT);

-- More rows than one block of notes holds.
CREATE TABLE app.many (id int, a text, b text);
SELECT fundb.create_trigger('check', 'app.many', $js$
  export default (event, args) => {
    if (('a' in args) !== (args.id % 3 === 0) || ('b' in args) !== (args.id % 3 === 1)) throw new Error(JSON.stringify(args));
  }
$js$, 'AFTER', true) > 0 AS made;
MERGE INTO app.many USING generate_series(1, 5000) s(id) ON false
  WHEN NOT MATCHED AND s.id % 3 = 0 THEN INSERT (id, a) VALUES (s.id, NULL)
  WHEN NOT MATCHED AND s.id % 3 = 1 THEN INSERT (id, b) VALUES (s.id, NULL) WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id);
SELECT count(*) FROM app.many;

-- Rules that are switched off for a while: what was written meanwhile is not known, so columns with a value count.
CREATE FUNCTION app.switch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM set_config('fundb.enabled', (NEW.id <> 41)::text, false); RETURN NEW; END $$;
CREATE TRIGGER switch BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.switch();
INSERT INTO app.t (id, a, b) VALUES (40, NULL, DEFAULT), (41, NULL, NULL), (42, DEFAULT, NULL);
DROP TRIGGER switch ON app.t;

-- What notes the rows does nothing where others call it.
SELECT count(*) FROM generate_series(1, 3) WHERE fundb.note_insert();
DO $$ BEGIN IF NOT fundb.note_insert() THEN RAISE 'false'; END IF; END $$;
CREATE TABLE app.other (id int, a text, CHECK (fundb.note_insert()));
CREATE FUNCTION app.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER by_hand AFTER INSERT OR UPDATE OR DELETE ON app.other FOR EACH ROW WHEN (fundb.note_insert()) EXECUTE FUNCTION app.nothing();
CREATE TRIGGER by_hand BEFORE INSERT ON app.t FOR EACH ROW WHEN (fundb.note_insert()) EXECUTE FUNCTION app.nothing();
CREATE TRIGGER by_hand_too AFTER INSERT ON app.t FOR EACH ROW WHEN (fundb.note_insert()) EXECUTE FUNCTION app.nothing();
INSERT INTO app.other VALUES (1, DEFAULT), (2, NULL);
UPDATE app.other SET a = 'x';
DELETE FROM app.other WHERE fundb.note_insert();
INSERT INTO app.t (id, a, b) VALUES (50, DEFAULT, NULL), (51, NULL, DEFAULT);

-- A native trigger that notes nothing is replaced.
CREATE OR REPLACE TRIGGER zz_fundb_after AFTER INSERT OR UPDATE OR DELETE ON app.t FOR EACH ROW EXECUTE FUNCTION fundb.run_rules();
INSERT INTO app.t (id, a) VALUES (52, NULL);
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%zz_fundb_after%';
INSERT INTO app.t (id, a) VALUES (53, NULL);
-- Who may write to the table needs no right for it, also where functions are not for everybody.
SELECT count(*) FROM pg_proc, aclexplode(proacl) AS x WHERE oid = 'fundb.note_insert()'::regprocedure AND x.grantee = 0;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
