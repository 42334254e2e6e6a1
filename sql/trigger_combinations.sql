-- Ways of writing on top of each other: the exact sequence of events, ids and args where two of them meet.
CREATE SCHEMA app;
CREATE FUNCTION app.watch(relation regclass) RETURNS void LANGUAGE sql AS $$
  SELECT fundb.create_trigger('show_' || w, relation, $js$
    export default (event, args) => {
      console.log(event.time, event.entity.name, JSON.stringify(event.source), JSON.stringify(args));
      return true;
    }
  $js$, w, true, '{*}', true) FROM (VALUES ('BEFORE'), ('AFTER')) v(w)
$$;

-- Partitions of two levels whose columns lie elsewhere.
CREATE TABLE app.log (gone int, id int, region text, note text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
ALTER TABLE app.log DROP COLUMN gone;
CREATE TABLE app.log_n (note text, x int, region text NOT NULL, id int NOT NULL) PARTITION BY RANGE (id);
ALTER TABLE app.log_n DROP COLUMN x;
CREATE TABLE app.log_n1 (region text NOT NULL, y int, id int NOT NULL, note text);
ALTER TABLE app.log_n1 DROP COLUMN y;
ALTER TABLE app.log_n ATTACH PARTITION app.log_n1 FOR VALUES FROM (0) TO (100);
ALTER TABLE app.log ATTACH PARTITION app.log_n FOR VALUES IN ('n');
CREATE TABLE app.log_s PARTITION OF app.log FOR VALUES IN ('s');
SELECT app.watch('app.log');
-- COPY in binary form, with a list of columns in an order of its own.
COPY app.log (region, note, id) FROM PROGRAM
  $$printf 'PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\003\0\0\0\001n\377\377\377\377\0\0\0\004\0\0\0\001\0\003\0\0\0\001s\0\0\0\001x\0\0\0\004\0\0\0\002\377\377'$$ (FORMAT binary);
COPY app.log FROM PROGRAM
  $$printf 'PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\003\0\0\0\004\0\0\0\003\0\0\0\001n\377\377\377\377\377\377'$$ (FORMAT binary);
SELECT tableoid::regclass, * FROM app.log ORDER BY id;
-- A cursor over the root; what it points at moves.
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM app.log WHERE id IN (1, 2) ORDER BY id FOR UPDATE;
MOVE c;
UPDATE app.log SET note = 'cursor' WHERE CURRENT OF c;
MOVE c;
UPDATE app.log SET region = 'n' WHERE CURRENT OF c;
-- It is not there any more.
DELETE FROM app.log WHERE CURRENT OF c;
SELECT tableoid::regclass, * FROM app.log ORDER BY id;
COMMIT;
-- MERGE that inserts, updates in place, moves and removes.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
MERGE INTO app.log USING (VALUES (1, 's'), (2, 'n'), (3, 'gone'), (4, 'n'), (5, 's')) v(id, region) ON log.id = v.id
WHEN MATCHED AND v.region = 'gone' THEN DELETE
WHEN MATCHED AND v.id = 2 THEN UPDATE SET note = 'in place'
WHEN MATCHED THEN UPDATE SET region = v.region
WHEN NOT MATCHED AND v.region = 's' THEN INSERT (note, region, id) VALUES (NULL, v.region, v.id)
WHEN NOT MATCHED THEN INSERT (id, region) VALUES (v.id, v.region);
RESET enable_hashjoin;
RESET enable_mergejoin;
-- A kept plan while partitions come and go.
PREPARE i(int, text) AS INSERT INTO app.log VALUES ($1, $2, NULL);
PREPARE u(text) AS UPDATE app.log SET region = $1 WHERE id = 10;
SET plan_cache_mode = force_generic_plan;
EXECUTE i(10, 'n');
EXECUTE u('s');
ALTER TABLE app.log DETACH PARTITION app.log_n;
EXECUTE i(11, 's');
INSERT INTO app.log_n1 VALUES ('n', 12, 'nobody sees it');
CREATE TABLE app.log_n_new PARTITION OF app.log FOR VALUES IN ('n');
EXECUTE u('n');
ALTER TABLE app.log DETACH PARTITION app.log_n_new;
ALTER TABLE app.log ATTACH PARTITION app.log_n FOR VALUES IN ('n');
EXECUTE i(13, 'n');
RESET plan_cache_mode;

-- Deferred triggers of another language that write, at the end of the transaction or when they are called for.
CREATE TABLE app.source (id int PRIMARY KEY);
CREATE TABLE app.target (id int PRIMARY KEY, note text);
CREATE FUNCTION app.forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO app.target VALUES (NEW.id, NULL) ON CONFLICT (id) DO UPDATE SET note = 'again';
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER forward AFTER INSERT OR UPDATE ON app.source DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.forward();
SELECT app.watch('app.target');
SELECT app.watch('app.source');
BEGIN;
INSERT INTO app.source VALUES (1);
SAVEPOINT s;
INSERT INTO app.source VALUES (2);
ROLLBACK TO s;
INSERT INTO app.source VALUES (3);
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE app.source SET id = 4 WHERE id = 3;
COMMIT;
BEGIN;
UPDATE app.source SET id = 5 WHERE id = 4;
UPDATE app.source SET id = 4 WHERE id = 5;
COMMIT;
-- A rule that is skipped there skips nothing else; an error takes the whole transaction back.
SELECT fundb.create_trigger('refuse', 'app.target', $js$
export default (event, args) => { if (args.id === 7) throw new Error('not 7'); return args.id !== 6; }
$js$, 'BEFORE', true, priority => 1) > 0 AS made;
INSERT INTO app.source VALUES (6);
INSERT INTO app.source VALUES (7);
SELECT (SELECT string_agg(id::text, ' ' ORDER BY id) FROM app.source) AS source, (SELECT string_agg(id::text, ' ' ORDER BY id) FROM app.target) AS target;

-- A trigger of another language that makes, changes and removes rules: they count from the next statement on.
CREATE TABLE app.switch (what text);
CREATE FUNCTION app.switch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.what = 'on' THEN
    PERFORM fundb.create_trigger('switched', 'app.lamp', 'export default (event, args) => ({...args, state: "on"})', 'BEFORE', true);
  ELSIF NEW.what = 'off' THEN
    DELETE FROM public.triggers WHERE name = 'switched';
  ELSE
    UPDATE public.triggers SET procedure = replace(procedure, '"on"', quote_ident(NEW.what)) WHERE name = 'switched';
  END IF;
  INSERT INTO app.lamp (by_switch) VALUES (NEW.what);
  RETURN NEW;
END $$;
CREATE TABLE app.lamp (n int GENERATED ALWAYS AS IDENTITY, by_switch text, state text);
CREATE TRIGGER switch BEFORE INSERT ON app.switch FOR EACH ROW EXECUTE FUNCTION app.switch();
INSERT INTO app.switch VALUES ('on'), ('Dimmed'), ('off'), ('on');
BEGIN;
INSERT INTO app.switch VALUES ('off');
ROLLBACK;
INSERT INTO app.lamp DEFAULT VALUES;
SELECT by_switch, state FROM app.lamp ORDER BY n;

-- Three levels of actions of which one refers to itself: CASCADE down a tree, on to its leaves, SET NULL and SET DEFAULT at the end.
CREATE TABLE app.tree (id int PRIMARY KEY, up int REFERENCES app.tree ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE app.leaf (id int PRIMARY KEY, tree int REFERENCES app.tree ON DELETE CASCADE ON UPDATE CASCADE, twin int REFERENCES app.leaf ON DELETE SET NULL);
CREATE TABLE app.mite (id int PRIMARY KEY, leaf int DEFAULT 90 REFERENCES app.leaf ON DELETE SET DEFAULT);
INSERT INTO app.tree VALUES (1, NULL), (2, 1), (3, 2), (9, NULL);
INSERT INTO app.leaf VALUES (10, 3, NULL), (11, 2, 10), (90, 9, 10);
INSERT INTO app.mite VALUES (100, 10), (101, 11);
SELECT app.watch(r) FROM unnest('{app.tree,app.leaf,app.mite}'::regclass[]) r;
UPDATE app.tree SET id = 4 WHERE id = 3;
DELETE FROM app.tree WHERE id = 1;
SELECT t.id AS tree, l.id AS leaf, l.twin, m.id AS mite FROM app.tree t JOIN app.leaf l ON l.tree = t.id LEFT JOIN app.mite m ON m.leaf = l.id ORDER BY m.id;

-- Temporary tables: emptied or gone at the end of the transaction, which fires nothing.
CREATE TEMP TABLE scratch (id int PRIMARY KEY, note text) ON COMMIT DELETE ROWS;
SELECT app.watch('scratch');
BEGIN;
INSERT INTO scratch VALUES (1, NULL);
UPDATE scratch SET note = 'x';
COMMIT;
SELECT count(*) FROM scratch;
BEGIN;
CREATE TEMP TABLE brief (id int) ON COMMIT DROP;
SELECT app.watch('brief');
INSERT INTO brief VALUES (1);
COMMIT;
BEGIN;
CREATE TEMP TABLE brief (note text, id int) ON COMMIT DROP;
INSERT INTO brief VALUES ('no rule of its own');
SELECT app.watch('brief');
INSERT INTO brief VALUES (NULL, 2);
COMMIT;

-- A view's CHECK OPTION sees what a BEFORE rule made of the row.
CREATE TABLE app.item (id int PRIMARY KEY, size int);
CREATE VIEW app.small AS SELECT size, id FROM app.item WHERE size < 10 WITH CHECK OPTION;
SELECT fundb.create_trigger('shrink', 'app.item', 'export default (event, args) => ({...args, size: args.size / 2})', 'BEFORE', true, '{size}') > 0 AS made;
INSERT INTO app.small VALUES (18, 1);
INSERT INTO app.small VALUES (20, 2);
\echo :LAST_ERROR_SQLSTATE
UPDATE app.small SET size = 14;
SELECT * FROM app.item;
-- EXPLAIN ANALYZE writes; a row that is joined twice is written once.
SELECT app.watch('app.item');
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) UPDATE app.item SET size = v.size FROM (VALUES (8), (8)) v(size);
-- What rewrites a table or makes one writes no row of a statement: no rule runs.
ALTER TABLE app.item ADD COLUMN random float DEFAULT random();
DROP VIEW app.small;
ALTER TABLE app.item ALTER COLUMN size TYPE bigint;
CLUSTER app.item USING item_pkey;
CREATE TABLE app.copy AS SELECT * FROM app.item;
CREATE MATERIALIZED VIEW app.sizes AS SELECT size FROM app.item;
REFRESH MATERIALIZED VIEW app.sizes;
TRUNCATE app.item;

\set VERBOSITY terse
SET client_min_messages = warning;
DELETE FROM public.triggers;
DROP SCHEMA app CASCADE;
