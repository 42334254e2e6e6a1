-- Nothing that comes from outside becomes SQL: values, names, aliases, attributes, pages, pragmas.  Each attempt would drop the table
-- "victim" or show what it must not; at the end all is still there.
SET client_min_messages = warning;
CREATE SCHEMA fi;
SET search_path = fi;
CREATE TABLE victim (id int PRIMARY KEY, secret text);
INSERT INTO victim VALUES (1, 'hidden');
CREATE TABLE t (id int PRIMARY KEY, name text, "a""; DROP TABLE fi.victim; --" text, "sélect 'x'" int);
INSERT INTO t VALUES (1, $$'; DROP TABLE fi.victim; --$$, 'odd', 7);
CREATE TABLE "x"".""y'; DROP TABLE fi.victim; --" (id int PRIMARY KEY, t int REFERENCES t);
INSERT INTO "x"".""y'; DROP TABLE fi.victim; --" VALUES (1, 1);
CREATE TABLE run (id int);
SELECT fundb.create_trigger('run', 'run', $js$
  const evil = ["'; DROP TABLE fi.victim; --", "\\'; DROP TABLE fi.victim; --", '"; DROP TABLE fi.victim; --', '$1', '$$; DROP TABLE fi.victim',
    "' UNION SELECT secret FROM fi.victim --", '\\', "'", '"', '*/ DROP TABLE fi.victim /*', '\u2019; DROP', 'a\nb--c', "\u02bc OR 1=1", '1; DROP TABLE fi.victim', '%', '_'];
  const view = (query, args, chunk) => FunDB.getUserView({type: 'anonymous', query}, args, chunk);
  const rows = async (...call) => (await view(...call)).result.rows.map(({values}) => values.map(({value}) => value));
  const refused = async (call) => { try { return JSON.stringify(await call()); } catch (e) { return `${e.sqlstate} ${e.message}`; } };
  const quoted = (text) => `"${text.replace(/"/g, '""')}"`;
  export default async () => {
    let same = 0;
    for (const text of evil) {
      // A value: as an argument of every shape, and as a literal in the text.
      const args = {s: text, l: [text], j: {[text]: text}};
      const [[s, l, j]] = await rows('{ $s string, $l array(string), $j json }: SELECT $s AS s, $l AS l, $j AS j', args);
      if (s === text && l[0] === text && j[text] === text) same += 1;
      const [[v]] = await rows(`SELECT ${formatFunQLValue(text)} AS v`);
      if (v === text) same += 1;
      // A name: of a result, a source, an argument, an attribute, a common table, a window, a key of an object.
      const name = quoted(text);
      const {info, result} = await view(`{ $${name} int }: WITH ${name} AS (SELECT id, name FROM fi.t) SELECT ${name}.id AS ${name}, @${name} = 5, ` +
        `{ ${name}: $${name} } AS o, count(*) OVER ${name} AS n @{ ${name} = 'x' } FROM ${name} AS ${name} WINDOW ${name} AS (PARTITION BY ${name}.id)`, {[text]: 3});
      if (info.columns[0].name === text && result.rows[0].values[1].value[text] === 3 && result.attributes[text] === 5 &&
          result.columnAttributes[2][text] === 'x') same += 1;
      // The page: search, a condition's value, the name of its argument.
      const chunk = {search: text, where: {expression: `name <> $${name}`, arguments: {[text]: {type: 'string', value: text}}}};
      if ((await rows('SELECT id, name FROM fi.t', {}, chunk)).length <= 1) same += 1;
    }
    console.log('unchanged', same, 'of', evil.length * 4);

    // Names of the database that are made to break out.
    console.log(await refused(() => rows(`SELECT ${quoted('a"; DROP TABLE fi.victim; --')} AS a, ${quoted("sélect 'x'")} AS b FROM fi.t`)));
    console.log(await refused(() => rows(`SELECT t=>${quoted('a"; DROP TABLE fi.victim; --')} AS a FROM fi.${quoted(`x"."y'; DROP TABLE fi.victim; --`)}`)));

    // Text in places that take no text.
    for (const query of [
      'SELECT 1 AS a; DROP TABLE fi.victim', 'SELECT 1 AS a -- ; DROP\n; DROP TABLE fi.victim', 'SELECT 1 AS a /* */ ; DROP TABLE fi.victim',
      'SELECT id FROM fi.t WHERE name = \'\\\'; DROP TABLE fi.victim; --\'', 'SELECT \'\\u0027; DROP TABLE fi.victim; --\' AS a', 'SELECT \'\\x27 || secret\' AS a',
      'SELECT U&"d\\0061t" AS a', 'SELECT $$; DROP TABLE fi.victim$$ AS a', 'SELECT E\'\\047; DROP\' AS a', 'SELECT "id"" FROM fi.victim --" FROM fi.t',
      'SELECT id FROM "fi.t; DROP TABLE fi.victim"', 'SELECT id::"int4; DROP TABLE fi.victim" FROM fi.t', 'SELECT "now(); DROP"() AS a', 'SELECT id FROM fi.t ORDER BY "1; DROP"',
      'SELECT id AS a FROM fi.t LIMIT \'1; DROP TABLE fi.victim\'', 'SET enable_seqscan = \'off; DROP TABLE fi.victim\'; SELECT 1 AS a',
      'SET "enable_x; DROP TABLE fi.victim" = on; SELECT 1 AS a',
      '{ $a enum(\'x\', \'\\\'); DROP TABLE fi.victim; --\') DEFAULT \'\\\'); DROP TABLE fi.victim; --\' }: SELECT $a AS a',
      '{ $a string DEFAULT \'\\\'; DROP TABLE fi.victim\' }: SELECT $a AS a', '{ $a fi."t; DROP" }: SELECT $a AS a', '{ $a numeric(1;) }: SELECT $a AS a',
      'SELECT id COLLATE "C; DROP TABLE fi.victim" AS a FROM fi.t', 'SELECT extract("year FROM now()); DROP" FROM now()) AS a', 'SELECT interval \'1\' "day; DROP" AS a',
      'SELECT 1 --- 2 AS a', 'SELECT 1 +/* x */- 2 AS a', 'SELECT 2 - - 1 AS a', 'SELECT 2 --1 AS a'])
      console.log(query.replace(/\n/g, ' '), ' ==> ', await refused(() => rows(query)));
    for (const where of ['1 = 1; DROP TABLE fi.victim', 'id IN (SELECT id FROM fi.victim)', 'id = 1) OR (1 = 1', 'EXISTS (SELECT 1 FROM fi.victim)', 'id = 1 --', '"id"" = 1 --" = 1'])
      console.log(where, ' ==> ', await refused(() => rows('SELECT id FROM fi.t', {}, {where: {expression: where, arguments: {}}})));
    for (const chunk of [{limit: '1; DROP'}, {offset: '0; DROP'}, {limit: {}}, {where: {expression: 'id = $x', arguments: {x: {type: 'int; DROP', value: 1}}}}])
      console.log(JSON.stringify(chunk), ' ==> ', await refused(() => rows('SELECT id FROM fi.t', {}, chunk)));
    for (const command of ['DELETE FROM fi.t; DROP TABLE fi.victim', 'INSERT INTO fi.t (id, "name) VALUES (1); DROP") VALUES (5, 1)', 'UPDATE fi.t SET "name = name; DROP" = 1'])
      console.log(command, ' ==> ', await refused(() => FunDB.runCommand(command)));
    console.log(await refused(() => FunDB.runCommand('{ $v string }: UPDATE fi.t SET name = $v WHERE id = 1', {v: "'), secret = (SELECT secret FROM fi.victim)--"})));
    return true;
  };
$js$, 'BEFORE', true) > 0 AS created;
SET client_min_messages = notice;
INSERT INTO run VALUES (1);
SET client_min_messages = warning;
SELECT name FROM t;
SELECT * FROM victim;
DROP SCHEMA fi CASCADE;
