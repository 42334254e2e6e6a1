-- Arguments of FunQL: every type, NULL, DEFAULT, enums, arrays, references to keys of every type; and what is refused, with the
-- argument's name.
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE SCHEMA fa;
SET search_path = fa;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE by_int (id int PRIMARY KEY, name text);
CREATE TABLE by_big (id bigint PRIMARY KEY, name text);
CREATE TABLE by_text (code text PRIMARY KEY, name text);
CREATE TABLE by_uuid (id uuid PRIMARY KEY, name text);
CREATE TABLE by_date (id date PRIMARY KEY, name text);
CREATE TABLE by_mood (id mood PRIMARY KEY, name text);
CREATE TABLE by_numeric (id numeric(30) PRIMARY KEY, name text);
CREATE TABLE by_two (a int, b int, name text, PRIMARY KEY (a, b));
CREATE TABLE keyless (name text);
INSERT INTO by_int VALUES (1, 'int');
INSERT INTO by_big VALUES (9007199254740993, 'big');
INSERT INTO by_text VALUES ('it''s', 'text');
INSERT INTO by_uuid VALUES ('00000000-0000-0000-0000-000000000001', 'uuid');
INSERT INTO by_date VALUES ('2020-02-29', 'date');
INSERT INTO by_mood VALUES ('ok', 'mood');
INSERT INTO by_numeric VALUES (123456789012345678901234567890, 'numeric');
CREATE TABLE run (id int);
CREATE FUNCTION js(body text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers WHERE name = 'body';
  PERFORM fundb.create_trigger('body', 'fa.run', $js$
    const show = (value) => typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? `bytes ${value}` : JSON.stringify(value);
    // What comes back of an argument of a type, and what the info says of it; or the error.
    const give = async (type, ...values) => {
      for (const value of values) {
        const query = {type: 'anonymous', query: `{ $"Arg" ${type} }: SELECT $"Arg" AS x`};
        try {
          const {info, result} = await FunDB.getUserView(query, value === undefined ? {} : {Arg: value});
          console.log(type, '<-', show(value), '->', show(result.rows[0].values[0].value), JSON.stringify(info.arguments[0].argType), info.arguments[0].optional);
        } catch (e) {
          console.log(type, '<-', show(value), '!!', e.error, e.inner?.error ?? '', e.sqlstate, e.argument ?? '', e.message, e.hint ?? '');
        }
      }
    };
    export default async function () {$js$ || body || '}', 'AFTER', true);
  INSERT INTO fa.run VALUES (1);
END $$;
SET client_min_messages = notice;

-- The language's own types.
SELECT js($q$
  await give('int', 5, -2147483648, '7', 1.5, 3e9, 'x', true, {}, null, undefined);
  await give('decimal', 1.25, '12345678901234567890.5', 10n, NaN, 'x');
  await give('string', '', "it's \\ \u0416 \"x\"", 5, true, {}, 'a\u0000b');
  await give('bool', true, false, 'yes', 2);
  await give('datetime', new Date(0), '2020-01-01T10:00:00+02:00', '2020-01-01 10:00', 'soon', 5);
  await give('date', '2020-02-29', '2021-02-29', new Date(0));
  await give('interval', 'P1DT2H', '1 day', 'x');
  await give('json', {a: [1, null]}, [1], 'text', 5, {n: 1n}, () => 1);
  await give('uuid', '00000000-0000-0000-0000-00000000000A', 'x');
  await give('uvref', {schema: 'a', name: 'b'});
$q$);
-- NULL and DEFAULT.
SELECT js($q$
  await give('int NULL', 5, null, undefined);
  await give('int DEFAULT 7', 5, null, undefined);
  await give('int NULL DEFAULT -7', null, undefined);
  await give('string DEFAULT \'it\\\'s\'', undefined);
  await give('decimal DEFAULT 1.50', undefined);
  await give('datetime DEFAULT \'2020-01-01T00:00:00Z\'', undefined);
  await give('json DEFAULT { a: [1, TRUE, NULL, \'x\'] }', undefined);
  await give('array(string) DEFAULT ARRAY[\'a"b\', NULL, \'\\\\\']', undefined);
  await give('bool DEFAULT NULL', undefined);
  await give('int DEFAULT \'x\'', undefined);
$q$);
-- Enums and arrays.
SELECT js($q$
  await give("enum('a', 'b c')", 'a', 'b c', 'A', 5, null);
  await give("array(enum('a', 'b'))", ['a', 'b'], [], ['a', null], ['c'], 'a');
  await give('fa.mood', 'ok', 'glad');
  await give('fa.mood[]', ['ok', null], ['glad']);
  await give('array(int)', [1, null, '3'], [], [1.5], [[1], [2]], 5, null);
  await give('array(datetime) NULL', [new Date(0), null], undefined);
  await give('array(json)', [{a: 1}, [2], null]);
  await give('array(decimal)', ['0.1', 2]);
  await give("enum('a') DEFAULT 'b'", undefined);
  await give("array(enum('a')) DEFAULT ARRAY['a', NULL, 'b']", undefined);
  await give("array(enum('a')) DEFAULT ARRAY['a', NULL]", undefined);
  await give("array(reference(fa.by_int))", [1]);
$q$);
-- References to keys of every type.
SELECT js($q$
  const follow = async (table, key) => {
    const query = `{ $r reference(fa.${table}), $l array(reference(fa.${table})) }: SELECT $r=>name AS name, $r=>__main AS key, array_length($l, 1) AS n`;
    try {
      const {info, result} = await FunDB.getUserView({type: 'anonymous', query}, {r: key, l: [key, key]});
      console.log(table, result.rows[0].values.map(({value}) => show(value)).join(' '), JSON.stringify(info.arguments[0].argType));
    } catch (e) { console.log(table, '!!', e.error, e.inner?.error ?? '', e.sqlstate, e.argument ?? '', e.message, e.hint ?? ''); }
  };
  await follow('by_int', 1);
  await follow('by_big', 9007199254740993n);
  await follow('by_text', "it's");
  await follow('by_uuid', '00000000-0000-0000-0000-000000000001');
  await follow('by_date', '2020-02-29');
  await follow('by_mood', 'ok');
  await follow('by_numeric', '123456789012345678901234567890');
  await follow('by_int', 2);
  await follow('by_int', 'x');
  await follow('by_uuid', 'x');
  await follow('by_two', 1);
  await follow('keyless', 1);
  await follow('nosuch', 1);
$q$);
-- Types of the database.
SELECT js($q$
  await give('bigint', 9007199254740993n, 2 ** 40);
  await give('smallint', 40000);
  await give('timestamp', '2020-01-01T10:00:00', '2020-01-01T10:00:00Z');
  await give('time', '10:00');
  await give('double precision', 0.1, Infinity);
  await give('bytea', new Uint8Array([1, 2]), 'x');
  await give('inet', '10.0.0.1/8', 'x');
  await give('int4range', '[1,5)');
  await give('fa.positive', 5, -5);
  await give('int[]', [1, 2]);
  await give('nosuch', 1);
$q$);
-- Modifiers: values are assigned as to a column.  Else numeric's error would not name the argument, and varchar would be cut in silence.
SELECT js($q$
  await give('numeric(5, 2)', 1.239, '1.005', 999.99, 999.999, 12345, Infinity, 'x');
  await give('varchar(3)', 'abc', 'abc   ', 'abcd', 'été', 1234);
  await give('char(3)', 'a', 'abc ', 'abcd');
  await give('char', 'a', 'ab');
  await give('bit(4)', '1010', '10101', '101');
  await give('bit', '1', '10');
  await give('bit varying(3)', '101', '1010');
  await give('timestamp(0)', '2020-01-01T10:00:00.6');
  await give('timestamp(1) with time zone', '2020-01-01T10:00:00.66Z', new Date(660));
  await give('time(0)', '10:00:00.6');
  await give('interval day to hour', 'P1DT2H59M');
  await give('interval second (1)', 'PT1.26S');
  await give('varchar(3)[]', ['abc', null], ['abc', 'abcd']);
  await give('numeric(3, 1)[]', [1.26, 12], [123]);
  await give('varchar(3) NULL', 'abcd', null);
  await give("varchar(3) DEFAULT 'abcd'", undefined, 'abc');
  await give("varchar(3) DEFAULT 'abc  '", undefined);
  await give('numeric(3, 1) DEFAULT 1.26', undefined);
  await give('numeric(2000)', 1);
$q$);
-- A key's modifiers, too: a text that is too long is no key, its beginning may be another one's.  Commands, uncaught errors, and
-- conditions of a page as well.
CREATE TABLE by_code (code varchar(3) PRIMARY KEY, name text);
INSERT INTO by_code VALUES ('abc', 'code');
SELECT js($q$
  await give('reference(fa.by_code)', 'abc', 'abcd');
  const page = {where: {expression: 'code = $c', arguments: {c: {type: 'varchar(3)', value: 'abcd'}}}};
  await FunDB.getUserView({type: 'anonymous', query: 'SELECT code FROM fa.by_code'}, {}, page).catch((e) => console.log(e.error, e.argument, e.sqlstate, e.message));
  await FunDB.runCommand("{ $c varchar(3) }: UPDATE fa.by_code SET name = 'wrong' WHERE code = $c", {c: 'abcd'});
$q$);
SELECT * FROM by_code;

-- Globals.
SET fundb.user_name = 'ann'; SET fundb.user_id = '7'; SET fundb.lang = 'lv';
SELECT js($q$
  const {info, result} = await FunDB.getUserView({type: 'anonymous', query: 'SELECT $$user AS u, $$user_id AS i, $$lang AS l, $$transaction_time = now() AS t, $$transaction_id > 0 AS x'});
  console.log(JSON.stringify(result.rows), JSON.stringify(info.columns.map(({name, valueType}) => [name, valueType])));
$q$);

-- Very many arguments and names: nothing is compared with all of them, which would take a minute.
SET statement_timeout = '20s';
SELECT js($q$
  const given = {};
  for (let i = 0; i < 300000; ++i) given[`n${i}`] = undefined;
  given.A2999 = 5;
  const names = Array.from({length: 3000}, (_, i) => `$a${i}`);
  const query = `{ ${names.map((name) => `${name} int NULL`).join(', ')} }: SELECT $a2999 AS last, $a0 IS NULL AS none`;
  const {info, result} = await FunDB.getUserView({type: 'anonymous', query}, given);
  console.log(info.arguments.length, JSON.stringify(result.rows[0].values));
  try {
    await FunDB.getUserView({type: 'anonymous', query: `{ ${Array.from({length: 65536}, (_, i) => `$a${i} int`)} }: SELECT 1 AS x`});
  } catch (e) {
    console.log(e.error, e.sqlstate, e.message, e.hint);
  }
$q$);
RESET statement_timeout;
-- Labels of an enum are those of now.
SELECT js($q$
  const query = '{ $m fa.mood }: SELECT $m AS m';
  for (const m of ['ok', 'glad', 'blue']) {
    try { console.log((await FunDB.getUserView({type: 'anonymous', query}, {m})).result.rows[0].values[0].value); }
    catch (e) { console.log(e.message, e.hint); }
  }
$q$);
ALTER TYPE mood ADD VALUE 'glad';
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
INSERT INTO run VALUES (1);

-- A domain may refuse null, also in a command that stores the argument.
CREATE DOMAIN filled AS text NOT NULL;
CREATE DOMAIN given AS int CHECK (VALUE IS NOT NULL AND VALUE > 0);
CREATE TABLE domains (id int PRIMARY KEY, f filled, p given);
SELECT js($q$
  const run = async (args, text) => {
    try { console.log(await FunDB.runCommand(text, args)); } catch (e) { console.log(e.error, e.sqlstate, e.message, e.argument); }
  };
  const insert = ': INSERT INTO fa.domains (id, f, p) VALUES (1, $f, $p)';
  await run({f: null, p: 1}, '{ $f fa.filled NULL, $p fa.given }' + insert);
  await run({f: 'x'}, '{ $f fa.filled, $p fa.given NULL }' + insert);
  await run({f: 'x'}, '{ $f fa.filled, $p fa.given DEFAULT NULL }' + insert);
  await run({f: 'x', p: 2}, '{ $f fa.filled, $p fa.given }' + insert);
$q$);
SELECT * FROM domains;

-- Arguments are not what every object has by its prototype.
SELECT js($q$
  for (const name of ['constructor', '"toString"', '"__proto__"', '"valueOf"']) {
    const query = `{ $${name} int DEFAULT 5 }: SELECT $${name} AS x`;
    console.log((await FunDB.getUserView({type: 'anonymous', query}, {})).result.rows[0].values[0].value);
  }
  const query = '{ $"__proto__" int }: SELECT $"__proto__" AS x';
  console.log((await FunDB.getUserView({type: 'anonymous', query}, JSON.parse('{"__proto__": 7}'))).result.rows[0].values[0].value);
$q$);
SET client_min_messages = warning;
DROP SCHEMA fa CASCADE;
