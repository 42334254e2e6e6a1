-- Partitions of two levels with other orders of columns, dropped columns and defaults of their own: what fires
-- through the root, a partition and a leaf, on moves, and as partitions come and go.
CREATE SCHEMA app;
CREATE TABLE app.log (gone int, id bigint, region text, day date, note text DEFAULT 'root', PRIMARY KEY (id, region, day)) PARTITION BY LIST (region);
ALTER TABLE app.log DROP COLUMN gone;
CREATE TABLE app.log_n (day date NOT NULL, x int, note text DEFAULT 'n', region text NOT NULL, id bigint NOT NULL) PARTITION BY RANGE (day);
ALTER TABLE app.log_n DROP COLUMN x;
CREATE TABLE app.log_n1 (x int, y int, region text NOT NULL, id bigint NOT NULL, note text, day date NOT NULL);
ALTER TABLE app.log_n1 DROP COLUMN x, DROP COLUMN y;
SELECT fundb.create_trigger('show_' || w, 'app.log', $js$
export default (event, args) => {
  console.log(event.time, event.entity.name, JSON.stringify(event.source), JSON.stringify(args), event.old?.note, event.new?.note);
  return true;
}
$js$, w, true, '{*}', true) > 0 AS created FROM (VALUES ('BEFORE'), ('AFTER')) v(w);
-- Attached after the rule was made.
ALTER TABLE app.log_n ATTACH PARTITION app.log_n1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER TABLE app.log ATTACH PARTITION app.log_n FOR VALUES IN ('n');
CREATE TABLE app.log_n2 PARTITION OF app.log_n FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app.log_rest PARTITION OF app.log DEFAULT;

INSERT INTO app.log (id, region, day, note) VALUES (1, 'n', '2024-05-05', NULL);
INSERT INTO app.log (day, id, region) VALUES ('2025-05-05', 2, 'n'), ('2025-05-05', 3, 's');
INSERT INTO app.log_n (id, day, region) VALUES (4, '2024-05-05', 'n');
INSERT INTO app.log_n1 (id, day, region) VALUES (5, '2024-05-05', 'n');
COPY app.log (day, region, id) FROM stdin;
2024-07-07	n	6
2024-07-07	z	7
\.
UPDATE app.log SET note = 'changed' WHERE id IN (1, 2);
-- Moves: within the middle level, to the other branch, and back by MERGE.
UPDATE app.log_n SET day = '2025-06-06' WHERE id = 1;
UPDATE app.log SET region = 's' WHERE id = 2;
MERGE INTO app.log USING (VALUES (7)) v(id) ON log.id = v.id WHEN MATCHED THEN UPDATE SET region = 'n';
INSERT INTO app.log (id, region, day) VALUES (6, 'n', '2024-07-07') ON CONFLICT (id, region, day) DO UPDATE SET note = 'conflict';
DELETE FROM app.log WHERE id IN (5, 6);

-- A BEFORE rule's columns land in the right places.  It may not send an INSERT elsewhere; an UPDATE then moves.
UPDATE public.triggers SET procedure = 'export default () => true';
SELECT fundb.create_trigger('fill', 'app.log', $js$
export default (event, args) => ({...args, note: `${event.new.id} ${args.region} ${args.day}`})
$js$, 'BEFORE', true, '{region,day}') > 0 AS created;
INSERT INTO app.log (id, region, day) VALUES (11, 'n', '2024-05-05'), (12, 'n', '2025-05-05'), (13, 'w', '2025-05-05');
UPDATE app.log SET region = 'n', day = '2024-09-09' WHERE id = 13;
SELECT tableoid::regclass, id, region, day, note FROM app.log WHERE id > 10 ORDER BY id;
SELECT fundb.create_trigger('redirect', 'app.log', $js$
export default (event, args) => ({...args, day: '2025-09-09'})
$js$, 'BEFORE', true, '{note}', priority => 1) > 0 AS created;
INSERT INTO app.log (id, region, day) VALUES (14, 'n', '2024-05-05');
UPDATE app.log SET note = 'by the way' WHERE id = 11;
SELECT tableoid::regclass, id, region, day, note FROM app.log WHERE id IN (11, 14) ORDER BY id;
DELETE FROM public.triggers WHERE name IN ('redirect', 'show_AFTER');

-- Detached partitions do without the root's rules, attached ones have them.
ALTER TABLE app.log DETACH PARTITION app.log_n;
INSERT INTO app.log_n (id, day, region) VALUES (20, '2024-05-05', 'n');
INSERT INTO app.log_n1 (id, day, region) VALUES (21, '2024-05-05', 'n');
ALTER TABLE app.log ATTACH PARTITION app.log_n FOR VALUES IN ('n');
INSERT INTO app.log (id, region, day) VALUES (22, 'n', '2024-05-05');
ALTER TABLE app.log_n DETACH PARTITION app.log_n2 CONCURRENTLY;
INSERT INTO app.log_n2 (id, day, region) VALUES (23, '2025-05-05', 'n');
SELECT id, note FROM app.log WHERE id BETWEEN 20 AND 29 UNION ALL SELECT id, note FROM app.log_n2 WHERE id = 23 ORDER BY id;

-- A foreign key to a partitioned table, and rows that move under it.
CREATE TABLE app.head (id int, part int, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
CREATE TABLE app.head_1 PARTITION OF app.head FOR VALUES IN (1);
CREATE TABLE app.head_2 PARTITION OF app.head FOR VALUES IN (2);
CREATE TABLE app.line (n int, id int, part int, FOREIGN KEY (id, part) REFERENCES app.head ON UPDATE CASCADE ON DELETE CASCADE) PARTITION BY LIST (part);
CREATE TABLE app.line_1 PARTITION OF app.line FOR VALUES IN (1);
CREATE TABLE app.line_2 (part int, id int, n int);
ALTER TABLE app.line ATTACH PARTITION app.line_2 FOR VALUES IN (2);
INSERT INTO app.head VALUES (1, 1);
INSERT INTO app.line VALUES (1, 1, 1);
SELECT fundb.create_trigger('show_' || w, r, $js$
export default (event, args) => { console.log(event.time, event.entity.name, JSON.stringify(event.source), JSON.stringify(args)); return true; }
$js$, w, true, '{*}', true) > 0 AS created FROM (VALUES ('BEFORE'), ('AFTER')) v(w), unnest('{app.head,app.line}'::regclass[]) r;
UPDATE app.head SET part = 2;
SELECT tableoid::regclass, n, id, part FROM app.line;
-- No part of the move that the action makes may be skipped.
SELECT fundb.create_trigger('skip', 'app.line', 'export default () => false', 'BEFORE', true, priority => 1) > 0 AS created;
\set VERBOSITY terse
UPDATE app.head SET part = 1;
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET on_insert = false, on_delete = true WHERE name = 'skip';
UPDATE app.head SET part = 1;
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET on_delete = false, on_update_fields = '{*}' WHERE name = 'skip';
UPDATE app.head SET part = 1;
\echo :LAST_ERROR_SQLSTATE
DELETE FROM public.triggers WHERE name = 'skip';
DELETE FROM app.head;
SELECT count(*) FROM app.line;

SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
