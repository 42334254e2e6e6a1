-- A row that a rule changes is the row that SQL writes: columns of every alignment and length, nulls that come and go, dropped columns, values out of
-- line and compressed, headers of one byte and of four.  (Builds with sanitizers or faults also compare the tuple with the one that heap_form_tuple makes.)
CREATE SCHEMA app;
CREATE TABLE app.a (id int, gone1 text, b1 bool, t1 text, i8 int8, c1 "char", i2 int2, n1 numeric, gone2 int8, by1 bytea, f8 float8, t2 varchar(400), i4 int4, nm name, u uuid,
  d1 date, ts timestamptz, i2b int2, t3 text, b2 bool, f4 float4, t4 text, patch jsonb);
ALTER TABLE app.a ALTER t3 SET STORAGE PLAIN, ALTER t2 SET STORAGE EXTERNAL, ALTER t1 SET STORAGE MAIN;
CREATE TABLE app.b (LIKE app.a INCLUDING ALL);
-- Stored before the columns go.
ALTER TABLE app.a DROP gone1, DROP gone2;
ALTER TABLE app.b DROP gone1, DROP gone2;
-- Short values of t3 are stored with long headers from now on, and of t4 with short ones.
ALTER TABLE app.a ALTER t4 SET STORAGE PLAIN;
ALTER TABLE app.b ALTER t4 SET STORAGE PLAIN;
SELECT count(fundb.create_trigger('patch', 'app.a', $js$
export default function (event, args) {
  const {patch} = args;
  for (const name of Object.keys(patch)) args[name] = patch[name] === 'NULL' ? null : patch[name];
  return args;
}
$js$, 'BEFORE', true, '{*}'));
-- A value for a column, or 'NULL'.
CREATE FUNCTION app.some(name text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT CASE WHEN random() < 0.3 THEN '"NULL"' ELSE CASE substr(name, 1, 2)
    WHEN 'b1' THEN to_jsonb(random() < 0.5) WHEN 'b2' THEN to_jsonb(random() < 0.5)
    WHEN 'i8' THEN to_jsonb((random() * 1e9)::int8) WHEN 'i2' THEN to_jsonb((random() * 1e4)::int2) WHEN 'i4' THEN to_jsonb((random() * 1e9)::int4)
    WHEN 'c1' THEN to_jsonb(chr(97 + floor(random() * 20)::int)) WHEN 'n1' THEN to_jsonb(round((random() * 1e4)::numeric, 2)::float8)
    WHEN 'f8' THEN to_jsonb(floor(random() * 100) / 4) WHEN 'f4' THEN to_jsonb(floor(random() * 100) / 4) WHEN 'nm' THEN to_jsonb('name' || floor(random() * 100))
    WHEN 'u' THEN to_jsonb(md5(random()::text)::uuid) WHEN 'd1' THEN to_jsonb(date '2024-01-01' + floor(random() * 100)::int) WHEN 'ts' THEN to_jsonb(timestamptz '2024-01-01 00:00+00' + floor(random() * 1e5) * interval '1 s')
    ELSE to_jsonb(repeat(chr(97 + floor(random() * 20)::int), (random() ^ 3 * CASE name WHEN 't2' THEN 390 WHEN 't4' THEN 150 ELSE 9000 END)::int)) END END $$;
CREATE FUNCTION app.values_of(share float8) RETURNS jsonb LANGUAGE sql AS $$
  SELECT coalesce(jsonb_object_agg(name, app.some(name)), '{}') FROM unnest('{b1,t1,i8,c1,i2,n1,f8,t2,i4,nm,u,d1,ts,i2b,t3,b2,f4,t4}'::text[]) name WHERE random() < share AND (name <> 't3' OR random() < 0.3) $$;
CREATE FUNCTION app.without_nulls(v jsonb) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_object_agg(key, CASE value WHEN '"NULL"' THEN 'null' ELSE value END) FROM jsonb_each(v || '{"x": 1}') $$;
SELECT setseed(0.25);
CREATE TABLE app.given AS SELECT i, app.values_of(0.7) base, app.values_of(0.2) patch FROM generate_series(1, 400) i;
-- PLAIN columns hold what fits a page.
UPDATE app.given SET base = base || jsonb_build_object('t3', left(base->>'t3', 2000)) WHERE base ? 't3';
UPDATE app.given SET patch = patch || jsonb_build_object('t3', left(patch->>'t3', 2000)) WHERE patch ? 't3';
INSERT INTO app.a SELECT (jsonb_populate_record(NULL::app.a, app.without_nulls(base) || jsonb_build_object('id', i, 'patch', patch, 'by1', '\x0102'))).* FROM app.given;
INSERT INTO app.b SELECT (jsonb_populate_record(NULL::app.b, app.without_nulls(base || patch) || jsonb_build_object('id', i, 'patch', patch, 'by1', '\x0102'))).* FROM app.given;
CREATE FUNCTION app.differences() RETURNS TABLE (rows bigint, differ bigint) LANGUAGE sql AS $$
  SELECT count(*), count(*) FILTER (WHERE NOT record_image_eq(a, b::text::app.a)) FROM app.a FULL JOIN app.b USING (id) $$;
SELECT * FROM app.differences();
SELECT count(*) FILTER (WHERE octet_length(t1) > 2000) > 10 long, count(*) FILTER (WHERE t2 IS NULL) > 10 nulls FROM app.a;
-- The same for rows that are stored: some columns and values came later.
ALTER TABLE app.a ADD late text DEFAULT 'late', ADD later int;
ALTER TABLE app.b ADD late text DEFAULT 'late', ADD later int;
ALTER TABLE app.a ALTER t3 SET STORAGE EXTENDED;
ALTER TABLE app.b ALTER t3 SET STORAGE EXTENDED;
CREATE TABLE app.more AS SELECT i, app.values_of(0.15) patch FROM generate_series(1, 400) i;
UPDATE app.more SET patch = patch - 't3';
UPDATE app.a SET patch = m.patch FROM app.more m WHERE m.i = id;
UPDATE app.b SET (b1, t1, i8, c1, i2, n1, f8, t2, i4, nm, u, d1, ts, i2b, b2, f4, t4, patch) =
  (SELECT r.b1, r.t1, r.i8, r.c1, r.i2, r.n1, r.f8, r.t2, r.i4, r.nm, r.u, r.d1, r.ts, r.i2b, r.b2, r.f4, r.t4, m.patch FROM app.more m, jsonb_populate_record(b, app.without_nulls(m.patch)) r WHERE m.i = b.id);
SELECT * FROM app.differences();
DROP SCHEMA app CASCADE;
