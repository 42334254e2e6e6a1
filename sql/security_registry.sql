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

DROP SCHEMA plant, plant_app, plant_free CASCADE;
DROP TABLE public.plant_seen;
DROP FUNCTION public.plant_audit();
DELETE FROM public.schemas WHERE name LIKE 'plant%';
DROP OWNED BY regress_fundb_mean;
DROP ROLE regress_fundb_mean;
