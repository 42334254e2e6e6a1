-- Rows that a BEFORE rule skips, in every way of writing: they are not written, not counted, not returned, and no AFTER
-- rule runs for them; all others go on.
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a text);
CREATE TABLE app.l (id int PRIMARY KEY, a text) PARTITION BY RANGE (id);
CREATE TABLE app.l1 PARTITION OF app.l FOR VALUES FROM (0) TO (100);
CREATE TABLE app.l2 (a text, gone int, id int NOT NULL);
ALTER TABLE app.l2 DROP COLUMN gone;
ALTER TABLE app.l ATTACH PARTITION app.l2 FOR VALUES FROM (100) TO (200);
-- Odd ids are skipped; updates of a to itself and "{}" leave nothing to write.
SELECT fundb.create_trigger('odd', r, $js$
export default (event, args) => {
  const id = (event.new ?? event.old).id;
  if (args?.a === 'nothing') return {};
  return id % 2 === 0;
}
$js$, 'BEFORE', true, '{*}', true) > 0 AS created FROM unnest('{app.t,app.l}'::regclass[]) r;
SELECT fundb.create_trigger('after', r, $js$
export default (event, args) => console.log(event.source.type, (event.new ?? event.old).id)
$js$, 'AFTER', true, '{*}', true) > 0 AS created FROM unnest('{app.t,app.l}'::regclass[]) r;

INSERT INTO app.t SELECT n, 'a' FROM generate_series(1, 4) n RETURNING id;
\echo :ROW_COUNT
COPY app.t (id) FROM stdin;
5
6
7
\.
\echo :ROW_COUNT
UPDATE app.t SET a = 'nothing' RETURNING id;
\echo :ROW_COUNT
INSERT INTO app.t VALUES (2, 'b'), (3, 'b'), (8, 'b') ON CONFLICT (id) DO UPDATE SET a = 'nothing' RETURNING id, a;
\echo :ROW_COUNT
-- What is odd was there before.
SET session_replication_role = replica;
INSERT INTO app.t VALUES (11, 'odd'), (13, 'odd');
RESET session_replication_role;
UPDATE app.t SET a = 'b' WHERE id IN (8, 11) RETURNING id;
\echo :ROW_COUNT
MERGE INTO app.t USING (VALUES (8), (11), (13), (15), (16)) v(id) ON t.id = v.id
  WHEN MATCHED AND v.id = 13 THEN DELETE WHEN MATCHED THEN UPDATE SET a = 'merged' WHEN NOT MATCHED THEN INSERT VALUES (v.id, 'merged');
\echo :ROW_COUNT
WITH d AS (DELETE FROM app.t WHERE id IN (11, 16) RETURNING id), i AS (INSERT INTO app.t SELECT id + 1 FROM d RETURNING id)
  SELECT 'd', id FROM d UNION ALL SELECT 'i', id FROM i;
DELETE FROM app.t WHERE id > 7 RETURNING id;
\echo :ROW_COUNT
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM app.t WHERE id = 11 FOR UPDATE;
MOVE c;
UPDATE app.t SET a = 'cursor' WHERE CURRENT OF c;
\echo :ROW_COUNT
DELETE FROM app.t WHERE CURRENT OF c;
\echo :ROW_COUNT
COMMIT;
DO $$ DECLARE n int; BEGIN
  UPDATE app.t SET a = 'plpgsql' WHERE id = 11;
  GET DIAGNOSTICS n = ROW_COUNT;
  RAISE NOTICE '% %', FOUND, n;
END $$;
SELECT * FROM app.t ORDER BY id;
-- Partitions.  (COPY used to find the state of an earlier statement in memory that was used again.)
INSERT INTO app.l SELECT n, 'a' FROM generate_series(98, 103) n RETURNING id, tableoid::regclass;
COPY app.l FROM stdin;
104	a
105	a
\.
UPDATE app.l SET a = 'nothing' WHERE id = 100 RETURNING id;
UPDATE app.l SET id = id + 3 WHERE id = 98 RETURNING id;
UPDATE app.l SET id = id + 8 WHERE id = 98 RETURNING id;
SELECT tableoid::regclass, * FROM app.l ORDER BY id;
-- Triggers of others: those before ours by name see the row, those after it do not.
CREATE FUNCTION app.say() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% %', TG_NAME, NEW.id; RETURN NEW; END $$;
CREATE TRIGGER a_first BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.say();
CREATE TRIGGER zzz_last BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.say();
INSERT INTO app.t VALUES (31), (32);
-- Nor does the sequence of the row's identity go back, and nothing of the rule's own work is undone.
CREATE TABLE app.counted (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text);
CREATE TABLE app.log (note text);
SELECT fundb.create_trigger('log', 'app.counted', $js$
export default async (event, args) => {
  await FunDB.insertEntity({schema: 'app', name: 'log'}, {note: `${event.new.id} ${args.a}`});
  return args.a !== 'skip';
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.counted (a) VALUES ('one'), ('skip'), ('three');
SELECT * FROM app.counted ORDER BY id;
SELECT * FROM app.log ORDER BY note;

SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
