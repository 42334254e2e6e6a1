-- The registry follows what happens to tables and schemas.
\set VERBOSITY terse
CREATE SCHEMA reg;
CREATE TABLE reg.actions (id integer PRIMARY KEY, subject text);
CREATE VIEW reg.list AS SELECT * FROM reg.actions;
CREATE FUNCTION pg_temp.entities() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s.%s: %s', s.name, e.name, coalesce((SELECT string_agg(t.name, ', ' ORDER BY t.name)
                  FROM public.triggers t WHERE t.trigger_entity_id = e.id), '-'))
        FROM public.entities e JOIN public.schemas s ON s.id = e.schema_id
        WHERE s.name LIKE 'reg%' ORDER BY 1
$$;
CREATE FUNCTION pg_temp.natives() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s on %s', tgname, tgrelid::regclass) FROM pg_trigger
        WHERE tgfoid = 'fundb.run_rules()'::regprocedure AND tgrelid::regclass::text LIKE 'reg%'
        ORDER BY 1
$$;
SELECT fundb.create_trigger('mark', 'reg.actions',
    'export default (event, args) => ({...args, subject: `${event.entity.schema}.${event.entity.name}`})',
    'BEFORE', on_insert => true, on_update_fields => '{*}') > 0 AS ok;
SELECT fundb.entity_id('reg.list') > 0 AS ok;

-- Renamed.
ALTER TABLE reg.actions RENAME TO deeds;
ALTER VIEW reg.list RENAME TO deed_list;
SELECT pg_temp.entities();
INSERT INTO reg.deeds VALUES (1) RETURNING *;
-- A view can be renamed by ALTER TABLE as well, and IF EXISTS may find nothing.
ALTER TABLE reg.deed_list RENAME TO "List of Deeds";
ALTER TABLE IF EXISTS reg.nothing RENAME TO something;
SELECT pg_temp.entities();

-- Rolled back.
BEGIN;
ALTER TABLE reg.deeds RENAME TO acts;
SELECT pg_temp.entities();
ROLLBACK;
SELECT pg_temp.entities();
INSERT INTO reg.deeds VALUES (2) RETURNING *;

-- Two tables swap their names.
CREATE TABLE reg.spare (id integer PRIMARY KEY, subject text);
SELECT fundb.create_trigger('spare_rule', 'reg.spare', 'export default () => true', 'AFTER',
                            on_insert => true) > 0 AS ok;
BEGIN;
ALTER TABLE reg.deeds RENAME TO swap;
ALTER TABLE reg.spare RENAME TO deeds;
ALTER TABLE reg.swap RENAME TO spare;
SELECT pg_temp.entities();
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%"reg%';
ROLLBACK;

-- Moved to another schema, by name of whoever owns the table.
CREATE ROLE regress_fundb_owner;
CREATE SCHEMA reg_archive AUTHORIZATION regress_fundb_owner;
GRANT USAGE, CREATE ON SCHEMA reg TO regress_fundb_owner;
ALTER TABLE reg.deeds OWNER TO regress_fundb_owner;
SET ROLE regress_fundb_owner;
ALTER TABLE reg.deeds SET SCHEMA reg_archive;
RESET ROLE;
SELECT pg_temp.entities();
INSERT INTO reg_archive.deeds VALUES (3) RETURNING *;
SET ROLE regress_fundb_owner;
ALTER TABLE reg_archive.deeds SET SCHEMA reg;
RESET ROLE;
SELECT pg_temp.entities();
DROP SCHEMA reg_archive;
SELECT name FROM public.schemas WHERE name LIKE 'reg%' ORDER BY 1;

-- The schema is renamed: its tables and, as a namespace, its modules.
INSERT INTO public.modules (schema_id, path, source)
    VALUES (fundb.schema_id('reg'), 'util.mjs', 'export const name = "util";');
ALTER SCHEMA reg RENAME TO reg_new;
SELECT pg_temp.entities();
INSERT INTO reg_new.deeds VALUES (4) RETURNING *;
SELECT fundb.create_trigger('import', 'reg_new.deeds',
    $$ import { name } from 'reg_new/util'; export default () => true; $$, 'AFTER') > 0 AS ok;
-- A namespace of the new name may be there already: the tables join it.
SELECT fundb.schema_id('reg_taken') > 0 AS ok;
SELECT fundb.create_trigger('foreign', 'reg_new.spare', 'export default () => true', 'BEFORE',
                            schema => 'reg_taken') > 0 AS ok;
BEGIN;
ALTER SCHEMA reg_new RENAME TO reg_taken;
SELECT pg_temp.entities();
SELECT s.name, t.name FROM public.triggers t JOIN public.schemas s ON s.id = t.schema_id
    WHERE s.name LIKE 'reg%' ORDER BY 1, 2;
INSERT INTO reg_taken.deeds VALUES (5) RETURNING *;
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%"reg%';
ROLLBACK;
-- A schema of a namespace that was there first.
INSERT INTO public.schemas (name) VALUES ('reg_later');
CREATE SCHEMA reg_later;
ALTER SCHEMA reg_later RENAME TO reg_latest;
SELECT name FROM public.schemas WHERE name LIKE 'reg_late%';
DROP SCHEMA reg_latest;
SELECT name FROM public.schemas WHERE name LIKE 'reg_late%';

-- Nor does whoever may create schemas get a namespace of modules and rules by its name: neither by a schema
-- of that name, nor by renaming one to it, nor by registering a table of it.  Only tables follow then.
CREATE ROLE regress_fundb_squatter;
SELECT current_database() AS db \gset
GRANT CREATE ON DATABASE :"db" TO regress_fundb_squatter;
GRANT SELECT, INSERT ON public.user_views TO regress_fundb_squatter;
INSERT INTO public.modules (schema_id, path, source)
    VALUES (fundb.schema_id('reg_space'), 'util.mjs', 'export const name = "util";');
CREATE FUNCTION pg_temp.spaces() RETURNS SETOF text SECURITY DEFINER LANGUAGE sql AS $$
    SELECT concat_ws(' ', s.name, 'module ' || m.path, 'table ' || e.name) FROM public.schemas AS s
        LEFT JOIN public.modules AS m ON m.schema_id = s.id
        LEFT JOIN public.entities AS e ON e.schema_id = s.id
        WHERE s.name LIKE 'reg\_s%' ORDER BY 1 $$;
SET ROLE regress_fundb_squatter;
CREATE SCHEMA reg_space;
ALTER SCHEMA reg_space RENAME TO reg_stolen;
SELECT pg_temp.spaces();
CREATE TABLE reg_stolen.t (id integer);
SELECT fundb.entity_id('reg_stolen.t') > 0 AS ok;
ALTER SCHEMA reg_stolen RENAME TO reg_space;
SELECT pg_temp.spaces();
ALTER SCHEMA reg_space RENAME TO reg_stolen;
SELECT pg_temp.spaces();
DROP SCHEMA reg_stolen CASCADE;
CREATE SCHEMA reg_space;
RESET ROLE;
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%reg_s%';
SET ROLE regress_fundb_squatter;
ALTER SCHEMA reg_space RENAME TO reg_stolen;
ALTER SCHEMA reg_stolen RENAME TO reg_space;
SELECT pg_temp.spaces();
RESET ROLE;
-- The schema is the namespace as soon as it is given to somebody who could rename the namespace.
ALTER SCHEMA reg_space OWNER TO CURRENT_USER;
ALTER SCHEMA reg_space RENAME TO reg_shared;
SELECT pg_temp.spaces();
-- One that was there when the namespace was registered is the namespace, whoever owns it.
DELETE FROM public.modules WHERE path = 'util.mjs' AND schema_id = fundb.schema_id('reg_shared');
DROP SCHEMA reg_shared;
SET ROLE regress_fundb_squatter;
CREATE SCHEMA reg_space;
RESET ROLE;
INSERT INTO public.modules (schema_id, path, source)
    VALUES (fundb.schema_id('reg_space'), 'util.mjs', 'export const name = "util";');
SET ROLE regress_fundb_squatter;
ALTER SCHEMA reg_space RENAME TO reg_shared;
RESET ROLE;
SELECT pg_temp.spaces();
DELETE FROM public.modules WHERE path = 'util.mjs' AND schema_id = fundb.schema_id('reg_shared');
DROP OWNED BY regress_fundb_squatter;
DROP ROLE regress_fundb_squatter;
DELETE FROM public.schemas WHERE name = 'reg_stolen';
SELECT pg_temp.spaces();

-- Renamed by hand: only to what is there.
UPDATE public.schemas SET name = 'reg_wrong' WHERE name = 'reg_new';
UPDATE public.entities SET name = 'wrong' WHERE id = fundb.entity_id('reg_new.deeds');
CREATE TABLE reg_new.target (id integer, subject text);
BEGIN;
UPDATE public.entities SET name = 'target' WHERE id = fundb.entity_id('reg_new.deeds');
SELECT pg_temp.entities();
SELECT pg_temp.natives();
INSERT INTO reg_new.target VALUES (6) RETURNING *;
INSERT INTO reg_new.deeds VALUES (6) RETURNING *;
ROLLBACK;
INSERT INTO public.entities (schema_id, name) VALUES (fundb.schema_id('reg_new'), 'nothing');
UPDATE public.entities SET main_field = 'subjcet' WHERE id = fundb.entity_id('reg_new.deeds');
UPDATE public.entities SET main_field = 'subject' WHERE id = fundb.entity_id('reg_new.deeds');

-- A dropped table takes its rules along; a dropped schema all of its own.
DROP TABLE reg_new.spare;
SELECT pg_temp.entities();
SELECT count(*) FROM public.triggers WHERE name = 'spare_rule';
BEGIN;
DROP SCHEMA reg_new CASCADE;
SELECT pg_temp.entities();
-- It still owns a module.
SELECT name FROM public.schemas WHERE name LIKE 'reg%' ORDER BY 1;
ROLLBACK;
DELETE FROM public.modules WHERE schema_id = fundb.schema_id('reg_new');
BEGIN;
DROP OWNED BY regress_fundb_owner CASCADE;
SELECT pg_temp.entities();
ROLLBACK;
DROP SCHEMA reg_new CASCADE;
SELECT name FROM public.schemas WHERE name LIKE 'reg%' ORDER BY 1;
DELETE FROM public.schemas WHERE name = 'reg_taken';

-- Temporary tables: the rule goes with the table.
CREATE TEMPORARY TABLE reg_notes (id integer, note text);
SELECT fundb.create_trigger('note', 'reg_notes',
    'export default (event, args) => ({...args, note: event.entity.name})', 'BEFORE',
    on_insert => true, schema => 'reg') > 0 AS ok;
INSERT INTO reg_notes VALUES (1) RETURNING *;
DROP TABLE reg_notes;
SELECT count(*) FROM public.triggers WHERE name = 'note';
-- A table that vanishes with its transaction tells nobody; the next table of the name is another.
BEGIN;
CREATE TEMPORARY TABLE reg_notes (id integer, note text) ON COMMIT DROP;
SELECT fundb.create_trigger('note', 'reg_notes', 'export default () => false', 'BEFORE',
    on_insert => true, schema => 'reg') > 0 AS ok;
COMMIT;
CREATE TEMPORARY TABLE reg_notes (id integer, note text);
INSERT INTO reg_notes VALUES (2, 'untouched') RETURNING *;
SELECT fundb.entity_id('reg_notes') > 0 AS ok;
INSERT INTO reg_notes VALUES (3, 'untouched') RETURNING *;
SELECT count(*) FROM public.triggers WHERE name = 'note';
DROP TABLE reg_notes;
SELECT name FROM public.schemas WHERE name = 'reg' OR name LIKE 'pg\_temp\_%';
DELETE FROM public.schemas WHERE name = 'reg';
-- Entities that are not known by their relation yet (rows loaded without triggers): what DDL finds goes with it
-- when it is rolled back, and the next must look again.
CREATE SCHEMA reg;
CREATE TABLE reg.deeds (id integer, note text);
CREATE TABLE reg.spare (id integer);
SELECT fundb.create_trigger('note', 'reg.deeds',
    'export default (event, args) => ({...args, note: event.entity.name})', 'BEFORE', on_insert => true) > 0 AS ok;
\c -
\set VERBOSITY terse
DELETE FROM fundb.relations WHERE relation = 'reg.deeds'::regclass;
BEGIN;
DROP TABLE reg.spare;
ROLLBACK;
ALTER TABLE reg.deeds RENAME TO acts;
INSERT INTO reg.acts VALUES (1) RETURNING *;
-- ALTER INDEX renames tables, too.  A new table of the old name is another one, and gets no rule.
ALTER INDEX reg.acts RENAME TO doings;
CREATE TABLE reg.acts (id integer, note text);
SELECT fundb.entity_id('reg.acts') = fundb.entity_id('reg.doings') AS same;
ALTER TABLE reg.acts ADD more integer;
INSERT INTO reg.acts VALUES (2) RETURNING *;
INSERT INTO reg.doings VALUES (2) RETURNING *;
-- ALTER EXTENSION moves tables.
CREATE SCHEMA reg_moved;
CREATE EXTENSION citext SCHEMA reg;
ALTER EXTENSION citext ADD TABLE reg.doings;
ALTER EXTENSION citext SET SCHEMA reg_moved;
SELECT s.name, e.name FROM public.entities AS e JOIN public.schemas AS s ON s.id = e.schema_id
    WHERE e.id = fundb.entity_id('reg_moved.doings') AND e.name = 'doings';
ALTER EXTENSION citext SET SCHEMA reg;
ALTER EXTENSION citext DROP TABLE reg.doings;
DROP SCHEMA reg_moved;
INSERT INTO reg.doings VALUES (2) RETURNING *;
-- Nor where nobody looked.
ALTER EVENT TRIGGER fundb_follow_ddl DISABLE;
ALTER TABLE reg.doings RENAME TO done;
CREATE TABLE reg.doings (id integer, note text);
ALTER EVENT TRIGGER fundb_follow_ddl ENABLE ALWAYS;
\set VERBOSITY default
SELECT fundb.entity_id('reg.doings');
\set VERBOSITY terse
ALTER TABLE reg.doings ADD more integer;
INSERT INTO reg.doings VALUES (3) RETURNING *;
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%reg%';
INSERT INTO reg.done VALUES (3) RETURNING *;
SELECT fundb.entity_id('reg.doings') <> fundb.entity_id('reg.done') AS other;
SET client_min_messages = warning;
DROP SCHEMA reg CASCADE;
DROP ROLE regress_fundb_owner;
