-- A rule that keeps a row, one that changes another column, and ones that assign what they read leave
-- every other column's bytes as they were, whatever its type.  Types that lose something on the way
-- to JavaScript (microseconds, the scale of a numeric, the order of json keys) are where it would show.
-- Settings that change how PostgreSQL writes values must not matter.
SET client_min_messages = warning;
SET DateStyle = 'SQL, DMY';
SET TimeZone = 'America/St_Johns';
SET IntervalStyle = 'sql_standard';
SET extra_float_digits = -5;
SET bytea_output = 'escape';

CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'très content');
CREATE DOMAIN app.positive AS int CHECK (value > 0);
CREATE DOMAIN app.exact AS numeric(20, 5);
CREATE DOMAIN app.tags AS text[] CHECK (cardinality(value) < 4);
CREATE TABLE app.part (gone text, a int, b numeric, c text[], "Key" timestamptz, d app.positive);
ALTER TABLE app.part DROP COLUMN gone;
CREATE TYPE app.moments AS RANGE (subtype = timestamptz);
-- Enums that got labels between others, composites that lost attributes, ranges and domains over all of these, and types of
-- extensions.
ALTER TYPE app.mood ADD VALUE 'so-so' BEFORE 'ok';
ALTER TYPE app.mood ADD VALUE 'best' AFTER 'très content';
CREATE TYPE app.pair AS (gone numeric, a int, also_gone text, b timestamptz, mood app.mood);
ALTER TYPE app.pair DROP ATTRIBUTE gone, DROP ATTRIBUTE also_gone;
CREATE TYPE app.words AS RANGE (subtype = text, collation = "C", multirange_type_name = app.word_lists);
CREATE TYPE app.moods AS RANGE (subtype = app.mood);
CREATE TYPE app.pairs AS RANGE (subtype = app.pair, multirange_type_name = app.pair_lists);
CREATE DOMAIN app.good AS app.mood CHECK (value >= 'so-so');
CREATE DOMAIN app.very_good AS app.good CHECK (value::text <> 'ok');
CREATE DOMAIN app.dated AS app.pair CHECK ((value).a > 0);
CREATE DOMAIN app.stay AS tstzrange CHECK (NOT isempty(value));
CREATE DOMAIN app.series AS app.positive[] CHECK (cardinality(value) > 0);
CREATE TYPE app.nested AS (tags app.tags, dated app.dated, pairs app.pair[], stay app.stay, series app.series);
CREATE EXTENSION citext SCHEMA app;
CREATE EXTENSION hstore SCHEMA app;
CREATE EXTENSION ltree SCHEMA app;
CREATE EXTENSION cube SCHEMA app;
CREATE EXTENSION seg SCHEMA app;
CREATE EXTENSION isn SCHEMA app;
CREATE EXTENSION intarray SCHEMA app;
CREATE EXTENSION lo SCHEMA app;

-- Each type with values that are easy to damage.
CREATE TABLE app.examples (type text, place int GENERATED ALWAYS AS IDENTITY, literal text);
INSERT INTO app.examples (type, literal) VALUES
  ('bool', 'true'), ('bool', 'false'),
  ('int2', '-32768'), ('int2', '32767'), ('int4', '-2147483648'), ('int4', '2147483647'),
  ('int8', '-9223372036854775808'), ('int8', '9223372036854775807'), ('int8', '9007199254740993'),
  ('oid', '4294967295'), ('xid', '4294967295'), ('xid8', '18446744073709551615'), ('cid', '7'), ('tid', '(4,2)'),
  ('float4', '0.1'), ('float4', '1e-45'), ('float4', '3.4028235e38'), ('float4', '-0'), ('float4', 'NaN'), ('float4', '-Infinity'),
  ('float8', '0.1'), ('float8', '5e-324'), ('float8', '1.7976931348623157e308'), ('float8', '-0'), ('float8', 'NaN'), ('float8', 'Infinity'),
  ('numeric', '5.00'), ('numeric', '0.1'), ('numeric', '12345678901234567890.123'), ('numeric', '0.000'), ('numeric', 'NaN'),
  ('numeric', 'Infinity'), ('numeric', '-Infinity'), ('numeric', '1e-400'), ('numeric', '1e23'), ('numeric', '1152921504606846976'),
  ('numeric', repeat('1234567890', 100)), ('numeric', '-0.' || repeat('0', 500) || '10'),
  ('numeric(8,3)', '12345.6'), ('money', '-92233720368547758.08'),
  ('text', ''), ('text', 'aé€😀'), ('text', repeat('long é ', 20000)), ('text', E'ÿĀ\n\t\x01'),
  ('varchar', 'x  '), ('varchar(5)', 'été'), ('bpchar', 'x  '), ('char(5)', 'é'), ('name', 'naïve'), ('"char"', 'x'),
  ('bytea', '\x'), ('bytea', '\x00ff5c27'), ('uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'),
  ('timestamptz', '2024-03-10 12:00:00.123456+00'), ('timestamptz', '1969-12-31 23:59:59.999999+00'),
  ('timestamptz', 'infinity'), ('timestamptz', '-infinity'), ('timestamptz', '294276-12-31 23:59:59.999999+00'),
  ('timestamptz', '4714-11-24 00:00:00+00 BC'), ('timestamptz', '2024-11-03 01:30:00-03:30'), ('timestamptz(0)', '2024-03-10 12:00:00+00'),
  ('timestamp', '2024-03-10 12:00:00.123456'), ('timestamp', '294276-12-31 23:59:59.999999'), ('timestamp', '4714-11-24 00:00:00 BC'),
  ('timestamp', 'infinity'), ('timestamp', '-infinity'), ('timestamp', '2024-03-10 02:30:00'),
  ('date', '2024-02-29'), ('date', '5874897-12-31'), ('date', '4714-11-24 BC'), ('date', 'infinity'), ('date', '-infinity'), ('date', '0001-01-01'),
  ('time', '24:00:00'), ('time', '12:30:00.000001'), ('time(3)', '12:30:00.123'), ('timetz', '24:00-15:59:59'), ('timetz', '12:00:00.000001+01:02:03'),
  ('interval', '1 year 2 mons 3 days 04:05:06.789'), ('interval', '-0.000001 s'), ('interval', '2562047788:00:54.775807'),
  ('interval', '-2562047788:00:54.775807'), ('interval', '178956970 years 7 mons 2147483647 days'), ('interval', '0'), ('interval', '-1 days +0.3 s'),
  ('json', '{"b":1, "a" : 1.10,"b":2}'), ('json', '[1e400, 12345678901234567890]'), ('json', '"\u0000"'), ('json', '"\ud800"'),
  ('json', ' null '), ('jsonb', 'null'),
  ('jsonb', '{"b":1.10,"a":[1,null,"x",{}]}'), ('jsonb', '12345678901234567890.10'), ('jsonb', '1e400'), ('jsonb', '{"__proto__":{"toJSON":1}}'), ('jsonb', '[]'),
  ('jsonpath', '$.a[*] ? (@ > 1)'),
  ('xml', '<a b="1"><!-- c --></a>'), ('xml', 'text <b/>'),
  ('inet', '192.168.0.1/24'), ('inet', '::ffff:1.2.3.4'), ('cidr', '10.0.0.0/8'), ('macaddr', '08:00:2b:01:02:03'), ('macaddr8', '08:00:2b:01:02:03:04:05'),
  ('point', '(0.1,-0)'), ('line', '{1,-1,0.1}'), ('lseg', '[(0,0),(1,1.1)]'), ('box', '(0.1,0.2),(1e300,5)'), ('path', '[(0,0.1),(1,1)]'),
  ('polygon', '((0.1,0.2),(1,2))'), ('circle', '<(1,2),0.3>'),
  ('bit(3)', '101'), ('varbit', '1010'), ('varbit', ''),
  ('tsvector', '''a'':1A ''b c'':2,3'), ('tsquery', '''a'' & !''b'':*'),
  ('pg_lsn', '16/B374D848'), ('txid_snapshot', '10:20:10,14'), ('pg_snapshot', '10:20:10,14'),
  ('regclass', 'pg_class'), ('regtype', 'int4'), ('regproc', 'pg_catalog.now'), ('regprocedure', 'abs(int4)'), ('regoper', '||/'), ('regoperator', '+(int4,int4)'),
  ('regrole', 'pg_monitor'), ('regnamespace', 'pg_catalog'), ('regconfig', 'simple'), ('regdictionary', 'simple'), ('regcollation', '"C"'),
  ('aclitem', 'pg_monitor=r/pg_monitor'), ('refcursor', 'c1'), ('int2vector', '1 2'), ('oidvector', '1 2'),
  ('int4range', '[1,5)'), ('int4range', 'empty'), ('int8range', '(,5)'), ('numrange', '[1.50,2.500]'), ('daterange', '[2024-01-01,2024-02-02)'),
  ('tsrange', '["2024-01-01 00:00:00.000001",)'), ('tstzrange', '["2024-01-01 00:00:00.000001+00",infinity)'), ('app.moments', '["2024-06-01 12:00:00.5+02",)'),
  ('int4multirange', '{[1,2),[5,6)}'), ('int8multirange', '{}'), ('nummultirange', '{[1.0,2.00)}'), ('datemultirange', '{[2024-01-01,2024-01-02)}'),
  ('tsmultirange', '{["2024-01-01 00:00:00.000001","2024-01-02 00:00:00"]}'), ('tstzmultirange', '{["2024-01-01 00:00:00.000001+00",)}'),
  ('int4[]', '{}'), ('int4[]', '{{1,2},{3,NULL}}'), ('int4[]', '[5:6][-1:0]={{1,2},{3,4}}'), ('text[]', '{a,NULL,"NULL","",é}'),
  ('numeric[]', '{{{1.50}}}'), ('timestamptz[]', '{"2024-01-01 00:00:00.000001+00",NULL,infinity}'), ('jsonb[]', '{"[1,2]","null",NULL}'), ('jsonb[]', '{{"[1,2]","{}"}}'),
  ('bytea[]', '{"\\x00"}'), ('varchar(3)[]', '{abc}'), ('int4range[]', '{"[1,2)"}'), ('app.tags[]', '{"{a,b}","{}"}'),
  ('app.mood', 'très content'), ('app.mood[]', '{sad,ok}'), ('app.positive', '5'), ('app.exact', '1.5'), ('app.tags', '[3:4]={a,b}'),
  ('app.mood', 'so-so'), ('app.mood', 'best'), ('app.pair', '(7,"2024-03-10 12:00:00.123456+00",so-so)'), ('app.pair[]', '[4:4]={"(7,,best)"}'),
  ('app.words', '[é,ü)'), ('app.words', '["a ""b""",)'), ('app.word_lists', '{[a,b),["x y",z]}'), ('app.moods', '[so-so,best]'),
  ('app.pairs', '["(1,\"2024-03-10 12:00:00.123456+00\",ok)","(2,,)")'), ('app.pair_lists', '{["(1,,)","(2,,)"]}'), ('app.moods[]', '{"[sad,ok)",NULL,empty}'),
  ('app.good', 'so-so'), ('app.very_good', 'best'), ('app.dated', '(1,"2024-03-10 12:00:00.123456+00",)'), ('app.stay', '["2024-01-01 00:00:00.000001+00",)'),
  ('app.series', '[0:1]={1,2}'), ('app.series[]', '{"[0:1]={1,2}",NULL}'), ('app.nested', '("{a,b}","(1,\"2024-03-10 12:00:00.123456+00\",)","{""(2,,ok)"",NULL}","[2024-01-01 00:00:00.000001+00,)","{3}")'),
  ('app.citext', 'İıÀ'), ('app.citext[]', '{Aa,NULL}'), ('app.hstore', 'b=>"1.0", a=>NULL, ""=>"\"x"'), ('app.hstore', ''),
  ('app.ltree', 'Top.a_1.b'), ('app.lquery', 'Top.*{1,2}.a|b*@%'), ('app.ltxtquery', 'a & !b*@'), ('app.cube', '(0.1,-0),(1e300,5)'), ('app.seg', '~6.50 .. 8.00'),
  ('app.isbn', '978-0-393-04002-9'), ('app.ean13', '977-1436-45207-7'), ('app.query_int', '1&(2|!3)'), ('app.lo', '12345'),
  ('app.part', '(1,2.50,"{a}","2024-03-10 12:00:00.123456+00",3)'), ('app.part', '(,,,,)'), ('app.part[]', '{"(1,2.50,{a},,3)",NULL}');

-- A column for each type, called after it; row n holds the n-th value of each.
DO $$
DECLARE columns text; names text; n int; row_count int;
BEGIN
  SELECT string_agg(format('%I %s', type, type), ', ' ORDER BY first), string_agg(quote_ident(type), ', ' ORDER BY first), max(total)
    INTO columns, names, row_count
    FROM (SELECT type, min(place) AS first, count(*) AS total FROM app.examples GROUP BY type) AS t;
  EXECUTE format('CREATE TABLE app.source (n int PRIMARY KEY, other int, note text, %s)', columns);
  FOR n IN 1 .. row_count LOOP
    EXECUTE (SELECT format('INSERT INTO app.source (n, other, %s) VALUES (%s, 0, %s)',
                           string_agg(quote_ident(type), ', '), n, string_agg(format('%L', literal), ', '))
             FROM (SELECT *, row_number() OVER (PARTITION BY type ORDER BY place) AS k FROM app.examples) AS t WHERE k = n);
  END LOOP;
END $$;
-- An array of each: two dimensions, other lower bounds, a NULL.
DO $$
DECLARE example record;
BEGIN
  FOR example IN SELECT DISTINCT e.type FROM app.examples AS e JOIN pg_type AS t ON t.oid = to_regtype(e.type)
      WHERE t.typarray <> 0 AND e.type NOT LIKE '%]' AND t.typname <> 'tags' ORDER BY 1 LOOP
    EXECUTE format('ALTER TABLE app.source ADD COLUMN %I %s[]', example.type || ' array', example.type);
    EXECUTE format('UPDATE app.source SET %1$I = array_fill(NULL::%2$s, ARRAY[2, 2], ARRAY[0, -3])', example.type || ' array', example.type);
    EXECUTE format('UPDATE app.source SET %1$I[0][-3] = %2$I, %1$I[1][-2] = %2$I', example.type || ' array', example.type);
  END LOOP;
END $$;
SELECT count(*) AS array_columns FROM pg_attribute WHERE attrelid = 'app.source'::regclass AND attname LIKE '% array';
SELECT "int4 array", "text array" FROM app.source WHERE n = 1;
-- The whole row as a value, and an array of it.
CREATE TABLE app.copy (LIKE app.source, whole app.source, many app.source[]);

-- Which base, range and multirange types have no value here: those that no table may hold, and
-- those that only the server makes.
SELECT string_agg(typname, ' ' ORDER BY typname COLLATE "C") AS without_example
  FROM pg_type AS t
  WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') AND typcategory <> 'A'
    AND NOT EXISTS (SELECT FROM app.examples AS e WHERE to_regtype(e.type) = t.oid);

-- The columns of a copy whose bytes differ from the source's, by the type's binary form.
CREATE FUNCTION app.damaged() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE name text; damaged bigint;
BEGIN
  FOR name IN SELECT attname FROM pg_attribute
      WHERE attrelid = 'app.source'::regclass AND attnum > 0 AND attname NOT IN ('n', 'other', 'note') ORDER BY attnum LOOP
    -- Byte by byte, which is more than the binary form tells, and exists for types that have none.
    EXECUTE format('SELECT count(*) FROM app.source AS s FULL JOIN app.copy AS c USING (n) WHERE record_image_eq(ROW(s.%1$I), ROW(c.%1$I)) IS NOT TRUE', name) INTO damaged;
    IF damaged > 0 THEN RETURN NEXT format('%s: %s', name, damaged); END IF;
  END LOOP;
  SELECT count(*) INTO damaged FROM app.source AS s JOIN app.copy AS c USING (n)
    WHERE record_image_eq(s, c.whole) IS NOT TRUE OR record_image_eq(s, c.many[1]) IS NOT TRUE OR cardinality(c.many) <> 2 OR num_nulls(VARIADIC c.many) <> 1;
  IF damaged > 0 THEN RETURN NEXT format('whole row: %s', damaged); END IF;
END $$;

CREATE FUNCTION app.try(body text) RETURNS TABLE (rows bigint, changed bigint, damaged text) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers;
  TRUNCATE app.copy;
  PERFORM fundb.create_trigger('rule', 'app.copy',
    'export default function handle(event, args) {' || body || '}', 'BEFORE', true, '{*}');
  INSERT INTO app.copy SELECT s.*, s, ARRAY[s, NULL] FROM app.source AS s;
  UPDATE app.copy SET note = 'updated';
  RETURN QUERY SELECT count(*), count(*) FILTER (WHERE other <> 0),
    (SELECT string_agg(d, ', ') FROM app.damaged() AS d) FROM app.copy;
END $$;

-- Kept; another column changed.
SELECT * FROM app.try('return true;');
SELECT * FROM app.try('return args;');
SELECT * FROM app.try('args.other = 1; return args;');
-- Read by the way.
SELECT * FROM app.try('JSON.stringify(args); args.other = 1; return args;');
SELECT * FROM app.try('JSON.stringify(event.new); JSON.stringify(event.old); args.other = 1; return args;');
-- Assigned what was read: each one, as a copy of the object, on an update as well.
SELECT * FROM app.try('for (const key of Object.keys(event.new)) if (event.new[key] !== null) args[key] = event.new[key]; args.other = 1; return args;');
SELECT * FROM app.try('for (const key of Object.keys(args)) args[key] = args[key]; args.other = 1; return args;');
SELECT * FROM app.try('return {...args, other: 1};');
SELECT * FROM app.try('return {...event.new, other: 1};');

-- What no type takes is refused with a message that names the column and its type, and says what is accepted.
TRUNCATE app.copy;
SELECT fundb.create_trigger('wrong', 'app.copy', $js$
export default (event, args) => ({n: args.n, [args.note]: args.other === 0 ? () => 1 : '\u0001 nonsense'})
$js$, 'BEFORE', true, priority => 1) > 0 AS created;
CREATE FUNCTION app.refuse(other int) RETURNS TABLE (type text, message text, detail text, hint text, "column" text) LANGUAGE plpgsql AS $$
DECLARE typmod text; expected text;
BEGIN
  DELETE FROM public.triggers WHERE name = 'rule';
  FOR type, expected IN SELECT attname, format('column %I of type %s cannot take ', attname, format_type(coalesce(NULLIF(b.typbasetype, 0), NULLIF(t.typbasetype, 0), atttypid), CASE t.typbasetype WHEN 0 THEN atttypmod ELSE t.typtypmod END))
      FROM pg_attribute JOIN pg_type AS t ON t.oid = atttypid LEFT JOIN pg_type AS b ON b.oid = t.typbasetype WHERE attrelid = 'app.copy'::regclass AND attnum > 3 AND NOT attisdropped ORDER BY attnum LOOP
    BEGIN
      INSERT INTO app.copy (n, other, note) VALUES (1, refuse.other, type);
      message := 'taken'; detail := ''; hint := ''; "column" := '';
      DELETE FROM app.copy;
      RETURN NEXT;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, "column" = COLUMN_NAME;
      IF replace(message, '"', '') NOT LIKE replace(expected, '"', '') || '%' OR detail || hint = '' OR type <> "column" THEN RETURN NEXT; END IF;
    END;
  END LOOP;
END $$;
SELECT * FROM app.refuse(0);
-- Types that take any text; those of domains are called after their base type.
SELECT string_agg(type, ' ') FROM app.refuse(1) WHERE message = 'taken';
SELECT * FROM app.refuse(1) WHERE message <> 'taken';

SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
DELETE FROM public.schemas WHERE name = 'app';
