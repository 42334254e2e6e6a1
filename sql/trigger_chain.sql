-- Rules that write fire rules; the depth is limited, and the message shows the chain.
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int);
CREATE TABLE app.u (id int PRIMARY KEY, n int);
SELECT fundb.create_trigger('to_u', 'app.t', $js$
export default async function handle(event, args) {
  await FunDB.insertEntity({schema: 'app', name: 'u'}, {id: args.id, n: args.n});
  return true;
}
$js$, 'AFTER', true) > 0 AS created;
SELECT fundb.create_trigger('to_t', 'app.u', $js$
export default async function handle(event, args) {
  if (args.n > 0) await FunDB.insertEntity({schema: 'app', name: 't'}, {id: args.id + 1, n: args.n - 1});
  return true;
}
$js$, 'AFTER', true) > 0 AS created;
INSERT INTO app.t VALUES (1, 3);
SELECT (SELECT count(*) FROM app.t) AS t, (SELECT count(*) FROM app.u) AS u;
SET fundb.max_depth = 5;
INSERT INTO app.t VALUES (100, 50);
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM app.t WHERE id >= 100;
-- It can be caught like any error: what was done before the catch stays.
UPDATE public.triggers SET procedure = $js$
export default async function handle(event, args) {
  try {
    await FunDB.insertEntity({schema: 'app', name: 't'}, {id: args.id + 1, n: args.n - 1});
  } catch (error) {
    console.log(error.error, error.sqlstate, error.message);
  }
  return true;
}
$js$ WHERE name = 'to_t';
INSERT INTO app.t VALUES (100, 50);
SELECT count(*) FROM app.t WHERE id >= 100;
RESET fundb.max_depth;
RESET max_stack_depth;
SELECT fundb.reset();

-- A rule that updates its own row fires itself only for real changes.
DELETE FROM public.triggers;
SELECT fundb.create_trigger('self', 'app.t', $js$
export default async function handle(event, args) {
  console.log('n is', args.n);
  if (args.n < 3) await FunDB.updateEntity(event.entity, event.source.id, {n: args.n + 1});
}
$js$, 'AFTER', on_update_fields => '{n}') > 0 AS created;
UPDATE app.t SET n = 0 WHERE id = 1;
SELECT n FROM app.t WHERE id = 1;

-- Nested async rules: neither waits for the other's pending work.
DELETE FROM public.triggers;
DELETE FROM app.t; DELETE FROM app.u;
SELECT fundb.create_trigger('inner', 'app.u', $js$
export default async function handle(event, args) {
  await null; await null;
  console.log('inner', args.id);
  await FunDB.getUserView({type: 'anonymous', query: 'SELECT count(*) AS n FROM app.u'});
  console.log('inner done', args.id);
  return true;
}
$js$, 'BEFORE', true) > 0 AS created;
SELECT fundb.create_trigger('outer', 'app.t', $js$
const u = {schema: 'app', name: 'u'};
export default async function handle(event, args) {
  const step = async (id) => {
    await null;
    await FunDB.insertEntity(u, {id, n: 0});
    console.log('outer after', id);
  };
  await Promise.all([step(1), step(2)]);
  FunDB.insertEntity(u, {id: 3, n: 0});  // not awaited, done all the same
  return true;
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.t VALUES (1, 0);
SELECT id FROM app.u ORDER BY id;
-- Near the end of the stack a write that nobody waits for is made, or the statement fails: V8 had no room there to settle its promise.
CREATE TABLE app.next (id int PRIMARY KEY, last int, said text);
SELECT fundb.create_trigger('next', 'app.next', 'export default async function (event, args) {
  if (args.id < args.last) FunDB.insertEntity({schema: "app", name: "next"}, {id: args.id + 1, last: args.last}); args.said = "n" + args.id; return args; }', 'BEFORE', true) > 0 AS created;
CREATE FUNCTION app.deeper(depth int) RETURNS void LANGUAGE plpgsql AS
  'BEGIN IF depth = 0 THEN INSERT INTO app.next VALUES (1, 900); ELSE PERFORM app.deeper(depth - 1); END IF; END';
SET fundb.max_depth = 1000;
SET max_stack_depth = '1MB';
SELECT fundb.reset();
SET fundb.direct_after = -1;
DO $$
DECLARE lost int := 0;
BEGIN
  FOR i IN 0..12 LOOP
    BEGIN
      PERFORM app.deeper(i);
      lost := lost + (SELECT 900 - count(*) FROM app.next);
      DELETE FROM app.next;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  RAISE NOTICE '% lost', lost;
END $$;
RESET fundb.max_depth;
RESET max_stack_depth;
SELECT fundb.reset();
RESET fundb.direct_after;
DROP SCHEMA app CASCADE;
