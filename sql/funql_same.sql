-- FunQL that is plain SQL as well gives the rows that SQL gives: each query is run as both.
SET client_min_messages = notice;
CREATE SCHEMA fq;
SET search_path = fq;
SET timezone = 'UTC';
CREATE TABLE city (id int PRIMARY KEY, name text);
INSERT INTO city VALUES (1, 'Riga'), (2, 'Oslo'), (3, NULL);
CREATE TABLE cust (id int PRIMARY KEY, name text, city int REFERENCES city);
INSERT INTO cust VALUES (1, 'Ann', 1), (2, 'Bob', 2), (3, 'Cid', NULL), (4, NULL, 3);
CREATE TABLE ord (id int PRIMARY KEY, customer int REFERENCES cust, total numeric);
INSERT INTO ord SELECT i, nullif(i % 5, 0), i * 1.5 FROM generate_series(1, 6) i;
CREATE TABLE animals (id int PRIMARY KEY, name text);
CREATE TABLE dogs () INHERITS (animals);
INSERT INTO animals VALUES (1, 'x'), (2, 'y');
INSERT INTO dogs VALUES (3, 'd');
CREATE TABLE run (q text, chunk jsonb, rows text);
SELECT fundb.create_trigger('ask', 'fq.run', $js$
const ask = async ({q, chunk}) => {
  try {
    const {result} = await FunDB.getUserView({type: 'anonymous', query: q}, {}, chunk ?? undefined);
    return result.rows.map(({values}) => values.map(({value}) => value));
  } catch (e) {
    return [`${e.sqlstate} ${e.message}`];
  }
};
export default async (event, args) => ({...args, rows: JSON.stringify(await ask(args))});
$js$, 'BEFORE', true) > 0 AS created;
SELECT fundb.entity_id('city') > 0 AS registered;
UPDATE public.entities SET main_field = 'name' WHERE id = fundb.entity_id('city');
CREATE FUNCTION by_funql(text, jsonb = NULL) RETURNS jsonb LANGUAGE sql AS
  'INSERT INTO fq.run VALUES ($1, $2) RETURNING rows::jsonb';
CREATE FUNCTION by_sql(text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  one record;
  rows jsonb := '[]';
BEGIN
  FOR one IN EXECUTE $1 LOOP
    rows := rows || jsonb_build_array((SELECT jsonb_agg(value ORDER BY n) FROM json_each(row_to_json(one)) WITH ORDINALITY AS e (key, value, n)));
  END LOOP;
  RETURN rows;
END $$;
-- The rows that both give, in any order; where SQL says it in other words, the second text.
CREATE FUNCTION same(funql text, sql text = NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  rows jsonb[];
BEGIN
  SELECT array_agg((SELECT jsonb_agg(value ORDER BY value) FROM jsonb_array_elements(answer)) ORDER BY n) INTO rows
    FROM unnest(ARRAY[by_funql(funql), by_sql(coalesce(sql, funql))]) WITH ORDINALITY AS a (answer, n);
  RETURN CASE WHEN rows[1] IS NOT DISTINCT FROM rows[2] THEN rows[1]::text ELSE format('DIFFERS: FunQL %s, SQL %s', rows[1], rows[2]) END;
END $$;

-- A merged column of sources whose columns are put together of parts of several types: the first part's type would round the others.
SELECT same('SELECT x FROM (VALUES (1), (1.5)) AS a (x) LEFT JOIN (SELECT 1::bigint AS x) b USING (x)');
SELECT same('SELECT x FROM (SELECT 1 AS x UNION ALL SELECT 2.5) a LEFT JOIN (SELECT id::bigint AS x FROM fq.city) b USING (x)');
SELECT same('SELECT x / 2 AS y FROM (SELECT 1 AS x UNION ALL SELECT 2.5) a JOIN (SELECT id::bigint AS x FROM fq.city) b USING (x)');
SELECT same('SELECT x FROM (SELECT 1 AS x UNION ALL (SELECT 2 UNION ALL SELECT 2.5)) a LEFT JOIN (SELECT 1::bigint AS x) b USING (x)');
SELECT same('SELECT x FROM (SELECT CASE WHEN id = 1 THEN 1 ELSE total END AS x FROM fq.ord) a LEFT JOIN (SELECT id::bigint AS x FROM fq.city) b USING (x)');
SELECT same('SELECT x FROM (SELECT coalesce(customer, total) AS x FROM fq.ord) a LEFT JOIN (SELECT id::bigint AS x FROM fq.city) b USING (x)');
SELECT same('SELECT x FROM (SELECT greatest(customer, total) AS x FROM fq.ord) a LEFT JOIN (SELECT id::bigint AS x FROM fq.city) b USING (x)');
SELECT same('SELECT x FROM (SELECT least(customer, total / 2) AS x FROM fq.ord) a LEFT JOIN (SELECT id::bigint AS x FROM fq.city) b USING (x)');
SELECT same('SELECT x / 2 AS y FROM (SELECT nullif(customer, total) AS x FROM fq.ord) a LEFT JOIN (SELECT id::bigint AS x FROM fq.city) b USING (x)');
SELECT same('SELECT x FROM (SELECT id::bigint AS x FROM fq.city) b NATURAL RIGHT JOIN (SELECT CASE WHEN false THEN 1 ELSE 1.5 END AS x) a');
SELECT same('SELECT x::string, pg_typeof(x)::string AS t FROM (VALUES (date ''2020-01-01''), (timestamp ''2020-01-01 12:00'')) AS a (x) LEFT JOIN (SELECT timestamptz ''2020-01-01Z'' AS x) b USING (x)', 'SELECT x::text, pg_typeof(x)::text AS t FROM (VALUES (date ''2020-01-01''), (timestamp ''2020-01-01 12:00'')) AS a (x) LEFT JOIN (SELECT timestamptz ''2020-01-01Z'' AS x) b USING (x)');
SELECT same('SELECT x FROM (SELECT max(coalesce(customer, total)) AS x FROM fq.ord) a LEFT JOIN (SELECT 1::bigint AS x) b USING (x)');
SELECT same('SELECT x FROM (SELECT (SELECT 1 UNION SELECT 1.5 ORDER BY 1 DESC LIMIT 1) AS x) a LEFT JOIN (SELECT 1::bigint AS x) b USING (x)');
WITH x (digits) AS (VALUES ('2147483647'), ('2147483648'), ('-2147483648'), ('0000000000012'), ('9223372036854775807'), ('9223372036854775808'))
  SELECT digits, same(format('SELECT pg_typeof(x)::text AS t, x::text AS v FROM (SELECT %s AS x) a LEFT JOIN (SELECT 1::smallint AS x) b USING (x)', digits)) FROM x;
-- A type that all parts have stays known, and a string or NULL takes that of the others.
SELECT same('SELECT x || ''!'' AS y FROM (SELECT ''a'' AS x UNION SELECT NULL UNION SELECT name FROM fq.city) a LEFT JOIN (SELECT ''Riga'' AS x) b USING (x)');
SELECT same('SELECT x FROM (SELECT CASE WHEN id = 1 THEN NULL WHEN id = 2 THEN ''7'' ELSE id END AS x FROM fq.city) a LEFT JOIN (SELECT 2.5 AS x) b USING (x)');
SELECT same('SELECT x FROM (SELECT ''2020-01-01'' AS x UNION SELECT date ''2020-01-02'') a LEFT JOIN (SELECT timestamp ''2020-01-01'' AS x) b USING (x)');
SELECT same('WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r WHERE x < 3) SELECT x / 2 AS y FROM r LEFT JOIN (SELECT 2.0 AS x) b USING (x)');
-- info tells the type that the values have.
CREATE TABLE asked (q text);
SELECT fundb.create_trigger('types', 'fq.asked', $js$
export default async (event, {q}) => {
  const {info} = await FunDB.getUserViewInfo({type: 'anonymous', query: q});
  console.log(`${q}: ${info.columns.map(({valueType: {type, subtype}}) => (subtype ? `${type} of ${subtype.type}` : type))}`);
  return true;
};
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO asked VALUES ('SELECT CASE WHEN false THEN 1 ELSE 1.5 END AS a, coalesce(''5'', 3) AS b, greatest(1, 1.5) AS c, ARRAY(SELECT coalesce(1, 1.5)) AS d, greatest(date ''2020-01-01'', timestamp ''2020-01-02'') AS e'),
  ('VALUES (1), (1.5)'), ('SELECT 1 AS x UNION ALL SELECT 1.5'), ('SELECT ''2020-01-01'' AS x UNION ALL SELECT date ''2020-01-01''');

-- What every entity answers to is that of the nearest FROM, as columns are, also where an outer query has a column of that name.
SELECT same('SELECT id, (SELECT count(*) FROM fq.animals WHERE sub_entity->>''name'' = ''dogs'') AS n FROM (SELECT id, sub_entity FROM fq.animals) x', 'SELECT id, 1 AS n FROM fq.animals');
SELECT same('SELECT id, (SELECT max(__main) FROM fq.city) AS n FROM (SELECT id, __main FROM fq.city) x', 'SELECT id, ''Riga'' AS n FROM fq.city');
SELECT same('SELECT id, (SELECT count(DISTINCT ctid) FROM fq.city) AS n FROM (SELECT id, ctid FROM fq.cust) x');
SELECT same('WITH p AS (SELECT DISTINCT tableoid FROM fq.animals) SELECT (SELECT count(*) FROM fq.animals WHERE tableoid = p.tableoid) AS n FROM p');
SELECT same('SELECT n, (SELECT count(*) FROM fq.animals WHERE xmin IS NOT NULL AND xmax IS NULL) AS m FROM (SELECT 1 AS n, 1 AS xmin, NULL AS xmax) x');
SELECT same('SELECT (SELECT sub_entity->>''name'' FROM (SELECT 1 AS one) x) AS s FROM fq.animals WHERE id = 3', 'SELECT ''dogs'' AS s');
SELECT same('SELECT tableoid IS NULL AS n, count(*) FROM fq.animals GROUP BY tableoid');
SELECT same('SELECT sub_entity->>''name'' AS s, count(*) AS n FROM fq.animals GROUP BY sub_entity', 'VALUES (''animals'', 2), (''dogs'', 1)');

-- In ON the columns that an earlier item of FROM merges are out of sight, too.
SELECT same('SELECT b.id FROM (fq.city a JOIN fq.cust c USING (id)), fq.cust b JOIN fq.ord d ON name = ''Ann''');
SELECT same('SELECT x.id, (SELECT count(*) FROM (fq.city a JOIN fq.cust b USING (name)), fq.ord l JOIN fq.ord d ON name = ''Ann'') AS n FROM fq.cust x');
SELECT same('SELECT a.id FROM fq.city a JOIN fq.cust b USING (id) JOIN (SELECT total FROM fq.ord) d ON id = 2 AND total < 4');

-- CASE is called as its ELSE is, so ORDER BY means the result.
SELECT by_funql(q) = by_sql(q) AS same, by_sql(q) FROM (VALUES
  ('SELECT id, CASE WHEN id < 3 THEN ''z'' ELSE name END FROM fq.cust WHERE name IS NOT NULL ORDER BY name, id'),
  ('SELECT x."case", y.text, y.count FROM (SELECT CASE WHEN true THEN 1 ELSE 2 END) x, (SELECT CASE WHEN true THEN 1 END::text, CASE WHEN false THEN ''1'' ELSE count(*)::text END FROM fq.city) y')) q (q);

-- A page of a query in parentheses that has a LIMIT or OFFSET of its own is a page of what that leaves.
SELECT q, chunk, by_funql(q, chunk) FROM (VALUES
  ('(SELECT id FROM fq.ord ORDER BY id LIMIT 3)', '{"offset": 1}'::jsonb),
  ('((SELECT id FROM fq.ord ORDER BY id LIMIT 3))', '{"offset": 2}'),
  ('(SELECT id FROM fq.ord ORDER BY id LIMIT 3)', '{"limit": 2}'),
  ('(SELECT id FROM fq.ord ORDER BY id OFFSET 3)', '{"offset": 1, "limit": 1}'),
  ('(SELECT total > 4 AS x FROM fq.ord ORDER BY total > 4 FETCH FIRST 1 ROWS WITH TIES)', '{"offset": 1}'),
  ('(SELECT id FROM fq.ord ORDER BY id)', '{"offset": 4}')) q (q, chunk);

-- A search looks into computed columns of whatever type, as it does into fields.
SELECT q, word, by_funql(q, jsonb_build_object('search', word)) FROM (VALUES
  ('SELECT id, name || '' x'' AS full_name FROM fq.cust ORDER BY id', 'ann x'), ('SELECT upper(name) AS x FROM fq.city', 'riga'),
  ('SELECT total * 2 AS x FROM fq.ord', '9.0'), ('SELECT count(*) + 0 AS x FROM fq.ord', '6'),
  ('SELECT string_agg(name, '','' ORDER BY name) AS x FROM fq.cust', 'bob,cid'), ('SELECT CASE WHEN id = 1 THEN ''foo'' ELSE name END AS x FROM fq.city ORDER BY id', 'o'),
  ('VALUES (NULL), (''foo'')', 'FOO'), ('SELECT 1 AS x UNION ALL SELECT 2.5', '2.5'), ('SELECT coalesce(customer, total) AS x FROM fq.ord', '7.5'),
  ('SELECT id > 1 AS x FROM fq.city', 'true'), ('SELECT ''Abc'' AS x, name FROM fq.city WHERE id = 1', 'abc'),
  ('SELECT ''Abc'' AS x', 'abc')) q (q, word);
-- Beside a constant a domain is the type below it; min() and max() of some types are of another one.
CREATE DOMAIN word AS varchar;
CREATE TABLE typed (id int, w word, net cidr);
INSERT INTO typed VALUES (1, 'a', '10.0.0.1');
SELECT same('SELECT pg_typeof(k)::text AS t FROM (SELECT CASE WHEN id = 1 THEN w END AS k FROM fq.typed) AS a FULL JOIN (SELECT w AS k FROM fq.typed) AS b USING (k)');
SELECT same('SELECT pg_typeof(k)::text AS t FROM (SELECT coalesce(w, ''x'') AS k FROM fq.typed) AS a FULL JOIN (SELECT w AS k FROM fq.typed) AS b USING (k)');
SELECT same('SELECT k FROM (SELECT net AS k FROM fq.typed) AS a LEFT JOIN (SELECT min(net) AS k FROM fq.typed) AS b USING (k)');
-- Types are looked at anew when the query's parts are others.
CREATE FUNCTION shown(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
SELECT by_funql('SELECT -fq.shown(id) AS x FROM fq.city', '{"search": "-1"}');
DROP FUNCTION shown;
CREATE FUNCTION shown(int) RETURNS interval LANGUAGE sql IMMUTABLE AS $$ SELECT make_interval(days => $1) $$;
SELECT by_funql('SELECT -fq.shown(id) AS x FROM fq.city', '{"search": "-1"}');
DROP FUNCTION shown;

-- Functions whose columns only PostgreSQL knows: names in the query tell them all, or it is refused; else those left out would be an outer query's.
CREATE TYPE pair AS (id int, n int);
CREATE TABLE holder (id int PRIMARY KEY, pairs pair[], n int);
INSERT INTO holder VALUES (1, '{"(10,20)"}', 5), (2, '{"(2,6)"}', 6), (3, '{"(3,20)"}', 5);
SELECT q, by_funql(q) FROM (VALUES
  ('SELECT o.id FROM fq.holder AS o WHERE EXISTS (SELECT 1 FROM unnest(pairs) AS g (id) WHERE n = 20)'),
  ('SELECT * FROM fq.holder AS o, unnest(pairs) AS g (k)'),
  ('SELECT g.* FROM fq.holder AS o, unnest(pairs) AS g (k)'),
  ('SELECT k FROM fq.holder AS o, unnest(pairs) WITH ORDINALITY AS g (k, m)'),
  ('SELECT o.id FROM fq.city AS o NATURAL JOIN unnest((SELECT pairs FROM fq.holder WHERE holder.id = 2)) AS g'),
  ('SELECT o.id FROM fq.city AS o NATURAL JOIN unnest((SELECT pairs FROM fq.holder WHERE holder.id = 2)) AS g (id)'),
  ('SELECT o.id FROM fq.holder AS o WHERE EXISTS (SELECT * FROM (SELECT * FROM unnest(pairs) AS g (i)) AS z WHERE n = 20)')) q (q);
SELECT same('SELECT o.id FROM fq.holder AS o WHERE EXISTS (SELECT 1 FROM unnest(pairs) AS g (id, m) WHERE n = 5 AND m = 20)');
SELECT same('SELECT * FROM fq.holder AS o, unnest(pairs) AS g (k, m)');
SELECT same('SELECT k, m, p FROM fq.holder AS o, unnest(pairs) WITH ORDINALITY AS g (k, m, p)');
SELECT same('SELECT o.id FROM fq.city AS o NATURAL JOIN unnest((SELECT pairs FROM fq.holder WHERE holder.id = 2)) AS g (id, m)');
SELECT same('SELECT id FROM fq.holder AS a WHERE EXISTS (SELECT 1 FROM unnest(array_append(ARRAY[1], 5)) AS u (u) WHERE u = n)');
-- Two in different places of the query may be called alike.
SELECT same('SELECT id FROM fq.holder AS a WHERE EXISTS (SELECT 1 FROM unnest(pairs) AS u (x, y) WHERE y = 20) AND EXISTS (SELECT 1 FROM unnest(pairs) AS u WHERE a.n = 5)');
-- A dropped column of a table whose rows a function brings needs no name.
CREATE TABLE dropped (id int, a int, b int, c int);
ALTER TABLE dropped DROP COLUMN c;
SELECT same('SELECT x, y, z FROM jsonb_populate_recordset(NULL::fq.dropped, ''[{"id":1,"a":5}]'') AS r (x, y, z)');
ALTER TABLE dropped DROP COLUMN a;
SELECT same('SELECT x, y FROM jsonb_populate_recordset(NULL::fq.dropped, ''[{"id":1,"b":5}]'') AS r (x, y)');
SELECT fundb.create_trigger('del', 'fq.holder', $js$ export default async () => {
  await FunDB.runCommand('DELETE FROM fq.holder WHERE EXISTS (SELECT 1 FROM unnest(pairs) AS g (id) WHERE n <> 20)');
} $js$, 'AFTER', on_update_fields => '{n}') > 0 AS created;
UPDATE holder SET n = 6 WHERE id = 2;
UPDATE holder SET n = 7 WHERE id = 2;
SELECT id FROM holder ORDER BY id;

-- Common tables that each use the one before twice: computed once from some number of copies on, or the last would be 2^30 of the first.
SELECT same('WITH c0 AS (SELECT 1 AS x), ' || string_agg(format('c%s AS (SELECT a.x FROM c%s a JOIN c%2$s b ON a.x = b.x)', i, i - 1), ', ' ORDER BY i) || ' SELECT x FROM c30') FROM generate_series(1, 30) i;
-- Joins that merge columns of a type that is not known: each holds all before it.
SELECT by_funql('SELECT x FROM (SELECT id || '''' AS x FROM fq.city) a0 ' || string_agg(format('LEFT JOIN (SELECT id || '''' AS x FROM fq.city) a%s USING (x)', i), ' ' ORDER BY i)) FROM generate_series(1, 100) i;
SELECT by_funql('SELECT count(x) AS n FROM (SELECT id || '''' AS x FROM fq.city) a0 ' || string_agg(format('LEFT JOIN (SELECT id || '''' AS x FROM fq.city) a%s USING (x)', i), ' ' ORDER BY i)) FROM generate_series(1, 8) i;
SELECT by_funql('SELECT count(x) AS n FROM (SELECT (id || '''')::string AS x FROM fq.city) a0 ' || string_agg(format('LEFT JOIN (SELECT (id || '''')::string AS x FROM fq.city) a%s USING (x)', i), ' ' ORDER BY i)) FROM generate_series(1, 12) i;
SET client_min_messages = warning;
DROP SCHEMA fq CASCADE;
