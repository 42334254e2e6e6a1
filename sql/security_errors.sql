-- An error leaves whole through rules within rules: every field, one context line per rule, and what nobody may catch is not
-- caught.
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE TABLE app.outer_t (id int, how text);
CREATE TABLE app.middle_t (id int, how text);
CREATE TABLE app.inner_t (id int, how text);
CREATE TABLE app.strict (id int PRIMARY KEY, n int CONSTRAINT positive CHECK (n > 0));
INSERT INTO app.strict VALUES (1, 1);
CREATE DOMAIN app.even AS int CONSTRAINT is_even CHECK (VALUE % 2 = 0);
CREATE FUNCTION app.fail(state text) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'the message', ERRCODE = state, DETAIL = 'The detail.', HINT = 'The hint.', SCHEMA = 'a schema', TABLE = 'a table',
    COLUMN = 'a column', CONSTRAINT = 'a constraint', DATATYPE = 'a type';
END $$;
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('app'), 'pass.mjs', $js$
// Ways to hand an error on.
export const ways = {
  plain: (call) => call(),
  rethrown: async (call) => { try { return await call(); } catch (error) { throw error; } },
  later: (call) => call().then((x) => x).catch(async (error) => { await null; throw error; }),
  swallowed: async (call) => { try { return await call(); } catch (error) { console.warn('caught', error.sqlstate); return true; } finally { console.warn('finally'); } },
};
export const write = (table, args) => ways[args.how.split(' ')[0]](() => FunDB.insertEntity({schema: 'app', name: table}, {id: args.id, how: args.how}));
$js$), (fundb.schema_id('app'), 'deep.mjs', $js$
import { ways } from './pass.mjs';
const third = async () => {
  await null;
  return null.property;
};
export const deep = async () => { await ways.later(third); };
$js$);
SELECT fundb.create_trigger('outer', 'app.outer_t', $$ import { write } from 'app/pass';
  export default async (event, args) => { await write('middle_t', args); return true; } $$, 'BEFORE', true) > 0 AS ok;
SELECT fundb.create_trigger('middle', 'app.middle_t', $$ import { write } from 'app/pass';
  export default async (event, args) => { await write('inner_t', args); } $$, 'AFTER', true) > 0 AS ok;
SELECT fundb.create_trigger('inner', 'app.inner_t', $js$
import { deep } from 'app/deep';
const view = (query) => FunDB.getUserView({type: 'anonymous', query});
const kinds = {
  fields: () => view("SELECT app.fail('AB123') AS x"),
  check: () => FunDB.insertEntity({schema: 'app', name: 'strict'}, {id: 2, n: -1}),
  unique: () => FunDB.insertEntity({schema: 'app', name: 'strict'}, {id: 1, n: 1}),
  domain: () => view('SELECT 3 :: app.even AS x'),
  position: () => view('SELECT id,\n  nothing FROM app.strict'),
  deep,
  own: () => { throw Object.assign(new Error('own'), {sqlstate: 'XY001', detail: 'd', hint: 'h', schema: 's', table: 't', column: 'c', constraint: 'k'}); },
  cancelWith: () => FunDB.cancelWith({left: 3}, 'not enough'),
  serialization: () => view("SELECT app.fail('40001') AS x"),
  deadlock: () => view("SELECT app.fail('40P01') AS x"),
  cancel: () => view("SELECT app.fail('57014') AS x"),
  shutdown: () => view("SELECT app.fail('57P01') AS x"),
  memory: () => view("SELECT app.fail('53200') AS x"),
};
export default async (event, args) => { await kinds[args.how.split(' ')[1]](); return true; };
$js$, 'BEFORE', true) > 0 AS ok;
-- All fields as SQL sees them.
CREATE FUNCTION app.fields_of(how text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE state text; message text; detail text; hint text; schema text; tab text; col text; cons text; typ text; context text;
BEGIN
  INSERT INTO app.outer_t VALUES (1, how);
  RETURN 'no error';
EXCEPTION WHEN OTHERS OR query_canceled THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, schema = SCHEMA_NAME,
    tab = TABLE_NAME, col = COLUMN_NAME, cons = CONSTRAINT_NAME, typ = PG_DATATYPE_NAME, context = PG_EXCEPTION_CONTEXT;
  RETURN concat_ws(' | ', state, message, detail, hint, schema, tab, col, cons, typ, E'\n' || context);
END $$;
\pset format unaligned
\pset tuples_only on
SELECT app.fields_of('plain fields');
-- However it is handed on, the same fields; the frames of JavaScript in between are those of the way.
SELECT way, string_agg(DISTINCT split_part(app.fields_of(way || ' fields'), E'\n', 1), '; ') FROM unnest('{plain,rethrown,later}'::text[]) AS way GROUP BY way ORDER BY way;
SELECT kind, count(DISTINCT split_part(app.fields_of(way || ' ' || kind), E'\n', 1)), min(split_part(app.fields_of(way || ' ' || kind), E'\n', 1))
  FROM unnest('{plain,rethrown,later}'::text[]) AS way, unnest('{check,unique,domain,deep,own,cancelWith,serialization,deadlock,cancel,shutdown,memory}'::text[]) AS kind
  GROUP BY kind ORDER BY kind;
-- One line for each rule of the chain, innermost first; a line for each frame, over await and imports, with line and column.
SELECT app.fields_of('plain deep');
SELECT app.fields_of('later own');
-- The place in the text of a query stays with it.
INSERT INTO app.outer_t VALUES (1, 'rethrown position');
-- What nobody may catch: neither catch nor finally runs, in none of the rules.
SELECT kind, split_part(app.fields_of('swallowed ' || kind), E'\n', 1) FROM unnest('{serialization,deadlock,cancel,shutdown,memory}'::text[]) AS kind;
-- Other errors are caught, and nothing of what failed is left.
SELECT app.fields_of('swallowed check');
SELECT (SELECT count(*) FROM app.outer_t), (SELECT count(*) FROM app.middle_t), (SELECT count(*) FROM app.inner_t), (SELECT count(*) FROM app.strict);

DROP SCHEMA app CASCADE;
DELETE FROM public.modules WHERE path IN ('pass.mjs', 'deep.mjs');
