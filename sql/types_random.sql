-- Values by chance go to JavaScript and from there into another column of the same type: nothing may be lost.  The seed
-- is fixed; more rows are a matter of the number below.
SET client_min_messages = warning;
SET TimeZone = 'America/St_Johns';
SET DateStyle = 'SQL, DMY';
CREATE SCHEMA app;
CREATE TYPE app.pair AS (n numeric, t text, d date);
CREATE TABLE app.source (
  int2 int2, int4 int4, int8 int8, float4 float4, float8 float8, numeric numeric, text text, timestamp timestamp, timestamptz timestamptz,
  date date, time time, timetz timetz, interval interval, bytea bytea, uuid uuid, bit bit(9), inet inet, macaddr macaddr, money money, point point,
  json json, jsonb jsonb, int4range int4range, numrange numrange, tstzrange tstzrange, datemultirange datemultirange,
  texts text[], numerics numeric[], dates date[][], pair app.pair, pairs app.pair[]);

CREATE FUNCTION app.upto(n float8) RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT floor(random() * n)::bigint';
CREATE FUNCTION app.digits(n int) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT coalesce(string_agg(app.upto(10)::text, ''), '') FROM generate_series(1, n) $$;
CREATE FUNCTION app.any_numeric() RETURNS numeric LANGUAGE sql VOLATILE AS $$
  SELECT ((ARRAY['', '-'])[1 + app.upto(2)] || '0' || app.digits(app.upto(25)::int) || '.' || app.digits(app.upto(25)::int) || 'e' || (app.upto(60) - 30))::numeric $$;
-- Characters of one to four bytes, quotes, blanks and control characters among them.
CREATE FUNCTION app.any_text() RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT coalesce(string_agg(chr((CASE app.upto(5) WHEN 0 THEN 1 + app.upto(127) WHEN 1 THEN 32 + app.upto(96) WHEN 2 THEN 128 + app.upto(2000)
    WHEN 3 THEN 8192 + app.upto(40000) ELSE 65536 + app.upto(1048000) END)::int), ''), '') FROM generate_series(1, app.upto(20)) $$;
CREATE FUNCTION app.any_timestamp() RETURNS timestamp LANGUAGE sql VOLATILE AS $$
  SELECT timestamp '2000-01-01' + make_interval(secs => CASE app.upto(3) WHEN 0 THEN (random() - 0.5) * 1e9 WHEN 1 THEN (random() - 0.5) * 4e11 ELSE random() * 9e12 END)
    + app.upto(1000000) * interval '1 microsecond' $$;
CREATE FUNCTION app.any_date() RETURNS date LANGUAGE sql VOLATILE AS $$ SELECT date '2000-01-01' + (CASE app.upto(2) WHEN 0 THEN app.upto(40000) - 20000 ELSE app.upto(2e9) - 2451545 END)::int $$;
CREATE FUNCTION app.any_pair() RETURNS app.pair LANGUAGE sql VOLATILE AS $$ SELECT ROW(app.any_numeric(), app.any_text(), app.any_date())::app.pair $$;

SELECT setseed(0.42);
INSERT INTO app.source SELECT
  app.upto(65536) - 32768, app.upto(2^32) - 2147483648, ((random() - 0.5) * 2^((n % 64)::float8))::int8 + app.upto(1000),
  ((random() - 0.5) * 10 ^ (n % 70 - 35))::float4, (random() - 0.5) * 10 ^ ((n * 7 % 600) - 300)::float8, app.any_numeric(), app.any_text(), app.any_timestamp(), app.any_timestamp() AT TIME ZONE 'UTC',
  app.any_date(), time '00:00' + app.upto(86400e6) * interval '1 microsecond', (app.upto(24)::text || ':' || app.upto(60) || ':' || app.upto(60) || '.' || app.digits(6) || (ARRAY['+', '-'])[1 + app.upto(2)] || app.upto(15) || ':' || app.upto(60))::timetz,
  make_interval(years => (app.upto(2000) - 1000)::int, months => (app.upto(24) - 12)::int, days => (app.upto(2000) - 1000)::int, secs => (random() - 0.5) * 1e6) + (app.upto(2000000) - 1000000) * interval '1 microsecond',
  convert_to(app.any_text(), 'UTF8'), md5(n::text)::uuid, app.upto(512)::int::bit(9), ('10.' || app.upto(256) || '.' || app.upto(256) || '.' || app.upto(256) || '/' || app.upto(33))::inet, left(md5(n::text), 12)::macaddr,
  (app.upto(1e12) - 5e11)::numeric::money / 100, point((random() - 0.5) * 1e10, random()), to_json(app.any_text()), jsonb_build_object(app.any_text(), app.any_text(), 'n', app.upto(1e15), 'f', random(), 'a', jsonb_build_array(n, NULL, n % 2 = 0)),
  int4range(app.upto(1000)::int, 1000 + app.upto(1000)::int, '[]'), numrange(app.any_numeric(), NULL), tstzrange(app.any_timestamp() AT TIME ZONE 'UTC', NULL, '()'), datemultirange(daterange(app.any_date(), NULL)),
  ARRAY[app.any_text(), NULL, app.any_text()], ARRAY[app.any_numeric(), app.any_numeric()], ARRAY[ARRAY[app.any_date()], ARRAY[app.any_date()]], app.any_pair(), ARRAY[app.any_pair(), NULL]
FROM generate_series(1, 2000) n;

-- A second column of each type, filled from the first; moments as ISO strings as well.
DO $$ BEGIN
  EXECUTE (SELECT format('CREATE TABLE app.copy (LIKE app.source, iso timestamptz, %s)', string_agg(format('%I %s', attname || '_2', format_type(atttypid, atttypmod)), ', ' ORDER BY attnum))
    FROM pg_attribute WHERE attrelid = 'app.source'::regclass AND attnum > 0);
END $$;
SELECT fundb.create_trigger('copy', 'app.copy', $js$
export default (event, args) => {
  for (const name of Object.keys(args)) args[name + '_2'] = args[name];
  args.iso = args.timestamptz instanceof Date ? args.timestamptz.toISOString() : args.timestamptz;
  return args;
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.copy SELECT * FROM app.source;
-- By the binary form: a numeric may lose zeros at its end.  A Date remembers microseconds, but its ISO string has none.
CREATE FUNCTION app.differing() RETURNS TABLE (type text, rows bigint, example text) LANGUAGE plpgsql AS $$
DECLARE equal text;
BEGIN
  FOR type IN SELECT attname FROM pg_attribute WHERE attrelid = 'app.source'::regclass AND attnum > 0 ORDER BY attnum LOOP
    equal := CASE WHEN type IN ('numeric', 'numerics', 'pair', 'pairs') THEN '%1$I = %2$I'
      WHEN type = 'timestamptz' THEN '%1$I = %2$I AND (iso = date_trunc(''milliseconds'', %1$I) OR extract(year FROM %1$I) > 275759)'
      ELSE 'record_send(ROW(%1$I)) = record_send(ROW(%2$I))' END;
    IF type = 'json' THEN equal := '%1$I::jsonb = %2$I::jsonb'; END IF;
    EXECUTE format('SELECT count(*), min(%1$I::text || '' / '' || %2$I::text) FROM app.copy WHERE (' || equal || ') IS NOT TRUE', type, type || '_2') INTO rows, example;
    IF rows > 0 THEN RETURN NEXT; END IF;
  END LOOP;
END $$;
SELECT * FROM app.differing();
SELECT count(*) AS rows, count(DISTINCT numeric) > 1900 AS many, count(*) FILTER (WHERE timestamptz > '275761-01-01') > 10 AS far FROM app.copy;
DROP SCHEMA app CASCADE;
DELETE FROM public.schemas WHERE name = 'app';
