-- getUserView: sources, arguments, globals, the shape of the result, pages, errors with their place.
CREATE SCHEMA api_views;
SET search_path = api_views;
SET timezone = 'UTC';
CREATE TABLE run (id int);
CREATE FUNCTION js(body text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers WHERE name = 'body';
  PERFORM fundb.create_trigger('body', 'api_views.run', $js$
    const log = (...values) => console.log(values.map((v) => JSON.stringify(v) ?? 'undefined').join(' '));
    const view = (query, args, chunk) => FunDB.getUserView({type: 'anonymous', query}, args, chunk);
    // The rows as plain arrays of values.
    const rows = async (...call) => (await view(...call)).result.rows.map(({values}) => values.map(({value}) => value));
    const attempt = async (call) => {
      try { log(await call()); } catch (e) { console.log(e.error, e.sqlstate, e.message, e.argument ?? '', e.inner?.error ?? '', e.hint ?? ''); }
    };
    export default async function (event) {$js$ || body || '}', 'AFTER', true);
  INSERT INTO api_views.run VALUES (1);
END $$;

CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, "user" int, mood mood);
CREATE TABLE orders (id bigint PRIMARY KEY, customer int REFERENCES people, total numeric(12,2),
  at timestamptz, tags text[], note jsonb);
INSERT INTO people VALUES (1, 'Ann', 10, 'ok'), (2, 'Bob', 20, 'sad'), (3, 'Cid', NULL, NULL);
INSERT INTO orders VALUES (1, 1, 12.50, '2020-01-01 10:00Z', '{a,b}', '{"x": [1]}'),
  (2, 2, 7, '2020-01-02 10:00Z', NULL, NULL), (3, NULL, NULL, NULL, '{}', 'null');
SELECT fundb.entity_id('people') > 0 AS registered;
UPDATE public.entities SET main_field = 'name' WHERE id = fundb.entity_id('people');

-- The whole shape, once.
SELECT js($q$
  const {info, result} = await view('{ $id reference(api_views.orders), $since datetime NULL, $n int DEFAULT 3 }: SELECT id, customer, customer=>name AS who, total FROM api_views.orders WHERE id = $id AND ($since IS NULL OR at > $since) LIMIT $n', {id: 1});
  log(Object.keys(info), Object.keys(result));
  log(info.arguments);
  log(info.mainEntity, info.hash.length);
  info.columns.forEach((column) => log(column));
  log(info.domains);
  log(result);
$q$);
-- What authors use: names of columns, values of rows.
SELECT js($q$
  const {info, result: {rows}} = await view('SELECT id, note, tags, at, total FROM api_views.orders ORDER BY id');
  log(rows.map(({values}) => Object.fromEntries(info.columns.map(({name}, i) => [name, values[i].value]))));
  log(rows[0].values[3].value instanceof Date, typeof rows[0].values[0].value);
  const counted = await view('SELECT count(*) AS n, sum(total) AS s, max(at) AS m FROM api_views.orders');
  log(counted.result.rows[0].values, counted.info.columns.map(({valueType}) => valueType.type), 'mainId' in counted.result.rows[0]);
  log((await view('SELECT id FROM api_views.orders WHERE id < 0')).result.rows);
$q$);

-- Arguments.
SELECT js($q$
  const q = `{ $a int, $b string NULL, $c array(int) NULL, $d enum('x', 'y') DEFAULT 'x', $e datetime NULL, $f json NULL,
      $g decimal NULL, $h bool NULL }: SELECT $a AS a, $b AS b, $c AS c, $d AS d, $e AS e, $f AS f, $g AS g, $h AS h`;
  log(await rows(q, {a: 1}));
  log(await rows(q, {a: '7', b: 'text', c: [1, null, 3], d: 'y', e: new Date(0), f: {k: [true]}, g: '1.10', h: false, extra: 1}));
  log(await rows('{ $MyArg int, $"MyArg" int }: SELECT $MyArg + 1 AS a, $"MyArg" AS b', {MyArg: 4, myarg: 6}));
  log(await rows('{ $MyArg int }: SELECT $MyArg + 1 AS a', {MyArg: 4}));
  for (const args of [undefined, {}, {a: null}, {a: 'x'}, {a: 1, d: 'z'}, {a: 1, c: 5}, {a: 1, e: 'yesterday'}, {a: 3e9}]) {
    await attempt(() => rows(q, args));
  }
  await attempt(() => rows('{ $unused int }: SELECT 1 AS a', {}));
$q$);

-- Globals.  The user is known by a setting, else by the session; the key by a setting, else by the
-- row of public.users, which the caller need not be allowed to read.
CREATE ROLE api_views_clerk;
GRANT USAGE ON SCHEMA api_views TO api_views_clerk;
GRANT INSERT ON run TO api_views_clerk;
GRANT SELECT ON people TO api_views_clerk;
SELECT js($q$
  log(await rows('SELECT $$user_id AS a, $$lang AS b, $$user = $$user AS c'));
  log(await rows('SELECT name FROM api_views.people WHERE user = $$user_id'));
  log((await rows('SELECT $$transaction_time AS t'))[0][0] instanceof Date, (await rows('SELECT $$transaction_id AS t'))[0][0] > 0);
$q$);
SET fundb.user_name = 'ann'; SET fundb.user_id = '10'; SET fundb.lang = 'ru';
SET ROLE api_views_clerk;
INSERT INTO run VALUES (2);
SELECT set_config('fundb.user_id', '', false) AS unset;
INSERT INTO run VALUES (3);
RESET ROLE;
CREATE TABLE public.users (id serial PRIMARY KEY, name varchar(20) UNIQUE);
INSERT INTO public.users VALUES (20, 'bob'), (10, 'ann');
SET ROLE api_views_clerk;
INSERT INTO run VALUES (4);
SET fundb.user_name = 'nobody';
INSERT INTO run VALUES (5);
RESET ROLE;
RESET fundb.user_name; RESET fundb.user_id; RESET fundb.lang;
DROP TABLE public.users;

-- Named views: found by schema and name, no right on the registry needed; seen at once when changed.
INSERT INTO public.user_views (schema_id, name, query)
  VALUES (fundb.schema_id('api_views'), 'names', '{ $min int DEFAULT 0 }: SELECT name FROM people WHERE id > $min ORDER BY id');
SELECT js($q$
  const names = async (source, args) => (await FunDB.getUserView(source, args)).result.rows.map((r) => r.values[0].value);
  log(await names({type: 'named', ref: {schema: 'api_views', name: 'names'}}));
  log(await names({type: 'named', schema: 'api_views', name: 'names'}, {min: 1}));
  await attempt(() => names({type: 'named', schema: 'api_views', name: 'name'}));
  log((await FunDB.getUserViewInfo({type: 'named', schema: 'api_views', name: 'names'})).info.columns[0].name);
$q$);
UPDATE public.user_views SET query = 'SELECT mood FROM people ORDER BY id' WHERE name = 'names';
SELECT js($q$ log((await FunDB.getUserView({type: 'named', schema: 'api_views', name: 'names'})).result.rows.map((r) => r.values[0].value)); $q$);
DELETE FROM public.user_views WHERE name = 'names';

-- Pages.
SELECT js($q$
  const q = 'SELECT id, name, user FROM api_views.people ORDER BY id LIMIT 2';
  log(await rows(q, null, {limit: 1}), await rows(q, null, {limit: 5, offset: 1}), await rows(q, {}, {}));
  log(await rows(q, {}, {where: {expression: '"user" = $u', arguments: {u: {type: 'int', value: 20}}}}));
  log(await rows(q, {}, {search: 'an'}), await rows(q, {}, {search: ' b  20 '}), await rows(q, {}, {search: 'zz'}));
  await attempt(() => rows(q, {}, {limit: -1}));
  await attempt(() => rows(q, {}, {where: {expression: 'nme = 1'}}));
$q$);

-- A condition that follows an arrow keeps the order of the query, whatever that orders by, also where the join does not.
CREATE TABLE clients (id int PRIMARY KEY, name text);
CREATE TABLE pages (id int PRIMARY KEY, client int REFERENCES clients, total numeric);
INSERT INTO clients SELECT i, (ARRAY['Ann', 'Bob'])[i % 2 + 1] FROM generate_series(1, 1000) i;
INSERT INTO pages SELECT i, i * 7, (i * 7 % 20) * 1.5 FROM generate_series(1, 20) i;
ANALYZE pages, clients;
SELECT js($q$
  const where = {expression: 'client=>name = $name', arguments: {name: {type: 'string', value: 'Ann'}}};
  for (const q of ['SELECT id, total FROM api_views.pages ORDER BY total DESC', 'SELECT id FROM api_views.pages ORDER BY total DESC, id',
      'SELECT id FROM api_views.pages ORDER BY -total', 'SELECT id, total FROM api_views.pages ORDER BY 3 DESC',
      'SELECT DISTINCT total AS t FROM api_views.pages ORDER BY t DESC', 'SELECT id FROM api_views.pages ORDER BY total DESC LIMIT 12 OFFSET 2',
      'SELECT max(total) AS most FROM api_views.pages GROUP BY client, id ORDER BY max(total) DESC',
      'SELECT DISTINCT ON (total) total FROM api_views.pages ORDER BY total DESC', 'SELECT id FROM api_views.pages ORDER BY total DESC FOR UPDATE']) {
    const query = 'SET enable_nestloop = off; SET enable_mergejoin = off; ' + q.replace(/SELECT (DISTINCT )?(ON [^ ]* )?/, '$&client, ');
    const ids = async (chunk) => (await rows(query, {}, {...chunk, where})).map((row) => row[1]);
    log(await ids({limit: 4}), await ids({limit: 2, offset: 1}));
  }
  const both = await view('SELECT client FROM api_views.pages ORDER BY total DESC', {}, {limit: 1, where});
  log(both.info.columns.map(({name}) => name), both.result.rows);
$q$);

-- A query sees what the rule wrote before it, and calls are done in the order they are started.
SELECT js($q$
  const calls = [
    FunDB.insertEntity({schema: 'api_views', name: 'people'}, {id: 4, name: 'Dan'}),
    rows('SELECT name FROM api_views.people WHERE id > 3'),
    FunDB.updateEntity({schema: 'api_views', name: 'people'}, 4, {name: 'Don'}),
    rows('SELECT name FROM api_views.people WHERE id > 3'),
    FunDB.deleteEntity({schema: 'api_views', name: 'people'}, 4),
    rows('SELECT name FROM api_views.people WHERE id > 3'),
  ];
  log(await Promise.all(calls));
$q$);

-- Nothing is remembered longer than it is true.
SELECT js($q$ log((await view('SELECT customer FROM api_views.orders WHERE id = 1')).result.rows[0].values[0]); $q$);
UPDATE public.entities SET main_field = 'mood' WHERE id = fundb.entity_id('people');
SELECT js($q$ log((await view('SELECT customer FROM api_views.orders WHERE id = 1')).result.rows[0].values[0]); $q$);
ALTER TABLE people DROP COLUMN mood;
SELECT js($q$ log((await view('SELECT customer FROM api_views.orders WHERE id = 1')).result.rows[0].values[0]); $q$);
ALTER TABLE orders RENAME customer TO client;
SELECT js($q$ await attempt(() => view('SELECT customer FROM api_views.orders WHERE id = 1')); $q$);
ALTER TABLE orders ALTER client TYPE bigint;
SELECT js($q$ log((await view('SELECT client FROM api_views.orders WHERE id = 1')).info.columns[0].valueType); $q$);

-- A type or function that changes under a query changes its result.
CREATE FUNCTION what() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT js($q$ log((await view('SELECT api_views.what() AS w')).info.columns[0].valueType, await rows('SELECT api_views.what() AS w')); $q$);
DROP FUNCTION what();
SELECT js($q$ await attempt(() => rows('SELECT api_views.what() AS w')); $q$);
CREATE FUNCTION what() RETURNS text LANGUAGE sql AS $$ SELECT 'two' $$;
SELECT js($q$ log((await view('SELECT api_views.what() AS w')).info.columns[0].valueType, await rows('SELECT api_views.what() AS w')); $q$);
-- A schema that takes the name of another.
CREATE SCHEMA api_views_a;
CREATE TABLE api_views_a.t AS SELECT 'a' AS v;
CREATE SCHEMA api_views_b;
CREATE TABLE api_views_b.t AS SELECT 7 AS w, 'b' AS v;
SELECT js($q$ log(await rows('SELECT v FROM api_views_a.t')); $q$);
ALTER SCHEMA api_views_a RENAME TO api_views_c;
ALTER SCHEMA api_views_b RENAME TO api_views_a;
SELECT js($q$ log(await rows('SELECT v FROM api_views_a.t')); $q$);

-- Errors say where: in the language, in PostgreSQL's parser, at run time.
SELECT js($q$ await view(`SELECT id, nme
  FROM api_views.people`); $q$);
SELECT js($q$ await view(`SELECT id,
  FROM WHERE`); $q$);
SELECT js($q$ await view(`SELECT name
  FROM api_views.people WHERE name + 1 = 2`); $q$);
SELECT js($q$ await view('SELECT 1 / (id - id) AS x FROM api_views.people'); $q$);
\echo :LAST_ERROR_SQLSTATE
SELECT js($q$ await view('SELECT id FROM people'); $q$);
SELECT js($q$
  for (const source of [undefined, {}, {type: 'named'}, {type: 'named', ref: {name: 'x'}}, {type: 'anonymous'}, {type: 'anonymous', query: 5}, {type: 'x'}]) {
    try { FunDB.getUserView(source); } catch (e) { console.log(e.error, e.sqlstate, e.message); }
  }
$q$);
-- Caught, an error costs nothing but its call.
SELECT js($q$
  await attempt(() => rows('SELECT 1 / (id - id) AS x FROM api_views.people'));
  log(await rows('SELECT count(*) AS n FROM api_views.people'));
$q$);

-- Names in compiled text are PostgreSQL's own, whatever the caller's search_path; what is called from
-- it sees that path.
CREATE FUNCTION evil(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR = (FUNCTION = evil, LEFTARG = bigint, RIGHTARG = bigint);
CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS $$ SELECT 'stolen' $$;
CREATE FUNCTION path() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('search_path') || ' ' || (SELECT count(*) FROM people) $$;
SET search_path = api_views, pg_catalog;
SHOW search_path;
SELECT js($q$
  log(await rows(`SELECT id, lower('X') AS l FROM api_views.orders WHERE id = 2`));
  log(await rows('SELECT api_views.path() AS p'));
  log(await FunDB.runCommand('UPDATE api_views.orders SET total = 1 WHERE id = 2'));
$q$);
SET search_path = api_views;
DROP OPERATOR api_views.= (bigint, bigint);

-- The same text again, from one place in a rule: what is kept for it is as good as the table, the
-- role and the characters are the same.
CREATE SCHEMA api_views_closed;
CREATE TABLE api_views_closed.again (id int PRIMARY KEY, note text);
INSERT INTO api_views_closed.again VALUES (1, '1');
GRANT SELECT ON api_views_closed.again TO api_views_clerk;
CREATE TABLE again_run (id int);
SELECT fundb.create_trigger('again', 'api_views.again_run', $$
const read = () => FunDB.getUserView({type: 'anonymous', query: 'SELECT note FROM api_views_closed.again WHERE id = 1'});
const show = ({info, result}) => console.log(info.columns[0].valueType.type, JSON.stringify(result.rows[0].values));
const other = async (letter) => show(await FunDB.getUserView({type: 'anonymous', query: `SELECT '${letter}' AS a`}));
export default async function () {
  show(await read());
  show(await read());
  await FunDB.pretendRole({schema: 'any', name: 'api_views_clerk'}, read).catch((e) => console.log(e.error, e.message));
  show(await read());
  for (const letter of ['x', 'y', 'x', 'y']) await other(letter);
  const wide = await FunDB.getUserView({type: 'anonymous', query: `SELECT ${Array.from({length: 40}, (_, i) => `n.v + ${i} AS c${i}`).join(', ')} FROM (SELECT generate_series(1, 450) AS v) AS n`});
  console.log(wide.result.rows.length, wide.result.rows.every(({values}, r) => values.length === 40 && values.every(({value}, i) => value === r + 1 + i)));
  const names = Array.from({length: 20}, (_, i) => `$a${i}`);
  const many = await FunDB.getUserView({type: 'anonymous', query: `{ ${names.map((name) => `${name} int`).join(', ')} }: SELECT ${names.map((name, i) => `${name} AS c${i}`).join(', ')}`}, Object.fromEntries(names.map((name, i) => [name.slice(1), i * i])));
  console.log(JSON.stringify(many.result.rows[0].values.map(({value}) => value)));
  return true;
}
$$, 'BEFORE', true) > 0 AS created;
INSERT INTO again_run VALUES (1);
ALTER TABLE api_views_closed.again ALTER note TYPE int USING note::int;
INSERT INTO again_run VALUES (1);

-- Many calls under way at once.
SELECT js($q$
  const calls = Array.from({length: 300}, (_, i) => rows('{ $k int }: SELECT $k AS a', {k: i}));
  const found = await Promise.all(calls);
  log(found.length, found.every(([[value]], i) => value === i));
$q$);

-- A long result.
SELECT js($q$
  const {result} = await view('SELECT n.v AS v FROM (SELECT generate_series(1, 20000) AS v) AS n');
  log(result.rows.length, result.rows[0].values[0].value, result.rows[19999].values[0].value);
$q$);

-- Compiled queries are kept, but of long ones no more than 32 MB: 30 of these take 150 MB.
SELECT js($q$
  const long = Array.from({length: 30000}, (_, i) => i).join();
  for (let i = 0; i < 30; i++) await view(`SELECT 1 AS x WHERE ${i} IN (${long})`);
$q$);
SELECT sum(total_bytes) BETWEEN 1000000 AND 50000000 AS bounded FROM pg_backend_memory_contexts WHERE name LIKE 'CachedPlan%';
-- One that is longer than that is kept as well, until the next one.
SELECT js($q$
  await view(`SELECT 1 AS x WHERE 0 IN (${Array.from({length: 120000}, (_, i) => i).join()})`);
  await FunDB.runCommand('DELETE FROM api_views.run WHERE id = 7');
  log(await rows('SELECT 1 AS x WHERE 1 IN (1)'));
$q$);

-- Constants of a text mean the same whatever the settings are of who happens to run it, first or later.
SELECT js($q$
  log(await rows(`{ $m datetime DEFAULT '2024-01-31 10:00' }: SELECT '2024-02-01'::date, '-1 day 2 hours'::interval, '2024-01-31 10:00'::datetime, $m, id FROM api_views.orders WHERE at >= '2020-01-02'`));
$q$);
SET datestyle = 'SQL, DMY';
SET intervalstyle = 'sql_standard';
SET timezone = 'Asia/Tokyo';
INSERT INTO run VALUES (1);
SELECT fundb.reset();
INSERT INTO run VALUES (1);
SELECT js($q$ await attempt(() => rows(`SELECT '02/01/2024'::date AS d`)); $q$);
RESET datestyle;
RESET intervalstyle;
SET timezone = 'UTC';

-- Descriptions have bounds: the labels of an enum are in them once for each column.
DO $$ BEGIN
  EXECUTE (SELECT format('CREATE TYPE long AS ENUM (%s)', string_agg(quote_literal(repeat('x', 50) || i), ', ')) FROM generate_series(1, 20000) i);
  EXECUTE (SELECT format('CREATE TABLE longs (%s)', string_agg(format('c%s long', i), ', ')) FROM generate_series(1, 20) i);
END $$;
SELECT js($q$
  await attempt(() => FunDB.getEntityInfo({schema: 'api_views', name: 'longs'}));
  await attempt(() => FunDB.getUserViewInfo({type: 'anonymous', query: `SELECT ${Array.from({length: 20}, (_, i) => `c1 AS x${i}`)} FROM api_views.longs`}));
$q$);

SET client_min_messages = warning;
DROP SCHEMA api_views, api_views_a, api_views_c, api_views_closed CASCADE;
DROP ROLE api_views_clerk;
