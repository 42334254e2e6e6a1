-- What CREATE EXTENSION makes, and that it keeps away from what others made.
\set VERBOSITY terse
SET client_min_messages = warning;
-- Columns, in order.
SELECT c.table_schema || '.' || c.table_name AS relation, c.column_name, c.data_type,
       c.is_nullable, c.column_default, c.is_identity
    FROM information_schema.columns c
    WHERE (c.table_schema = 'public'
           AND c.table_name IN ('schemas', 'entities', 'triggers', 'modules', 'user_views'))
        OR (c.table_schema = 'fundb' AND c.table_name IN ('events', 'broken'))
    ORDER BY 1, c.ordinal_position;
SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid IN ('public.schemas'::regclass, 'public.entities'::regclass,
                       'public.triggers'::regclass, 'public.modules'::regclass,
                       'public.user_views'::regclass)
    ORDER BY conrelid::regclass::text, contype, 2;
-- What a dump saves.
SELECT c.oid::regclass FROM pg_extension e, unnest(e.extconfig) AS c(oid)
    WHERE e.extname = 'fundb' ORDER BY c.oid::regclass::text;
-- Everything is explained.
SELECT c.oid::regclass AS relation FROM pg_class c
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'fundb'
    WHERE c.relkind IN ('r', 'v') AND obj_description(c.oid, 'pg_class') IS NULL;
SELECT p.oid::regprocedure AS function FROM pg_proc p
    WHERE p.pronamespace = 'fundb'::regnamespace AND p.prorettype <> 'trigger'::regtype
        AND obj_description(p.oid, 'pg_proc') IS NULL;
-- Nothing runs with others' rights, and functions that users call cannot be led astray.
SELECT p.oid::regprocedure FROM pg_proc p
    WHERE p.pronamespace = 'fundb'::regnamespace AND (p.prosecdef OR p.prosrc LIKE '%search_path%');
SELECT fundb.version() LIKE 'fundb 0.1.0, V8 %' AS version;

-- Tables of these names are in the way.
CREATE DATABASE regress_fundb_install;
\set here :DBNAME
\c regress_fundb_install
\set VERBOSITY default
CREATE TABLE public.modules (id integer);
CREATE VIEW public.entities AS SELECT 1 AS id;
CREATE TYPE public.triggers AS ENUM ('a');
CREATE EXTENSION fundb;
DROP TABLE public.modules;
DROP VIEW public.entities;
DROP TYPE public.triggers;
-- So is a schema of somebody else, or one that holds anything.
CREATE ROLE regress_fundb_planter;
CREATE SCHEMA fundb AUTHORIZATION regress_fundb_planter;
CREATE EXTENSION fundb;
ALTER SCHEMA fundb OWNER TO CURRENT_USER;
CREATE FUNCTION fundb.equal(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR fundb.= (LEFTARG = text, RIGHTARG = text, FUNCTION = fundb.equal);
CREATE EXTENSION fundb;
DROP FUNCTION fundb.equal CASCADE;
-- Neither left anything behind; an empty schema does no harm.
CREATE EXTENSION fundb;
CREATE TABLE public.users (id integer PRIMARY KEY, name text);
CREATE TABLE t (a integer);
SELECT fundb.create_trigger('no', 't', 'export default () => false', 'BEFORE', on_insert => true);
INSERT INTO t VALUES (1);
TABLE t;
-- Rules in use: DROP EXTENSION says what it would take along.
DROP EXTENSION fundb;
DROP EXTENSION fundb CASCADE;
INSERT INTO t VALUES (2);
TABLE t;
ALTER TABLE t RENAME TO t2;
DROP TABLE t2;
-- Again in the same session.  What others get on new objects by default they do not get on these.
CREATE ROLE regress_fundb_default;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO regress_fundb_default, PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO regress_fundb_default;
ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO regress_fundb_default;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO regress_fundb_default;
CREATE EXTENSION fundb;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM regress_fundb_default, PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON SEQUENCES FROM regress_fundb_default;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM regress_fundb_default;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON SCHEMAS FROM regress_fundb_default;
SELECT d.classid::regclass, pg_describe_object(d.classid, d.objid, 0), a.privilege_type
    FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'fundb'
    LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
    LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
    CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, p.proacl)) a
    WHERE d.deptype = 'e' AND a.grantee IN ('regress_fundb_default'::regrole, 0) AND a.privilege_type NOT IN ('SELECT', 'EXECUTE')
       OR a.grantee = 'regress_fundb_default'::regrole;
SELECT a.grantee::regrole, a.privilege_type FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a
    WHERE n.nspname = 'fundb' AND a.grantee <> n.nspowner;
CREATE TABLE t (a integer);
SELECT fundb.create_trigger('no', 't', 'export default () => false', 'BEFORE', on_insert => true);
INSERT INTO t VALUES (1);
TABLE t;
DROP SCHEMA fundb CASCADE;
SELECT count(*) FROM pg_extension WHERE extname = 'fundb';
\c :here
SET client_min_messages = warning;
DROP DATABASE regress_fundb_install;
DROP ROLE regress_fundb_planter;
DROP ROLE regress_fundb_default;
