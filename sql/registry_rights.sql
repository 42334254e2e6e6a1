-- Who may write rules, whose they are, and that whoever writes to a watched table needs no rights.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_fundb_author;
CREATE ROLE regress_fundb_other;
CREATE ROLE regress_fundb_writer;
CREATE ROLE regress_fundb_admin SUPERUSER;
CREATE SCHEMA reg;
CREATE TABLE reg.actions (id integer, subject text);
CREATE TABLE reg.secrets (id integer, subject text);
GRANT USAGE ON SCHEMA reg TO regress_fundb_author, regress_fundb_other, regress_fundb_writer;
GRANT INSERT, SELECT, UPDATE, DELETE ON reg.actions TO regress_fundb_writer;

-- Without any rights on the registry.
SET ROLE regress_fundb_author;
SELECT fundb.create_trigger('mine', 'reg.actions', 'export default () => true', 'BEFORE');
SELECT fundb.schema_id('reg');
SELECT fundb.entity_id('reg.actions');
SELECT fundb.sync();
SELECT fundb.run_rules();
SELECT fundb.check_rule('x', 'export default 1', 0);
RESET ROLE;

-- The right to insert rules lets an author register tables, but not watch those of others.
GRANT SELECT, INSERT, UPDATE, DELETE ON public.triggers TO regress_fundb_author, regress_fundb_other;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON public.modules TO regress_fundb_author;
SET ROLE regress_fundb_author;
SELECT fundb.create_trigger('mine', 'reg.actions', 'export default () => true', 'BEFORE');
\echo :LAST_ERROR_SQLSTATE
SELECT fundb.create_trigger('mine', 'reg.actions', 'export default () => true', 'BEFORE',
                            allow_broken => true);
RESET ROLE;
GRANT TRIGGER ON reg.actions TO regress_fundb_author;
SET ROLE regress_fundb_author;
SELECT fundb.create_trigger('mine', 'reg.actions',
    'export default (event, args) => ({...args, subject: "set"})', 'BEFORE', on_insert => true) > 0 AS ok;
SELECT name, owner FROM public.triggers WHERE name = 'mine';
-- Nor move a rule to one, by whatever column.
UPDATE public.triggers SET trigger_entity_id = fundb.entity_id('reg.secrets') WHERE name = 'mine';
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.entities, public.schemas TO regress_fundb_author;
SET ROLE regress_fundb_author;
BEGIN;
DELETE FROM public.entities WHERE name = 'secrets' AND schema_id = fundb.schema_id('reg');
UPDATE public.entities SET name = 'secrets' WHERE id = fundb.entity_id('reg.actions');
ROLLBACK;
-- An entity that comes with the same statement is no way around it.
RESET ROLE;
DELETE FROM public.entities WHERE name = 'secrets' AND schema_id = fundb.schema_id('reg');
SET ROLE regress_fundb_author;
WITH e AS (INSERT INTO public.entities (schema_id, name)
               VALUES (fundb.schema_id('reg'), 'secrets') RETURNING id)
    INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, procedure)
        SELECT fundb.schema_id('reg'), e.id, 'way_round', 'BEFORE', 'export default () => true' FROM e;
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
REVOKE ALL ON public.entities, public.schemas FROM regress_fundb_author;

-- Whoever writes to the table needs nothing.
SET ROLE regress_fundb_writer;
SELECT procedure FROM public.triggers;
INSERT INTO reg.actions VALUES (1) RETURNING *;
RESET ROLE;

-- Without the TRIGGER privilege a rule can be neither changed nor removed.
SET ROLE regress_fundb_other;
UPDATE public.triggers SET priority = 3 WHERE name = 'mine';
DELETE FROM public.triggers WHERE name = 'mine';
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
GRANT DELETE, SELECT ON public.entities TO regress_fundb_other;
GRANT TRUNCATE ON public.triggers TO regress_fundb_other;
SET ROLE regress_fundb_other;
DELETE FROM public.entities WHERE id = fundb.entity_id('reg.actions');
\set VERBOSITY sqlstate
TRUNCATE public.triggers;
\set VERBOSITY terse
RESET ROLE;

-- The owner is the role that last wrote the rule, whatever it says.
GRANT TRIGGER ON reg.actions TO regress_fundb_other;
SET ROLE regress_fundb_other;
UPDATE public.triggers SET priority = 3 WHERE name = 'mine';
SELECT owner FROM public.triggers WHERE name = 'mine';
UPDATE public.triggers SET owner = 'regress_fundb_admin' WHERE name = 'mine';
SELECT owner FROM public.triggers WHERE name = 'mine';
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, procedure, owner)
    VALUES (fundb.schema_id('reg'), fundb.entity_id('reg.actions'), 'forged', 'BEFORE',
            'export default () => true', 'regress_fundb_admin') RETURNING owner;
-- So does a role that this one took on.
RESET ROLE;
SET SESSION AUTHORIZATION regress_fundb_admin;
SET ROLE regress_fundb_author;
UPDATE public.triggers SET priority = 4 WHERE name = 'mine' RETURNING owner;
RESET ROLE;
-- Only a superuser's explicit value counts; an edit that does not name the owner leaves it.
UPDATE public.triggers SET priority = 5 WHERE name = 'mine' RETURNING owner;
UPDATE public.triggers SET owner = 'regress_fundb_other' WHERE name = 'mine' RETURNING owner;
UPDATE public.triggers SET owner = NULL WHERE name = 'mine' RETURNING owner;
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, procedure, owner)
    VALUES (fundb.schema_id('reg'), fundb.entity_id('reg.actions'), 'given', 'BEFORE',
            'export default () => true', 'regress_fundb_author') RETURNING owner;
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, procedure)
    VALUES (fundb.schema_id('reg'), fundb.entity_id('reg.actions'), 'own', 'BEFORE',
            'export default () => true') RETURNING owner;
RESET SESSION AUTHORIZATION;

-- Modules alike.
SET ROLE regress_fundb_author;
INSERT INTO public.modules (schema_id, path, source, owner)
    VALUES (fundb.schema_id('reg'), 'a.mjs', 'export const a = 1;', 'regress_fundb_admin')
    RETURNING owner;
RESET ROLE;
UPDATE public.modules SET source = source || ' ' WHERE path = 'a.mjs' RETURNING owner;

-- The names of a dump do not open the door: only a superuser restores.
SET ROLE regress_fundb_other;
SET check_function_bodies = off;
SELECT pg_catalog.set_config('search_path', '', false);
SELECT fundb.entity_id('reg.secrets') > 0 AS ok;
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_insert, procedure, owner)
    VALUES (fundb.schema_id('reg'), fundb.entity_id('reg.secrets'), 'restored', 'BEFORE', true,
            'export default () => false', 'regress_fundb_admin');
INSERT INTO reg.actions VALUES (2) RETURNING *;
RESET search_path;
RESET check_function_bodies;
RESET ROLE;

-- TRIGGER alone switches no rule off and runs none twice.
CREATE SCHEMA reg_mean AUTHORIZATION regress_fundb_writer;
GRANT TRIGGER ON reg.actions TO regress_fundb_writer;
SET ROLE regress_fundb_writer;
CREATE FUNCTION reg_mean.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
\set VERBOSITY default
CREATE OR REPLACE TRIGGER zz_fundb_before BEFORE INSERT ON reg.actions FOR EACH ROW EXECUTE FUNCTION reg_mean.nothing();
CREATE TRIGGER zz_again BEFORE INSERT ON reg.actions FOR EACH ROW EXECUTE FUNCTION fundb.run_rules();
\set VERBOSITY terse
CREATE OR REPLACE TRIGGER zz_fundb_before BEFORE INSERT ON reg.actions FOR EACH ROW WHEN (false) EXECUTE FUNCTION fundb.run_rules();
-- Deferred, rules would run at the end of the transaction.
CREATE CONSTRAINT TRIGGER zz_fundb_after AFTER INSERT OR UPDATE OR DELETE ON reg.actions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (fundb.note_insert()) EXECUTE FUNCTION fundb.run_rules();
CREATE TRIGGER zz_fundb_root_after AFTER INSERT ON reg.actions FOR EACH STATEMENT EXECUTE FUNCTION reg_mean.nothing();
SET check_function_bodies = off;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE OR REPLACE TRIGGER zz_fundb_before BEFORE INSERT ON reg.actions FOR EACH ROW EXECUTE FUNCTION reg_mean.nothing();
CREATE OR REPLACE TRIGGER zz_fundb_before BEFORE INSERT ON reg.actions FOR EACH ROW WHEN (false) EXECUTE FUNCTION fundb.run_rules();
CREATE TRIGGER zz_again BEFORE INSERT ON reg.actions FOR EACH ROW EXECUTE FUNCTION fundb.run_rules();
RESET search_path;
RESET check_function_bodies;
-- Not as a dump brings it, either: that sets ENABLE ALWAYS and DISABLE back.
CREATE OR REPLACE TRIGGER zz_fundb_before BEFORE INSERT OR UPDATE OR DELETE ON reg.actions FOR EACH ROW EXECUTE FUNCTION fundb.run_rules();
-- Nor on the root of partitions that have rules of their own, which would run twice.
RESET ROLE;
CREATE TABLE reg.root (id int) PARTITION BY LIST (id);
CREATE TABLE reg.part PARTITION OF reg.root DEFAULT;
GRANT TRIGGER ON reg.root, reg.part TO regress_fundb_writer;
SET ROLE regress_fundb_writer;
CREATE TRIGGER zz_fundb_root_before BEFORE INSERT OR UPDATE OR DELETE ON reg.root FOR EACH ROW EXECUTE FUNCTION fundb.run_rules();
-- A table's owner may, but not beside a clone of the root's: the partition's rows would run rules twice.
RESET ROLE;
ALTER TABLE reg.part OWNER TO regress_fundb_writer;
SET ROLE regress_fundb_writer;
CREATE TRIGGER zz_fundb_before BEFORE INSERT OR UPDATE OR DELETE ON reg.part FOR EACH ROW EXECUTE FUNCTION fundb.run_rules();
RESET ROLE;
SELECT fundb.create_trigger('r', 'reg.root', 'export default () => true', 'BEFORE') > 0 AS ok;
SELECT tgname FROM pg_trigger WHERE tgrelid = 'reg.part'::regclass;
SET ROLE regress_fundb_writer;
CREATE TRIGGER zz_fundb_before BEFORE INSERT OR UPDATE OR DELETE ON reg.part FOR EACH ROW EXECUTE FUNCTION fundb.run_rules();
RESET ROLE;
-- Its owner may rename one so: it goes when the native trigger comes.
DELETE FROM public.triggers WHERE trigger_entity_id = fundb.entity_id('reg.root');
CREATE TRIGGER x BEFORE INSERT ON reg.part FOR EACH ROW EXECUTE FUNCTION reg_mean.nothing();
ALTER TRIGGER x ON reg.part RENAME TO zz_fundb_root_before;
CREATE TRIGGER x BEFORE INSERT ON reg.secrets FOR EACH ROW EXECUTE FUNCTION reg_mean.nothing();
ALTER TRIGGER x ON reg.secrets RENAME TO zz_fundb_before;
SELECT fundb.create_trigger('r', t::regclass, 'export default () => true', 'BEFORE') > 0 AS ok
    FROM unnest('{reg.root,reg.secrets}'::text[]) AS t;
SELECT tgrelid::regclass, tgname, tgfoid::regproc FROM pg_trigger
    WHERE tgrelid IN ('reg.part'::regclass, 'reg.secrets'::regclass) ORDER BY 1, 2;
DELETE FROM public.triggers WHERE name = 'r';
-- Whoever may make one on the root by hand: where the root has no rule it goes, and those of its partitions run once.
SELECT fundb.create_trigger('once', 'reg.part', 'export default (event, args) => (args.id += 1, args)', 'BEFORE', true) > 0 AS ok;
CREATE TRIGGER zz_fundb_root_before BEFORE INSERT OR UPDATE OR DELETE ON reg.root FOR EACH ROW EXECUTE FUNCTION fundb.run_rules();
INSERT INTO reg.root VALUES (1) RETURNING *;
SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgrelid IN ('reg.root'::regclass, 'reg.part'::regclass) ORDER BY 1, 2;
DROP TABLE reg.root;
REVOKE TRIGGER ON reg.actions FROM regress_fundb_writer;
DROP SCHEMA reg_mean CASCADE;

-- A rule of an inheritance parent runs for its children: TRIGGER on the parent alone is not enough.
CREATE TABLE reg.child () INHERITS (reg.secrets);
CREATE TABLE reg.grandchild () INHERITS (reg.child);
GRANT TRIGGER ON reg.secrets, reg.child TO regress_fundb_other;
SET ROLE regress_fundb_other;
\set VERBOSITY default
SELECT fundb.create_trigger('parent', 'reg.secrets', 'export default () => true', 'BEFORE');
\set VERBOSITY terse
UPDATE public.triggers SET trigger_entity_id = fundb.entity_id('reg.secrets') WHERE name = 'mine';
RESET ROLE;
GRANT TRIGGER ON reg.grandchild TO regress_fundb_other;
SET ROLE regress_fundb_other;
SELECT fundb.create_trigger('parent', 'reg.secrets', 'export default () => true', 'BEFORE') > 0 AS ok;
RESET ROLE;
REVOKE TRIGGER ON reg.child FROM regress_fundb_other;
SET ROLE regress_fundb_other;
UPDATE public.triggers SET on_insert = true WHERE name = 'parent';
DELETE FROM public.triggers WHERE name = 'parent';
RESET ROLE;
DROP TABLE reg.child CASCADE;
REVOKE TRIGGER ON reg.secrets FROM regress_fundb_other;

-- A search_path with objects of its own leads nowhere.
GRANT CREATE ON SCHEMA reg TO regress_fundb_other;
SET ROLE regress_fundb_other;
CREATE FUNCTION reg.evil(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT 1 / 0 = 1 $$;
CREATE OPERATOR reg.= (LEFTARG = text, RIGHTARG = text, FUNCTION = reg.evil);
CREATE TABLE reg.schemas (id integer, name text);
SET search_path = reg, pg_catalog, public;
SELECT fundb.create_trigger('path', 'reg.actions', 'export default () => true', 'AFTER',
                            on_update_fields => '{subject}') > 0 AS ok;
UPDATE public.triggers SET time = 'BEFORE'
    WHERE name OPERATOR(pg_catalog.=) 'path' RETURNING time, owner;
RESET search_path;
RESET ROLE;

-- Reading: names for all, code for those who were given it.
SET ROLE regress_fundb_writer;
SELECT s.name, e.name FROM public.entities e JOIN public.schemas s ON s.id = e.schema_id
    WHERE s.name = 'reg' ORDER BY 2;
SELECT count(*) > 0 AS ok FROM (SELECT id, schema_id, trigger_entity_id, name FROM public.triggers) t;
SELECT * FROM fundb.broken;
SELECT * FROM fundb.events;
SELECT * FROM fundb.relations;
RESET ROLE;

DELETE FROM public.modules WHERE path = 'a.mjs';
DROP SCHEMA reg CASCADE;
DROP OWNED BY regress_fundb_author, regress_fundb_other, regress_fundb_writer, regress_fundb_admin;
DROP ROLE regress_fundb_author, regress_fundb_other, regress_fundb_writer, regress_fundb_admin;
