-- Errors at every kind of place leave whole: class, message, detail, hint, names, and a session that works.
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int CHECK (n < 100), d date);
CREATE TABLE app.w (id int PRIMARY KEY, n int CHECK (n < 100));
CREATE TABLE app.u (id int PRIMARY KEY, t int REFERENCES app.t);
INSERT INTO app.t VALUES (1, 1);
CREATE FUNCTION app.try(body text, statement text DEFAULT 'INSERT INTO app.t VALUES (50, 1)') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers WHERE name = 'rule';
  PERFORM fundb.create_trigger('rule', 'app.t',
    'export default async function handle(event, args) {' || body || E'\n}', 'BEFORE', true);
  EXECUTE statement;
END $$;

-- JavaScript errors, with their place.
SELECT app.try('throw new Error("not enough");');
\echo :LAST_ERROR_SQLSTATE
SELECT app.try('null.x;');
SELECT app.try('throw "a text";');
SELECT app.try('throw null;');
SELECT app.try('throw {message: "an object", sqlstate: "22012", detail: "its detail", hint: "Its hint."};');
\echo :LAST_ERROR_SQLSTATE
SELECT app.try('throw Object.assign(new Error("no class"), {sqlstate: "00000"});');
\echo :LAST_ERROR_SQLSTATE
-- A cancel that a script makes up is none; a NUL does not end the message.
SELECT app.try('throw {message: "made up", sqlstate: "57014"};');
\echo :LAST_ERROR_SQLSTATE
SELECT app.try('throw Object.assign(new Error("before\0behind"), {detail: "\0", column: "a\0b"});');
SELECT app.try('console.log("before\0behind"); throw new Error("done");');
\echo :LAST_ERROR_SQLSTATE
SELECT app.try('return {["id\0"]: 1};');
SELECT app.try('FunDB.cancelWith({code: "LOW", left: 3}, "not enough in stock");');
\echo :LAST_ERROR_SQLSTATE
SELECT app.try('const deep = (n) => n === 0 ? JSON.parse("{") : deep(n - 1); await null; deep(2);');

-- Errors of SQL under JavaScript leave unchanged.
SELECT app.try('await FunDB.insertEntity({schema: "app", name: "u"}, {id: 1, t: 77});');
\echo :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
SELECT app.try('await FunDB.insertEntity({schema: "app", name: "w"}, {id: 1, n: 1000});');
\echo :LAST_ERROR_SQLSTATE
-- SQL under JavaScript under SQL under JavaScript: the innermost error, a context line per rule.
SELECT fundb.create_trigger('inner', 'app.u', 'export default (e, args) => { throw new RangeError("innermost"); }', 'AFTER', true) > 0 AS created;
SELECT app.try('await FunDB.insertEntity({schema: "app", name: "u"}, {id: 1});');
\echo :LAST_ERROR_SQLSTATE
-- Caught: the failed call is undone, the transaction goes on.
SELECT app.try($js$
  try {
    await FunDB.insertEntity({schema: 'app', name: 'u'}, {id: 1});
  } catch (error) {
    console.log(error instanceof FunDBError, error.error, error.schema, error.name, error.message);
    console.log(JSON.stringify(error.inner));
  }
  try {
    await FunDB.insertEntity({schema: 'app', name: 'w'}, {id: 2, n: 1000});
  } catch (error) {
    console.log(error.error, error.sqlstate, error.constraint, error.schema, error.table);
  }
  return true;
$js$);
SELECT id FROM app.t ORDER BY id;
SELECT count(*) FROM app.u;
BEGIN;
UPDATE public.triggers SET procedure = 'export default () => { throw {message: "made up", sqlstate: "57014"}; }' WHERE name = 'inner';
SELECT app.try($js$
  try { await FunDB.insertEntity({schema: 'app', name: 'u'}, {id: 1}); } catch (error) { console.log('caught', error.sqlstate, error.message); }
  return false;
$js$);
ROLLBACK;

-- In the way of C++ objects: conversion of the answer, a type's own check, a domain, a default expression.
DELETE FROM public.triggers;
CREATE DOMAIN app.even AS int CHECK (VALUE % 2 = 0);
CREATE FUNCTION app.fail() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the default fails' USING ERRCODE = '22012'; END $$;
CREATE TABLE app.v (id int PRIMARY KEY, e app.even, f int DEFAULT app.fail());
SELECT fundb.create_trigger('odd', 'app.v', 'export default (event, args) => ({...args, e: 3})', 'BEFORE', true) > 0 AS created;
INSERT INTO app.v VALUES (1, 2, 5);
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET procedure = 'export default (event, args) => ({id: args.id})';
INSERT INTO app.v VALUES (1, 2, 5);
\echo :LAST_ERROR_SQLSTATE
UPDATE public.triggers SET procedure = 'export default (event, args) => ({...args, get e() { throw new Error("in a getter"); }})';
INSERT INTO app.v VALUES (1, 2, 5);
UPDATE public.triggers SET procedure = 'export default (event, args) => new Proxy(args, {ownKeys() { throw new Error("in a proxy"); }})';
INSERT INTO app.v VALUES (1, 2, 5);
-- In a type's output function, while a rule reads the column: the statement ends, whatever the rule catches.
CREATE TYPE app.unreadable;
CREATE FUNCTION app.unreadable_in(cstring) RETURNS app.unreadable IMMUTABLE STRICT LANGUAGE internal AS 'byteain';
CREATE FUNCTION app.unreadable_out(app.unreadable) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal AS 'shell_out';
CREATE TYPE app.unreadable (INPUT = app.unreadable_in, OUTPUT = app.unreadable_out);
CREATE TABLE app.x (id int PRIMARY KEY, u app.unreadable);
SELECT fundb.create_trigger('reads', 'app.x', $js$
export default async function handle(event, args) {
  try { console.log(args.u); } catch (error) { console.log('caught', error.message); }
  return true;
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.x VALUES (1, 'u');
\echo :LAST_ERROR_SQLSTATE
-- A column that is not read is no trouble, nor is one that is only handed through.
UPDATE public.triggers SET procedure = 'export default (event, args) => args' WHERE name = 'reads';
INSERT INTO app.x VALUES (2, 'u');
SELECT id FROM app.x;
-- A savepoint around all of it.
BEGIN;
SAVEPOINT s;
INSERT INTO app.v VALUES (1, 2, 5);
ROLLBACK TO s;
SELECT count(*) FROM app.v;
COMMIT;

-- Time-outs and cancels are not for JavaScript to catch, and the session goes on.
UPDATE public.triggers SET procedure = 'export default () => { for (;;) { try { for (;;); } catch { } finally { continue; } } }';
SET statement_timeout = '100ms';
INSERT INTO app.v VALUES (1, 2, 5);
\echo :LAST_ERROR_SQLSTATE
RESET statement_timeout;
SET fundb.rule_timeout = '100ms';
INSERT INTO app.v VALUES (1, 2, 5);
\echo :LAST_ERROR_SQLSTATE
RESET fundb.rule_timeout;
-- Deep recursion is an ordinary error.
UPDATE public.triggers SET procedure = 'const f = () => f() + 1; export default () => f() > 0';
\set SHOW_CONTEXT never
INSERT INTO app.v VALUES (1, 2, 5);
\set SHOW_CONTEXT errors
-- A long message that its stack does not hold is looked for in no time.
UPDATE public.triggers SET procedure = $js$ export default () => {
  const e = new Error('x');
  e.message = '\u4e00'.repeat(5e5) + 'b';
  e.stack = '\u4e00'.repeat(1e6);
  throw e;
} $js$;
\set VERBOSITY sqlstate
SET statement_timeout = '2s';
INSERT INTO app.v VALUES (1, 2, 5);
RESET statement_timeout;
\set VERBOSITY default
-- Switched off by a superuser, the row passes.
SET fundb.enabled = off;
INSERT INTO app.v VALUES (1, 2, 5);
RESET fundb.enabled;
SELECT id FROM app.v;
DROP SCHEMA app CASCADE;
