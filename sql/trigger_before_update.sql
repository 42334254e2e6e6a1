-- BEFORE UPDATE: args are the changed columns; an answer is part of the same UPDATE.
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a text, b int, c text, g int GENERATED ALWAYS AS (b + 1) STORED);
INSERT INTO app.t VALUES (1, 'x', 1, 'c1'), (2, 'y', 2, 'c2');

CREATE FUNCTION app.try(body text, statement text, fields text[] DEFAULT '{*}') RETURNS SETOF app.t LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers;
  DELETE FROM app.t;
  INSERT INTO app.t VALUES (1, 'x', 1, 'c1'), (2, 'y', 2, 'c2');
  PERFORM fundb.create_trigger('rule', 'app.t',
    'export default async function handle(event, args) {' || body || '}', 'BEFORE', on_update_fields => fields);
  EXECUTE statement;
  RETURN QUERY SELECT * FROM app.t ORDER BY id;
END $$;

SELECT * FROM app.try('console.log(JSON.stringify(args), JSON.stringify(event.old), JSON.stringify(event.new)); return true;',
  'UPDATE app.t SET a = ''new'', b = b');
SELECT * FROM app.try('args.c = args.a + "!"; return args;', 'UPDATE app.t SET a = ''new'' WHERE id = 1');
-- Replacement: a changed column that is left out keeps its old value.
SELECT * FROM app.try('return {c: "instead"};', 'UPDATE app.t SET a = ''new'' WHERE id = 1');
-- Nothing left to write is no error, and no row is written.
SELECT * FROM app.try('return {};', 'UPDATE app.t SET a = ''new''');
SELECT * FROM app.try('return false;', 'UPDATE app.t SET a = ''new''');
SELECT * FROM app.try('return {...event.new, a: "all"};', 'UPDATE app.t SET b = 5 WHERE id = 2');
-- The key: old before, new after.
SELECT * FROM app.try('console.log(event.source.id); return true;', 'UPDATE app.t SET id = 10 WHERE id = 1');

-- One UPDATE, not two: the row has one new version.
SELECT count(*) FROM app.try('args.b = 9; return args;', 'UPDATE app.t SET a = ''new'' WHERE id = 1');
CREATE TABLE app.versions (n int);
CREATE FUNCTION app.count_version() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO app.versions VALUES (1); RETURN NULL; END';
CREATE TRIGGER count_version AFTER UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.count_version();
UPDATE app.t SET a = 'again' WHERE id = 1;
SELECT count(*) AS versions FROM app.versions;

-- Filters go by real change, also by what an earlier rule changed.
DROP TRIGGER count_version ON app.t;
DELETE FROM public.triggers;
SELECT fundb.create_trigger('on_c', 'app.t', $js$
export default (event, args) => { console.log('on_c', JSON.stringify(args)); return true; }
$js$, 'BEFORE', on_update_fields => '{c}', priority => 5) > 0 AS created;
UPDATE app.t SET c = c;
UPDATE app.t SET a = 'only a' WHERE id = 1;
UPDATE app.t SET c = 'changed' WHERE id = 1;
UPDATE app.t SET c = NULL WHERE id = 1;
UPDATE app.t SET c = NULL WHERE id = 1;
SELECT fundb.create_trigger('sets_c', 'app.t', $js$
export default (event, args) => ({...args, c: 'by rule'})
$js$, 'BEFORE', on_update_fields => '{a}', priority => 1) > 0 AS created;
UPDATE app.t SET a = 'pulls in on_c' WHERE id = 1;

-- Generated columns, which are computed later, are no change: neither where another trigger has set
-- them to null, nor as the only column that a rule waits for.
DELETE FROM public.triggers;
CREATE FUNCTION app.as_it_is() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER as_it_is BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.as_it_is();
SELECT fundb.create_trigger('any', 'app.t', $js$
export default (event, args) => { console.log('any', JSON.stringify(args)); return event.old.id === 2 ? {} : true; }
$js$, 'BEFORE', on_update_fields => '{*}') > 0 AS created;
SELECT fundb.create_trigger('on_g', 'app.t', $js$
export default (event, args) => { console.log('on_g', JSON.stringify(args)); return true; }
$js$, 'BEFORE', on_update_fields => '{g}') > 0 AS created;
SELECT fundb.create_trigger('after_g', 'app.t', $js$
export default (event, args) => { console.log('after_g', JSON.stringify(args)); }
$js$, 'AFTER', on_update_fields => '{g}') > 0 AS created;
UPDATE app.t SET b = b;
SELECT ctid AS place FROM app.t WHERE id = 2 \gset
UPDATE app.t SET b = b + 5;
SELECT b, g, ctid = :'place' AS is_unwritten FROM app.t WHERE id = 2;
DROP TRIGGER as_it_is ON app.t;

-- Microseconds, scales and key order of what was not changed stay.
DELETE FROM public.triggers;
CREATE TABLE app.exact (id int PRIMARY KEY, ts timestamptz, n numeric, j json, note text);
INSERT INTO app.exact VALUES (1, '2024-01-01 00:00:00.123456+00', 12345678901234567890.1200, '{"b": 1,  "a": 2, "b": 3}', 'n');
SELECT fundb.create_trigger('touch', 'app.exact', $js$
export default (event, args) => { args.note = String(event.old.n); args.ts = event.old.ts; args.j = event.old.j; args.n = event.old.n; return args; }
$js$, 'BEFORE', on_update_fields => '{*}') > 0 AS created;
SET timezone = 'UTC';
UPDATE app.exact SET note = 'x';
SELECT * FROM app.exact;
-- What was read from the old row and put back is the old value, byte for byte.
UPDATE app.exact SET ts = now(), n = 1, j = '{}';
SELECT * FROM app.exact;
DELETE FROM public.triggers;
-- An object that was changed in place counts as changed.
SELECT fundb.create_trigger('in_place', 'app.exact', $js$
export default (event, args) => { args.j.c = [1]; return args; }
$js$, 'BEFORE', on_update_fields => '{j}') > 0 AS created;
UPDATE app.exact SET j = '{"z": 1}';
SELECT j FROM app.exact;

DROP SCHEMA app CASCADE;
