-- Answers of BEFORE rules that are odd, or that change while they are read.
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE FUNCTION app.rule(entity regclass, body text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers;
  PERFORM fundb.create_trigger('rule', entity, body, 'BEFORE', true, '{*}');
END $$;
\pset tuples_only on
\pset format unaligned

-- Reading the answer runs toJSON, and that sets more columns of `args`: it comes too late for them, and nothing is written that there is no room for (the server would crash).
DO $$ BEGIN EXECUTE (SELECT 'CREATE TABLE app.wide (id int, j jsonb, ' || string_agg(format('c%s int', i), ', ') || ')' FROM generate_series(2, 299) i); END $$;
SELECT app.rule('app.wide', $js$
export default function (event, args) {
  args.c5 = 5;
  args.j = {toJSON() { for (let i = 2; i < 300; i++) args['c' + i] = i; return 'grown'; }};
  args.c298 = 298;
  return args;
}
$js$);
INSERT INTO app.wide (id, j) VALUES (1, '2');
INSERT INTO app.wide (id, j, c2, c100) VALUES (2, '2', 22, 100);
UPDATE app.wide SET c2 = 3 WHERE id = 1;
SELECT json_strip_nulls(row_to_json(w)) FROM app.wide w ORDER BY id;
-- The same in a table of a usual width.
CREATE TABLE app.narrow (id int, j jsonb, a int, b int, c int, d int, e int, f int, g int, h int, i int, k int);
SELECT app.rule('app.narrow', $js$
export default function (event, args) {
  args.j = {toJSON() { for (const name of 'abcdefghik') args[name] = 1; return 'grown'; }};
  return args;
}
$js$);
INSERT INTO app.narrow (id, j, b) VALUES (1, '2', 2);
SELECT json_strip_nulls(row_to_json(n)) FROM app.narrow n;
-- A column that it deletes is left out, whether its turn has come or not.
SELECT app.rule('app.narrow', $js$
export default function (event, args) {
  args.k = 5;
  args.j = {toJSON() { delete args.k; delete args.id; return 'shrunk'; }};
  return args;
}
$js$);
INSERT INTO app.narrow (id, j, b) VALUES (2, '2', 2);
SELECT json_strip_nulls(row_to_json(n)) FROM app.narrow n WHERE b = 2 AND a IS NULL ORDER BY id;

-- What an answer leaves out is null where there is no default; a domain may refuse that, as it does in an INSERT that does not name the column.
CREATE DOMAIN app.filled AS int NOT NULL;
CREATE DOMAIN app.known AS int CHECK (VALUE IS NOT NULL);
CREATE DOMAIN app.given AS int DEFAULT 5 NOT NULL;
CREATE TABLE app.d (id int, x app.filled, y app.known, z app.given);
INSERT INTO app.d (id, y) VALUES (1, 1);
SELECT app.rule('app.d', $js$
export default (event, args) => {
  switch (args.id) {
    case 1: delete args.x; return args;
    case 2: args.y = undefined; return args;
    case 3: return {id: 3, y: 3};
    case 4: delete args.z; return args;
    default: return {...args, x: 6, y: 6};
  }
}
$js$);
INSERT INTO app.d VALUES (1, 1, 1, 1);
INSERT INTO app.d VALUES (2, 1, 1, 1);
INSERT INTO app.d VALUES (3, 1, 1, 1);
INSERT INTO app.d VALUES (4, 1, 1, 1);
INSERT INTO app.d VALUES (5, 1, 1, 1);
-- An UPDATE puts the old value back.
UPDATE app.d SET id = 1, x = 7 WHERE id = 4;
TABLE app.d ORDER BY y;

-- An answer is true, false or an object of columns. What looks as if it had no columns is no answer: the row would lose all of them in silence.
CREATE TABLE app.t (id int, note text DEFAULT 'default');
CREATE FUNCTION app.try(answer text, before text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
  PERFORM app.rule('app.t', format(E'%s\nexport default function (event, args) { return %s; }', before, answer));
  INSERT INTO app.t VALUES (1, 'given') RETURNING t::text INTO result;
  RETURN coalesce(result, 'no row');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('app'), 'columns.mjs', 'export const id = 7, note = "of a module";');
SELECT answer || E'\t' || app.try(answer) FROM unnest(ARRAY['new Boolean(true)', 'new Number(5)', 'new String("text")', 'Object(5n)', 'Object(Symbol("s"))',
  '(function* () {})()', '(async function* () {})()', '[args].values()', '"text"[Symbol.iterator]()', 'new Map().entries()', 'new Set().values()', '"a".matchAll(/a/g)', 'arguments',
  'new WeakMap()', 'new WeakSet()', 'new WeakRef({})', 'new FinalizationRegistry(() => {})', 'new Map()', 'new Set()', 'new (class extends Map {})()', '/x/', 'new Date()', 'new Error("e")',
  'new ArrayBuffer(1)', 'new DataView(new ArrayBuffer(1))', 'new Uint8Array(1)', '[]', '() => 1', 'class {}', 'Math', 'JSON', 'Reflect', 'Intl', 'new Intl.NumberFormat()', 'Object.prototype', 'Map.prototype',
  'new Proxy(new Map(), {})', 'new Proxy(new Proxy([], {}), {})', 'null', '5', '5n', '"text"', 'Symbol("s")']) answer;
SELECT answer || E'\t' || app.try(answer, before) FROM (VALUES ('{}', ''), ('{id: 2}', ''), ('{...args, id: 2}', ''), ('Object.assign(Object.create(null), {id: 2})', ''), ('Object.assign(Object.create({note: "inherited"}), {id: 2})', ''),
  ('new Row()', 'class Row { id = 2; #secret = 3; get more() { return 4; } }'), ('new Row()', 'class Row extends Object { id = 2; note = "of a subclass"; }'), ('new Row()', 'class Base { id = 2; } class Row extends Base { [Symbol.toStringTag] = "Row"; }'),
  ('new Row()', 'function Row() { this.id = 2; }'), ('new Row(args)', 'class Row { #row; constructor(row) { this.#row = row; } get id() { return 2; } }'), ('Object.create(args)', ''), ('Object.freeze({id: 2})', ''), ('event.new', ''), ('new Proxy(args, {})', ''), ('new Proxy({id: 2}, {})', ''), ('Object.create(args, {id: {value: 2, enumerable: true}})', ''),
  ('JSON.parse("{\"id\": 2}")', ''), ('structured', 'const structured = Object.fromEntries([["id", 2]])'), ('columns', 'import * as columns from "app/columns"'), ('{id: 2, [Symbol("s")]: 3}', '')) a(answer, before);

-- A generator only makes an iterator when it is called: it is refused when it is saved, and when it was saved in another way.
SELECT app.rule('app.t', 'export default function* (event, args) { args.note = "lost"; return args; }');
SELECT app.rule('app.t', 'export default async function* handle(event, args) { return args; }');
SELECT app.rule('app.t', 'export default {*handle(event, args) { return args; }}.handle');
DELETE FROM public.triggers;
SELECT fundb.create_trigger('late', 'app.t', 'import handle from "app/handle"; export default handle;', 'BEFORE', true, allow_broken => true) > 0;
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('app'), 'handle.mjs', 'export default function* (event, args) { return args; }');
INSERT INTO app.t VALUES (1, 'a broken rule is skipped') RETURNING note;
UPDATE public.triggers SET allow_broken = false;
SELECT fundb.create_trigger('after', 'app.t', 'export default function* (event) {}', 'AFTER', true);

-- Millions of properties that are no columns: listing them as texts took seconds that nothing could end, and more memory than there may be (53200).
SET fundb.unknown_fields = 'ignore';
SELECT app.rule('app.t', 'export default (event, args) => { for (let i = 0; i < 4e6; i++) args[i] = 0; args.note = "with numbers"; return args; }');
INSERT INTO app.t VALUES (1, 'x') RETURNING note;
RESET fundb.unknown_fields;
SELECT app.rule('app.t', 'export default (event, args) => { args[7] = 0; delete args[7]; args.note = "without numbers"; return args; }');
INSERT INTO app.t VALUES (1, 'x') RETURNING note;
SELECT app.rule('app.t', 'export default (event, args) => { args[7] = 0; return args; }');
INSERT INTO app.t VALUES (1, 'x') RETURNING note;
-- The first of them is enough for an error.
SELECT app.rule('app.t', 'export default (event, args) => { for (let i = 5; i < 8e6; i++) args[i] = 0; return args; }');
INSERT INTO app.t VALUES (1, 'x') RETURNING note;
SELECT app.rule('app.t', 'export default (event, args) => Object.defineProperty(args, "7", {value: 0})');
INSERT INTO app.t VALUES (1, 'x') RETURNING note;
-- Texts are listed, within what can be stopped; a name of a megabyte is no column.
SET fundb.unknown_fields = 'ignore';
SELECT app.rule('app.t', 'export default (event, args) => { for (let i = 0; i < 2e5; i++) args["a" + i] = 0; args["b".repeat(1e6)] = 0; args.note = "with names"; return args; }');
INSERT INTO app.t VALUES (1, 'x') RETURNING note;
RESET fundb.unknown_fields;
DELETE FROM public.triggers;
DELETE FROM public.modules;
DROP SCHEMA app CASCADE;
