-- Rules under the actions of foreign keys: they run, and they cannot break the key.
CREATE SCHEMA app;
CREATE TABLE app.parent (id int PRIMARY KEY);
CREATE TABLE app.child (id int PRIMARY KEY, parent int REFERENCES app.parent ON DELETE CASCADE ON UPDATE CASCADE, note text);
CREATE TABLE app.loose (id int PRIMARY KEY, parent int REFERENCES app.parent ON DELETE SET NULL ON UPDATE CASCADE);
CREATE FUNCTION app.fill() RETURNS void LANGUAGE sql AS $$
  DELETE FROM public.triggers; DELETE FROM app.loose; DELETE FROM app.child; DELETE FROM app.parent;
  INSERT INTO app.parent VALUES (1); INSERT INTO app.child VALUES (1, 1), (2, 1); INSERT INTO app.loose VALUES (1, 1);
$$;
SELECT app.fill();
SELECT fundb.create_trigger('show_' || w, r, $js$
export default async (event, args) => { console.log(JSON.stringify(event), JSON.stringify(args)); return true; }
$js$, w, false, '{*}', true) > 0 AS created FROM (VALUES ('BEFORE'), ('AFTER')) v(w), (VALUES ('app.child'::regclass), ('app.loose')) x(r);
UPDATE app.parent SET id = 2;
DELETE FROM app.parent;
SELECT (SELECT count(*) FROM app.child) AS children, (SELECT count(*) FROM app.loose WHERE parent IS NULL) AS loose;

-- A cancel would leave an orphan.
SELECT app.fill();
SELECT fundb.create_trigger('keep', 'app.child', 'export default () => false', 'BEFORE', on_delete => true) > 0 AS created;
DELETE FROM app.parent;
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM app.child;
DELETE FROM app.child WHERE id = 2;
SELECT count(*) FROM app.child;
SELECT app.fill();
SELECT fundb.create_trigger('keep', 'app.loose', 'export default () => false', 'BEFORE', on_update_fields => '{*}') > 0 AS created;
DELETE FROM app.parent;
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET procedure = 'export default () => ({})';
DELETE FROM app.parent;
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET procedure = 'export default (event, args) => ({...args, parent: event.old.parent})';
DELETE FROM app.parent;
\echo :LAST_ERROR_SQLSTATE
-- Other columns may be changed on the way.
SELECT app.fill();
SELECT fundb.create_trigger('note', 'app.child', 'export default (event, args) => ({...args, note: "moved"})', 'BEFORE', on_update_fields => '{parent}') > 0 AS created;
UPDATE app.parent SET id = 5;
SELECT * FROM app.child ORDER BY id;

-- Deleting the children first works with a cascade as well.
SELECT app.fill();
SELECT fundb.create_trigger('children_first', 'app.parent', $js$
export default async function handle(event) {
  const view = await FunDB.getUserView({type: 'anonymous',
    query: '{ $id reference(app.parent) }: SELECT id FROM app.child WHERE parent = $id'}, {id: event.source.id});
  for (const row of view.result.rows) await FunDB.deleteEntity({schema: 'app', name: 'child'}, row.values[0].value);
  console.log('deleted', view.result.rows.length);
  return true;
}
$js$, 'BEFORE', on_delete => true) > 0 AS created;
DELETE FROM app.parent;
SELECT count(*) FROM app.child;
DROP SCHEMA app CASCADE;
