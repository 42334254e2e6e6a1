-- What a rule may do by its owner's rights stays the owner's: no code of another rule gets there, whether through jobs that it leaves behind,
-- or through modules that both import, and no look at what is broken lets it into the session of the one who looks.
SET client_min_messages = warning;
CREATE ROLE regress_fundb_bob;
CREATE SCHEMA app;
GRANT USAGE, CREATE ON SCHEMA app TO regress_fundb_bob;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.triggers TO regress_fundb_bob;
GRANT SELECT, INSERT ON public.schemas, public.entities TO regress_fundb_bob;
CREATE FUNCTION app.trigger_id(regclass, text) RETURNS int LANGUAGE sql AS
  'SELECT id FROM public.triggers WHERE trigger_entity_id = fundb.entity_id($1) AND name = $2';
CREATE TABLE app.secret (s text);
INSERT INTO app.secret VALUES ('top secret');
CREATE TABLE app.heard (what text);
GRANT INSERT ON app.heard TO PUBLIC;
CREATE TABLE app.audit (what jsonb);
CREATE TABLE app.inbox (j jsonb);
GRANT INSERT ON app.inbox TO regress_fundb_bob;
CREATE FUNCTION app.log_it() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO app.audit VALUES (NEW.j); RETURN NEW; END $$;
CREATE TRIGGER log_it AFTER INSERT ON app.inbox FOR EACH ROW EXECUTE FUNCTION app.log_it();
SELECT fundb.create_trigger('harmless', 'app.audit', 'export default () => true', 'BEFORE', on_insert => true) > 0 AS created;
SELECT fundb.create_trigger('harmless', 'app.inbox', 'export default () => true', 'BEFORE', on_insert => true) > 0 AS created;

-- Jobs that a value leaves behind while it is read: they are the outer rule's, and so are the calls in them.
SET ROLE regress_fundb_bob;
CREATE TABLE app.job (id int);
SELECT fundb.create_trigger('evil', 'app.job', $js$
const look = () => FunDB.getUserView({ type: 'anonymous', query: 'SELECT s FROM app.secret' }).then(view => view.result.rows[0].values[0].value);
const ways = [look, () => FunDB.pretendRole('root', look)];
export default async (event, args) => {
  const heard = [];
  const tell = (job) => job().then(text => heard.push(`got ${text}`), error => heard.push(error.message));
  const evil = { toJSON() { for (const way of ways) Promise.resolve().then(() => tell(way)); heard.push('asked'); return 1; } };
  await FunDB.insertEntity({ schema: 'app', name: 'inbox' }, { j: { a: evil } });
  heard.push('written');
  while (heard.length < 4) await FunDB.getUserView({ type: 'anonymous', query: 'SELECT 1 AS one' });
  console.warn(heard.join(', '));
  return true;
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.job VALUES (1);
RESET ROLE;
-- The same while an answer is read, whose domain is checked by SQL of somebody else.
CREATE FUNCTION app.looks(i int) RETURNS bool LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO app.audit VALUES ('1'); RETURN true; END $$;
CREATE DOMAIN app.looked_at AS int CHECK (app.looks(VALUE));
SET ROLE regress_fundb_bob;
CREATE TABLE app.answer (j jsonb, d app.looked_at);
SELECT fundb.create_trigger('evil', 'app.answer', $js$
const look = (query) => FunDB.getUserView({ type: 'anonymous', query }).then(view => view.result.rows[0].values[0].value);
const hear = (text) => console.warn(`heard: ${text}`);
export default () => ({ j: { toJSON() {
  Promise.resolve().then(() => { look('SELECT s FROM app.secret').then(hear, error => hear(error.message)); });
  return 1;
} }, d: 42 });
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.answer VALUES ('1', 1);
-- A job that never ends is its own rule's, which is stopped.
UPDATE public.triggers SET procedure = 'export default () => ({ j: { toJSON() { Promise.resolve().then(() => { for (;;); }); return 1 } }, d: 42 })'
  WHERE id = app.trigger_id('app.answer', 'evil');
SET statement_timeout = 300;
INSERT INTO app.answer VALUES ('1', 1);
RESET statement_timeout;
SELECT count(*) FROM app.answer;
RESET ROLE;
-- A run within that fails takes nothing of what the rule around it had still to do.
CREATE TABLE app.fails (j jsonb);
SELECT fundb.create_trigger('fails', 'app.fails', 'export default () => { throw new Error("refused") }', 'BEFORE', on_insert => true) > 0 AS created;
CREATE TABLE app.goes_on (j jsonb);
SELECT fundb.create_trigger('goes_on', 'app.goes_on', $js$
export default async () => {
  const done = [];
  const value = { toJSON() { Promise.resolve().then(() => done.push('job')); return 1; } };
  await Promise.allSettled([FunDB.insertEntity({ schema: 'app', name: 'fails' }, { j: value })]);
  console.warn(done.join());
  return true;
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.goes_on VALUES ('1');

-- Modules that rules of several owners import: each owner has them apart.
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('lib'), 'bus.mjs',
  'export const helpers = { mark() { return "honest" } }; export class Tool { use() { return "honest" } } export let count = 0; export function tick() { return ++count }');
CREATE TABLE app.guard (id int, said text);
CREATE TABLE app.own (id int);
GRANT INSERT, SELECT ON app.guard TO regress_fundb_bob;
SELECT fundb.create_trigger('guard', 'app.guard', $js$
import { helpers, Tool, tick } from 'lib/bus';
export default (event, args) => { args.said = `${helpers.mark()} ${new Tool().use()} ${tick()}`; return args; }
$js$, 'BEFORE', true) > 0 AS created;
SET ROLE regress_fundb_bob;
CREATE TABLE app.bobs (id int, said text);
SELECT fundb.create_trigger('bobs', 'app.bobs', $js$
import { helpers, Tool, tick } from 'lib/bus';
const steal = () => { FunDB.pretendRole('root', () => FunDB.getUserView({ type: 'anonymous', query: 'SELECT s FROM app.secret' })).then(view => console.warn(`got ${view.result.rows[0].values[0].value}`), () => {}); return 'stolen'; };
helpers.mark = steal;
export default (event, args) => { Tool.prototype.use = steal; args.said = `${helpers.mark()} ${tick()}`; return args; };
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO app.bobs VALUES (1) RETURNING said;
INSERT INTO app.guard VALUES (1), (2) RETURNING said;
INSERT INTO app.bobs VALUES (2) RETURNING said;
RESET ROLE;
INSERT INTO app.bobs VALUES (3) RETURNING said;
INSERT INTO app.guard VALUES (3) RETURNING said;
-- By its owner, not by who writes: a rule that changes hands gets other instances.
UPDATE public.triggers SET owner = current_user WHERE id = app.trigger_id('app.bobs', 'bobs');
INSERT INTO app.bobs VALUES (4) RETURNING said;
SELECT fundb.reset();

-- To look at what is broken evaluates everybody's modules, and leaves nothing of them.
DELETE FROM public.triggers WHERE id = app.trigger_id('app.bobs', 'bobs');
SET ROLE regress_fundb_bob;
SELECT fundb.create_trigger('bobs', 'app.bobs', $js$
import { helpers } from 'lib/bus';
helpers.mark = () => 'stolen';
export default () => true;
$js$, 'BEFORE', true) > 0 AS created;
RESET ROLE;
SELECT count(*) FROM fundb.broken;
INSERT INTO app.guard VALUES (4) RETURNING said;
-- Nor does what is evaluated first decide about the next.
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('lib'), 'picky.mjs', 'import { helpers } from "lib/bus"; if (helpers.mark() !== "honest") throw new Error("not honest"); export const x = 1;');
SELECT count(*) FROM fundb.broken;

-- What was deferred by others is not fired with the rights of a rule's deferConstraints, but with those of COMMIT.
SET ROLE regress_fundb_bob;
CREATE TABLE app.mine (id int);
CREATE FUNCTION app.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'fired as %', current_user; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER tell AFTER INSERT ON app.mine DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.tell();
RESET ROLE;
CREATE TABLE app.defers (id int);
GRANT INSERT ON app.defers TO regress_fundb_bob;
SELECT fundb.create_trigger('defers', 'app.defers', $js$
export default () => FunDB.pretendRole('root', () => FunDB.deferConstraints(async () => {})).then(() => true);
$js$, 'BEFORE', true) > 0 AS created;
SET ROLE regress_fundb_bob;
BEGIN;
INSERT INTO app.mine VALUES (1);
INSERT INTO app.defers VALUES (1);
COMMIT;
-- Messages of a job that is done before another rule begins are its own rule's.
CREATE TABLE app.says (id int);
SELECT fundb.create_trigger('says', 'app.says', $js$
export default async () => {
  await FunDB.insertEntity({ schema: 'app', name: 'inbox' }, { j: { a: { toJSON() { Promise.resolve().then(() => console.warn('from a job')); return 1; } } } });
  return true;
};
$js$, 'BEFORE', true) > 0 AS created;
\set VERBOSITY default
\set SHOW_CONTEXT always
INSERT INTO app.says VALUES (1);
\set SHOW_CONTEXT errors
\set VERBOSITY terse
RESET ROLE;

-- Maintenance of somebody's table gives its functions no rights, and what others deferred is not fired in it.
CREATE TABLE app.plainly (id int);
GRANT INSERT ON app.plainly TO regress_fundb_bob;
SELECT fundb.create_trigger('plainly', 'app.plainly', 'export default () => FunDB.deferConstraints(async () => {}).then(() => true)', 'BEFORE', true) > 0 AS created;
CREATE SCHEMA AUTHORIZATION regress_fundb_bob;
SET ROLE regress_fundb_bob;
CREATE FUNCTION regress_fundb_bob.f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.plainly VALUES (1); RETURN 1; END $$;
CREATE MATERIALIZED VIEW regress_fundb_bob.m AS SELECT regress_fundb_bob.f() WITH NO DATA;
RESET ROLE;
REFRESH MATERIALIZED VIEW regress_fundb_bob.m;
DROP SCHEMA regress_fundb_bob CASCADE;

SET client_min_messages = error;
DELETE FROM public.modules WHERE schema_id = fundb.schema_id('lib');
DROP SCHEMA app CASCADE;
DROP OWNED BY regress_fundb_bob;
DROP ROLE regress_fundb_bob;
