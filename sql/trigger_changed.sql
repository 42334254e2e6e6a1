-- Which columns an UPDATE changes is found out once for several uses: rules that answer in between must not leave it stale.
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, how text, a int, b int, c text);
INSERT INTO app.t VALUES (1, 'nothing', 1, 1, 'c'), (2, 'back', 1, 1, 'c'), (3, 'all back', 1, 1, 'c'), (4, 'more', 1, 1, 'c'), (5, 'other', 1, 1, 'c');
SELECT fundb.create_trigger('a_first', 'app.t', $js$
export default async function handle(event, args) {
  const old = event.old;
  if (old.how === 'back' || old.how === 'all back') args.a = old.a;
  if (old.how === 'all back') args.b = old.b;
  if (old.how === 'more') args.c = 'more';
  if (old.how === 'other') { args.c = 'other'; args.b = old.b; args.a = old.a; }
  return args;
}
$js$, 'BEFORE', on_update_fields => '{*}') > 0 AS created;
-- Sees what the first one left, and is not called where that is no change.
SELECT fundb.create_trigger('b_second', 'app.t', $js$
export default (event, args) => { console.log(event.new.id, JSON.stringify(args)); return true; }
$js$, 'BEFORE', on_update_fields => '{*}') > 0 AS created;
SELECT fundb.create_trigger('c_third', 'app.t', $js$
export default (event) => { console.log(event.new.id, 'a is', event.new.a); return true; }
$js$, 'BEFORE', on_update_fields => '{a}') > 0 AS created;
UPDATE app.t SET a = 2, b = 2;
\echo :ROW_COUNT
SELECT * FROM app.t ORDER BY id;
-- What is undone leaves no row to write; without any change no rule is called, and PostgreSQL writes as always.
UPDATE app.t SET b = 3;
\echo :ROW_COUNT
UPDATE app.t SET a = a, c = c;
\echo :ROW_COUNT
SELECT * FROM app.t ORDER BY id;
SET client_min_messages = warning;
DROP SCHEMA app CASCADE;
