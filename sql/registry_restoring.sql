-- Who counts as restoring a dump, in whose session no rule runs and the registry takes rows as they
-- are.  Anybody may make the settings that a dump begins with: they must not switch off anybody's
-- rules where work is done with the rights of a superuser.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE regress_fundb_clerk;
CREATE SCHEMA restoring;
GRANT USAGE, CREATE ON SCHEMA restoring TO regress_fundb_clerk;
CREATE TABLE restoring.orders (id int PRIMARY KEY);
CREATE TABLE restoring.lines (id int PRIMARY KEY, qty int DEFAULT 1,
    ord int REFERENCES restoring.orders ON DELETE CASCADE ON UPDATE CASCADE);
GRANT SELECT, UPDATE, DELETE ON restoring.orders TO regress_fundb_clerk;
GRANT SELECT ON restoring.lines TO regress_fundb_clerk;
GRANT SELECT, INSERT ON public.triggers TO regress_fundb_clerk;
INSERT INTO restoring.orders VALUES (1), (2);
INSERT INTO restoring.lines VALUES (1, 1, 1), (2, 1, 2);
SELECT fundb.create_trigger('guard', 'restoring.lines', $js$
    export default (event, args) => {
        if (event.source.type !== 'insert') throw new Error('lines stay as they are');
        args.qty = Math.min(args.qty, 10);
        return args;
    }
$js$, 'BEFORE', on_insert => true, on_update_fields => '{*}', on_delete => true) > 0 AS ok;
CREATE FUNCTION restoring.order_line(int, int) RETURNS void SECURITY DEFINER LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO restoring.lines (id, qty) VALUES ($1, $2); END $$;
CREATE FUNCTION restoring.save(text) RETURNS void SECURITY DEFINER LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_insert, procedure)
            VALUES (fundb.schema_id('restoring'), fundb.entity_id('restoring.orders'), $1, 'BEFORE',
                    true, 'no rule');
    END $$;

-- The actions of a foreign key run as the owner of the table, a superuser.
SET ROLE regress_fundb_clerk;
SET check_function_bodies = off;
SELECT pg_catalog.set_config('search_path', '', false);
DELETE FROM restoring.orders WHERE id = 1;
UPDATE restoring.orders SET id = 3 WHERE id = 2;
-- So does a SECURITY DEFINER function of one: rules run, and the registry checks rows.
SELECT restoring.order_line(3, 100);
SELECT restoring.save('unchecked');
RESET search_path;
RESET check_function_bodies;
RESET ROLE;
TABLE restoring.lines ORDER BY id;

-- What an ordinary role's function leaves behind in a superuser's session is not the superuser's word.
SET ROLE regress_fundb_clerk;
CREATE FUNCTION restoring.leave() RETURNS void SECURITY DEFINER LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_catalog.set_config('check_function_bodies', 'off', false);
        PERFORM pg_catalog.set_config('search_path', '', false);
    END $$;
RESET ROLE;
SELECT restoring.leave();
DELETE FROM restoring.orders WHERE id = 1;
INSERT INTO restoring.lines VALUES (4, 100) RETURNING qty;
RESET search_path;
RESET check_function_bodies;

-- Nor is what the owner of the database set for all its sessions.
SELECT current_database() AS db \gset
ALTER DATABASE :"db" SET check_function_bodies = off;
ALTER DATABASE :"db" SET search_path = '';
\c -
SHOW check_function_bodies;
INSERT INTO restoring.lines VALUES (5, 100) RETURNING qty;
ALTER DATABASE :"db" RESET check_function_bodies;
ALTER DATABASE :"db" RESET search_path;
\c -
\set VERBOSITY terse
SET client_min_messages = warning;

-- A superuser who says so restores: nothing fires, nothing is checked.
SET check_function_bodies = off;
SELECT pg_catalog.set_config('search_path', '', false);
INSERT INTO restoring.lines VALUES (6, 100) RETURNING qty;
SET ROLE regress_fundb_clerk;
-- And as a lesser role it does not.
DELETE FROM restoring.orders WHERE id = 1;
RESET ROLE;
-- Not in the action of a foreign key either, and not in a SECURITY DEFINER function.
DELETE FROM restoring.orders WHERE id = 1;
SELECT restoring.order_line(7, 100);
RESET search_path;
RESET check_function_bodies;
TABLE restoring.lines ORDER BY id;

DROP SCHEMA restoring CASCADE;
DROP OWNED BY regress_fundb_clerk;
DROP ROLE regress_fundb_clerk;
