-- Partitions run the root's rules under the root's name; inherited rules go by the row's own table.
CREATE SCHEMA app;
CREATE TABLE app.log (id int, day date, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE app.log_1 (note text, gone int, day date NOT NULL, id int NOT NULL);
ALTER TABLE app.log_1 DROP COLUMN gone;
ALTER TABLE app.log ATTACH PARTITION app.log_1 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE app.log_2 PARTITION OF app.log FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
SELECT fundb.create_trigger('show_' || w, 'app.log', $js$
export default async (event, args) => { console.log(JSON.stringify(event), JSON.stringify(args)); return true; }
$js$, w, true, '{*}', true) > 0 AS created FROM (VALUES ('BEFORE'), ('AFTER')) v(w);
INSERT INTO app.log VALUES (1, '2024-01-05', 'one');
UPDATE app.log SET note = 'changed';
UPDATE app.log SET day = '2024-02-05';
DELETE FROM app.log;
-- Neither half of a move may be skipped; the update may.
DELETE FROM public.triggers;
INSERT INTO app.log VALUES (1, '2024-01-05', 'one');
SELECT fundb.create_trigger('no_delete', 'app.log', 'export default () => false', 'BEFORE', on_delete => true) > 0 AS created;
UPDATE app.log SET day = '2024-02-05';
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET on_delete = false, on_insert = true;
UPDATE app.log SET day = '2024-02-05';
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET on_insert = false, on_update_fields = '{day}';
UPDATE app.log SET day = '2024-02-05';
SELECT id, day FROM app.log;
-- Also where the UPDATE is a part of another command; an INSERT of its own may be skipped there.
UPDATE public.triggers SET on_insert = true, on_update_fields = '{}';
WITH moved AS (UPDATE app.log SET day = '2024-02-05' RETURNING id) SELECT * FROM moved;
\echo :LAST_ERROR_SQLSTATE
MERGE INTO app.log USING (VALUES (1)) v(id) ON log.id = v.id WHEN MATCHED THEN UPDATE SET day = '2024-02-05';
\echo :LAST_ERROR_SQLSTATE
MERGE INTO app.log USING (VALUES (1), (2)) v(id) ON log.id = v.id
  WHEN MATCHED THEN UPDATE SET note = 'in place' WHEN NOT MATCHED THEN INSERT VALUES (v.id, '2024-02-07', 'skipped');
UPDATE public.triggers SET on_insert = false, on_delete = true;
MERGE INTO app.log USING (VALUES (1)) v(id) ON log.id = v.id WHEN MATCHED THEN UPDATE SET day = '2024-02-05';
\echo :LAST_ERROR_SQLSTATE
MERGE INTO app.log USING (VALUES (1)) v(id) ON log.id = v.id WHEN MATCHED THEN DELETE;
-- A delete of its own, right after an update that was skipped, is no move.
SELECT fundb.create_trigger('no_update', 'app.log', 'export default () => false', 'BEFORE', on_update_fields => '{*}') > 0 AS created;
UPDATE app.log SET note = 'other';
DELETE FROM app.log;
BEGIN; UPDATE app.log SET note = 'other'; DELETE FROM app.log; COMMIT;
-- In one statement, too: the row of the update that was skipped is where it was.
MERGE INTO app.log USING (VALUES (1, 1), (1, 2)) v(id, step) ON log.id = v.id WHEN MATCHED AND step = 1 THEN UPDATE SET note = 'skipped' WHEN MATCHED THEN DELETE;
SELECT * FROM app.log;
DELETE FROM public.triggers;
SELECT fundb.create_trigger('no_update', 'app.log', 'export default (event) => event.source.type !== "update"', 'BEFORE', on_update_fields => '{*}', on_delete => true) > 0 AS created;
SELECT fundb.create_trigger('log', 'app.log', 'export default (event, args) => { console.log(event.source.type, JSON.stringify(args)); return true; }', 'BEFORE', true) > 0 AS created;
WITH u AS (UPDATE app.log SET note = 'skipped' RETURNING id), d AS (DELETE FROM app.log WHERE NOT EXISTS (SELECT FROM u) RETURNING id)
  INSERT INTO app.log (id, day, note) SELECT 4, '2024-01-01', NULL FROM d;
SELECT * FROM app.log;
DROP TABLE app.log;

CREATE TABLE app.animal (id int PRIMARY KEY, name text);
CREATE TABLE app.dog (tricks int) INHERITS (app.animal);
SELECT fundb.create_trigger('loud', 'app.animal', $js$
export default async (event, args) => { console.log(event.entity.name, JSON.stringify(args)); return {...args, name: args.name.toUpperCase()}; }
$js$, 'BEFORE', true) > 0 AS created;
SELECT fundb.create_trigger('own', 'app.dog', $js$
export default async (event, args) => { console.log('own first', JSON.stringify(args)); return true; }
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.animal VALUES (1, 'cat');
INSERT INTO app.dog VALUES (2, 'rex', 5);
SELECT * FROM app.animal ORDER BY id;
DROP SCHEMA app CASCADE;
