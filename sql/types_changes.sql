-- Types that change while a session goes on using them.
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok');
CREATE DOMAIN app.small AS int CHECK (value < 100);
CREATE TYPE app.pair AS (a int, b text);
CREATE TABLE app.t (id int PRIMARY KEY, mood app.mood, small app.small, pair app.pair, pairs app.pair[], seen text);
SELECT fundb.create_trigger('rule', 'app.t', $js$
export default (event, args) => {
  const {id, ...rest} = args;
  return {...args, ...JSON.parse(args.seen), seen: JSON.stringify(rest)};
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.t (id, seen) VALUES (1, '{"mood": "ok", "small": 5, "pair": {"a": 1, "b": "x"}, "pairs": [{"a": 2}]}');

-- A new label, a renamed one.
INSERT INTO app.t (id, seen) VALUES (2, '{"mood": "new"}');
ALTER TYPE app.mood ADD VALUE 'new';
INSERT INTO app.t (id, seen) VALUES (2, '{"mood": "new"}');
ALTER TYPE app.mood RENAME VALUE 'ok' TO 'fine';
INSERT INTO app.t (id, seen) VALUES (3, '{"mood": "ok"}');
INSERT INTO app.t (id, seen) VALUES (3, '{"mood": "fine"}');

-- A domain's check is added, and one is dropped.
INSERT INTO app.t (id, seen) VALUES (4, '{"small": -5}');
ALTER DOMAIN app.small ADD CONSTRAINT positive CHECK (value > 0) NOT VALID;
INSERT INTO app.t (id, seen) VALUES (5, '{"small": -5}');
ALTER DOMAIN app.small DROP CONSTRAINT small_check;
INSERT INTO app.t (id, seen) VALUES (5, '{"small": 500}');

-- A composite type gets and loses attributes; arrays of it follow.
ALTER TYPE app.pair ADD ATTRIBUTE c bool;
INSERT INTO app.t (id, seen) VALUES (6, '{"pair": {"a": 1, "c": true}, "pairs": [{"b": "y", "c": false}]}');
ALTER TYPE app.pair DROP ATTRIBUTE a;
INSERT INTO app.t (id, seen) VALUES (7, '{"pair": {"a": 1}}');
INSERT INTO app.t (id, seen) VALUES (7, '{"pair": {"b": "z", "c": true}}');
ALTER TYPE app.pair RENAME ATTRIBUTE c TO flag;
INSERT INTO app.t (id, pair, seen) VALUES (8, ROW('q', false), '{}');

-- Rows from before keep their bytes, which still have what was dropped or break a check, when a rule assigns what it read.
BEGIN;
SELECT fundb.create_trigger('again', 'app.t', 'export default (event, args) => ({...event.new, seen: args.seen})', 'BEFORE', on_update_fields => '{seen}') > 0 AS created;
CREATE TABLE app.before AS SELECT * FROM app.t;
UPDATE app.t SET seen = 'again';
SELECT count(*), bool_and(record_image_eq(ROW(t.pair, t.pairs, t.mood, t.small), ROW(b.pair, b.pairs, b.mood, b.small))) AS same FROM app.t JOIN app.before b USING (id);
ROLLBACK;

-- Messages have a type's name of now, also inside of arrays, domains and composites.
BEGIN;
CREATE DOMAIN app.feeling AS app.mood CHECK (value <> 'sad');
CREATE TYPE app.pack AS (mood app.mood, feeling app.feeling);
CREATE TABLE app.u (id int, mood app.mood, moods app.mood[], feeling app.feeling, feelings app.feeling[], pack app.pack, text text);
SELECT fundb.create_trigger('wrong', 'app.u', 'export default (event, args) => ({...args, ...JSON.parse(args.text)})', 'BEFORE', true) > 0 AS created;
CREATE FUNCTION app.try(value text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO app.u (text) VALUES (value);
  RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
  RETURN sqlerrm;
END $$;
CREATE VIEW app.tries AS SELECT app.try(v) FROM (VALUES ('{"mood":"x"}'), ('{"moods":["x"]}'), ('{"feeling":"x"}'), ('{"feelings":["x"]}'), ('{"pack":5}'), ('{"pack":{"mood":"x"}}'), ('{"pack":{"feeling":"x"}}')) v(v);
SELECT * FROM app.tries;
ALTER TYPE app.mood RENAME TO humour;
ALTER TYPE app.pack RENAME TO parcel;
SELECT * FROM app.tries;
ROLLBACK;

-- A column's type changes.
ALTER TABLE app.t ALTER COLUMN small TYPE varchar(3) USING left(small::text, 3);
INSERT INTO app.t (id, seen) VALUES (10, '{"small": "long"}');
INSERT INTO app.t (id, seen) VALUES (10, '{"small": "abc"}');

SELECT * FROM app.t ORDER BY id;
DROP SCHEMA app CASCADE;
DELETE FROM public.schemas WHERE name = 'app';
