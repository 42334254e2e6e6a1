-- Rules run with the rights of whoever writes; one role's code does not reach another's.
CREATE ROLE regress_fundb_writer;
CREATE ROLE regress_fundb_other;
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO regress_fundb_writer, regress_fundb_other;
CREATE TABLE app.t (id int, who text);
CREATE TABLE app.secret (s text);
INSERT INTO app.secret VALUES ('hidden');
GRANT INSERT, SELECT ON app.t TO regress_fundb_writer, regress_fundb_other;

SELECT fundb.create_trigger('who', 'app.t', $js$
let calls = 0;
export default async function handle(event, args) {
  calls++;
  const view = await FunDB.getUserView({type: 'anonymous', query: 'SELECT current_user::string AS who'});
  args.who = view.result.rows[0].values[0].value + ' ' + calls;
  return args;
}
$js$, 'BEFORE', true) > 0 AS created;
-- The writer needs no rights on the registry; each role has its own module state.
SET ROLE regress_fundb_writer;
INSERT INTO app.t VALUES (1), (2) RETURNING who;
SELECT count(*) FROM public.triggers;
RESET ROLE;
SET ROLE regress_fundb_other;
INSERT INTO app.t VALUES (3) RETURNING who;
RESET ROLE;
INSERT INTO app.t VALUES (4) RETURNING who;

-- What the writer may not read, the rule may not read for him.
UPDATE public.triggers SET procedure = $js$
export default async function handle(event, args) {
  const view = await FunDB.getUserView({type: 'anonymous', query: 'SELECT s FROM app.secret'});
  return {...args, who: view.result.rows[0].values[0].value};
}
$js$;
SET ROLE regress_fundb_writer;
INSERT INTO app.t VALUES (5);
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
INSERT INTO app.t VALUES (5) RETURNING who;

-- SECURITY DEFINER: the definer's rights, and back again.
CREATE FUNCTION app.insert_for_all(id int) RETURNS text SECURITY DEFINER LANGUAGE sql AS 'INSERT INTO app.t VALUES ($1) RETURNING who';
SET ROLE regress_fundb_writer;
SELECT app.insert_for_all(6);
INSERT INTO app.t VALUES (7);
RESET ROLE;

-- Objects that a caller puts in front are never taken for PostgreSQL's own.
CREATE SCHEMA trap;
GRANT USAGE ON SCHEMA trap TO PUBLIC;
CREATE FUNCTION trap.lower(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION trap.eq(int, int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE OPERATOR trap.= (leftarg = int, rightarg = int, function = trap.eq);
CREATE TABLE trap.triggers (id int);
UPDATE public.triggers SET procedure = $js$
export default async function handle(event, args) {
  const view = await FunDB.getUserView({type: 'anonymous',
    query: "{ $n int }: SELECT lower('OK') AS x FROM app.secret WHERE 1 = $n"}, {n: 1});
  return {...args, who: view.result.rows[0].values[0].value};
}
$js$;
SET search_path = trap, pg_catalog;
INSERT INTO app.t VALUES (8) RETURNING who;
RESET search_path;

-- Row security holds for what rules write.
ALTER TABLE app.secret ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON app.secret TO regress_fundb_writer;
CREATE POLICY p ON app.secret TO regress_fundb_writer USING (s <> 'hidden') WITH CHECK (s <> 'hidden');
UPDATE public.triggers SET procedure = $js$
export default async function handle(event, args) {
  const view = await FunDB.getUserView({type: 'anonymous', query: 'SELECT count(*) AS n FROM app.secret'});
  await FunDB.insertEntity({schema: 'app', name: 'secret'}, {s: args.id > 9 ? 'hidden' : 'open'});
  return {...args, who: 'sees ' + view.result.rows[0].values[0].value};
}
$js$;
SET ROLE regress_fundb_writer;
INSERT INTO app.t VALUES (9) RETURNING who;
INSERT INTO app.t VALUES (10) RETURNING who;
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
-- An ordinary role cannot switch rules off.
SET ROLE regress_fundb_writer;
SET fundb.enabled = off;
RESET ROLE;
\set VERBOSITY terse
DROP SCHEMA app CASCADE;
DROP SCHEMA trap CASCADE;
DROP ROLE regress_fundb_writer;
DROP ROLE regress_fundb_other;
