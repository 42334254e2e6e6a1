-- Rules that cannot run: refused when saved, listed and skipped with allow_broken.
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a text);
CREATE FUNCTION app.save(procedure text, allow_broken boolean DEFAULT false) RETURNS void LANGUAGE sql AS $$
  SELECT fundb.create_trigger('rule', 'app.t', procedure, 'BEFORE', true, allow_broken => allow_broken);
$$;
SELECT app.save($js$export default function (event, args) { return args.;}$js$);
\echo :LAST_ERROR_SQLSTATE
SELECT app.save($js$export function handle() {}$js$);
\echo :LAST_ERROR_SQLSTATE
SELECT app.save($js$export default {handle() {}}$js$);
SELECT app.save($js$import {f} from 'nowhere/util'; export default () => true$js$);
SELECT app.save($js$throw new TypeError('at load'); export default () => true$js$);
SELECT count(*) FROM public.triggers;

SELECT app.save($js$export default function (event, args) { return args.;}$js$, true);
SELECT kind, schema, entity, name, reason FROM fundb.broken;
INSERT INTO app.t VALUES (1, 'kept');
SELECT * FROM app.t;
DELETE FROM public.triggers;

-- Broken later: a column of the filter goes, a module goes.
SELECT fundb.create_trigger('on_a', 'app.t', 'export default () => true', 'BEFORE', on_update_fields => '{a}') > 0 AS created;
ALTER TABLE app.t DROP COLUMN a;
SELECT kind, schema, entity, name, reason FROM fundb.broken;
UPDATE app.t SET id = 2;
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET allow_broken = true;
UPDATE app.t SET id = 2;
DELETE FROM public.triggers;

INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('app'), 'util.mjs', 'export const n = 1');
SELECT fundb.create_trigger('uses', 'app.t', $js$import {n} from 'app/util'; export default (e, args) => { console.log(n); return true; }$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.t VALUES (10);
UPDATE public.modules SET source = 'export const n = 2';
INSERT INTO app.t VALUES (11);
DELETE FROM public.modules;
SELECT kind, schema, entity, name FROM fundb.broken;
INSERT INTO app.t VALUES (12);
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM app.t WHERE id >= 10;
DROP SCHEMA app CASCADE;
