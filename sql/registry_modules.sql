-- Modules and named user views: what may be saved, and what breaks when they change.
\set VERBOSITY terse
CREATE SCHEMA reg;
CREATE TABLE reg.actions (id integer PRIMARY KEY, subject text);
-- Paths, in the words of the original.
CREATE FUNCTION pg_temp.save(path text, source text DEFAULT 'export const a = 1;',
                             broken boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
    detailed text;
BEGIN
    INSERT INTO public.modules (schema_id, path, source, allow_broken)
        VALUES (fundb.schema_id('reg'), path, source, broken);
    RETURN 'saved';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS said = MESSAGE_TEXT, detailed = PG_EXCEPTION_DETAIL;
    -- The detail of a duplicate key shows ids.
    RETURN concat_ws(' | ', SQLSTATE, said, CASE WHEN SQLSTATE <> '23505' THEN nullif(detailed, '') END);
END
$$;
SELECT pg_temp.save('a.mjs'), pg_temp.save('folder/b.mjs'), pg_temp.save('с пробелом.mjs');
SELECT pg_temp.save('');
SELECT pg_temp.save('/a.mjs');
SELECT pg_temp.save('./a.mjs');
SELECT pg_temp.save('folder//a.mjs');
SELECT pg_temp.save('folder/../a.mjs');
SELECT pg_temp.save('a.js');
SELECT pg_temp.save('a');
SELECT pg_temp.save('.mjs');
SELECT pg_temp.save('folder/');
SELECT pg_temp.save('a.mjs');

-- Code.
SELECT left(pg_temp.save('c.mjs', 'export const = ;'), 28);
SELECT left(pg_temp.save('c.mjs', $$ import { x } from 'reg/nothing'; $$), 28);
SELECT pg_temp.save('c.mjs', 'export const = ;', true);
SELECT kind, schema, entity, name FROM fundb.broken WHERE schema = 'reg';
DELETE FROM public.modules WHERE path = 'c.mjs';

-- Modules that import each other can be saved together.
INSERT INTO public.modules (schema_id, path, source) VALUES
    (fundb.schema_id('reg'), 'even.mjs',
     $$ import { odd } from 'reg/odd'; export const even = n => n === 0 || odd(n - 1); $$),
    (fundb.schema_id('reg'), 'odd.mjs',
     $$ import { even } from 'reg/even.mjs'; export const odd = n => n !== 0 && even(n - 1); $$);
-- A rule with what it imports, in one statement.
WITH m AS (
    INSERT INTO public.modules (schema_id, path, source)
        VALUES (fundb.schema_id('reg'), 'label.mjs', $$ export const label = 'first'; $$))
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_insert, procedure)
    VALUES (fundb.schema_id('reg'), fundb.entity_id('reg.actions'), 'label', 'BEFORE', true, $$
        import { label } from 'reg/label';
        import { even } from 'reg/even';
        export default (event, args) => ({...args, subject: `${label} ${even(args.id)}`});
    $$);
INSERT INTO reg.actions VALUES (1), (2) RETURNING *;

-- An edited module reaches the rules that import it; rolled back, it does not.
UPDATE public.modules SET source = $$ export const label = 'second'; $$ WHERE path = 'label.mjs';
INSERT INTO reg.actions VALUES (3) RETURNING *;
BEGIN;
UPDATE public.modules SET source = $$ export const label = 'third'; $$ WHERE path = 'label.mjs';
INSERT INTO reg.actions VALUES (4) RETURNING *;
ROLLBACK;
INSERT INTO reg.actions VALUES (5) RETURNING *;

-- A module that is taken away breaks the rule: listed, and refused when it would fire.
BEGIN;
DELETE FROM public.modules WHERE path = 'label.mjs';
SELECT kind, schema, entity, name FROM fundb.broken WHERE schema = 'reg';
SAVEPOINT s;
\set VERBOSITY sqlstate
INSERT INTO reg.actions VALUES (6);
\set VERBOSITY terse
ROLLBACK TO s;
-- Not when it does not fire.
UPDATE reg.actions SET subject = 'free' WHERE id = 1 RETURNING *;
ROLLBACK;
INSERT INTO reg.actions VALUES (7) RETURNING *;

-- V8 compiles a text in one go, in which nothing can stop it: of more than 1 MB none is compiled, be it a module or a rule.
-- Nor is it stored, checked or not: each session that writes to the table would hold it.
CREATE FUNCTION reg.code(size int) RETURNS text LANGUAGE sql AS $f$
    SELECT 'export default () => true; //' || repeat('x', size - 29) $f$;
\set VERBOSITY default
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('reg'), 'long.mjs', reg.code(1048576));
UPDATE public.modules SET source = reg.code(1048577) WHERE path = 'long.mjs';
UPDATE public.modules SET source = reg.code(1048577), allow_broken = true WHERE path = 'long.mjs';
SELECT fundb.create_trigger('long', 'reg.actions', reg.code(1048577), 'AFTER', true);
SELECT fundb.create_trigger('long', 'reg.actions', reg.code(1048577), 'AFTER', true, allow_broken => true);
SELECT fundb.create_trigger('long', 'reg.actions', 'export default () => true', 'AFTER', true, allow_broken => true) > 0 AS created;
-- An ordinary role has no way around.
CREATE ROLE reg_writer;
GRANT USAGE ON SCHEMA reg TO reg_writer;
GRANT SELECT, UPDATE ON public.modules TO reg_writer;
SET ROLE reg_writer;
SET check_function_bodies = off;
SELECT set_config('search_path', '', false);
UPDATE public.modules SET source = reg.code(1048577) WHERE path = 'long.mjs';
RESET ROLE;
-- A dump of an earlier version may have it.
SET check_function_bodies = off;
SELECT set_config('search_path', '', false);
UPDATE public.modules SET source = reg.code(1048577), allow_broken = true WHERE path = 'long.mjs';
UPDATE public.triggers SET procedure = reg.code(1048577) WHERE name = 'long';
RESET check_function_bodies;
RESET search_path;
SELECT fundb.create_trigger('imports', 'reg.actions', 'import "reg/long"; export default () => true', 'AFTER', true);
-- What does not change it can be changed.
UPDATE public.triggers SET priority = 1 WHERE name = 'long';
SELECT kind, name, reason FROM fundb.broken WHERE name LIKE 'long%' ORDER BY kind;
INSERT INTO reg.actions VALUES (8);
-- The name of a module, which each import of it would keep, has its bounds as well.
\set VERBOSITY sqlstate
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('reg'), repeat('d', 1000) || '/n.mjs', '');
\set VERBOSITY terse
DELETE FROM public.triggers WHERE name = 'long';
DELETE FROM public.modules WHERE path = 'long.mjs';
DROP FUNCTION reg.code;
REVOKE ALL ON public.modules FROM reg_writer;
REVOKE ALL ON SCHEMA reg FROM reg_writer;
DROP ROLE reg_writer;

-- Modules that import each other in a circle and wait at their top level are refused: V8 stops itself when one of
-- them fails.
INSERT INTO public.modules (schema_id, path, source, allow_broken) VALUES
    (fundb.schema_id('reg'), 'm0.mjs', $m$try { await import("reg/m3"); } catch (e) { }
await null;
import("reg/m2").then(m => Object.keys(m)).catch(()=>{});
export default 1;
export * from "reg/m3";$m$, true),
    (fundb.schema_id('reg'), 'm1.mjs', $m$import {v3 as w3} from "reg/m3";
export const v1 = 1;
import d0 from "reg/m0";
import {v5 as w5} from "reg/m5";
import "reg/m4";$m$, true),
    (fundb.schema_id('reg'), 'm2.mjs', $m$export default 1;
export function v2() {}
await Promise.all([import("reg/m1"), import("reg/m2")]).catch(()=>{});
export * as x4 from "reg/m4";
import d2 from "reg/m2";$m$, true),
    (fundb.schema_id('reg'), 'm3.mjs', $m$export * as x1 from "reg/m1";
import "reg/m4";
import * as n2 from "reg/m2";
export let v3 = 1;$m$, true),
    (fundb.schema_id('reg'), 'm4.mjs', $m$throw new Error("t");
export let v4 = 1;
export default 1;
try { await import("reg/m5"); } catch (e) { }
import * as n2 from "reg/m2";$m$, true),
    (fundb.schema_id('reg'), 'm5.mjs', $m$import("reg/m0");
export let v5 = 1; v5 = 2;
import d0 from "reg/m0";
export * from "reg/m4";
import * as n5 from "reg/m5";
await null;
await {then(a) { a(1); }};
import * as n3 from "reg/m3";$m$, true);
CREATE TABLE reg.imports (names text[]);
SELECT fundb.create_trigger('imports', 'reg.imports', $js$ export default async (event, args) => {
  for (const [i, name] of args.names.entries()) {
    try { args.names[i] = Object.keys(await import('reg/m' + name)).join(' '); } catch (e) { args.names[i] = e.message; }
  }
  return args;
} $js$, 'BEFORE', true, allow_broken => true) > 0 AS ok;
INSERT INTO reg.imports VALUES ('{4,5,3,0,4,0}'), ('{0,1,2,3,4,5}') RETURNING *;
-- One that no module can be called, of half a billion characters.
SELECT fundb.create_trigger('long', 'reg.imports', $js$ export default async (event, args) => {
  try { await import('a/'.repeat(265e6)); } catch (e) { args.names = [e.sqlstate, e.message, e.detail]; }
  return args;
} $js$, 'BEFORE', true) > 0 AS ok;
DELETE FROM public.triggers WHERE name = 'imports';
SET statement_timeout = '5s';
INSERT INTO reg.imports VALUES ('{}') RETURNING *;
RESET statement_timeout;
DELETE FROM public.triggers WHERE name = 'long';
DELETE FROM public.modules WHERE path LIKE 'm_.mjs';
-- Nor does it stop itself where one fails while another, at its top level, imports what stands on that.
INSERT INTO public.modules (schema_id, path, source, allow_broken) VALUES
    (fundb.schema_id('reg'), 'm0.mjs', 'import "reg/m2";', true),
    (fundb.schema_id('reg'), 'm1.mjs', 'import "reg/m2"; import "reg/m6";', true),
    (fundb.schema_id('reg'), 'm2.mjs', 'import "reg/m3"; throw new Error("f2");', true),
    (fundb.schema_id('reg'), 'm3.mjs', 'await null; await import("reg/m0").catch(() => {});', true),
    (fundb.schema_id('reg'), 'm6.mjs', 'await import("reg/m3");', true);
SELECT kind, name, reason FROM fundb.broken WHERE schema = 'reg' ORDER BY name;
DELETE FROM public.modules WHERE path LIKE 'm_.mjs';

-- User views.
INSERT INTO public.user_views (schema_id, name, query)
    VALUES (fundb.schema_id('reg'), 'all', 'SELECT id, subject FROM reg.actions ORDER BY id');
\set VERBOSITY sqlstate
INSERT INTO public.user_views (schema_id, name, query)
    VALUES (fundb.schema_id('reg'), 'wrong', 'SELECT FROM WHERE');
INSERT INTO public.user_views (schema_id, name, query)
    VALUES (fundb.schema_id('reg'), '', 'SELECT id FROM reg.actions');
\set VERBOSITY terse
INSERT INTO public.user_views (schema_id, name, query, allow_broken)
    VALUES (fundb.schema_id('reg'), 'wrong', 'SELECT FROM WHERE', true);
SELECT kind, schema, entity, name FROM fundb.broken WHERE schema = 'reg';
DELETE FROM public.user_views WHERE schema_id = fundb.schema_id('reg');

DELETE FROM public.modules WHERE schema_id = fundb.schema_id('reg');
DROP SCHEMA reg CASCADE;
SELECT name FROM public.schemas WHERE name = 'reg';
