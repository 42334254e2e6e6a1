-- Paths of writing: what fires, in which order, with which args.
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a text, b int DEFAULT 5);
SELECT fundb.create_trigger('show_' || w, 'app.t', $js$
export default async (event, args) => {
  console.log(event.time, event.source.type, JSON.stringify(event.source), JSON.stringify(args));
  return true;
}
$js$, w, true, '{*}', true) > 0 AS created FROM (VALUES ('BEFORE'), ('AFTER')) v(w);

INSERT INTO app.t (id, a) VALUES (1, 'one'), (2, 'two');
INSERT INTO app.t (id, a) VALUES (1, 'again') ON CONFLICT (id) DO NOTHING;
INSERT INTO app.t (id, a) VALUES (1, 'again') ON CONFLICT (id) DO UPDATE SET a = excluded.a;
MERGE INTO app.t USING (VALUES (1, 'merged'), (9, 'new')) v(id, a) ON t.id = v.id
  WHEN MATCHED THEN UPDATE SET a = v.a WHEN NOT MATCHED THEN INSERT (id, a) VALUES (v.id, v.a);
WITH gone AS (DELETE FROM app.t WHERE id = 2 RETURNING id)
  INSERT INTO app.t (id) SELECT id + 10 FROM gone RETURNING id, a, b;
UPDATE app.t SET a = v.a FROM (VALUES (1, 'from')) v(id, a) WHERE t.id = v.id RETURNING t.a;
DELETE FROM app.t USING (VALUES (1)) v(id) WHERE t.id = v.id;
COPY app.t (id) FROM stdin;
20
\.
CREATE VIEW app.v AS SELECT id, a FROM app.t;
INSERT INTO app.v (id) VALUES (30);
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM app.t WHERE id = 30 FOR UPDATE;
MOVE c;
UPDATE app.t SET a = 'cursor' WHERE CURRENT OF c;
COMMIT;
PREPARE p(int) AS INSERT INTO app.t (id) VALUES ($1);
EXECUTE p(40);
ALTER TABLE app.t ADD COLUMN c text DEFAULT 'c';
EXECUTE p(41);
UPDATE app.t SET c = 'd' WHERE id = 40;
TRUNCATE app.t;
SET session_replication_role = replica;
INSERT INTO app.t (id) VALUES (50);
RESET session_replication_role;
-- Written by another language's trigger, and by a function with other rights.
CREATE TABLE app.source (id int);
CREATE FUNCTION app.forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.t (id) VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER forward AFTER INSERT ON app.source FOR EACH ROW EXECUTE FUNCTION app.forward();
INSERT INTO app.source VALUES (60);
-- Rolled back to a savepoint.
BEGIN;
SAVEPOINT s;
INSERT INTO app.t (id) VALUES (70);
ROLLBACK TO s;
SELECT count(*) FROM app.t WHERE id = 70;
COMMIT;

-- Cancels: what RETURNING and the count say.
DELETE FROM public.triggers;
DELETE FROM app.t;
SELECT fundb.create_trigger('odd', 'app.t', 'export default (event, args) => args.id % 2 === 1', 'BEFORE', true) > 0 AS created;
WITH i AS (INSERT INTO app.t (id) SELECT generate_series(1, 6) RETURNING id) SELECT array_agg(id) FROM i;

-- Odd tables: dropped columns, quoted and non-ASCII names, columns named like what every object has.
DELETE FROM public.triggers;
CREATE TABLE app."Größe ""x""" (gone int, "constructor" text, "toString" int, "1" int, "ключ" text, "then" text, PRIMARY KEY ("ключ"));
ALTER TABLE app."Größe ""x""" DROP COLUMN gone;
SELECT fundb.create_trigger('odd', 'app."Größe ""x"""', $js$
export default async (event, args) => {
  console.log(JSON.stringify(event), Object.keys(args).join('|'), args[1], args.constructor, 'toString' in args, Object.hasOwn(args, 'toString'), args.hasOwnProperty('ключ'));
  args[1] = 11;
  args.constructor = 'set';
  args.toString = 5;
  return args;
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app."Größe ""x""" VALUES ('c', NULL, 1, 'k', 'then');
SELECT * FROM app."Größe ""x""";

-- A wide row: only what is touched is written.
DO $$ BEGIN EXECUTE (SELECT 'CREATE TABLE app.wide (id int, ' || string_agg(format('c%s int DEFAULT %1$s', i), ', ') || ')' FROM generate_series(1, 1500) i); END $$;
SELECT fundb.create_trigger('wide', 'app.wide', $js$
export default async (event, args) => {
  console.log(Object.keys(args).length, args.c1500, event.new.c700);
  args.c1499 = -1;
  return args;
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.wide (id) VALUES (1);
SELECT c1498, c1499, c1500 FROM app.wide;

-- Values stored out of line.
CREATE TABLE app.big (id int PRIMARY KEY, long text, note text);
ALTER TABLE app.big ALTER COLUMN long SET STORAGE EXTERNAL;
INSERT INTO app.big VALUES (1, repeat('x', 100000), 'n');
SELECT fundb.create_trigger('big', 'app.big', $js$
export default async (event, args) => {
  args.note = 'long is ' + event.old.long.length + ', in args: ' + ('long' in args);
  return args;
}
$js$, 'BEFORE', on_update_fields => '{*}') > 0 AS created;
UPDATE app.big SET note = 'other';
SELECT note, length(long) FROM app.big;
\set VERBOSITY terse
DROP SCHEMA app CASCADE;
