-- A row of public.triggers is all it takes: native triggers come and go with the rows.
\set VERBOSITY terse
CREATE SCHEMA reg;
CREATE TABLE reg.actions (id integer PRIMARY KEY, subject text, amount integer);
CREATE FUNCTION reg.natives() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s on %s, %s', tgname, tgrelid::regclass, tgenabled) FROM pg_trigger
        WHERE tgfoid = 'fundb.run_rules()'::regprocedure AND tgrelid::regclass::text LIKE 'reg.%'
        ORDER BY 1
$$;

-- One plain INSERT; what is missing in the registry is registered.
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_insert, procedure)
    VALUES (fundb.schema_id('reg'), fundb.entity_id('reg.actions'), 'set_subject', 'BEFORE', true,
            $js$ export default function (event, args) { args.subject = 'set'; return args; } $js$);
SELECT reg.natives();
SELECT s.name, e.name, e.main_field, e.is_frozen, e.description, e.metadata
    FROM public.entities e JOIN public.schemas s ON s.id = e.schema_id WHERE s.name = 'reg';
SELECT name, allow_broken, priority, time, on_insert, on_update_fields, on_delete,
       owner = current_user AS mine
    FROM public.triggers WHERE trigger_entity_id = fundb.entity_id('reg.actions');
INSERT INTO reg.actions VALUES (1, 'given', 1) RETURNING *;

-- The ids are those of the rows, and stay.
SELECT fundb.schema_id('reg') = (SELECT id FROM public.schemas WHERE name = 'reg') AS schema,
       fundb.entity_id('reg.actions') = (SELECT id FROM public.entities WHERE name = 'actions'
           AND schema_id = fundb.schema_id('reg')) AS entity;

-- create_trigger is the same as a call; the owning namespace is the table's schema unless named.
SELECT fundb.create_trigger('keep', 'reg.actions',
           'export default function () { return true; }', 'AFTER',
           on_update_fields => '{subject,amount}', on_delete => true, priority => -5,
           schema => 'reg_other') > 0 AS created;
SELECT s.name, t.name, t.priority, t.time, t.on_insert, t.on_update_fields, t.on_delete
    FROM public.triggers t JOIN public.schemas s ON s.id = t.schema_id
    WHERE trigger_entity_id = fundb.entity_id('reg.actions') ORDER BY 1, 2;
SELECT reg.natives();

-- Names are unique for a table within an owning namespace, and only there.
SELECT fundb.create_trigger('keep', 'reg.actions', 'export default () => true', 'AFTER') > 0 AS ok;
SELECT fundb.create_trigger('keep', 'reg.actions', 'export default () => true', 'AFTER');
DELETE FROM public.triggers WHERE name = 'keep' AND schema_id = fundb.schema_id('reg');

-- Required columns and the two timings.
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, procedure)
    VALUES (fundb.schema_id('reg'), fundb.entity_id('reg.actions'), 'x', 'export default () => true');
SELECT fundb.create_trigger('x', 'reg.actions', 'export default () => true', 'before');
SELECT fundb.create_trigger('x', 'reg.actions', 'export default () => true', 'INSTEAD OF', allow_broken => true);
UPDATE public.triggers SET time = '' WHERE name = 'set_subject';
WITH e AS (INSERT INTO public.entities (schema_id, name) VALUES (fundb.schema_id('reg'), 'other') RETURNING id)
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, procedure)
    SELECT fundb.schema_id('reg'), e.id, 'x', 'After', 'export default () => true' FROM e;
-- The original's registry lets on_update_fields be NULL.
SELECT fundb.create_trigger('x', 'reg.actions', 'export default () => true', 'BEFORE',
                            on_update_fields => NULL) > 0 AS ok;
SELECT on_update_fields FROM public.triggers WHERE name = 'x';
DELETE FROM public.triggers WHERE name = 'x';

-- An edit acts at once.
UPDATE public.triggers
    SET procedure = $js$ export default (event, args) => ({...args, subject: 'edited'}); $js$
    WHERE name = 'set_subject';
INSERT INTO reg.actions VALUES (2, 'given', 1) RETURNING *;
UPDATE public.triggers SET on_insert = false, on_update_fields = '{amount}'
    WHERE name = 'set_subject';
INSERT INTO reg.actions VALUES (3, 'given', 1) RETURNING *;
UPDATE reg.actions SET amount = 2 WHERE id = 3 RETURNING *;

-- A rolled back change leaves nothing behind, neither in the catalogs nor in the session.
BEGIN;
DELETE FROM public.triggers WHERE trigger_entity_id = fundb.entity_id('reg.actions');
SELECT reg.natives();
UPDATE reg.actions SET amount = 3, subject = 'free' WHERE id = 3 RETURNING *;
ROLLBACK;
SELECT reg.natives();
UPDATE reg.actions SET amount = 4, subject = 'free' WHERE id = 3 RETURNING *;
BEGIN;
SAVEPOINT s;
UPDATE public.triggers SET on_update_fields = '{}' WHERE name = 'set_subject';
UPDATE reg.actions SET amount = 5, subject = 'free' WHERE id = 3 RETURNING *;
ROLLBACK TO s;
UPDATE reg.actions SET amount = 6, subject = 'free' WHERE id = 3 RETURNING *;
COMMIT;

-- A change of timing moves between the two native triggers.
UPDATE public.triggers SET time = 'AFTER' WHERE name = 'set_subject';
SELECT reg.natives();
UPDATE public.triggers SET time = 'BEFORE' WHERE name = 'set_subject';
SELECT reg.natives();

-- A change of the table moves as well.
CREATE TABLE reg.other (id integer, subject text, amount integer);
UPDATE public.triggers SET trigger_entity_id = fundb.entity_id('reg.other')
    WHERE name = 'set_subject';
SELECT reg.natives();
UPDATE public.triggers SET trigger_entity_id = fundb.entity_id('reg.actions')
    WHERE name = 'set_subject';
SELECT reg.natives();

-- A native trigger that is created again keeps its enabled state.
ALTER TABLE reg.actions ENABLE ALWAYS TRIGGER zz_fundb_before;
ALTER TABLE reg.actions DISABLE TRIGGER zz_fundb_after;
SELECT reg.natives();
CREATE TEMPORARY TABLE kept AS SELECT * FROM public.triggers
    WHERE trigger_entity_id = fundb.entity_id('reg.actions');
DELETE FROM public.triggers WHERE trigger_entity_id = fundb.entity_id('reg.actions');
SELECT reg.natives();
INSERT INTO public.triggers SELECT * FROM kept;
SELECT reg.natives();
ALTER TABLE reg.actions ENABLE TRIGGER zz_fundb_before;
ALTER TABLE reg.actions ENABLE REPLICA TRIGGER zz_fundb_after;
DELETE FROM public.triggers WHERE trigger_entity_id = fundb.entity_id('reg.actions');
INSERT INTO public.triggers SELECT * FROM kept;
SELECT reg.natives();
ALTER TABLE reg.actions ENABLE TRIGGER zz_fundb_after;

-- Changes of code, priority and events take no lock on the table beyond ACCESS SHARE.
BEGIN;
UPDATE public.triggers SET priority = 7, procedure = procedure || ' ', on_delete = NOT on_delete,
        on_insert = NOT on_insert, on_update_fields = '{*}'
    WHERE trigger_entity_id = fundb.entity_id('reg.actions');
SELECT DISTINCT mode FROM pg_locks
    WHERE relation = 'reg.actions'::regclass AND pid = pg_backend_pid();
ROLLBACK;

-- Another rule of a timing that is there takes none either.
BEGIN;
SELECT fundb.create_trigger('second', 'reg.actions', 'export default () => true', 'BEFORE') > 0 AS ok;
SELECT DISTINCT mode FROM pg_locks
    WHERE relation = 'reg.actions'::regclass AND pid = pg_backend_pid();
ROLLBACK;

-- Deleting the entity deletes its rules; TRUNCATE takes all.
BEGIN;
DELETE FROM public.entities WHERE id = fundb.entity_id('reg.actions');
SELECT count(*) FROM public.triggers WHERE name IN ('set_subject', 'keep');
SELECT reg.natives();
ROLLBACK;
BEGIN;
TRUNCATE public.triggers;
SELECT reg.natives();
UPDATE reg.actions SET amount = 9, subject = 'free' WHERE id = 3 RETURNING *;
ROLLBACK;
BEGIN;
TRUNCATE public.schemas CASCADE;
SELECT reg.natives();
SELECT fundb.create_trigger('anew', 'reg.actions', 'export default () => true', 'BEFORE') > 0 AS ok;
SELECT reg.natives();
ROLLBACK;
SELECT reg.natives();

-- sync() restores what was removed by hand, and then finds nothing.
DROP TRIGGER zz_fundb_before ON reg.actions;
CREATE TRIGGER by_hand BEFORE INSERT ON reg.other FOR EACH ROW EXECUTE FUNCTION fundb.run_rules();
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%"reg.%';
SELECT reg.natives();
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%"reg.%';

-- A rule that takes itself away while its statement runs.
UPDATE public.triggers SET on_insert = true, on_update_fields = '{}', procedure = $js$
        export default async function () {
            await FunDB.runCommand("DELETE FROM public.triggers WHERE name = 'set_subject'");
            return true;
        } $js$
    WHERE name = 'set_subject';
INSERT INTO reg.actions VALUES (10, 'x', 1) RETURNING id;
SELECT count(*) FROM public.triggers WHERE name = 'set_subject';
INSERT INTO reg.actions VALUES (11, 'x', 1) RETURNING id;
DELETE FROM public.triggers WHERE trigger_entity_id = fundb.entity_id('reg.actions');
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%"reg.%';
SELECT reg.natives();

DROP TABLE kept;
DROP SCHEMA reg CASCADE;
SELECT count(*) FROM public.entities e JOIN public.schemas s ON s.id = e.schema_id
    WHERE s.name = 'reg';
DELETE FROM public.schemas WHERE name IN ('reg', 'reg_other');
