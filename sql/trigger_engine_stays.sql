-- The engine stays for as long as a rule's call uses it, also while no JavaScript runs: reading an answer runs SQL, in which
-- the engine must not be replaced.
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE FUNCTION app.reset_at(i int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN IF i = 42 THEN PERFORM fundb.reset(); END IF; RETURN true; END $$;
CREATE DOMAIN app.resets AS int CHECK (app.reset_at(VALUE));
CREATE FUNCTION app.reset_and_7() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM fundb.reset(); RETURN 7; END $$;
CREATE TABLE app.checked (id int, x app.resets);
CREATE TABLE app.defaulted (id int, x int DEFAULT app.reset_and_7());
CREATE FUNCTION app.state_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN EXECUTE statement; RETURN 'done'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
-- A domain's check, a column's default; primitives, which are read without a run, and others.
SELECT fundb.create_trigger('primitive', 'app.checked', $$ export default (event, args) => { args.x = 42; return args; } $$, 'BEFORE', true) > 0 AS ok;
SELECT app.state_of('INSERT INTO app.checked VALUES (1, 1)');
UPDATE public.triggers SET procedure = $$ export default () => ({id: 1, x: 42}) $$ WHERE name = 'primitive';
SELECT app.state_of('INSERT INTO app.checked VALUES (1, 1)');
SELECT fundb.create_trigger('default', 'app.defaulted', $$ export default (event, args) => { delete args.x; return args; } $$, 'BEFORE', true) > 0 AS ok;
SELECT app.state_of('INSERT INTO app.defaulted VALUES (1, 1)');
-- Outside of rules it works.
SELECT app.state_of('SELECT fundb.reset()');
-- The heap's limit is exceeded in a rule under such a conversion, and the next rule asks for the engine.
CREATE TABLE app.greedy (n int);
CREATE FUNCTION app.exceed(i int) RETURNS bool LANGUAGE plpgsql AS $$
BEGIN
  IF i = 42 THEN
    BEGIN
      INSERT INTO app.greedy VALUES (1);
    EXCEPTION WHEN out_of_memory THEN
      RAISE WARNING '%', SQLERRM;
    END;
    INSERT INTO app.greedy VALUES (2);
    INSERT INTO app.greedy VALUES (3);
  END IF;
  RETURN true;
END $$;
CREATE DOMAIN app.exceeds AS int CHECK (app.exceed(VALUE));
CREATE TABLE app.outer_t (id int, x app.exceeds);
SELECT fundb.create_trigger('greedy', 'app.greedy', $$ export default (event, args) => {
  if (args.n === 1) { const kept = []; for (;;) kept.push([1, 2, 3]); }
  args.n *= 10;
  return args;
} $$, 'BEFORE', true) > 0 AS ok;
SELECT fundb.create_trigger('outer', 'app.outer_t', $$ let calls = 0; export default (event, args) => { args.id = ++calls; args.x = 42; return args; } $$, 'BEFORE', true) > 0 AS ok;
SET fundb.heap_limit = 32;
SELECT fundb.reset();
INSERT INTO app.outer_t VALUES (0, 1);
SELECT n FROM app.greedy ORDER BY n;
-- The call over, the engine is replaced.
INSERT INTO app.outer_t VALUES (0, 1), (0, 2);
SELECT id, x FROM app.outer_t ORDER BY id;
RESET fundb.heap_limit;
DROP SCHEMA app CASCADE;
