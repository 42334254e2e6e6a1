-- The layout and the data of the differential test of FunQL: keys of several types and of several
-- fields, references to itself, a partitioned table, inheritance, NULLs everywhere.
CREATE EXTENSION IF NOT EXISTS fundb;
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS d CASCADE;
CREATE SCHEMA d;
SELECT setseed(0.25);

CREATE TYPE d.mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE d.countries (code text PRIMARY KEY, name text, eu bool);
CREATE TABLE d.cities (id int PRIMARY KEY, name text, country text REFERENCES d.countries,
  twin int REFERENCES d.cities, founded date);
CREATE TABLE d.people (id int PRIMARY KEY, name text, boss int REFERENCES d.people,
  city int REFERENCES d.cities, mood d.mood, born date, salary numeric(12,2), tags text[],
  seen timestamptz, "user" text);
CREATE TABLE d.docs (id uuid PRIMARY KEY, title text, parent uuid REFERENCES d.docs,
  author int REFERENCES d.people, body jsonb);
CREATE TABLE d.products (sku text PRIMARY KEY, name text, price numeric(8,2), moods d.mood[]);
CREATE TABLE d.orders (region text, no int, customer int REFERENCES d.people, total numeric(12,2),
  placed timestamptz, state text, PRIMARY KEY (region, no)) PARTITION BY LIST (region);
CREATE TABLE d.orders_n PARTITION OF d.orders FOR VALUES IN ('n');
CREATE TABLE d.orders_s PARTITION OF d.orders FOR VALUES IN ('s', 'w');
CREATE TABLE d.lines (region text, no int, line int, product text REFERENCES d.products, qty int,
  price numeric(8,2), PRIMARY KEY (region, no, line),
  CONSTRAINT lines_order FOREIGN KEY (region, no) REFERENCES d.orders);
CREATE TABLE d.returns (id bigint PRIMARY KEY, region text, no int, line int, reason text, at date,
  CONSTRAINT returns_line FOREIGN KEY (region, no, line) REFERENCES d.lines,
  CONSTRAINT returns_order FOREIGN KEY (region, no) REFERENCES d.orders);
CREATE TABLE d.animals (id int PRIMARY KEY, name text, keeper int REFERENCES d.people);
CREATE TABLE d.dogs (breed text) INHERITS (d.animals);
CREATE TABLE d.visits (id int PRIMARY KEY, animal int REFERENCES d.animals, "order" int, day date);
CREATE TABLE d."Odd ""Name""" ("Select" int PRIMARY KEY, "from" int REFERENCES d.cities, "Жук" text);
CREATE VIEW d.totals AS SELECT customer, sum(total) AS total FROM d.orders GROUP BY customer;

INSERT INTO d.countries SELECT 'c' || i, nullif('country ' || i, 'country 2'), CASE WHEN i % 3 > 0 THEN i % 2 = 0 END
  FROM generate_series(1, 4) AS i;
INSERT INTO d.cities SELECT i, CASE WHEN i % 4 > 0 THEN 'City ' || i % 3 END,
    CASE WHEN i % 5 > 0 THEN 'c' || 1 + i % 4 END, NULL, CASE WHEN i % 3 > 0 THEN date '1200-01-31' + i * 1000 END
  FROM generate_series(1, 8) AS i;
UPDATE d.cities SET twin = 1 + (id * 3) % 8 WHERE id % 3 <> 1;
INSERT INTO d.people SELECT i, CASE WHEN i % 7 > 0 THEN (ARRAY['Ann', 'Bob', 'Ćid', 'd''Or', 'E\x'])[1 + i % 5] END, NULL,
    CASE WHEN i % 4 > 0 THEN 1 + i % 8 END, (ARRAY['sad', 'ok', 'happy', NULL])[1 + i % 4]::d.mood,
    CASE WHEN i % 6 > 0 THEN date '1980-02-28' + i * 97 END, CASE WHEN i % 5 > 0 THEN i * 100.25 END,
    (ARRAY['{}', '{a,b}', '{b,NULL,c}', NULL])[1 + i % 4]::text[],
    CASE WHEN i % 3 > 0 THEN timestamptz '2020-02-28 22:30:00.125Z' + i * interval '7 hours' END, 'u' || i % 6
  FROM generate_series(1, 24) AS i;
UPDATE d.people SET boss = 1 + (id * 5) % 24 WHERE id % 4 <> 1;
INSERT INTO d.docs SELECT ('00000000-0000-0000-0000-0000000000' || 10 + i)::uuid, CASE WHEN i % 4 > 0 THEN 'doc ' || i END, NULL,
    CASE WHEN i % 3 > 0 THEN i END, (ARRAY['{"a": {"b": "x"}, "n": 5}', '[1, "two", null]', 'null', NULL])[1 + i % 4]::jsonb
  FROM generate_series(1, 9) AS i;
UPDATE d.docs SET parent = '00000000-0000-0000-0000-000000000013' WHERE title > 'doc 4';
INSERT INTO d.products SELECT 'p' || i, nullif('Product ' || i, 'Product 3'), CASE WHEN i % 4 > 0 THEN i * 1.5 END,
    (ARRAY['{ok}', '{sad,happy}', NULL])[1 + i % 3]::d.mood[]
  FROM generate_series(1, 6) AS i;
INSERT INTO d.orders SELECT (ARRAY['n', 's', 'w'])[1 + i % 3], i / 2, CASE WHEN i % 5 > 0 THEN 1 + (i * 7) % 24 END,
    CASE WHEN i % 6 > 0 THEN (i * 37) % 101 + 0.5 END, CASE WHEN i % 4 > 0 THEN timestamptz '2020-03-01Z' + i * interval '11 hours' END,
    (ARRAY['new', 'paid', 'void', NULL])[1 + i % 4]
  FROM generate_series(1, 30) AS i;
INSERT INTO d.lines SELECT region, no, l, CASE WHEN (no + l) % 4 > 0 THEN 'p' || 1 + (no * l) % 6 END, nullif((no + l) % 5, 4), l * 2.25
  FROM d.orders, generate_series(1, 2) AS l WHERE no % 3 > 0;
INSERT INTO d.returns SELECT row_number() OVER (ORDER BY region, no, line), region, no, CASE WHEN no % 2 > 0 THEN line END,
    CASE WHEN no % 4 > 0 THEN 'reason ' || no % 3 END, date '2021-01-01' + no
  FROM d.lines WHERE (no + line) % 2 = 0;
INSERT INTO d.returns VALUES (1000, NULL, NULL, NULL, 'none', NULL), (1001, 'n', NULL, 1, NULL, NULL);
INSERT INTO d.animals SELECT i, 'animal ' || i % 3, nullif(i * 2, 6) FROM generate_series(1, 5) AS i;
-- The same keys again in a child table: an arrow must not find two rows.
INSERT INTO d.dogs SELECT i, 'dog ' || i, nullif(i * 3, 9), 'breed ' || i % 2 FROM generate_series(3, 8) AS i;
INSERT INTO d.visits SELECT i, CASE WHEN i % 4 > 0 THEN 1 + i % 5 END, i % 3, date '2022-05-05' + i FROM generate_series(1, 9) AS i;
INSERT INTO d."Odd ""Name""" SELECT i, CASE WHEN i % 3 > 0 THEN i END, 'жук ' || i FROM generate_series(1, 5) AS i;
SELECT count(fundb.entity_id(c.oid)) > 0 AS registered FROM pg_class AS c WHERE relnamespace = 'd'::regnamespace AND relkind IN ('r', 'p');
UPDATE public.entities SET main_field = field
FROM (VALUES ('countries', 'name'), ('cities', 'name'), ('people', 'name'), ('docs', 'title'), ('products', 'name'), ('orders', 'state'),
             ('animals', 'name'), ('Odd "Name"', 'Жук')) AS v (name, field)
WHERE id = fundb.entity_id(format('d.%I', v.name)::regclass);
ANALYZE;

-- Both sides of a case as JSON text: {"rows": …} or {"error": sqlstate, "message": …}.
CREATE TABLE d.runs (funql text, args jsonb, chunk jsonb, command bool, result text);
CREATE TABLE d.cases (id int PRIMARY KEY, funql text, args jsonb, chunk jsonb, command bool, written text, sql text);
CREATE FUNCTION d.refuse(result text) RETURNS void LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'Z0000', MESSAGE = result; END $$;
SELECT fundb.create_trigger('run', 'd.runs', $js$
  const run = async ({funql, args, chunk, command}) => {
    if (command) return {rows: await FunDB.runCommand(funql, args)};
    const {result} = await FunDB.getUserView({type: 'anonymous', query: funql}, args, chunk ?? undefined);
    return {rows: result.rows.map(({values, mainId}) => [values.map(({value}) => value), values.map(({pun}) => pun ?? null), mainId ?? null])};
  };
  export default async (event, args) => {
    const result = await run(args).catch((e) => ({error: e.sqlstate ?? 'js', message: e.message, hint: e.hint}));
    return {...args, result: JSON.stringify(result)};
  };
$js$, 'BEFORE', true) > 0 AS created;

-- What a command left behind is told by an error, which takes it back as well.
CREATE FUNCTION d.left_behind(written text, count text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
  EXECUTE format('SELECT jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)) FROM %s AS t', written) INTO state;
  PERFORM d.refuse(jsonb_build_object('rows', count, 'state', md5(state), 'text', state)::text);
END $$;
CREATE FUNCTION d.run_funql(c d.cases) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
  INSERT INTO d.runs VALUES (c.funql, c.args, c.chunk, c.command) RETURNING result INTO answer;
  DELETE FROM d.runs;
  IF NOT c.command OR answer::jsonb ? 'error' THEN RETURN answer; END IF;
  RETURN d.left_behind(c.written, answer::jsonb->>'rows');
EXCEPTION WHEN OTHERS THEN
  IF SQLSTATE = 'Z0000' THEN RETURN SQLERRM; END IF;
  RETURN jsonb_build_object('error', SQLSTATE, 'message', SQLERRM)::text;
END $$;
CREATE FUNCTION d.run_sql(c d.cases) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; count int;
BEGIN
  IF NOT c.command THEN
    EXECUTE 'SELECT json_build_object(''rows'', coalesce(json_agg(r), ''[]''))::text FROM (' || c.sql || ') AS r' INTO answer;
    RETURN answer;
  END IF;
  EXECUTE c.sql;
  GET DIAGNOSTICS count = ROW_COUNT;
  RETURN d.left_behind(c.written, count::text);
EXCEPTION WHEN OTHERS THEN
  IF SQLSTATE = 'Z0000' THEN RETURN SQLERRM; END IF;
  RETURN jsonb_build_object('error', SQLSTATE, 'message', SQLERRM)::text;
END $$;
