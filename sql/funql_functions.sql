-- Functions in FROM: their columns are known from the catalog, so that their names mean what they mean in SQL, also beside or
-- within a source that has a field of that name.
SET client_min_messages = notice;
CREATE SCHEMA ff;
SET search_path = ff;
CREATE TABLE i (id int PRIMARY KEY, v text);
INSERT INTO i VALUES (1, 'a'), (2, 'b'), (3, 'c');
CREATE TABLE kv (id int PRIMARY KEY, key text, value jsonb);
INSERT INTO kv VALUES (1, 'k', '{"a": 1}'), (2, 'a', '{"b": 1}');
CREATE TABLE list (id int PRIMARY KEY, value text, data jsonb);
INSERT INTO list VALUES (1, 'mine', '["p", "q"]');
CREATE TYPE pair AS (x int, y int);
CREATE TABLE pairs (id int PRIMARY KEY, p pair[]);
INSERT INTO pairs VALUES (1, ARRAY[ROW(1, 2)::pair, ROW(3, 4)::pair]);
CREATE FUNCTION outp(a int, OUT x int, OUT y int) LANGUAGE sql AS 'SELECT a, a + 1';
CREATE FUNCTION tab(n int) RETURNS TABLE (k int, w text) LANGUAGE sql AS 'SELECT i, i::text FROM generate_series(1, n) i';
CREATE FUNCTION rows(n int) RETURNS SETOF i LANGUAGE sql AS 'SELECT * FROM ff.i WHERE id <= n';
CREATE FUNCTION twofold(n int) RETURNS SETOF int LANGUAGE sql AS 'SELECT n';
CREATE FUNCTION twofold(n text, OUT id text) RETURNS SETOF text LANGUAGE sql AS 'SELECT n';
CREATE TABLE run (q text);
SELECT fundb.create_trigger('ask', 'ff.run', $js$
export default async (event, {q}) => {
  const ids = [2, 3];
  try {
    if (/(DELETE|UPDATE|INSERT) /.test(q)) console.log(`${q}: ${await FunDB.runCommand(q, {ids})}`);
    else console.log(`${q}: ${JSON.stringify((await FunDB.getUserView({type: 'anonymous', query: q}, {ids})).result.rows.map((row) => row.values.map(({value}) => value)))}`);
  } catch (e) {
    console.log(`${q}: ${e.sqlstate} ${e.message} ${e.hint ?? ''}`);
  }
  return true;
}
$js$, 'BEFORE', true) > 0 AS created;
-- Nearer than a field of an outer query.
INSERT INTO run VALUES ('SELECT id FROM ff.i WHERE id IN (SELECT id FROM generate_series(2, 3) AS id)'),
  ('SELECT id, ARRAY(SELECT id FROM unnest(ARRAY[5, 6]) AS id) AS l FROM ff.i'),
  ('SELECT id, (SELECT count(*) FROM unnest(ARRAY[''x'', ''y'']) v WHERE v = ''x'') AS n FROM ff.i'),
  ('SELECT (SELECT max(g) FROM generate_series(1, id) AS g) AS m FROM ff.i g'),
  ('SELECT id, (SELECT sum(value::int) FROM jsonb_array_elements(''[1, 2]''::jsonb)) AS s FROM ff.list'),
  ('SELECT id, (SELECT string_agg(v, '','') FROM ff.rows(2)) AS s FROM ff.i'),
  -- What a function of several shapes brings is not known, but for the name that it is called by.
  ('SELECT id, ARRAY(SELECT id FROM ff.twofold(7) AS id) AS l FROM ff.i');
-- Beside a field.
INSERT INTO run VALUES ('SELECT id FROM ff.i, unnest(ARRAY[5]) AS id'),
  ('SELECT key FROM ff.kv, jsonb_each(kv.value)'),
  ('SELECT id FROM ff.i, ff.twofold(7) AS id'),
  ('SELECT kv.id, e.key, e.value FROM ff.kv, jsonb_each(kv.value) e');
-- What the columns are called.
INSERT INTO run VALUES ('SELECT e FROM ff.list, jsonb_array_elements_text(data) AS e'),
  ('SELECT e.value, o FROM ff.list, jsonb_array_elements_text(data) WITH ORDINALITY AS e (value, o)'),
  ('SELECT * FROM unnest(ARRAY[''p'']) WITH ORDINALITY AS e (x)'),
  ('SELECT * FROM unnest(ARRAY[''p'']) WITH ORDINALITY AS e'),
  ('SELECT * FROM generate_series(1, 2) AS g, ff.tab(2)'),
  ('SELECT * FROM jsonb_each(''{"a": 1}''::jsonb) AS e (k)'),
  ('SELECT i.id, u.x, u.y FROM ff.pairs i, unnest(i.p) AS u'),
  ('SELECT id, x FROM ff.pairs, unnest(p) AS u WHERE y = 4'),
  ('SELECT u FROM ff.pairs i, unnest(i.p) AS u'),
  ('SELECT x, y FROM ff.outp(1)'),
  ('SELECT generate_series FROM generate_series(1, 2)'),
  ('SELECT r.id, r.v FROM ff.rows(1) r'),
  ('SELECT * FROM jsonb_to_recordset(''[{"a": 1}]''::jsonb) AS t (a int)'),
  ('SELECT e.nothing FROM ff.kv, jsonb_each(kv.value) e');
-- Joins by names.
INSERT INTO run VALUES ('SELECT id FROM ff.i NATURAL JOIN generate_series(2, 3) AS id'),
  ('SELECT id, v FROM ff.i JOIN generate_series(2, 3) AS id USING (id)');
-- Commands.
INSERT INTO run VALUES ('UPDATE ff.list SET value = (SELECT string_agg(x, ''-'') FROM (SELECT value AS x FROM jsonb_array_elements_text(data)) y)'),
  ('DELETE FROM ff.kv WHERE NOT EXISTS (SELECT 1 FROM jsonb_each(kv.value) WHERE key = ''a'')'),
  ('{ $ids array(int) }: UPDATE ff.i SET v = ''no'' FROM unnest($ids) AS id WHERE i.id = id'),
  ('{ $ids array(int) }: DELETE FROM ff.i WHERE id IN (SELECT id FROM unnest($ids) AS id)');
SELECT value FROM list;
SELECT id FROM kv;
SELECT id, v FROM i;
SET client_min_messages = warning;
DROP SCHEMA ff CASCADE;
