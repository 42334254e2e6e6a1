-- What JavaScript sees of each type, extremes first of all, and that DateStyle, TimeZone and their
-- like change nothing about it.
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok');
CREATE DOMAIN app.positive AS int CHECK (value > 0);
CREATE TABLE app.part (gone text, a int, b numeric, c text[], "Key" timestamptz);
ALTER TABLE app.part DROP COLUMN gone;

CREATE TABLE app.examples (place int GENERATED ALWAYS AS IDENTITY, type text, literal text);
INSERT INTO app.examples (type, literal) VALUES
  ('int2', '-32768'), ('int4', '2147483647'), ('oid', '4294967295'),
  ('int8', '9007199254740992'), ('int8', '9007199254740993'), ('int8', '-9007199254740993'), ('int8', '-9223372036854775808'),
  ('float4', '0.1'), ('float4', '16777217'), ('float4', '3.4028235e38'), ('float8', '0.1'), ('float8', '-0'), ('float8', 'NaN'), ('float8', '-Infinity'), ('float8', '5e-324'),
  ('numeric', '5.00'), ('numeric', '0.10'), ('numeric', '-1234.5600'), ('numeric', '123456789012345'), ('numeric', '9007199254740993'),
  ('numeric', '12345678901234567890'), ('numeric', '0.30000000000000004'), ('numeric', '0.300000000000000040'), ('numeric', '0.3000000000000000444'),
  ('numeric', '1e23'), ('numeric', '1e308'), ('numeric', '1e309'), ('numeric', '5e-324'), ('numeric', '4e-324'), ('numeric', '1152921504606846976'), ('numeric', '1152921504606847000'),
  ('numeric', 'NaN'), ('numeric', 'Infinity'), ('numeric', '-Infinity'), ('numeric(6,2)', '7'),
  ('bool', 'true'), ('text', 'aé€😀'), ('text', ''), ('char(5)', 'ab'), ('varchar(5)', 'ab '), ('name', 'é'), ('"char"', 'x'), ('app.mood', 'ok'),
  ('timestamptz', '2024-03-10 12:00:00.123456+00'), ('timestamptz', '1969-12-31 23:59:59.999999+00'), ('timestamptz', '1999-12-31 23:59:59.9999+00'),
  ('timestamptz', 'infinity'), ('timestamptz', '-infinity'), ('timestamptz', '4714-11-24 00:00:00+00 BC'),
  ('timestamptz', '275760-09-13 00:00:00+00'), ('timestamptz', '275760-09-13 00:00:00.001+00'), ('timestamptz', '294276-12-31 23:59:59.999999+00'),
  ('timestamptz', '2024-03-10 02:30:00 America/New_York'), ('timestamptz', '2024-11-03 01:30:00-04'), ('timestamptz', '2024-11-03 01:30:00-05'),
  ('timestamp', '2024-03-10 12:00:00'), ('timestamp', '2024-03-10 12:00:00.12'), ('timestamp', '294276-12-31 23:59:59.999999'), ('timestamp', '0044-03-15 12:00:00 BC'), ('timestamp', 'infinity'),
  ('date', '2024-03-10'), ('date', '0001-12-31 BC'), ('date', '4714-11-24 BC'), ('date', '5874897-12-31'), ('date', '-infinity'),
  ('time', '24:00:00'), ('time', '12:30:00.000001'), ('timetz', '12:30:00+02'), ('timetz', '24:00:00-15:59:59'),
  ('interval', '1 year 2 mons 3 days 04:05:06.5'), ('interval', '0'), ('interval', '-1 year -2 mons +3 days -04:05:06.5'), ('interval', '-0.000001 s'), ('interval', '25:00:00'),
  ('json', '{"b":1,"a":[1.10,null],"b":2}'), ('json', 'null'), ('jsonb', '{"b":1,"a":[1.10,null]}'), ('jsonb', '"x"'), ('jsonb', '1e400'), ('jsonb', '12345678901234567890'),
  ('bytea', '\x00ff61'), ('bytea', '\x'),
  ('int4[]', '{1,NULL,3}'), ('int4[]', '{}'), ('int4[]', '{{1,2},{3,4}}'), ('int4[]', '[5:6]={1,2}'), ('int8[]', '{9007199254740993}'), ('timestamptz[]', '{"2024-03-10 12:00:00+00"}'), ('jsonb[]', '{"[1,2]"}'),
  ('app.part', '(1,2.50,"{a}","2024-03-10 12:00:00.123456+00")'), ('app.part', '(,,,)'), ('app.part[]', '{"(1,2.50,{a},)"}'), ('app.positive', '5'),
  ('uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'), ('inet', '192.168.0.1/24'), ('inet', '192.168.0.1'), ('cidr', '10.0.0.0/8'), ('macaddr', '08-00-2b-01-02-03'),
  ('point', '(0.1,-2)'), ('box', '(0,0),(1,1)'), ('bit(3)', '101'), ('money', '12.5'), ('xml', '<a/>'), ('tsvector', 'b a'), ('regclass', 'pg_class'),
  ('int4range', '(1,5]'), ('numrange', '[1.50,)'), ('daterange', '[2024-02-01,2024-03-02)'), ('tstzrange', '[2024-03-10 12:00:00.5+02,infinity)'), ('tsmultirange', '{[2024-02-01,2024-03-02)}');

DO $$
BEGIN
  EXECUTE (SELECT format('CREATE TABLE app.t (n int PRIMARY KEY, seen text, %s)', string_agg(DISTINCT format('%I %s', type, type), ', ')) FROM app.examples);
END $$;

-- The class and the content of the one value of a row.
SELECT fundb.create_trigger('describe', 'app.t', $js$
function text(value) {
  if (value instanceof Date) return `Date ${value.toISOString()}`;
  if (value instanceof Uint8Array) return `Uint8Array [${value}]`;
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, member]) => `${key}: ${text(member)}`).join(', ')}}`;
  }
  if (Object.is(value, -0)) return 'number -0';
  return value === null ? 'null' : `${typeof value} ${value}`;
}
export default function describe(event, args) {
  const key = Object.keys(args).find((name) => name !== 'n' && name !== 'seen');
  return {...args, seen: text(args[key])};
}
$js$, 'BEFORE', true) > 0 AS created;

CREATE FUNCTION app.look() RETURNS TABLE (n int, type text, literal text, seen text) LANGUAGE plpgsql AS $$
DECLARE example app.examples;
BEGIN
  TRUNCATE app.t;
  FOR example IN SELECT * FROM app.examples ORDER BY place LOOP
    EXECUTE format('INSERT INTO app.t (n, %I) VALUES (%s, %L)', example.type, example.place, example.literal);
  END LOOP;
  RETURN QUERY SELECT e.place, e.type, e.literal, t.seen FROM app.examples AS e JOIN app.t AS t ON t.n = e.place;
END $$;

CREATE TABLE app.first AS SELECT * FROM app.look();
SELECT type, literal, seen FROM app.first ORDER BY n;

-- Nothing differs under other settings.
SET DateStyle = 'Postgres, MDY';
SET TimeZone = 'America/St_Johns';
SET IntervalStyle = 'postgres_verbose';
SET extra_float_digits = -5;
SET bytea_output = 'escape';
SET quote_all_identifiers = off;
CREATE TABLE app.second AS SELECT * FROM app.look();
SELECT f.type, f.literal, f.seen, s.seen FROM app.first AS f JOIN app.second AS s USING (n) WHERE f.seen IS DISTINCT FROM s.seen ORDER BY n;

-- Nor does what a text means on its way back.
DELETE FROM public.triggers;
CREATE TABLE app.back (n int PRIMARY KEY, ts timestamp, tz timestamptz, d date, i interval, tz_range tstzrange, d_range daterange);
SELECT fundb.create_trigger('write', 'app.back', $js$
export default (event, args) => ({...args,
  ts: '2024-03-04T05:06:07.5', tz: '2024-03-04T05:06:07', d: '2024-03-04', i: '-1 2:00:00',
  tz_range: '[2024-03-04 05:06:07,)', d_range: '[2024-03-04,2024-05-06)'})
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.back (n) VALUES (1);
SET DateStyle = 'SQL, DMY';
SET IntervalStyle = 'sql_standard';
SET TimeZone = 'Asia/Kolkata';
INSERT INTO app.back (n) VALUES (2);
RESET DateStyle;
RESET IntervalStyle;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SELECT * FROM app.back ORDER BY n;

-- Types that no column may have but the result of a query: by their text, an anonymous row as an object.
CREATE TABLE app.one (id int);
CREATE TABLE app.stats AS SELECT 7 AS n FROM generate_series(1, 100);
ANALYZE app.stats;
CREATE FUNCTION app.anonymous() RETURNS record LANGUAGE sql AS $$SELECT 1 AS n, 'x'::text, NULL::numeric, now() - now() AS i$$;
CREATE FUNCTION app.nothing() RETURNS void LANGUAGE sql AS '';
SELECT fundb.create_trigger('pseudo', 'app.one', $js$
const queries = ['SELECT app.nothing() AS v', 'SELECT app.anonymous() AS v', "SELECT most_common_vals AS v FROM pg_catalog.pg_stats WHERE schemaname = 'app' AND tablename = 'stats'",
  "SELECT textout('abc') AS v", 'SELECT pg_typeof(1) AS v', "SELECT 'literal' AS v", 'SELECT NULL AS v', 'SELECT array_agg(s) AS v FROM (SELECT 1 AS a, NULL AS b) AS s'];
export default async () => {
  for (const query of queries) {
    const {info, result} = await FunDB.getUserView({type: 'anonymous', query});
    const value = result.rows[0].values[0].value;
    console.info(`${query.slice(7, 30)}: ${JSON.stringify(info.columns[0].valueType)} ${value === null ? null : typeof value} ${JSON.stringify(value)}`);
  }
}
$js$, 'AFTER', true) > 0 AS created;
SET client_min_messages = notice;
INSERT INTO app.one VALUES (1);

SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
DELETE FROM public.schemas WHERE name = 'app';
