-- Whose rights a call has: those of the role that writes, or of the one that it pretends to be.
CREATE SCHEMA api_roles;
SET search_path = api_roles;
CREATE TABLE run (id int);
CREATE FUNCTION js(body text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers WHERE name = 'body';
  PERFORM fundb.create_trigger('body', 'api_roles.run', $js$
    const E = (name) => ({schema: 'api_roles', name});
    const log = (...values) => console.log(values.map((v) => JSON.stringify(v) ?? 'undefined').join(' '));
    const rows = async (query, args) =>
      (await FunDB.getUserView({type: 'anonymous', query}, args)).result.rows.map(({values}) => values.map(({value}) => value));
    const attempt = async (call) => {
      try { log(await call()); } catch (e) { console.log(e.error, e.sqlstate, e.message, e.detail ?? '', e.hint ?? ''); }
    };
    export default async function (event) {$js$ || body || '}', 'AFTER', true);
  INSERT INTO api_roles.run VALUES (1);
END $$;
CREATE ROLE api_roles_owner;
CREATE ROLE api_roles_clerk;
CREATE ROLE api_roles_audit;
CREATE ROLE api_roles_other;
GRANT api_roles_audit TO api_roles_owner;
GRANT USAGE ON SCHEMA api_roles TO PUBLIC;
GRANT INSERT ON run TO PUBLIC;
CREATE TABLE audit (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, who name DEFAULT current_user, what text);
GRANT SELECT, INSERT ON audit TO api_roles_audit;
CREATE TABLE keyless (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
GRANT INSERT, SELECT (v) ON keyless TO api_roles_clerk;

-- pretendRole: only what the function calls, and always restored.
SELECT js($q$
  const who = async () => (await rows('SELECT current_user() AS u'))[0][0];
  const audit = (what) => FunDB.insertEntity(E('audit'), {what});
  await attempt(() => audit('as the clerk'));
  await attempt(() => FunDB.pretendRole('api_roles_audit', async () => { const id = await audit('pretended'); return [id, await who()]; }));
  await attempt(() => FunDB.pretendRole({schema: 'any', name: 'api_roles_audit'}, who));
  await attempt(() => FunDB.pretendRole('root', who));
  await attempt(() => FunDB.pretendRole('root', () => FunDB.pretendRole('api_roles_audit', who)));
  await attempt(() => FunDB.pretendRole('api_roles_other', who));
  await attempt(() => FunDB.pretendRole('api_roles_nobody', who));
  await attempt(() => FunDB.pretendRole('api_roles_audit\0x', who));
  await attempt(() => FunDB.pretendRole('api_roles_audit', async () => { await who(); throw new Error('out'); }));
  await attempt(() => FunDB.pretendRole('api_roles_audit', () => { throw new Error('at once'); }));
  // Beside it, calls keep their own role.
  log(await Promise.all([who(), FunDB.pretendRole('api_roles_audit', async () => [await who(), await who()]), who(), (async () => { await null; return who(); })()]));
  log(await who());
$q$);
UPDATE public.triggers SET owner = 'api_roles_owner' WHERE name = 'body';
SET ROLE api_roles_clerk;
INSERT INTO run VALUES (2);
RESET ROLE;
SELECT who, what FROM audit ORDER BY id;

-- The owner is the role that has the name now.
CREATE ROLE api_roles_passing;
GRANT api_roles_audit TO api_roles_passing;
UPDATE public.triggers SET owner = 'api_roles_passing', procedure = replace(procedure, 'export default async function (event) {',
  'export default async function (event) { await attempt(() => FunDB.pretendRole("api_roles_audit", () => rows("SELECT current_user() AS u"))); return;') WHERE name = 'body';
SET ROLE api_roles_clerk;
INSERT INTO run VALUES (2);
RESET ROLE;
DROP ROLE api_roles_passing;
SET ROLE api_roles_clerk;
INSERT INTO run VALUES (2);
RESET ROLE;
CREATE ROLE api_roles_passing;
SET ROLE api_roles_clerk;
INSERT INTO run VALUES (2);
RESET ROLE;
GRANT api_roles_audit TO api_roles_passing;
SET ROLE api_roles_clerk;
INSERT INTO run VALUES (2);
RESET ROLE;

-- The pretence ends with the run that asked for it.  A function that a module kept waiting goes on in a later one: as that role it would write
-- for as long as the session lives, also when the role is out of reach by then.
CREATE TABLE kept (id int);
GRANT INSERT ON kept TO PUBLIC;
SELECT fundb.create_trigger('kept', 'api_roles.kept', $$
  const audit = (what) => FunDB.insertEntity({schema: 'api_roles', name: 'audit'}, {what});
  let resume;
  export default async (event, args) => {
    const wait = () => new Promise((r) => { resume = r; });
    if (args.id === 1) FunDB.pretendRole('api_roles_audit', async () => {
      for (let i = 1; ; i += 1) { await audit(`in the run ${i}`); await wait(); }
    });
    if (args.id === 2) FunDB.pretendRole('api_roles_audit', async () => {
      await wait();
      try { await audit('later'); } catch (e) { console.log(e.error, e.sqlstate, e.message); }
      try { await FunDB.pretendRole('api_roles_audit', () => audit('anew')); } catch (e) { console.log(e.error, e.sqlstate); }
    });
    if (args.id === 3) resume();
    return true;
  } $$, 'BEFORE', true) > 0 AS created;
UPDATE public.triggers SET owner = 'api_roles_owner' WHERE name = 'kept';
SET ROLE api_roles_clerk;
INSERT INTO kept VALUES (1);
INSERT INTO kept VALUES (3);
INSERT INTO kept VALUES (2);
INSERT INTO kept VALUES (3);
-- In the same run it stays, whatever it waits for.
RESET ROLE;
UPDATE public.triggers SET procedure = replace(procedure, 'resume();', 'FunDB.pretendRole("api_roles_audit", async () => { await wait(); await audit("same run"); }); await audit2(); resume();')
    || E'\nconst audit2 = () => FunDB.getUserView({type: "anonymous", query: "SELECT 1 AS x"});' WHERE name = 'kept';
SET ROLE api_roles_clerk;
INSERT INTO kept VALUES (3);
RESET ROLE;
SELECT what FROM audit WHERE who = 'api_roles_audit' AND (what LIKE '%run%' OR what IN ('later', 'anew')) ORDER BY id;

-- A rule that a pretended call fires runs as that role; $$user stays.
CREATE TABLE watched (id int);
GRANT INSERT, SELECT ON watched TO api_roles_audit;
SELECT fundb.create_trigger('watch', 'api_roles.watched', $$ export default async function () {
  const query = 'SELECT current_user() AS a, session_user() = $' + '$user AS b';
  console.log(JSON.stringify((await FunDB.getUserView({type: 'anonymous', query})).result.rows[0].values));
} $$, 'AFTER', true) > 0 AS created;
SELECT js($q$ await FunDB.pretendRole('api_roles_audit', () => FunDB.insertEntity(E('watched'), {id: 1})); $q$);

-- Without the right to read the key there is no id to give.
SELECT js($q$
  await attempt(() => FunDB.insertEntity(E('keyless'), {v: 'a'}));
  await attempt(() => FunDB.insertEntities(E('keyless'), [{v: 'b'}, {v: 'c'}]));
  await attempt(() => FunDB.updateEntity(E('keyless'), 1, {v: 'z'}));
  await attempt(() => rows('SELECT v FROM api_roles.keyless ORDER BY v'));
  await attempt(() => rows('SELECT id FROM api_roles.keyless'));
$q$);
SET ROLE api_roles_clerk;
INSERT INTO run VALUES (3);
RESET ROLE;

-- Nor does it stay behind where its function is stopped: the next rule is another's.
CREATE TABLE stopped (id int);
CREATE TABLE next_one (id int, who text);
SELECT fundb.create_trigger('stopped', 'api_roles.stopped', $$ export default async () => {
  await FunDB.pretendRole('api_roles_audit', async () => { await FunDB.getUserView({type: 'anonymous', query: 'SELECT 1 AS x'}); for (;;); });
} $$, 'BEFORE', true) > 0 AND fundb.create_trigger('next', 'api_roles.next_one', $$ export default async (event, args) => {
  args.who = (await FunDB.getUserView({type: 'anonymous', query: 'SELECT current_user() AS u'})).result.rows[0].values[0].value;
  return args;
} $$, 'BEFORE', true) > 0 AS created;
SET statement_timeout = '100ms';
INSERT INTO stopped VALUES (1);
RESET statement_timeout;
INSERT INTO next_one VALUES (1), (2);
SELECT id, who = current_user AS is_own FROM next_one ORDER BY id;

-- A call that sets the role: user and setting stay together, as behind a trigger of PL/pgSQL; under pretendRole it is refused, and undone
-- with a call that fails.
GRANT api_roles_clerk TO api_roles_passing;
CREATE FUNCTION become(name text, fails bool) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('SET ROLE %I', name);
  IF fails THEN RAISE 'no'; END IF;
  RETURN current_user;
END $$;
SELECT js($q$
  const who = `SELECT current_user() AS u, current_setting('role') AS s`;
  await attempt(() => rows(`SELECT api_roles.become('api_roles_clerk', true) AS u`));
  await attempt(() => rows(who));
  await attempt(() => FunDB.pretendRole('root', () => rows(`SELECT api_roles.become('api_roles_clerk', false) AS u`)));
  await attempt(() => rows(who));
  await attempt(() => rows(`SELECT api_roles.become('api_roles_clerk', false) AS u`));
  await attempt(() => rows(who));
$q$);
SELECT current_user, current_setting('role');
RESET ROLE;
SELECT current_user, current_setting('role');

-- Row level security: a hidden row is not there, one that may be seen but not changed is denied.
CREATE TABLE secret (id int PRIMARY KEY, level int, v text);
INSERT INTO secret VALUES (1, 1, 'open'), (2, 2, 'read only'), (3, 3, 'hidden');
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON secret FOR SELECT USING (level < 3);
CREATE POLICY change ON secret FOR UPDATE USING (level < 2);
CREATE POLICY remove ON secret FOR DELETE USING (level < 2);
GRANT ALL ON secret TO api_roles_clerk;
SELECT js($q$
  for (const id of [1, 2, 3, 4]) {
    await attempt(() => FunDB.updateEntity(E('secret'), id, {v: 'new'}));
    await attempt(() => FunDB.deleteEntity(E('secret'), id));
  }
$q$);
INSERT INTO secret VALUES (1, 1, 'open'), (2, 2, 'read only'), (3, 3, 'hidden');
SET ROLE api_roles_clerk;
INSERT INTO run VALUES (4);
RESET ROLE;
SELECT id, v FROM secret ORDER BY id;

SET client_min_messages = warning;
DROP SCHEMA api_roles CASCADE;
DROP ROLE api_roles_owner, api_roles_clerk, api_roles_audit, api_roles_other, api_roles_passing;
