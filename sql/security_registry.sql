-- What somebody with every privilege on the registry's tables that can be granted may plant there.  The
-- extension writes these tables with its owner's rights when anybody changes a table: whatever ran
-- with it would run as a superuser.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_fundb_mean;
CREATE SCHEMA plant AUTHORIZATION regress_fundb_mean;
CREATE SCHEMA plant_app;
GRANT USAGE ON SCHEMA plant_app TO regress_fundb_mean;
CREATE TABLE plant_app.orders (id int PRIMARY KEY, qty int);
CREATE TABLE public.plant_seen (who name);
GRANT INSERT ON public.plant_seen TO PUBLIC;
GRANT ALL ON public.schemas, public.entities, public.triggers, public.modules, public.user_views,
    fundb.events, fundb.relations, fundb.namespaces TO regress_fundb_mean;
SELECT fundb.create_trigger('guard', 'plant_app.orders',
    'export default (event, args) => ({...args, qty: 1})', 'BEFORE', on_insert => true) > 0 AS ok;

SET ROLE regress_fundb_mean;
CREATE TABLE plant.t (id int PRIMARY KEY, qty int);
CREATE FUNCTION plant.planted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO public.plant_seen VALUES (current_user); RETURN coalesce(new, old); END $$;
CREATE FUNCTION plant.condition() RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO public.plant_seen VALUES (current_user); RETURN true; END $$;
SELECT fundb.create_trigger('r', 'plant.t', 'export default () => true', 'BEFORE', on_insert => true) > 0 AS ok;

-- Triggers: of every kind, in the place of the extension's own, from inside functions.
\set VERBOSITY default
CREATE TRIGGER aaa BEFORE DELETE ON public.triggers FOR EACH ROW EXECUTE FUNCTION plant.planted();
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY terse
CREATE TRIGGER aaa AFTER INSERT ON public.schemas FOR EACH STATEMENT EXECUTE FUNCTION plant.planted();
CREATE CONSTRAINT TRIGGER aaa AFTER UPDATE ON public.entities DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION plant.planted();
CREATE OR REPLACE TRIGGER fundb_before BEFORE INSERT OR UPDATE OR DELETE ON public.triggers
    FOR EACH ROW EXECUTE FUNCTION plant.planted();
CREATE TRIGGER aaa BEFORE INSERT ON public.modules FOR EACH ROW WHEN (plant.condition())
    EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger();
CREATE TRIGGER aaa BEFORE INSERT ON public.user_views FOR EACH ROW EXECUTE FUNCTION plant.planted();
CREATE TRIGGER aaa BEFORE INSERT ON fundb.events FOR EACH ROW EXECUTE FUNCTION plant.planted();
CREATE TRIGGER aaa BEFORE INSERT ON fundb.relations FOR EACH ROW EXECUTE FUNCTION plant.planted();
CREATE TRIGGER aaa BEFORE INSERT ON fundb.namespaces FOR EACH ROW EXECUTE FUNCTION plant.planted();
DO $$ BEGIN
    EXECUTE 'CREATE TRIGGER aaa BEFORE DELETE ON public.triggers FOR EACH ROW EXECUTE FUNCTION plant.planted()';
END $$;
SET check_function_bodies = off;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TRIGGER aaa BEFORE DELETE ON public.triggers FOR EACH ROW EXECUTE FUNCTION plant.planted();
RESET search_path;
RESET check_function_bodies;
CREATE SCHEMA AUTHORIZATION regress_fundb_mean
    CREATE TRIGGER aaa BEFORE DELETE ON public.triggers FOR EACH ROW EXECUTE FUNCTION plant.planted();
-- Tables of one's own are no matter.
CREATE TRIGGER mine BEFORE INSERT ON plant.t FOR EACH ROW EXECUTE FUNCTION plant.planted();
DROP TRIGGER mine ON plant.t;

-- Everything else takes ownership in PostgreSQL.
CREATE RULE aaa AS ON DELETE TO public.triggers DO ALSO SELECT plant.condition();
CREATE POLICY aaa ON public.triggers USING (plant.condition());
ALTER TABLE public.triggers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.triggers ALTER description SET DEFAULT plant.condition();
ALTER TABLE public.triggers ADD CHECK (plant.condition());
ALTER TABLE public.triggers DISABLE TRIGGER fundb_before;
ALTER TABLE public.triggers ENABLE REPLICA TRIGGER fundb_before;
ALTER TRIGGER fundb_before ON public.triggers RENAME TO aaa;
DROP TRIGGER fundb_before ON public.triggers;
CREATE INDEX ON public.triggers ((plant.condition()));
CREATE STATISTICS plant.s ON (plant.condition()), id FROM public.triggers;
CREATE TABLE plant.child () INHERITS (public.triggers);
CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql AS 'SELECT 1';

-- A foreign key of hers: its actions run as the owner of her table, and not with the extension's rights.
CREATE TABLE plant.refers (entity int REFERENCES public.entities ON DELETE CASCADE);
INSERT INTO plant.refers SELECT fundb.entity_id('plant.t');
CREATE TRIGGER mine BEFORE DELETE ON plant.refers FOR EACH ROW EXECUTE FUNCTION plant.planted();
ALTER TABLE plant.t RENAME TO u;
DROP TABLE plant.u;
SELECT count(*) FROM plant.refers;
RESET ROLE;
TABLE public.plant_seen;
DELETE FROM public.plant_seen;

-- A trigger that came while event triggers were off: the extension does not write then, and says why.
ALTER EVENT TRIGGER fundb_follow_ddl DISABLE;
SET ROLE regress_fundb_mean;
CREATE TABLE plant.t (id int PRIMARY KEY, qty int);
SELECT fundb.create_trigger('r', 'plant.t', 'export default () => true', 'BEFORE', on_insert => true) > 0 AS ok;
CREATE TRIGGER aaa BEFORE DELETE ON public.triggers FOR EACH ROW EXECUTE FUNCTION plant.planted();
CREATE TRIGGER aaa AFTER UPDATE ON public.entities FOR EACH ROW WHEN (plant.condition())
    EXECUTE FUNCTION pg_catalog.tsvector_update_trigger();
RESET ROLE;
ALTER EVENT TRIGGER fundb_follow_ddl ENABLE ALWAYS;
SET ROLE regress_fundb_mean;
\set VERBOSITY default
DROP TABLE plant.t;
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY terse
ALTER TABLE plant.t RENAME TO u;
RESET ROLE;
TABLE public.plant_seen;
DROP TRIGGER aaa ON public.triggers;
DROP TRIGGER aaa ON public.entities;
-- A superuser's own trigger runs, as everywhere.
CREATE FUNCTION public.plant_audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO public.plant_seen VALUES (current_user); RETURN coalesce(new, old); END $$;
CREATE TRIGGER aaa AFTER DELETE ON public.triggers FOR EACH ROW EXECUTE FUNCTION public.plant_audit();
SET ROLE regress_fundb_mean;
DROP TABLE plant.t;
RESET ROLE;
SELECT count(*) FROM public.plant_seen;
DROP TRIGGER aaa ON public.triggers;
-- A table that was given away is its new owner's.
BEGIN;
ALTER TABLE public.schemas OWNER TO regress_fundb_mean;
SELECT fundb.schema_id('plant_new');
ROLLBACK;

-- With UPDATE on the registry, rules of other people's tables cannot be taken away from them, by whatever
-- column: it takes TRIGGER on the table that they leave.
SET ROLE regress_fundb_mean;
CREATE TABLE plant.orders (id int PRIMARY KEY, qty int);
SELECT fundb.entity_id('plant.orders') > 0 AS ok;
DELETE FROM public.entities WHERE id = fundb.entity_id('plant.orders');
UPDATE public.entities SET schema_id = fundb.schema_id('plant') WHERE id = fundb.entity_id('plant_app.orders');
SELECT fundb.schema_id('plant_free') > 0 AS ok;
RESET ROLE;
CREATE SCHEMA plant_free AUTHORIZATION regress_fundb_mean;
SET ROLE regress_fundb_mean;
CREATE TABLE plant_free.orders (id int PRIMARY KEY, qty int);
DELETE FROM public.schemas WHERE name = 'plant_free';
UPDATE public.schemas SET name = 'plant_free' WHERE name = 'plant_app';
SELECT fundb.schema_id('plant_spare') > 0 AS ok;
UPDATE public.schemas
    SET id = CASE name WHEN 'plant_app' THEN -1 ELSE fundb.schema_id('plant_app') END
    WHERE name IN ('plant_app', 'plant_spare');
RESET ROLE;
INSERT INTO plant_app.orders VALUES (1, 100) RETURNING qty;

-- A partition key may call functions of the table's owner, also when native triggers are made for it.
TRUNCATE public.plant_seen;
SET ROLE regress_fundb_mean;
CREATE FUNCTION plant.deed() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.plant_seen VALUES (current_user);
    PERFORM set_config('search_path', 'plant', false);
    RETURN 0;
END $$;
CREATE FUNCTION plant.f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN plant.deed(); END $$;
CREATE TABLE plant.root (id int) PARTITION BY RANGE ((id + plant.f(0)));
CREATE TABLE plant.inner_root PARTITION OF plant.root FOR VALUES FROM (0) TO (100) PARTITION BY RANGE ((id + plant.f(1)));
CREATE TABLE plant.leaf PARTITION OF plant.inner_root FOR VALUES FROM (0) TO (100);
-- A new session does not know the key yet.
\c -
SET client_min_messages = warning;
TRUNCATE public.plant_seen;
SET ROLE regress_fundb_mean;
SELECT fundb.create_trigger('r', 'plant.root', 'export default () => true', 'BEFORE', on_insert => true) > 0 AS ok;
SHOW search_path;
DROP TRIGGER zz_fundb_root_before ON plant.root;
\c -
SET client_min_messages = warning;
SET ROLE regress_fundb_mean;
ALTER TABLE plant.root ENABLE ROW LEVEL SECURITY;
SHOW search_path;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'plant.leaf'::regclass;
RESET ROLE;
SELECT DISTINCT who FROM public.plant_seen;
-- Also when they make a further partition meanwhile.
SET ROLE regress_fundb_mean;
CREATE TABLE plant.armed (armed bool);
CREATE FUNCTION plant.grow() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM plant.armed) THEN
        TRUNCATE plant.armed;
        CREATE TABLE plant.grown PARTITION OF plant.low FOR VALUES FROM (50) TO (60) PARTITION BY RANGE ((id + plant.f(2)));
    END IF;
    RETURN 0;
END $$;
CREATE FUNCTION plant.g(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN plant.grow(); END $$;
CREATE TABLE plant.growing (id int) PARTITION BY RANGE ((id + plant.g(0)));
CREATE TABLE plant.low PARTITION OF plant.growing FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
INSERT INTO plant.armed VALUES (true);
\c -
SET client_min_messages = warning;
TRUNCATE public.plant_seen;
SET ROLE regress_fundb_mean;
SELECT fundb.create_trigger('r', 'plant.growing', 'export default () => true', 'BEFORE', on_insert => true) > 0 AS ok;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'plant.grown'::regclass;
RESET ROLE;
SELECT DISTINCT who FROM public.plant_seen;
-- One that fails keeps neither sync() from the other tables nor others from altering theirs.
SET ROLE regress_fundb_mean;
CREATE FUNCTION plant.refuse() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM plant.armed) THEN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END IF;
    RETURN 0;
END $$;
CREATE FUNCTION plant.k(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN plant.refuse(); END $$;
CREATE TABLE plant.refusing (id int) PARTITION BY RANGE ((id + plant.k(0)));
CREATE TABLE plant.willing (id int);
SELECT fundb.create_trigger('r', t, 'export default () => true', 'BEFORE', on_insert => true) > 0 AS ok FROM unnest('{plant.refusing,plant.willing}'::regclass[]) AS t;
DROP TRIGGER zz_fundb_root_before ON plant.refusing;
DROP TRIGGER zz_fundb_before ON plant.willing;
INSERT INTO plant.armed VALUES (true);
\c -
SET client_min_messages = warning;
SELECT * FROM fundb.sync() AS line WHERE line LIKE '%plant%';
CREATE TABLE public.plant_parted (id int) PARTITION BY RANGE (id);
ALTER TABLE public.plant_parted ADD COLUMN x int;
DROP TABLE public.plant_parted;
TRUNCATE plant.armed;
SELECT * FROM fundb.sync() AS line WHERE line LIKE '%plant%';

-- What a statement writes to the registry counts when it is checked: functions that the statement calls
-- see its rows before that, and cascades fire the rules of tables that are not hers.
CREATE TABLE plant_app.parent (id int PRIMARY KEY);
CREATE TABLE plant_app.child (id int REFERENCES plant_app.parent ON DELETE CASCADE);
CREATE TABLE plant_app.base (id int);
CREATE TABLE plant_app.kid (FOREIGN KEY (id) REFERENCES plant_app.parent ON DELETE CASCADE) INHERITS (plant_app.base);
INSERT INTO plant_app.parent SELECT generate_series(1, 9);
INSERT INTO plant_app.child SELECT generate_series(1, 9);
INSERT INTO plant_app.kid SELECT generate_series(1, 9);
GRANT SELECT, DELETE ON plant_app.parent TO regress_fundb_mean;
SELECT fundb.create_trigger('innocent', t::regclass, 'export default () => true', 'BEFORE', on_delete => true) > 0 AS ok
    FROM unnest('{plant_app.child,plant_app.base}'::text[]) AS t;
SET ROLE regress_fundb_mean;
CREATE FUNCTION plant.tell() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'code as %', current_user; RETURN 1; END $$;
CREATE FUNCTION plant.deletes() RETURNS text LANGUAGE plpgsql AS $$ BEGIN DELETE FROM plant_app.parent WHERE id = 1; RETURN 'x'; END $$;
CREATE FUNCTION plant.evil() RETURNS text LANGUAGE sql AS $$ SELECT
    $js$ export default async () => {
        await FunDB.getUserView({type: 'anonymous', query: 'SELECT plant.tell() AS told'}); return true; } $js$ $$;
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_delete, procedure)
    VALUES (fundb.schema_id('plant'), fundb.entity_id('plant_app.child'), 'x', 'BEFORE', true, plant.evil())
    RETURNING plant.deletes();
UPDATE public.triggers SET procedure = plant.evil() WHERE name = 'innocent' RETURNING plant.deletes();
-- With a table that the same statement registers.
SELECT count(*) FROM public.entities WHERE name = 'kid';
WITH e AS (INSERT INTO public.entities (schema_id, name) VALUES (fundb.schema_id('plant_app'), 'kid') RETURNING id)
    INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_delete, procedure)
        SELECT fundb.schema_id('plant'), e.id, 'x', 'BEFORE', true, plant.evil() FROM e RETURNING plant.deletes();
-- With another table's row under the id of hers.
CREATE TABLE plant.own (id int);
SELECT fundb.create_trigger('x', 'plant.own', plant.evil(), 'BEFORE', on_delete => true) > 0 AS ok;
CREATE FUNCTION plant.takes_id(taken int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.entities (id, schema_id, name) VALUES (taken, fundb.schema_id('plant_app'), 'kid');
    RETURN plant.deletes();
END $$;
UPDATE public.entities SET id = -1 WHERE id = fundb.entity_id('plant.own') RETURNING plant.takes_id(fundb.entity_id('plant.own'));
DELETE FROM public.entities WHERE id = fundb.entity_id('plant.own') RETURNING plant.takes_id(id);
RESET ROLE;
-- Once checked, a rule counts in its own transaction too, and when it is written again.
BEGIN;
UPDATE public.triggers SET procedure = 'export default (event, args) => ({...args, qty: 2})' WHERE name = 'guard';
INSERT INTO plant_app.orders VALUES (2, 100) RETURNING qty;
UPDATE public.triggers SET procedure = 'export default (event, args) => ({...args, qty: 3})' WHERE name = 'guard';
INSERT INTO public.triggers (id, schema_id, trigger_entity_id, name, time, procedure)
    SELECT id, schema_id, trigger_entity_id, 'y', 'BEFORE', procedure FROM public.triggers WHERE name = 'guard'
    ON CONFLICT DO NOTHING;
INSERT INTO plant_app.orders VALUES (3, 100) RETURNING qty;
ROLLBACK;

-- A statement that fails leaves nothing behind of what its functions made the session read meanwhile.
INSERT INTO public.modules (schema_id, path, source)
    VALUES (fundb.schema_id('plant_app'), 'lib.mjs', 'export const qty = 1;');
UPDATE public.triggers SET procedure = $js$
    import { qty } from 'plant_app/lib.mjs';
    export default (event, args) => ({...args, qty}) $js$ WHERE name = 'guard';
CREATE FUNCTION plant_app.fails() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO plant_app.orders VALUES (90, 100);
    RAISE EXCEPTION 'back';
END $$;
CREATE FUNCTION plant_app.try(statement text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE statement || ' RETURNING plant_app.fails()';
EXCEPTION WHEN raise_exception THEN NULL; END $$;
\c -
SET client_min_messages = warning;
SELECT plant_app.try($$DELETE FROM public.triggers WHERE name = 'guard'$$);
INSERT INTO plant_app.orders VALUES (10, 100) RETURNING qty;
\c -
SET client_min_messages = warning;
SELECT plant_app.try($$UPDATE public.modules SET source = 'export const qty = 2;' WHERE path = 'lib.mjs'$$);
INSERT INTO plant_app.orders VALUES (11, 100) RETURNING qty;
\c -
SET client_min_messages = warning;
SELECT plant_app.try($$INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_insert, procedure)
    SELECT schema_id, trigger_entity_id, 'zz', 'BEFORE', true, 'export default (e, args) => ({...args, qty: 3})'
    FROM public.triggers WHERE name = 'guard'$$);
INSERT INTO plant_app.orders VALUES (12, 100) RETURNING qty;

-- The registry's trigger functions are for its own tables, whoever may use them.
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA fundb TO regress_fundb_mean;
SET ROLE regress_fundb_mean;
CREATE TABLE plant.rule (id int, schema_id int, trigger_entity_id int, name text, time text, on_update_fields int, allow_broken bool, procedure text);
CREATE TRIGGER x AFTER INSERT ON plant.rule FOR EACH ROW EXECUTE FUNCTION fundb.after_rule();
\set VERBOSITY default
INSERT INTO plant.rule VALUES (1, fundb.schema_id('plant'), fundb.entity_id('plant.own'), 'x', 'BEFORE', 12345678, false, 'export default 1');
\set VERBOSITY terse
DROP TRIGGER x ON plant.rule;
CREATE TRIGGER x AFTER INSERT ON plant.rule FOR EACH ROW EXECUTE FUNCTION fundb.after_entity();
INSERT INTO plant.rule VALUES (1, fundb.schema_id('plant_app'), 1, 'orders');
RESET ROLE;

DROP SCHEMA plant, plant_app, plant_free CASCADE;
DROP TABLE public.plant_seen;
DROP FUNCTION public.plant_audit();
DELETE FROM public.modules WHERE path = 'lib.mjs';
DELETE FROM public.schemas WHERE name LIKE 'plant%';
DROP OWNED BY regress_fundb_mean;
DROP ROLE regress_fundb_mean;
