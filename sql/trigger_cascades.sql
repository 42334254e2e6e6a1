-- Actions of foreign keys over several levels, onto themselves and deferred: what fires, in which order.
CREATE SCHEMA app;
CREATE FUNCTION app.watch(relation regclass) RETURNS void LANGUAGE sql AS $$
  SELECT fundb.create_trigger('show_' || w, relation, $js$
    export default (event, args) => {
      console.log(event.time, event.entity.name, JSON.stringify(event.source), JSON.stringify(args));
      return true;
    }
  $js$, w, true, '{*}', true) FROM (VALUES ('BEFORE'), ('AFTER')) v(w)
$$;

-- a ← b CASCADE ← c CASCADE on update, SET NULL on delete; c ← d SET DEFAULT.
CREATE TABLE app.a (id int PRIMARY KEY);
CREATE TABLE app.b (id int PRIMARY KEY, a int UNIQUE REFERENCES app.a ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE app.c (id int PRIMARY KEY, b int REFERENCES app.b (a) ON DELETE SET NULL ON UPDATE CASCADE);
CREATE TABLE app.d (id int PRIMARY KEY, c int DEFAULT 0 REFERENCES app.c ON DELETE SET DEFAULT ON UPDATE SET DEFAULT);
INSERT INTO app.a VALUES (1);
INSERT INTO app.b VALUES (10, 1);
INSERT INTO app.c VALUES (0, NULL), (100, 1), (101, 1);
INSERT INTO app.d VALUES (1000, 100), (1001, 101);
SELECT app.watch(r) FROM unnest('{app.a,app.b,app.c,app.d}'::regclass[]) r;
UPDATE app.a SET id = 2;
UPDATE app.c SET id = 110 WHERE id = 100;
DELETE FROM app.c WHERE id = 101;
DELETE FROM app.a;

-- Onto itself: a chain, a row that refers to itself.
CREATE TABLE app.tree (id int PRIMARY KEY, up int REFERENCES app.tree ON DELETE CASCADE ON UPDATE CASCADE);
INSERT INTO app.tree VALUES (1, NULL), (2, 1), (3, 2), (4, 2), (5, 5);
SELECT app.watch('app.tree');
UPDATE app.tree SET id = 6 WHERE id = 5;
UPDATE app.tree SET id = 20 WHERE id = 2;
DELETE FROM app.tree WHERE id = 1;
DELETE FROM app.tree;
CREATE TABLE app.ring (id int PRIMARY KEY, up int DEFAULT 3 REFERENCES app.ring ON DELETE SET DEFAULT);
INSERT INTO app.ring VALUES (1, 1), (2, 1), (3, NULL);
SELECT app.watch('app.ring');
DELETE FROM app.ring WHERE id = 1;

-- A composite key whose action sets one column of two.
CREATE TABLE app.place (x int, y int, PRIMARY KEY (x, y));
CREATE TABLE app.visit (id int PRIMARY KEY, x int, y int, FOREIGN KEY (x, y) REFERENCES app.place ON DELETE SET NULL (y) ON UPDATE CASCADE);
INSERT INTO app.place VALUES (1, 1);
INSERT INTO app.visit VALUES (1, 1, 1);
SELECT app.watch('app.visit');
UPDATE app.place SET y = 2;
DELETE FROM app.place;

-- Deferred checks: rules run with the statement, the check at the end.
CREATE TABLE app.p (id int PRIMARY KEY);
CREATE TABLE app.q (id int PRIMARY KEY, p int REFERENCES app.p ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
SELECT app.watch('app.p'), app.watch('app.q');
BEGIN;
INSERT INTO app.q VALUES (1, 1);
INSERT INTO app.p VALUES (1);
COMMIT;
BEGIN;
DELETE FROM app.p;
SELECT count(*) FROM app.q;
COMMIT;
BEGIN;
INSERT INTO app.q VALUES (2, 2);
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK;

-- What another trigger writes while an action is under way is a statement of its own: a rule may skip its rows.
DELETE FROM public.triggers;
CREATE TABLE app.log (id int PRIMARY KEY, note text);
INSERT INTO app.log VALUES (1, 'one'), (2, 'two');
INSERT INTO app.p VALUES (1);
INSERT INTO app.q VALUES (1, 1);
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO app.log VALUES (3, 'three');
  UPDATE app.log SET note = 'changed' WHERE id = 1;
  DELETE FROM app.log WHERE id = 2;
  RETURN OLD;
END $$;
CREATE TRIGGER note BEFORE DELETE ON app.q FOR EACH ROW EXECUTE FUNCTION app.note();
SELECT fundb.create_trigger('skip', 'app.log', 'export default (event) => { console.log(event.source.type); return false; }', 'BEFORE', true, '{*}', true) > 0 AS created;
DELETE FROM app.p;
SELECT (SELECT count(*) FROM app.q) AS q, (SELECT string_agg(note, ' ' ORDER BY id) FROM app.log) AS log;
-- So is what a rule writes; the action itself, which another rule then skips, is not.
INSERT INTO app.p VALUES (1);
INSERT INTO app.q VALUES (1, 1);
DROP TRIGGER note ON app.q;
SELECT fundb.create_trigger('write', 'app.q', $js$
export default async () => {
  console.log(JSON.stringify(await FunDB.insertEntity({schema: 'app', name: 'log'}, {id: 3, note: 'three'})));
  return false;
}
$js$, 'BEFORE', on_delete => true) > 0 AS created;
DELETE FROM app.p;
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM app.q;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
