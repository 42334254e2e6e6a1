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
DROP SCHEMA app CASCADE;
