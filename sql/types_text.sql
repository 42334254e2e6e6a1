-- Long and unusual text, and types of extensions that behave like text.
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE EXTENSION citext SCHEMA app;
CREATE EXTENSION hstore SCHEMA app;
SET search_path = public, app;
CREATE TABLE app.t (id int PRIMARY KEY, a text, b text, j jsonb, bytes bytea, c citext, h hstore, hs hstore[]);
ALTER TABLE app.t ALTER COLUMN a SET STORAGE EXTERNAL;

-- Megabytes of one, two, three and four bytes a character, stored out of line; read, doubled, and kept.
SELECT fundb.create_trigger('rule', 'app.t', $js$
export default (event, args) => ({...args, b: args.a + args.a, j: {text: args.a, length: args.a.length}, bytes: new Uint8Array(args.a.length).fill(7)})
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.t (id, a) SELECT n, repeat(c, 500000) FROM (VALUES (1, 'a'), (2, 'é'), (3, '€'), (4, '😀'), (5, 'aé€😀')) AS v(n, c);
SELECT id, char_length(a) AS characters, octet_length(b) AS bytes, b = a || a AS same, j->>'text' = a AS same_in_json, j->'length' AS units, octet_length(bytes) AS sevens FROM app.t ORDER BY id;

-- Every character of the basic plane and some others come back as they are.
DELETE FROM public.triggers;
SELECT fundb.create_trigger('rule', 'app.t', $js$
export default (event, args) => ({...args, b: [...args.a].join(''), j: args.a})
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.t (id, a) SELECT 10, string_agg(chr(n), '' ORDER BY n) FROM generate_series(1, 66000) AS n WHERE n NOT BETWEEN 55296 AND 57343;
SELECT a = b AS same, j #>> '{}' = a AS same_in_json FROM app.t WHERE id = 10;

-- citext is a string like any other; hstore goes by its text.
DELETE FROM public.triggers;
SELECT fundb.create_trigger('rule', 'app.t', $js$
export default (event, args) => ({...args, c: args.c + 'É', b: `${typeof args.h} ${args.h} ${JSON.stringify(args.hs)}`, h: '"x"=>"1", y=>NULL'})
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.t (id, c, h, hs) VALUES (11, 'Abc', 'k=>v', '{a=>1,NULL}');
SELECT c, b, h, hs FROM app.t WHERE id = 11;
SELECT fundb.create_trigger('wrong', 'app.t', 'export default (event, args) => ({...args, h: "=>"})', 'BEFORE', true, priority => 1) > 0 AS created;
\set VERBOSITY terse
INSERT INTO app.t (id, c, h) VALUES (12, 'Abc', 'k=>v');

RESET search_path;
DROP SCHEMA app CASCADE;
DELETE FROM public.schemas WHERE name = 'app';
