-- Databases with other encodings than UTF-8: rules, values, names and messages are converted both ways, and what the
-- encoding does not have is refused.
SET client_encoding = utf8;
\set here :DBNAME
CREATE DATABASE regress_fundb_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0;
CREATE DATABASE regress_fundb_eucjp ENCODING 'EUC_JP' LOCALE 'C' TEMPLATE template0;
CREATE DATABASE regress_fundb_ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0;

\c regress_fundb_latin1
SET client_encoding = utf8;
CREATE EXTENSION fundb;
CREATE SCHEMA "Büro";
CREATE TYPE public.stufe AS ENUM ('höher', 'tiefer');
CREATE TABLE "Büro"."Größe" (id int PRIMARY KEY, "é" text, j json, jb jsonb, c varchar(3), s stufe, n name, a text[]);
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('Büro'), 'wörter.mjs', 'export const wort = "Straße";');
SELECT fundb.create_trigger('prüfen', '"Büro"."Größe"', $js$
import {wort} from 'Büro/wörter';
export default async (event, args) => {
  console.log(JSON.stringify(event), JSON.stringify(args), args['é']?.length);
  switch (args.id) {
    case 1: return {...args, 'é': args['é'] + wort + 'ÿ', j: {'ü': 'ö'}, jb: ['ß', {'ä': 1}], c: 'éèà', s: 'höher', n: 'ñ', a: ['à']};
    case 2: return {...args, 'é': '\u20ac'};
    case 3: return {...args, jb: {'\u20ac': 1}};
    case 4: return {...args, c: 'éèàé'};
    case 5: return {...args, s: 'Höher'};
    case 6: return {...args, 'ë': 1};
    case 7: throw new Error('Fehler: ü \u20ac');
    case 8: console.log('to the log: ü \u20ac'); return false;
    case 9: {
      await FunDB.insertEntity({schema: 'Büro', name: 'Größe'}, {id: 10, 'é': 'ô', s: 'tiefer'});
      const view = await FunDB.getUserView({type: 'anonymous', query: `SELECT "é", s FROM "Büro"."Größe" WHERE "é" = 'ô'`});
      console.log(JSON.stringify(view.result.rows), view.info.columns.map((c) => c.name).join());
      const error = await FunDB.insertEntity({schema: 'Büro', name: 'Größe'}, {id: 1, 'é': 'ô'}).catch((e) => e);
      console.log(error.message, error.detail, error.table);
      return {...args, 'é': await FunDB.getUserView({type: 'anonymous', query: '{ $u string }: SELECT $u || \'ø\' AS x'}, {u: 'û'}).then((v) => v.result.rows[0].values[0].value)};
    }
  }
  return true;
}
$js$, 'BEFORE', true) > 0 AS created;
CREATE FUNCTION try(id int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE detail text; hint text; col text;
BEGIN
  INSERT INTO "Büro"."Größe" (id, "é") VALUES (id, 'äö');
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, col = COLUMN_NAME;
  RAISE NOTICE '% % | % | % | %', SQLSTATE, SQLERRM, detail, hint, col;
END $$;
SELECT try(id) FROM generate_series(1, 9) id;
SELECT * FROM "Büro"."Größe" ORDER BY id;
ALTER TABLE "Büro"."Größe" RENAME TO "Maß";
ALTER SCHEMA "Büro" RENAME TO "Café";
INSERT INTO "Café"."Maß" (id, "é") VALUES (20, 'é') RETURNING "é";
SELECT s.name, e.name FROM public.entities e JOIN public.schemas s ON s.id = e.schema_id;
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_insert, procedure)
  VALUES (fundb.schema_id('Büro'), fundb.entity_id('"Café"."Maß"'), 'ßyntax', 'BEFORE', true, 'export default (é) => (');
SELECT fundb.sync();

\c regress_fundb_eucjp
SET client_encoding = utf8;
CREATE EXTENSION fundb;
CREATE TABLE "表" (id int PRIMARY KEY, "名前" text, b text);
SELECT fundb.create_trigger('規則', '表', $js$
export default (event, args) => ({...args, b: `${event.entity.name} ${args['名前']} は ${args['名前'].length}`})
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO "表" VALUES (1, '日本');
SELECT * FROM "表";
INSERT INTO "表" VALUES (2, NULL);
-- An arrow over a reference whose fields have such names.
ALTER TABLE "表" ADD UNIQUE ("名前");
CREATE TABLE "子" (id int PRIMARY KEY, "親" text CONSTRAINT "親子" REFERENCES "表" ("名前"));
SELECT fundb.create_trigger('規則', '子', $js$
export default async () => {
  const query = 'SELECT "親"=>b AS a, "親子"=>id AS b FROM public."子"';
  const {result} = await FunDB.getUserView({type: 'anonymous', query});
  console.log(JSON.stringify(result.rows[0].values));
}
$js$, 'AFTER', true) > 0 AS created;
INSERT INTO "子" VALUES (1, '日本');

-- Keys in the chain of rules that are nested too deeply.
CREATE TABLE "鎖" (k text PRIMARY KEY);
SELECT fundb.create_trigger('規則', '鎖', $js$
export default (event, args) => FunDB.insertEntity({schema: 'public', name: '鎖'}, {k: args.k + '環'})
$js$, 'AFTER', true) > 0 AS created;
SET fundb.max_depth = 2;
INSERT INTO "鎖" VALUES ('日本');
RESET fundb.max_depth;

-- Without an encoding text is taken for UTF-8; what is none cannot be read, and stays when nobody reads it.
\c regress_fundb_ascii
SET client_encoding = sql_ascii;
CREATE EXTENSION fundb;
CREATE TABLE t (id int PRIMARY KEY, a text, b text);
SELECT fundb.create_trigger('rule', 't', $js$
export default (event, args) => { args.b = args.id === 1 ? 'é' : args.a.length; return args; }
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO t VALUES (1, E'\xe9\xff'), (2, E'\xc3\xa9');
INSERT INTO t VALUES (3, E'\xe9\xff');
SELECT id, a::bytea, b::bytea FROM t ORDER BY id;

\c :here
DROP DATABASE regress_fundb_latin1;
DROP DATABASE regress_fundb_eucjp;
DROP DATABASE regress_fundb_ascii;
