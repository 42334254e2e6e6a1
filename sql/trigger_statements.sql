-- Ways to change and remove rows: the events, ids and args of each, in their order.
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
INSERT INTO app.t SELECT n, 'a' FROM generate_series(1, 12) n;
SELECT app.watch('app.t');

UPDATE app.t SET a = v.a, b = b + 1 FROM (VALUES (1, 'from'), (2, 'a')) v(id, a) WHERE t.id = v.id RETURNING t.*;
UPDATE app.t SET (a, c) = (SELECT 'sub', NULL), b = DEFAULT WHERE id = 1;
UPDATE app.t SET a = a, b = b, c = c WHERE id = 2;
UPDATE app.t SET id = 20 WHERE id = 2;
DELETE FROM app.t USING (VALUES (20), (99)) v(id) WHERE t.id = v.id RETURNING t.id;
MERGE INTO app.t USING (VALUES (1, 'merged'), (3, ''), (4, 'a')) v(id, a) ON t.id = v.id
  WHEN MATCHED AND v.a = '' THEN DELETE WHEN MATCHED AND v.id = 4 THEN DO NOTHING WHEN MATCHED THEN UPDATE SET a = v.a;
INSERT INTO app.t (id) VALUES (1), (21) ON CONFLICT DO NOTHING;
INSERT INTO app.t (id, a) VALUES (1, 'again'), (22, 'new') ON CONFLICT (id) DO UPDATE SET a = excluded.a, c = 'conflict' WHERE excluded.a = 'again';
WITH u AS (UPDATE app.t SET a = 'cte' WHERE id = 1 RETURNING id), d AS (DELETE FROM app.t WHERE id = 22 RETURNING id)
  SELECT id FROM u UNION ALL SELECT id FROM d;
-- Views and rules of the rewriter.
CREATE VIEW app.v AS SELECT c AS renamed, id AS key FROM app.t WHERE id > 3;
UPDATE app.v SET renamed = 'v' WHERE key IN (1, 4);
DELETE FROM app.v WHERE key = 4;
CREATE TABLE app.old (id int, x text);
INSERT INTO app.old VALUES (5, 'x');
CREATE RULE u AS ON UPDATE TO app.old DO INSTEAD UPDATE app.t SET c = NEW.x WHERE t.id = OLD.id;
CREATE RULE d AS ON DELETE TO app.old DO ALSO DELETE FROM app.t WHERE t.id = OLD.id;
UPDATE app.old SET x = 'through a rule';
DELETE FROM app.old;
-- A cursor.
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM app.t WHERE id IN (6, 7) ORDER BY id FOR UPDATE;
MOVE c;
UPDATE app.t SET a = 'cursor' WHERE CURRENT OF c;
MOVE c;
DELETE FROM app.t WHERE CURRENT OF c;
COMMIT;
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT * FROM app.t WHERE id = 6 LOOP UPDATE app.t SET a = 'loop' WHERE id = r.id; END LOOP;
END $$;
-- Prepared statements and functions with kept plans, while the table changes.
CREATE FUNCTION app.p(int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE app.t SET c = coalesce(c, '') || 'p' WHERE id = $1; END $$;
PREPARE i(int) AS INSERT INTO app.t (id, c) VALUES ($1, NULL);
PREPARE u(text) AS UPDATE app.t SET a = $1, c = $1 WHERE id = 8;
SET plan_cache_mode = force_generic_plan;
EXECUTE i(30);
EXECUTE u('one');
SELECT app.p(8);
ALTER TABLE app.t DROP COLUMN b;
ALTER TABLE app.t ADD COLUMN d int[] DEFAULT '{1}';
EXECUTE i(31);
EXECUTE u('two');
SELECT app.p(8);
DROP VIEW app.v;
DROP TABLE app.old;
ALTER TABLE app.t ALTER COLUMN c TYPE varchar(20), ALTER COLUMN a TYPE bytea USING a::bytea;
ALTER TABLE app.t ADD COLUMN a2 text, DROP COLUMN a;
ALTER TABLE app.t RENAME COLUMN a2 TO a;
EXECUTE i(32);
EXECUTE u('three');
SELECT app.p(8);
RESET plan_cache_mode;
-- Savepoints: what was rolled back was fired, and only what stays is there.
BEGIN;
UPDATE app.t SET a = 'kept' WHERE id = 9;
SAVEPOINT s;
UPDATE app.t SET a = 'undone' WHERE id = 9;
ROLLBACK TO s;
UPDATE app.t SET c = 'after' WHERE id = 9;
RELEASE s;
COMMIT;
SELECT id, a, c FROM app.t WHERE id = 9;
DO $$ BEGIN
  DELETE FROM app.t WHERE id = 9;
  RAISE division_by_zero;
EXCEPTION WHEN division_by_zero THEN
  UPDATE app.t SET a = 'handled' WHERE id = 9;
END $$;
-- A procedure that commits between its statements.
CREATE PROCEDURE app.steps() LANGUAGE plpgsql AS $$ BEGIN
  FOR n IN 1 .. 2 LOOP UPDATE app.t SET a = 'step ' || n WHERE id = 9; COMMIT; END LOOP;
END $$;
CALL app.steps();
TRUNCATE app.t;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
