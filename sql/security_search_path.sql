-- Nothing that a caller puts into a search_path is ever called or read by the extension: functions, operators, types, casts
-- and tables with the names of what it uses itself, in a schema before pg_catalog and among the temporary objects.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_fundb_trapper;
CREATE SCHEMA app;
CREATE SCHEMA trap;
GRANT ALL ON SCHEMA app, trap TO regress_fundb_trapper;
CREATE TABLE app.orders (id int PRIMARY KEY, note text UNIQUE, data jsonb, at timestamptz DEFAULT now());
CREATE TABLE app.lines (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id int REFERENCES app.orders ON DELETE CASCADE, note text);
CREATE TABLE app.log (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, said text);
ALTER TABLE app.orders OWNER TO regress_fundb_trapper;
ALTER TABLE app.lines OWNER TO regress_fundb_trapper;
ALTER TABLE app.log OWNER TO regress_fundb_trapper;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.triggers, public.modules, public.user_views TO regress_fundb_trapper;

SET ROLE regress_fundb_trapper;
CREATE FUNCTION trap.caught() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
-- Each function of pg_catalog that the library or its script names, with the same arguments, which is the best match there is.
DO $$
DECLARE f record; made int := 0;
BEGIN
  FOR f IN SELECT DISTINCT p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments, p.prorettype::regtype AS result, p.prokind
             FROM pg_catalog.pg_proc AS p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND NOT p.proretset
               AND p.provariadic = 0 AND NOT p.prorettype = ANY ('{internal,trigger,event_trigger,cstring,anyelement,anyarray}'::regtype[])
               AND p.proname IN ('lower', 'upper', 'coalesce', 'format_type', 'quote_ident', 'quote_literal', 'concat', 'current_setting', 'set_config',
                 'now', 'transaction_timestamp', 'clock_timestamp', 'pg_current_xact_id', 'nextval', 'pg_get_serial_sequence', 'pg_get_expr', 'pg_get_constraintdef',
                 'pg_my_temp_schema', 'has_table_privilege', 'pg_has_role', 'array_to_string', 'to_jsonb', 'length', 'textcat', 'texteq', 'int4eq', 'oideq', 'nameeq',
                 'int4', 'int8', 'text', 'numeric', 'date', 'jsonb_build_object', 'to_regclass', 'obj_description', 'pg_extension_config_dump', 'version')
  LOOP
    BEGIN
      EXECUTE pg_catalog.format('CREATE FUNCTION trap.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', f.proname, f.arguments, f.result,
                                'BEGIN RAISE EXCEPTION ''trapped''; END');
      made := made + 1;
    EXCEPTION WHEN undefined_object OR invalid_function_definition THEN NULL;
    END;
  END LOOP;
  IF made < 60 THEN RAISE EXCEPTION 'only % functions', made; END IF;
END $$;
CREATE AGGREGATE trap.count(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '1000');
CREATE FUNCTION trap.either(bool, bool) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE AGGREGATE trap.bool_or(bool) (SFUNC = trap.either, STYPE = bool);
CREATE AGGREGATE trap.bool_and(bool) (SFUNC = trap.either, STYPE = bool);
-- Operators for the types that names, keys and values have.
DO $$
DECLARE o record;
BEGIN
  FOR o IN SELECT DISTINCT p.oprname, p.oprleft::regtype AS left_type, p.oprright::regtype AS right_type, p.oprresult::regtype AS result
             FROM pg_catalog.pg_operator AS p WHERE p.oprkind = 'b' AND p.oprname IN ('=', '<>', '<', '>', '||', '+', '-', '->', '->>', '~~', '@>')
               AND p.oprleft = ANY ('{int4,int8,text,name,oid,char,bool,jsonb,timestamptz}'::regtype[])
               AND p.oprright = ANY ('{int4,int8,text,name,oid,char,bool,jsonb,timestamptz}'::regtype[])
  LOOP
    EXECUTE pg_catalog.format('CREATE FUNCTION trap.op(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L', o.left_type, o.right_type, o.result,
                              'BEGIN RAISE EXCEPTION ''trapped''; END');
    EXECUTE pg_catalog.format('CREATE OPERATOR trap.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = trap.op)', o.oprname, o.left_type, o.right_type);
    EXECUTE 'ALTER FUNCTION trap.op RENAME TO op_' || pg_catalog.md5(o::text);
  END LOOP;
END $$;
-- Types, also with a cast that goes by itself, and tables.
CREATE DOMAIN trap.text AS pg_catalog.text CHECK (trap.caught() OPERATOR(pg_catalog.=) 0);
CREATE DOMAIN trap.int4 AS pg_catalog.int4 CHECK (trap.caught() OPERATOR(pg_catalog.=) 0);
CREATE DOMAIN trap."integer" AS pg_catalog.int4 CHECK (trap.caught() OPERATOR(pg_catalog.=) 0);
CREATE DOMAIN trap.oid AS pg_catalog.oid CHECK (trap.caught() OPERATOR(pg_catalog.=) 0);
CREATE DOMAIN trap.regclass AS pg_catalog.regclass CHECK (trap.caught() OPERATOR(pg_catalog.=) 0);
CREATE TYPE trap.jsonb AS (a pg_catalog.text);
CREATE FUNCTION trap.to_text(trap.jsonb) RETURNS pg_catalog.text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE CAST (trap.jsonb AS pg_catalog.text) WITH FUNCTION trap.to_text(trap.jsonb) AS IMPLICIT;
DO $$
DECLARE name pg_catalog.text; place pg_catalog.text;
BEGIN
  FOREACH name IN ARRAY pg_catalog.string_to_array('schemas,entities,triggers,modules,user_views,users,events,relations,namespaces,broken,pg_class,pg_proc,'
      'pg_namespace,pg_trigger,pg_type,pg_attribute,pg_constraint,pg_inherits,pg_extension,pg_roles,pg_authid', ',') LOOP
    FOREACH place IN ARRAY '{trap.,"TEMP "}'::pg_catalog.text[] LOOP
      EXECUTE pg_catalog.format(CASE WHEN place OPERATOR(pg_catalog.=) 'trap.' THEN 'CREATE VIEW trap.%I AS' ELSE 'CREATE TEMP VIEW %I AS' END, name)
        OPERATOR(pg_catalog.||) ' SELECT trap.caught() AS id, trap.caught() AS oid, trap.caught()::pg_catalog.text AS name';
    END LOOP;
  END LOOP;
END $$;
RESET ROLE;

-- Every method of FunDB, as the owner of the traps.
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('app'), 'trap.mjs', $js$
const E = (name) => ({schema: 'app', name});
const rows = async (query, args) => (await FunDB.getUserView({type: 'anonymous', query}, args)).result.rows.map(({values}) => values.map(({value}) => value));
export default async function () {
  const said = [];
  await FunDB.insertEntities(E('lines'), [{order_id: 1, note: 'a'}, {order_id: 1, note: 'b'}]);
  const {id} = await FunDB.insertEntry(E('lines'), {order_id: 1, note: 'c'});
  await FunDB.updateEntity(E('lines'), id, {note: 'd'});
  await FunDB.updateEntries(E('orders'), [{id: {alt: 'orders_note_key', keys: {note: 'first'}}, data: {a: [1]}}]);
  await FunDB.deleteEntries(E('lines'), [id]);
  await FunDB.runCommand(`{ $n int }: UPDATE app.lines SET note = note || lower('X') WHERE id = $n OR "order_id" = 1`, {n: 0});
  said.push(await rows(`{ $since datetime }: SELECT lower(l.note || 'Y') AS n, order_id=>note AS o, count(*) AS c, l.order_id::string AS s FROM app.lines AS l
    WHERE order_id = 1 AND note <> 'q' AND order_id=>at > $since GROUP BY note, order_id, order_id=>note ORDER BY n`, {since: '2000-01-01'}));
  said.push(await rows('SELECT current_user() AS a, $' + '$user AS b, $' + '$lang AS c FROM app.orders WHERE id = 1'));
  said.push((await FunDB.getUserView({type: 'named', ref: {schema: 'app', name: 'notes'}})).result.rows.length);
  said.push((await FunDB.getEntityInfo(E('lines'))).columnFields !== null);
  said.push((await FunDB.getDomainValues({entity: E('lines'), name: 'order_id'})).values?.length ?? 'values');
  said.push((await FunDB.getRelatedEntries(E('orders'), 1)).nodes.length);
  await FunDB.deferConstraints(() => FunDB.insertEntity(E('lines'), {order_id: 1}));
  await FunDB.writeEventSync({a: 1});
  said.push(await FunDB.pretendRole('root', () => rows('SELECT current_user() AS a FROM app.orders WHERE id = 1')));
  said.push(await FunDB.insertEntity(E('lines'), {order_id: 9}).catch((e) => [e.error, e.constraint, e.schema, e.table]));
  said.push(await FunDB.insertEntity(E('linse'), {}).catch((e) => e.message));
  said.push(await rows('SELECT lowr(note) AS a FROM app.lines').catch((e) => e.sqlstate));
  return JSON.stringify(said);
}
$js$);
SET ROLE regress_fundb_trapper;
SET search_path = trap, pg_temp, pg_catalog, public;
-- The traps work.
SELECT lower('x'::pg_catalog.text);
SELECT 1 = 1;
SELECT * FROM triggers;
SELECT 'x'::text;
SELECT fundb.schema_id('app') OPERATOR(pg_catalog.>) 0 AS ok;
INSERT INTO public.user_views (schema_id, name, query) VALUES (fundb.schema_id('app'), 'notes', 'SELECT note FROM app.lines WHERE order_id = 1');
SELECT fundb.create_trigger('all', 'app.log', $js$
import run from 'app/trap';
export default async (event, args) => ({...args, said: await run()});
$js$, 'BEFORE', on_insert => true) OPERATOR(pg_catalog.>) 0 AS ok;
SELECT fundb.create_trigger('stamp', 'app.lines', 'export default (event, args) => ({...args, note: (args.note ?? "") + "."})', 'BEFORE', on_insert => true, on_delete => true) OPERATOR(pg_catalog.>) 0 AS ok;
UPDATE public.triggers SET procedure = 'export default (event, args) => event.source.type === "delete" || {...args, note: (args.note ?? "") + "."}'
  WHERE triggers.name OPERATOR(pg_catalog.=) 'stamp'::pg_catalog.text;
INSERT INTO app.orders VALUES (1, 'first');
INSERT INTO app.log (said) VALUES ('') RETURNING said;
-- Cascades, partitions, the executor's own work; and the registry follows what is renamed and dropped.
DELETE FROM app.orders;
CREATE TABLE app.parted (id pg_catalog.int4, note pg_catalog.text) PARTITION BY LIST (id);
CREATE TABLE app.parted_1 PARTITION OF app.parted FOR VALUES IN (1);
SELECT fundb.create_trigger('part', 'app.parted', 'export default (event, args) => ({...args, note: "set"})', 'BEFORE', on_insert => true, on_update_fields => '{*}') OPERATOR(pg_catalog.>) 0 AS ok;
CREATE TABLE app.parted_2 PARTITION OF app.parted FOR VALUES IN (2);
INSERT INTO app.parted VALUES (1), (2) RETURNING note;
ALTER TABLE app.parted RENAME TO parted_new;
ALTER TABLE app.parted_new DETACH PARTITION app.parted_2;
ALTER TABLE app.lines RENAME COLUMN note TO remark;
CREATE TEMP TABLE scratch (id pg_catalog.int4);
SELECT fundb.create_trigger('temp', 'pg_temp.scratch', 'export default () => false', 'BEFORE', on_insert => true) OPERATOR(pg_catalog.>) 0 AS ok;
INSERT INTO scratch VALUES (1);
DROP TABLE scratch;
DROP TABLE app.parted_new, app.parted_2;
RESET ROLE;
SELECT * FROM fundb.sync();
SELECT kind, name FROM fundb.broken;
SELECT fundb.reset();
-- The extension itself, made and dropped under the same search_path.
BEGIN;
DROP EXTENSION fundb CASCADE;
CREATE EXTENSION fundb;
SELECT fundb.create_trigger('again', 'app.log', 'export default (event, args) => ({...args, said: "again"})', 'BEFORE', on_insert => true) OPERATOR(pg_catalog.>) 0 AS ok;
INSERT INTO app.log (said) VALUES ('') RETURNING said;
ROLLBACK;

RESET search_path;
-- A kept query is not parsed anew under the caller's path either, where row security makes it another one.
CREATE TABLE app.guarded (id int PRIMARY KEY, label varchar(20));
INSERT INTO app.guarded VALUES (1, 'one');
ALTER TABLE app.guarded ENABLE ROW LEVEL SECURITY;
CREATE TABLE app.asks (id int);
GRANT INSERT ON app.asks TO regress_fundb_trapper;
SELECT fundb.create_trigger('asks', 'app.asks', $js$
const ask = (query, args) => FunDB.getUserView({ type: 'anonymous', query }, args);
export default () => FunDB.pretendRole('root', async () => {
  await ask('{ $id int }: SELECT label FROM app.guarded WHERE id = $id', { id: 1 });
  await ask('{ $label string }: SELECT id FROM app.guarded WHERE label = $label', { label: 'one' });
  return true;
});
$js$, 'BEFORE', on_insert => true) > 0 AS created;
SET ROLE regress_fundb_trapper;
CREATE FUNCTION trap.trapped(int, int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'trapped as %', current_user; RETURN true; END $$;
RESET ROLE;
CREATE SCHEMA trap2 AUTHORIZATION regress_fundb_trapper;
SET ROLE regress_fundb_trapper;
CREATE OPERATOR trap2.= (LEFTARG = int, RIGHTARG = int, FUNCTION = trap.trapped);
SET search_path = trap2, pg_catalog;
INSERT INTO app.asks VALUES (1);
SET row_security = off;
INSERT INTO app.asks VALUES (2);
SET row_security = on;
INSERT INTO app.asks VALUES (3);
RESET ROLE;
RESET search_path;
-- Nor are names found in public or an extension's schema, once others than superusers may create operators there that fit better.
GRANT CREATE ON SCHEMA public TO regress_fundb_trapper;
SET ROLE regress_fundb_trapper;
CREATE FUNCTION trap2.trapped(varchar, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'trapped as %', current_user; RETURN true; END $$;
CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = text, FUNCTION = trap2.trapped);
RESET ROLE;
INSERT INTO app.asks VALUES (4);
SELECT fundb.reset();
INSERT INTO app.asks VALUES (5);
-- What somebody made there stays his when he may make no more.
REVOKE CREATE ON SCHEMA public FROM regress_fundb_trapper;
SELECT fundb.reset();
INSERT INTO app.asks VALUES (5);
DROP OPERATOR public.= (varchar, text);

-- Nor where the owner of an extension's schema is no superuser, even if no right on it is granted: he grants it to himself when he likes.
SELECT format('GRANT CREATE ON DATABASE %I TO regress_fundb_trapper', current_database()) AS grant_create \gexec
SET ROLE regress_fundb_trapper;
CREATE SCHEMA trap3;
CREATE FUNCTION trap3.trapped(varchar, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'trapped as %', current_user; RETURN true; END $$;
CREATE OPERATOR trap3.= (LEFTARG = varchar, RIGHTARG = text, FUNCTION = trap3.trapped);
RESET ROLE;
-- As a trusted extension's is that he may create.
UPDATE pg_catalog.pg_extension SET extnamespace = 'trap3'::regnamespace WHERE extname = 'plpgsql';
SET ROLE regress_fundb_trapper;
REVOKE ALL ON SCHEMA trap3 FROM regress_fundb_trapper;
RESET ROLE;
SELECT fundb.reset();
INSERT INTO app.asks VALUES (6);
UPDATE pg_catalog.pg_extension SET extnamespace = 'pg_catalog'::regnamespace WHERE extname = 'plpgsql';
DROP SCHEMA trap3 CASCADE;

-- Writes go by the operator that a key is made with, though a domain over its type is matched better by another one.
CREATE EXTENSION citext SCHEMA public;
CREATE DOMAIN app.email AS citext;
CREATE TABLE app.mails (email app.email PRIMARY KEY, n int);
CREATE TABLE app.mailed (id int PRIMARY KEY, email app.email REFERENCES app.mails);
INSERT INTO app.mails VALUES ('a@b', 1), ('c@d', 2);
INSERT INTO app.mailed VALUES (1, 'A@B');
GRANT CREATE ON SCHEMA public TO regress_fundb_trapper;
SET ROLE regress_fundb_trapper;
CREATE FUNCTION trap2.trapped(app.email, app.email) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'trapped as %', current_user; RETURN true; END $$;
CREATE OPERATOR public.= (LEFTARG = app.email, RIGHTARG = app.email, FUNCTION = trap2.trapped);
RESET ROLE;
DELETE FROM public.triggers WHERE name = 'asks';
SELECT fundb.create_trigger('asks', 'app.asks', $js$
export default async (event, args) => {
  const mails = { schema: 'app', name: 'mails' };
  await FunDB.updateEntity(mails, 'A@b', { n: 5 });
  args.id = (await FunDB.getRelatedEntries(mails, 'a@b')).nodes.length;
  return args;
};
$js$, 'BEFORE', on_insert => true) > 0 AS created;
INSERT INTO app.asks VALUES (7) RETURNING id;
SELECT * FROM app.mails ORDER BY email;
DROP OPERATOR public.= (app.email, app.email);
-- An extension that goes to another schema takes its operators with it: what is left is no place to look for them.
DELETE FROM public.triggers WHERE name = 'asks';
SELECT fundb.create_trigger('asks', 'app.asks', $js$
export default async (event, args) => {
  const mails = { schema: 'app', name: 'mails' };
  await FunDB.updateEntity(mails, 'A@b', { n: args.id });
  args.id = (await FunDB.getRelatedEntries(mails, 'a@b')).nodes.length;
  const query = 'SELECT email=>n AS n FROM app.mailed';
  args.id += 10 * (await FunDB.getUserView({ type: 'anonymous', query })).result.rows[0].values[0].value;
  return args;
};
$js$, 'BEFORE', on_insert => true) > 0 AS created;
INSERT INTO app.asks VALUES (8) RETURNING id;
CREATE SCHEMA moved;
ALTER EXTENSION citext SET SCHEMA moved;
SET ROLE regress_fundb_trapper;
CREATE DOMAIN public.citext AS text;
CREATE FUNCTION trap2.other(text, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'trapped as %', current_user; RETURN true; END $$;
CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap2.other);
RESET ROLE;
INSERT INTO app.asks VALUES (9) RETURNING id;
DROP OPERATOR public.= (text, text);
DROP DOMAIN public.citext;
REVOKE CREATE ON SCHEMA public FROM regress_fundb_trapper;

DROP SCHEMA trap2 CASCADE;
DROP SCHEMA app CASCADE;
DROP EXTENSION citext;
DROP SCHEMA trap CASCADE;
DELETE FROM public.modules WHERE path = 'trap.mjs';
DELETE FROM public.user_views WHERE name = 'notes';
DELETE FROM fundb.events;
DROP OWNED BY regress_fundb_trapper;
DROP ROLE regress_fundb_trapper;
