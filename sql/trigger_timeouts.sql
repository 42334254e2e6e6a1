-- fundb.rule_timeout while PostgreSQL converts what a rule handed over: a check of a domain and a default may run SQL of any length.  It must
-- end as SQL of a call does, with the rule's own error; taken for a script that does not react, it would cost the session (FATAL).
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE FUNCTION app.slow(i int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
  IF i = 42 THEN PERFORM pg_sleep(30); END IF;
  IF i = 43 THEN LOOP i := i; END LOOP; END IF;
  IF i = 44 THEN
    BEGIN PERFORM pg_sleep(30); EXCEPTION WHEN query_canceled THEN RETURN true; END;
  END IF;
  RETURN true;
END $$;
CREATE FUNCTION app.slow_default() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
  IF current_setting('app.is_slow') = 'yes' THEN PERFORM pg_sleep(30); END IF;
  RETURN 7;
END $$;
CREATE DOMAIN app.number AS int CHECK (app.slow(VALUE));
CREATE TYPE app.span AS RANGE (subtype = app.number);
CREATE TABLE app.t (id int, x app.number, xs app.number[], r app.span, d int DEFAULT app.slow_default());
CREATE TABLE app.target (x app.number);
SET app.is_slow = 'no';
CREATE FUNCTION app.try(code text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  start timestamptz := clock_timestamp();
  outcome text := 'no error';
BEGIN
  DELETE FROM public.triggers WHERE name = 'rule';
  PERFORM fundb.create_trigger('rule', 'app.t', 'export default async (event, args) => { ' || code || ' }', 'BEFORE', true);
  BEGIN
    INSERT INTO app.t VALUES (1, 1, NULL, NULL, 1);
  EXCEPTION WHEN query_canceled OR OTHERS THEN
    outcome := sqlstate || ' ' || sqlerrm;
  END;
  RETURN outcome || CASE WHEN clock_timestamp() - start > '8 s' THEN ', but late' ELSE '' END;
END $$;
SELECT pg_backend_pid() AS session \gset
SET fundb.rule_timeout = '150ms';
-- An answer of primitives, which needs no run of JavaScript; another object.
SELECT app.try('args.x = 42; return args;');
SELECT app.try('args.x = 43; return args;');
SELECT app.try('return {id: 1, x: 42};');
SELECT app.try('return {id: 1, x: 43};');
SELECT app.try('return {id: 1, xs: [1, 42, 43]};');
SELECT app.try('args.r = "[42,50)"; return args;');
-- A key that is left out: the default.
SET app.is_slow = 'yes';
SELECT app.try('delete args.d; return args;');
SELECT app.try('return {id: 1};');
SET app.is_slow = 'no';
-- What a call hands over: values of a row and arguments.
SELECT app.try('await FunDB.insertEntity({schema: "app", name: "target"}, {x: 42}); return true;');
SELECT app.try('try { await FunDB.insertEntity({schema: "app", name: "target"}, {x: 43}); } catch { } return true;');
SELECT app.try('await FunDB.getUserView({type: "anonymous", query: "{$x app.number}: SELECT $x AS x"}, {x: 42}); return true;');
-- A check that swallows the cancel is through, but the rule is over.
SELECT app.try('args.x = 44; return args;');
SELECT app.try('return {id: 1, x: 44};');
SELECT app.try('return {id: 1, xs: [44, 42]};');
SELECT app.try('await FunDB.insertEntity({schema: "app", name: "target"}, {x: 44}); return true;');
-- A rule around it: its time is over, too.
SELECT fundb.create_trigger('within', 'app.target', 'export default (event, args) => { args.x = 42; return args; }', 'BEFORE', true) > 0 AS created;
SELECT app.try('await FunDB.insertEntity({schema: "app", name: "target"}, {x: 1}); return true;');
-- What ends in time is no matter.
SELECT app.try('args.x = 1; args.xs = [1, 2]; args.r = "[1,2)"; delete args.d; return args;');
SELECT app.try('return {id: 1, x: 1};');
RESET fundb.rule_timeout;
-- Cancels by PostgreSQL itself, without a run and in one.
SET statement_timeout = '150ms';
SELECT app.try('args.x = 42; return args;');
SELECT app.try('return {id: 1, x: 43};');
RESET statement_timeout;
SELECT pg_backend_pid() = :session AS same_session;
SELECT count(*) FROM app.t;
DROP SCHEMA app CASCADE;
