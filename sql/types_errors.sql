-- What each type accepts, and what a refusal says: the column, its type, the value, what is accepted.
SET client_min_messages = warning;
SET DateStyle = 'ISO';
SET TimeZone = 'UTC';
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN app.positive AS int NOT NULL DEFAULT 1 CHECK (value > 0);
CREATE DOMAIN app.tags AS text[] CHECK (cardinality(value) < 4);
CREATE TABLE app.part (a int, gone int, b numeric(6,2), words text[]);
ALTER TABLE app.part DROP COLUMN gone;
CREATE TYPE app.whole AS (part app.part, mood app.mood);
CREATE TABLE app.t (
  n int PRIMARY KEY, "case" text,
  int2 int2, int4 int4, int8 int8, oid oid, float4 float4, float8 float8,
  "numeric" numeric, "numeric(6,2)" numeric(6,2), bool bool,
  text text, "varchar(3)" varchar(3), "char(3)" char(3), name name, mood app.mood,
  timestamptz timestamptz, "timestamptz(0)" timestamptz(0), timestamp timestamp, date date, time time, timetz timetz, interval interval,
  json json, jsonb jsonb, bytea bytea, "int4[]" int4[], "jsonb[]" jsonb[], "varchar(3)[]" varchar(3)[],
  part app.part, whole app.whole, positive app.positive, tags app.tags, uuid uuid, inet inet, int4range int4range,
  regclass regclass, money money, xid xid, xid8 xid8, cid cid, """char""" "char", "bit(3)" bit(3), point point);

-- Case n assigns the result of its function to the column.
SELECT fundb.create_trigger('assign', 'app.t', $js$
const cases = [
  // Whole numbers.
  ['int4', () => 5], ['int4', () => 5n], ['int4', () => ' -7 '], ['int4', () => -0], ['int4', () => 'abc'], ['int4', () => ''], ['int4', () => '5.0'],
  ['int4', () => 1.5], ['int4', () => NaN], ['int4', () => Infinity], ['int4', () => 2147483648], ['int4', () => -2147483649n], ['int4', () => '2147483648'],
  ['int4', () => true], ['int4', () => ({})], ['int4', () => [1]], ['int4', () => Symbol('s')], ['int4', () => () => 1], ['int4', () => Promise.resolve(1)],
  ['int4', () => new Map()], ['int4', () => new Date(0)],
  ['int2', () => -32768], ['int2', () => 32768], ['oid', () => 4294967295], ['oid', () => -1],
  ['int8', () => 9007199254740993n], ['int8', () => '-9223372036854775808'], ['int8', () => 1e18], ['int8', () => 2n ** 63n], ['int8', () => 1e19], ['int8', () => 10n ** 2000n],
  // Floating point.
  ['float8', () => -0], ['float8', () => NaN], ['float8', () => '1e5'], ['float8', () => 5n], ['float8', () => 'abc'], ['float8', () => '1e999'], ['float8', () => false],
  ['float4', () => 0.1], ['float4', () => 1e300], ['float4', () => 1e-300],
  // Nearer to 1.0000001 than to 1.0000002, by a hair that a float8 does not keep.
  ['float4', () => '1.00000017881393432617187499'], ['float4', () => 18446745173221179393n], ['float4', () => '1e39'], ['float4', () => '1e-50'], ['float4', () => ' nan '],
  // numeric.
  ['numeric', () => 0.1 + 0.2], ['numeric', () => 1e23], ['numeric', () => '1.500'], ['numeric', () => 10n ** 40n], ['numeric', () => NaN], ['numeric', () => -Infinity],
  ['numeric', () => 'abc'], ['numeric', () => 'x'.repeat(1e6)], ['numeric', () => true],
  ['numeric(6,2)', () => 1.005], ['numeric(6,2)', () => '1234.567'], ['numeric(6,2)', () => 10000], ['numeric(6,2)', () => Infinity],
  // Booleans are strict.
  ['bool', () => true], ['bool', () => 1], ['bool', () => 'true'],
  // Text.
  ['text', () => 1.5], ['text', () => true], ['text', () => 10n], ['text', () => '😀'], ['text', () => ({})], ['text', () => ['a']], ['text', () => new Date(0)], ['text', () => Symbol('s')],
  ['text', () => 'a\0b'], ['text', () => 'a\ud800'], ['text', () => '\udc00€'], ['text', () => 'long '.repeat(20) + '\0'], ['text', () => 1n << 600000n],
  ['varchar(3)', () => 'été'], ['varchar(3)', () => 'abc   '], ['varchar(3)', () => 'abcd'], ['char(3)', () => 'a'], ['char(3)', () => 'abcd'],
  ['name', () => 'x'.repeat(63)], ['name', () => 'x'.repeat(64)],
  ['mood', () => 'happy'], ['mood', () => 'Happy'], ['mood', () => 1], ['mood', () => []],
  // Moments.
  ['timestamptz', () => new Date(1234567)], ['timestamptz', () => new Date(8.64e15)], ['timestamptz', () => new Date(-8.64e15)], ['timestamptz', () => new Date(NaN)],
  ['timestamptz', () => '2024-03-10T12:00:00.123456'], ['timestamptz', () => '2024-03-10 12:00+02'], ['timestamptz', () => '2024-03-10'], ['timestamptz', () => new Date(8.64e15).toISOString()],
  ['timestamptz', () => new Date(-62200000000000).toISOString()], ['timestamptz', () => 'infinity'], ['timestamptz', () => '-infinity'], ['timestamptz', () => '294276-12-31T23:59:59.999999Z'],
  ['timestamptz', () => '294277-01-01'], ['timestamptz', () => '2024-02-30'], ['timestamptz', () => 'now'], ['timestamptz', () => '10.03.2024'], ['timestamptz', () => 1700000000000],
  ['timestamptz(0)', () => new Date(1500)],
  ['timestamp', () => '2024-03-10T12:00:00.5'], ['timestamp', () => new Date(0).toISOString()], ['timestamp', () => '0044-03-15 12:00 BC'], ['timestamp', () => '2024-03-10T12:00:00+02:00'], ['timestamp', () => new Date(0)],
  ['date', () => '2024-03-10'], ['date', () => formatDate(new Date(0))], ['date', () => '0044-03-15 BC'], ['date', () => '-000043-03-15'], ['date', () => new Date(0)],
  ['date', () => '2024-03-10T00:00:00Z'], ['date', () => '10.03.2024'], ['date', () => '2023-02-29'], ['date', () => '5874898-01-01'], ['date', () => 'today'], ['date', () => 20240310],
  ['time', () => '12:30'], ['time', () => '24:00:00'], ['time', () => '23:59:59.9999999'], ['time', () => '25:00'], ['time', () => '12:00Z'], ['timetz', () => '12:00'], ['timetz', () => '12:00-03:30'], ['timetz', () => '12:00+16'],
  ['interval', () => 'P1Y2M3DT4H5M6.5S'], ['interval', () => 'PT0S'], ['interval', () => 'P-1DT2H'], ['interval', () => '1 day 02:00'], ['interval', () => 'abc'], ['interval', () => 5],
  // JSON.
  ['jsonb', () => ({a: undefined, b: [undefined, 1], c: new Date(0), d: 10n, e: -0})], ['jsonb', () => 'text'], ['jsonb', () => [new Number(5), new String('a'), new Boolean(false)]],
  ['jsonb', () => new Proxy([1, {a: 2}], {})], ['jsonb', () => ({toJSON: () => ({x: 1})})], ['json', () => ({b: 1, a: [1e21, 1e-7, 123456789012], c: '\u2028"\\\n\u0001'})],
  ['jsonb', () => NaN], ['jsonb', () => ({a: [1, {b: Infinity}]})], ['jsonb', () => ({f() {}})], ['jsonb', () => [Symbol('s')]], ['jsonb', () => ({m: new Map()})], ['jsonb', () => ({p: Promise.resolve(1)})],
  ['jsonb', () => new Date(NaN)], ['jsonb', () => ({a: 1n << 600000n})], ['jsonb', () => new Uint8Array(2)], ['jsonb', () => ({a: 'x\0'})], ['json', () => ({'\ud800': 1})], ['jsonb', () => { const a = {}; a.a = a; return a; }],
  ['jsonb', () => { let a = []; for (let i = 0; i < 100000; ++i) a = [a]; return a; }], ['jsonb', () => ({get a() { throw new Error('from a getter'); }})],
  // What JSON.stringify writes as {}, whatever is in it; what has properties of its own is these.
  ['jsonb', () => ({e: new Error('x')})], ['jsonb', () => [[1].values()]], ['jsonb', () => Math], ['jsonb', () => new Proxy(new Set([1]), {})], ['jsonb', () => [new Number(5), new String('x'), new Boolean(false), Object(5n)]], ['jsonb', () => [Object.assign(new Error('x'), {code: 1}), new (class { a = 1; })(), {}, Object.create(null), (function () { return arguments; })()]],
  // Bytes.
  ['bytea', () => new Uint8Array([0, 255])], ['bytea', () => new Uint8Array([1, 2, 3, 4]).subarray(1, 3)], ['bytea', () => new Uint8Array([1, 2]).buffer], ['bytea', () => new Uint16Array([258])],
  ['bytea', () => 'abc'], ['bytea', () => [1, 2]],
  // Arrays.
  ['int4[]', () => [1, null, undefined, 3]], ['int4[]', () => [[1, 2], [3, null]]], ['int4[]', () => []], ['int4[]', () => [[], []]], ['int4[]', () => new Array(2)],
  ['int4[]', () => 5], ['int4[]', () => [1, 'x']], ['int4[]', () => [[1], ['x']]], ['int4[]', () => [[1], [2, 3]]], ['int4[]', () => [[1], 2]], ['int4[]', () => [1, [2]]],
  ['int4[]', () => [[[[[[[1]]]]]]]], ['int4[]', () => new Array(4e9)], ['int4[]', () => new Int32Array(2)],
  ['jsonb[]', () => [[1, 2], {a: [3]}]], ['varchar(3)[]', () => ['abc', 'abcd']],
  // Composites.
  ['part', () => ({a: 1, b: 2.5, words: ['x', null]})], ['part', () => ({})], ['part', () => ({b: null, a: undefined})], ['part', () => ({aa: 1})], ['part', () => ({gone: 1})],
  ['part', () => ({a: 'x'})], ['part', () => ({b: 12345})], ['part', () => [1]], ['part', () => '(1,2,{})'], ['whole', () => ({part: {words: ['a', {}]}})], ['whole', () => ({mood: 'bad'})],
  // Domains.
  ['positive', () => 5], ['positive', () => -5], ['positive', () => 'x'], ['positive', () => null], ['tags', () => ['a']], ['tags', () => ['a', 'b', 'c', 'd']],
  // By PostgreSQL's text.
  ['uuid', () => '{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}'], ['uuid', () => 'a0eebc99'], ['uuid', () => 5], ['inet', () => '10.0.0.1'], ['inet', () => '10.0.0.256'], ['inet', () => ({})],
  ['int4range', () => '[1,5]'], ['int4range', () => '[5,1]'], ['regclass', () => 'pg_class'], ['regclass', () => 'nosuch'], ['money', () => 12.5],
  ['xid', () => 4294967295], ['xid', () => '4294967296'], ['xid', () => '7x'], ['xid8', () => 2n ** 64n - 1n], ['xid8', () => 2n ** 64n], ['cid', () => -1], ['"char"', () => 'x'], ['"char"', () => 'xy'], ['"char"', () => 'é'],
  ['bit(3)', () => '101'], ['bit(3)', () => '10'], ['point', () => '(1,2)'], ['point', () => '1;2'],
];
export default function assign(event, args) {
  if (args.n >= cases.length) return false;
  const [column, value] = cases[args.n];
  console.info(`${column} <- ${value.toString().slice(6).replace(/\s+/g, ' ')}`);
  return {n: args.n, case: column, [column]: value()};
}
$js$, 'BEFORE', true) > 0 AS created;

SET client_min_messages = notice;
\set VERBOSITY terse
DO $$
DECLARE
  number int := 0; done boolean := false; stored text; col text; detail text; hint text; of_column text; datatype text; of_constraint text;
BEGIN
  WHILE NOT done AND number < 1000 LOOP
    BEGIN
      INSERT INTO app.t (n, positive) VALUES (number, 1);
      SELECT t.case INTO col FROM app.t AS t WHERE t.n = number;
      done := NOT FOUND;
      IF NOT done THEN
        EXECUTE format('SELECT left(t.%I::text, 100) FROM app.t AS t WHERE t.n = %s', col, number) INTO stored;
        RAISE NOTICE '  = %', coalesce(stored, 'NULL');
      END IF;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, of_column = COLUMN_NAME,
        datatype = PG_DATATYPE_NAME, of_constraint = CONSTRAINT_NAME;
      RAISE NOTICE '  % %', SQLSTATE, SQLERRM;
      IF detail <> '' THEN RAISE NOTICE '  detail: %', left(detail, 120); END IF;
      IF hint <> '' THEN RAISE NOTICE '  hint: %', hint; END IF;
      RAISE NOTICE '  names: column %, type %', of_column,
        datatype || CASE WHEN of_constraint <> '' THEN ', constraint ' || of_constraint ELSE '' END;
    END;
    number := number + 1;
  END LOOP;
END $$;

SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
DELETE FROM public.schemas WHERE name = 'app';
