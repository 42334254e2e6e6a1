-- What may be saved: each refusal names the rule and says what is wrong.
\set SHOW_CONTEXT never
CREATE SCHEMA reg;
CREATE TABLE reg.actions (id integer PRIMARY KEY, subject text, "Amount" integer);
CREATE VIEW reg.list AS SELECT * FROM reg.actions;
CREATE MATERIALIZED VIEW reg.copy AS SELECT * FROM reg.actions;
CREATE SEQUENCE reg.numbers;
-- The SQLSTATE, the message and the hint of a refusal, and nothing of where it was raised.
CREATE FUNCTION pg_temp.save(
        name text, fields text[] DEFAULT '{}', code text DEFAULT 'export default () => true',
        entity regclass DEFAULT 'reg.actions', broken boolean DEFAULT false)
    RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
    hinted text;
    detailed text;
BEGIN
    PERFORM fundb.create_trigger(name, entity, code, 'BEFORE', on_update_fields => fields,
                                 schema => 'reg', allow_broken => broken);
    RETURN 'saved';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, hinted = PG_EXCEPTION_HINT,
        detailed = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' | ', SQLSTATE, said, nullif(detailed, ''), nullif(hinted, ''));
END
$$;

-- Names.
SELECT pg_temp.save('');
SELECT pg_temp.save('two words');
SELECT pg_temp.save('a/b');
SELECT pg_temp.save('a__b');
SELECT pg_temp.save('Имя_1.x"y'), pg_temp.save('_a_'), pg_temp.save('$%&');

-- Fields.
SELECT pg_temp.save('fields', '{subject,sbject}');
SELECT pg_temp.save('fields', '{amount}');
SELECT pg_temp.save('fields', '{completely_different}');
SELECT pg_temp.save('fields', '{subject,id,subject}');
SELECT pg_temp.save('fields', '{*,subject}');
SELECT pg_temp.save('fields', '{subject,*}');
SELECT pg_temp.save('fields', '{subject,NULL}');
SELECT pg_temp.save('fields', '{ctid}');
SELECT pg_temp.save('fields_1', '{*}'), pg_temp.save('fields_2', '{id,subject,Amount}'),
       pg_temp.save('fields_3', '{}');

-- Code: the SQLSTATE and the name of the rule are ours, the rest is the engine's.
CREATE FUNCTION pg_temp.save_code(code text) RETURNS text LANGUAGE sql AS $$
    SELECT left(said, 5) || CASE WHEN said LIKE '%trigger "code" of entity "reg.actions"%'
            THEN ', names the rule' ELSE ' ' || said END
        FROM pg_temp.save('code', code => code) AS said
$$;
SELECT pg_temp.save_code('export default function ( {');
SELECT pg_temp.save_code('export const a = 1;');
SELECT pg_temp.save_code('export default 42;');
SELECT pg_temp.save_code('');
SELECT pg_temp.save_code($$ import { x } from 'reg/nothing'; export default () => true; $$);
SELECT pg_temp.save_code('throw new Error("at the top"); export default () => true;');

-- What can be watched.
SELECT pg_temp.save('view', entity => 'reg.list');
SELECT pg_temp.save('view', entity => 'reg.copy');
SELECT pg_temp.save('sequence', entity => 'reg.numbers');
SELECT pg_temp.save('index', entity => 'reg.actions_pkey');
SELECT pg_temp.save('catalog', entity => 'pg_catalog.pg_class');
SELECT pg_temp.save('catalog', entity => 'information_schema.sql_features');
SELECT pg_temp.save('registry', entity => 'public.triggers');
SELECT pg_temp.save('registry', entity => 'public.schemas');
SELECT pg_temp.save('registry', entity => 'fundb.events');
-- A wrong id is the foreign key's to refuse.
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, procedure)
    VALUES (fundb.schema_id('reg'), 0, 'x', 'BEFORE', 'export default () => true');
\echo :LAST_ERROR_SQLSTATE

-- An update is checked like an insert, and undone as a whole.
UPDATE public.triggers SET name = 'a b' WHERE name = 'fields_1';
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET on_update_fields = '{nothing}' WHERE name = 'fields_1';
SELECT name, on_update_fields FROM public.triggers WHERE name = 'fields_1';

-- allow_broken saves it all the same; it is not run, and the reason can be read.
SELECT pg_temp.save('br oken', broken => true), pg_temp.save('broken_2', '{nothing}', broken => true);
SELECT kind, schema, entity, name, reason FROM fundb.broken WHERE schema = 'reg' ORDER BY name;
-- It still has to be a table that can be watched.
SELECT pg_temp.save('view', entity => 'reg.list', broken => true);
-- Repaired, it is off the list; allow_broken alone does no harm.
UPDATE public.triggers SET name = 'repaired' WHERE name = 'br oken';
SELECT name, reason FROM fundb.broken WHERE schema = 'reg';
UPDATE public.triggers SET on_update_fields = '{subject}', allow_broken = false
    WHERE name = 'broken_2';
SELECT count(*) FROM fundb.broken WHERE schema = 'reg';

-- What breaks later is on the list as well.
ALTER TABLE reg.actions DROP COLUMN "Amount" CASCADE;
SELECT name, reason FROM fundb.broken WHERE schema = 'reg' ORDER BY name;
-- Code that does not end, or takes all memory, hides no other; the caller's own time-out ends the look.
SELECT pg_temp.save('takes', code => 'const kept = []; for (;;) kept.push(new Uint8Array(1 << 24)); export default () => true', broken => true);
SELECT pg_temp.save('loops', code => 'for (;;); export default () => true', broken => true);
INSERT INTO public.modules (schema_id, path, source, allow_broken)
    VALUES (fundb.schema_id('reg'), 'loops.mjs', 'for (;;);', true);
SELECT kind, name, reason FROM fundb.broken WHERE schema = 'reg' ORDER BY name, kind;
SET statement_timeout = '500ms';
SELECT kind, name, reason FROM fundb.broken WHERE schema = 'reg' ORDER BY name, kind;
RESET statement_timeout;
DELETE FROM public.modules WHERE path = 'loops.mjs';

-- The shortest names are the longest, too: 63 bytes each.
CREATE SCHEMA "reg_2345678901234567890123456789012345678901234567890123456789x";
CREATE TABLE "reg_2345678901234567890123456789012345678901234567890123456789x"."t/a b%" (a integer);
SELECT fundb.create_trigger('long', '"reg_2345678901234567890123456789012345678901234567890123456789x"."t/a b%"',
                            'export default () => false', 'BEFORE', on_insert => true) > 0 AS ok;
INSERT INTO "reg_2345678901234567890123456789012345678901234567890123456789x"."t/a b%" VALUES (1);
SELECT * FROM "reg_2345678901234567890123456789012345678901234567890123456789x"."t/a b%";
SET client_min_messages = warning;
DROP SCHEMA "reg_2345678901234567890123456789012345678901234567890123456789x" CASCADE;
DROP SCHEMA reg CASCADE;
SELECT count(*) FROM public.schemas WHERE name LIKE 'reg%';
