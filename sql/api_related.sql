-- Commands, trees of related rows, deferred constraints, descriptions, events.
CREATE SCHEMA api_related;
SET search_path = api_related;
CREATE TABLE run (id int);
CREATE FUNCTION js(body text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers WHERE name = 'body';
  PERFORM fundb.create_trigger('body', 'api_related.run', $js$
    const E = (name) => ({schema: 'api_related', name});
    const log = (...values) => console.log(values.map((v) => JSON.stringify(v) ?? 'undefined').join(' '));
    const rows = async (query, args) =>
      (await FunDB.getUserView({type: 'anonymous', query}, args)).result.rows.map(({values}) => values.map(({value}) => value));
    const attempt = async (call) => {
      try { log(await call()); } catch (e) { console.log(e.error, e.sqlstate, e.message, e.detail ?? '', e.hint ?? ''); }
    };
    export default async function (event) {$js$ || body || '}', 'AFTER', true);
  INSERT INTO api_related.run VALUES (1);
END $$;
CREATE TYPE state AS ENUM ('new', 'done');
CREATE TABLE orders (id int PRIMARY KEY, code text UNIQUE, state state, name text);
CREATE TABLE lines (id int PRIMARY KEY, "order" int REFERENCES orders, qty int DEFAULT 1, back int);
CREATE TABLE notes (id int PRIMARY KEY, line int REFERENCES lines ON DELETE CASCADE, order_code text REFERENCES orders (code) ON DELETE SET NULL);
CREATE TABLE marks (a int, b int, note int REFERENCES notes, PRIMARY KEY (a, b));
CREATE TABLE bare (line int REFERENCES lines);
ALTER TABLE lines ADD FOREIGN KEY (back) REFERENCES lines DEFERRABLE;
INSERT INTO orders VALUES (1, 'one', 'new'), (2, 'two', 'done');
INSERT INTO lines VALUES (1, 1), (2, 1), (3, 2);
INSERT INTO notes VALUES (1, 1, NULL), (2, NULL, 'one'), (3, 3, NULL);
INSERT INTO marks VALUES (1, 2, 1);

SELECT js($q$
  log(await FunDB.getRelatedEntries(E('orders'), {alt: 'orders_code_key', keys: {code: 'one'}}));
  log((await FunDB.getRelatedEntities(E('notes'), 3)).nodes);
  await attempt(() => FunDB.getRelatedEntries(E('orders'), 9));
$q$);
SELECT fundb.create_trigger('said', 'api_related.' || name, $$ export default ({entity, source}) => {
  console.log('deletes', entity.name, JSON.stringify(source.id)); return true; } $$, 'BEFORE', on_delete => true) > 0 AS created
  FROM unnest('{orders,lines,notes,marks}'::text[]) AS name;
SELECT js($q$
  const {nodes} = await FunDB.recursiveDeleteEntry(E('orders'), 1);
  log(nodes.length);
  await attempt(() => FunDB.recursiveDeleteEntity(E('orders'), 1));
$q$);
SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM lines) AS lines, (SELECT count(*) FROM notes) AS notes,
  (SELECT count(*) FROM marks) AS marks;
-- Tables that inherit do not inherit the foreign key: their rows refer to nothing, and stay.
CREATE TABLE inner_orders (id numeric PRIMARY KEY, next numeric REFERENCES inner_orders, code text UNIQUE);
CREATE TABLE inner_lines (id int PRIMARY KEY, "order" numeric REFERENCES inner_orders);
CREATE TABLE old_lines (PRIMARY KEY (id)) INHERITS (inner_lines);
CREATE TABLE old_orders (PRIMARY KEY (id)) INHERITS (inner_orders);
INSERT INTO inner_orders VALUES (1.0, 1.0, 'a'), (2, 1, 'b');
INSERT INTO old_orders VALUES (3, NULL, 'b'), (4, NULL, 'c');
INSERT INTO inner_lines VALUES (1, 1);
INSERT INTO old_lines VALUES (1, 1), (3, 1);
SELECT js($q$
  // The row's key is the stored one: a row that refers to itself is met but once.
  log((await FunDB.recursiveDeleteEntry(E('inner_orders'), 1)).nodes.map(({entity, id}) => entity.name + ' ' + id));
  await attempt(() => FunDB.updateEntry(E('inner_orders'), {alt: 'inner_orders_code_key', keys: {code: 'b'}}, {next: null}));
$q$);
SELECT (SELECT array_agg(id) FROM inner_orders) AS orders, (SELECT array_agg(id ORDER BY id) FROM inner_lines) AS lines;
INSERT INTO inner_orders VALUES (2, NULL, 'b');
SELECT js($q$
  const key = {alt: 'inner_orders_code_key', keys: {code: 'b'}};
  await attempt(() => FunDB.updateEntry(E('inner_orders'), key, {next: null}));
  await attempt(() => FunDB.deleteEntry(E('inner_orders'), key));
  await attempt(() => FunDB.getRelatedEntries(E('inner_orders'), key));
$q$);
DROP TABLE inner_lines, inner_orders CASCADE;
-- A row that refers no more when its turn comes is let go, with all that refers to it.
CREATE TABLE given (id int PRIMARY KEY, "order" int REFERENCES orders, other int REFERENCES orders);
CREATE TABLE of_given (id int PRIMARY KEY, given int REFERENCES given);
CREATE FUNCTION give() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF old.id = 1 THEN UPDATE api_related.given SET "order" = 5 WHERE id IN (2, 3); END IF;
  RETURN old; END $$;
CREATE TRIGGER give BEFORE DELETE ON given FOR EACH ROW EXECUTE FUNCTION give();
INSERT INTO orders VALUES (4), (5);
INSERT INTO given VALUES (1, 4, NULL), (2, 4, NULL), (3, 4, 4), (4, 4, NULL);
INSERT INTO of_given VALUES (1, 1), (2, 2), (3, 3);
SELECT js($q$ log((await FunDB.recursiveDeleteEntry(E('orders'), 4)).nodes.length); $q$);
SELECT (SELECT array_agg(given ORDER BY id) FROM given) AS given, (SELECT array_agg(id) FROM of_given) AS of_given, (SELECT count(*) FROM orders WHERE id = 4) AS orders;
DROP TABLE of_given, given;
DELETE FROM orders WHERE id = 5;
-- Two sides of a reference may have other collations: the referred one's counts.
CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE blind_names (name text COLLATE blind PRIMARY KEY, v int);
CREATE TABLE named (id int PRIMARY KEY, name text COLLATE "C" REFERENCES blind_names);
CREATE UNIQUE INDEX exact_names ON blind_names (name COLLATE "C");
INSERT INTO blind_names VALUES ('Ann', 0);
INSERT INTO named VALUES (1, 'ANN');
SELECT js($q$
  // The index holds no such name; the primary key does.
  await attempt(() => FunDB.updateEntry(E('blind_names'), {alt: 'exact_names', keys: {name: 'ann'}}, {v: 1}));
  await attempt(() => FunDB.updateEntry(E('blind_names'), {alt: 'exact_names', keys: {name: 'Ann'}}, {v: 2}));
  await attempt(() => FunDB.updateEntry(E('blind_names'), 'ANN', {v: 3}));
  log((await FunDB.recursiveDeleteEntry(E('blind_names'), 'ann')).nodes.map(({id}) => id));
$q$);
SELECT (SELECT count(*) FROM blind_names) AS names, (SELECT count(*) FROM named) AS named;
DROP TABLE named, blind_names;
-- Rows that no key names stop it.
INSERT INTO bare VALUES (3);
SELECT js($q$ await attempt(() => FunDB.recursiveDeleteEntry(E('lines'), 3)); $q$);
DELETE FROM bare;

-- Commands.
SELECT js($q$
  log(await FunDB.runCommand('INSERT INTO api_related.orders (id, code) VALUES (5, \'five\'), (6, \'six\')'));
  log(await FunDB.runCommand('{ $x string }: UPDATE api_related.orders SET name = $x WHERE id > 4', {x: 'late'}));
  log(await FunDB.runCommand('UPDATE api_related.orders SET name = \'none\' WHERE id > 40'));
  log(await FunDB.runCommand('DELETE FROM api_related.orders WHERE id = 6'));
  await attempt(() => FunDB.runCommand('UPDATE api_related.orders SET nme = 1'));
  await attempt(() => FunDB.runCommand('{ $x int }: DELETE FROM api_related.orders WHERE id = $x'));
  await attempt(() => FunDB.runCommand('DELETE FROM api_related.orders WHERE id = 2'));
  await attempt(() => FunDB.runCommand('INSERT INTO api_related.orders (id) VALUES (1 / (1 - 1))'));
$q$);
SELECT id, code, name FROM orders ORDER BY id;

-- Deferred constraints: within the function only, nested or not, and told where it ends.
SELECT js($q$
  const add = (id, back) => FunDB.insertEntity(E('lines'), {id, back});
  await attempt(() => add(10, 11));
  log(await FunDB.deferConstraints(async () => { await add(10, 11); await add(11, 10); return 'done'; }));
  log(await FunDB.deferConstraints(async () => {
    await add(12, 13);
    await FunDB.deferConstraints(() => add(14, 13));
    await add(13, 12);
    return 'nested';
  }));
  // Caught, the violation is still there, and may be mended.
  await attempt(() => FunDB.deferConstraints(() => add(20, 21)));
  await FunDB.deferConstraints(() => add(21, 20));
  await attempt(() => add(22, 23));
$q$);
-- Else the rule fails at its end.
SELECT js($q$ await attempt(() => FunDB.deferConstraints(() => FunDB.insertEntity(E('lines'), {id: 30, back: 31}))); $q$);
SELECT js($q$
  await attempt(() => FunDB.deferConstraints(() => { throw new Error('of the function'); }));
  await attempt(() => FunDB.insertEntity(E('lines'), {id: 22, back: 23}));
$q$);
-- What is open when a rule ends is checked then, and stays open no longer.
SELECT js($q$ FunDB.deferConstraints(() => new Promise(() => {})); await FunDB.insertEntity(E('lines'), {id: 31, back: 32}); $q$);
BEGIN;
SELECT js($q$ FunDB.deferConstraints(() => new Promise(() => {})); $q$);
SELECT js($q$ await attempt(() => FunDB.deferConstraints(() => FunDB.insertEntity(E('lines'), {id: 31, back: 32}))); log('and fails'); $q$);
ROLLBACK;
BEGIN;
SELECT js($q$ FunDB.deferConstraints(() => new Promise(() => {})); $q$);
INSERT INTO lines (id, back) VALUES (31, 32);
ROLLBACK;
-- So it does when the rule fails and somebody catches that, whatever it had written.
CREATE FUNCTION caught(body text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM js(body); RETURN 'no error'; EXCEPTION WHEN OTHERS THEN RETURN SQLERRM; END $$;
BEGIN;
SELECT caught($q$ FunDB.deferConstraints(() => new Promise(() => {})); await FunDB.insertEntity(E('lines'), {id: 31, back: 32}); throw new Error('of the rule'); $q$);
SELECT js($q$ await attempt(() => FunDB.deferConstraints(() => FunDB.insertEntity(E('lines'), {id: 31, back: 31}))); $q$);
SELECT caught($q$ FunDB.deferConstraints(() => new Promise(() => {})); await FunDB.runCommand('DELETE FROM api_related.lines'); throw new Error('of the rule'); $q$);
INSERT INTO lines (id, back) VALUES (33, 34);
ROLLBACK;
BEGIN;
SAVEPOINT before;
SELECT js($q$ await FunDB.deferConstraints(() => { throw new Error('of the function'); }); $q$);
ROLLBACK TO before;
INSERT INTO lines (id, back) VALUES (33, 34);
ROLLBACK;
-- A rule within a rule leaves all to the outer one.
SELECT fundb.create_trigger('nested', 'api_related.lines', $$ export default async (event, {id}) => {
  if (id >= 40 && id < 50) FunDB.deferConstraints(() => new Promise(() => {})); return true; } $$, 'BEFORE', true) > 0 AS created;
SELECT js($q$
  await FunDB.deferConstraints(async () => { await FunDB.insertEntity(E('lines'), {id: 40, back: 41}); await FunDB.insertEntity(E('lines'), {id: 41, back: 40}); });
  await attempt(() => FunDB.insertEntity(E('lines'), {id: 42, back: 43}));
$q$);
DELETE FROM public.triggers WHERE name = 'nested';
-- A rule that a constraint trigger's function calls when the outer one applies its constraints: it
-- is not within what the outer one defers any more, and its own rows would be refused.
CREATE TABLE steps (id int PRIMARY KEY);
CREATE TABLE outcomes (id int PRIMARY KEY);
CREATE FUNCTION conclude() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO api_related.outcomes VALUES (new.id); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER conclude AFTER INSERT ON steps DEFERRABLE FOR EACH ROW EXECUTE FUNCTION conclude();
SELECT fundb.create_trigger('nested', 'api_related.outcomes', $$ export default async (event, {id}) => {
  const add = (id, back) => FunDB.insertEntity({schema: 'api_related', name: 'lines'}, {id, back});
  await FunDB.deferConstraints(async () => { await add(id, id + 1); await add(id + 1, id); });
} $$, 'AFTER', true) > 0 AS created;
SELECT js($q$
  await FunDB.deferConstraints(() => FunDB.insertEntity(E('steps'), {id: 60}));
  FunDB.deferConstraints(() => new Promise(() => {}));
  await FunDB.insertEntity(E('steps'), {id: 62});
$q$);
SELECT id, back FROM lines WHERE id BETWEEN 60 AND 63 ORDER BY id;
DELETE FROM public.triggers WHERE name = 'nested';

-- Descriptions.
UPDATE public.entities SET main_field = 'code' WHERE id = fundb.entity_id('orders');
SELECT js($q$
  const info = await FunDB.getEntityInfo(E('lines'));
  log(Object.keys(info));
  log(info.columnFields.order, info.uniqueConstraints, info.key, info.mainField, info.hasDeleteTriggers, info.hasInsertTriggers);
  log((await FunDB.getEntityInfo(E('orders'))).columnFields.state.fieldType);
  log(await FunDB.getDomainValues({entity: E('lines'), name: 'order'}));
  log(await FunDB.getDomainValues({entity: E('lines'), name: 'order'}, null, {limit: 1, search: 'five'}));
  log(await FunDB.getDomainValues({entity: E('orders'), name: 'state'}));
  await attempt(() => FunDB.getDomainValues({entity: E('orders'), name: 'name'}));
  await attempt(() => FunDB.getDomainValues({entity: E('orders'), name: 'stat'}));
$q$);

-- Another primary key of the referring table, of another type.
CREATE TABLE referred (id int PRIMARY KEY);
CREATE TABLE referring (id int PRIMARY KEY, code text NOT NULL, referred int REFERENCES referred);
INSERT INTO referred VALUES (1);
INSERT INTO referring VALUES (10, 'c', 1);
SELECT js($q$ log(await FunDB.getRelatedEntries(E('referred'), 1)); $q$);
ALTER TABLE referring DROP CONSTRAINT referring_pkey, ADD PRIMARY KEY (code);
SELECT js($q$ log(await FunDB.getRelatedEntries(E('referred'), 1)); $q$);

-- A row that would go by itself stops another one: it goes before that.  And what refers to a row
-- that one reference lets stay and another does not.
CREATE TABLE tops (id int PRIMARY KEY);
CREATE TABLE mids (id int PRIMARY KEY, top int REFERENCES tops);
CREATE TABLE ends (id int PRIMARY KEY, top int REFERENCES tops ON DELETE CASCADE, mid int REFERENCES mids,
  kept int REFERENCES tops ON DELETE SET NULL);
CREATE TABLE tails (id int PRIMARY KEY, "end" int REFERENCES ends);
INSERT INTO tops VALUES (1), (2);
INSERT INTO mids VALUES (1, 1), (2, 2);
INSERT INTO ends VALUES (1, 1, 1, NULL), (2, NULL, 2, 2);
INSERT INTO tails VALUES (1, 1), (2, 2);
SELECT js($q$
  for (const id of [1, 2]) {
    await attempt(async () => (await FunDB.recursiveDeleteEntry(E('tops'), id)).nodes
      .map(({entity, references}) => entity.name + ' ' + references.map(({row, deleteAction}) => deleteAction + ' ' + row)));
  }
$q$);
SELECT (SELECT count(*) FROM tops) AS tops, (SELECT count(*) FROM mids) AS mids, (SELECT count(*) FROM ends) AS ends,
  (SELECT count(*) FROM tails) AS tails;

-- A reference means rows of the very table, not of those that inherit from it.
CREATE TABLE heir () INHERITS (referred);
INSERT INTO heir VALUES (1), (3);
SELECT js($q$ log((await FunDB.getDomainValues({entity: E('referring'), name: 'referred'})).values); $q$);

-- Trees have bounds: of rows, and of references where many lead to one row.
CREATE TABLE hub (id int PRIMARY KEY);
INSERT INTO hub VALUES (1);
DO $$ BEGIN
  EXECUTE (SELECT format('CREATE TABLE spokes (id int PRIMARY KEY, %s)', string_agg(format('c%s int DEFAULT 1 REFERENCES hub', i), ', ')) FROM generate_series(1, 101) i);
END $$;
SET session_replication_role = replica;
INSERT INTO spokes (id) SELECT generate_series(1, 10000);
RESET session_replication_role;
SELECT js($q$ await attempt(() => FunDB.getRelatedEntries(E('hub'), 1)); $q$);
SET session_replication_role = replica;
INSERT INTO spokes (id) SELECT generate_series(10001, 100001);
RESET session_replication_role;
SELECT js($q$ await attempt(() => FunDB.getRelatedEntries(E('hub'), 1)); $q$);

-- Keys that are long, and keys that look alike under a setting.
CREATE TABLE long_keys (k text PRIMARY KEY, hub int REFERENCES hub);
INSERT INTO long_keys SELECT i || repeat('a', 100000), 1 FROM generate_series(1, 400) i;
DROP TABLE spokes;
SELECT js($q$ await attempt(() => FunDB.getRelatedEntries(E('hub'), 1)); $q$);
DROP TABLE long_keys;
CREATE TABLE near_keys (k float8 PRIMARY KEY, hub int REFERENCES hub);
INSERT INTO near_keys VALUES (1.0000001, 1), (1.0000002, 1), (2, 1);
SET extra_float_digits = -12;
SELECT js($q$ log((await FunDB.getRelatedEntries(E('hub'), 1)).nodes.length); $q$);
RESET extra_float_digits;

-- Who may refer to a table may not have code of his called by whoever asks: a cast, or the expression of an index.
CREATE ROLE api_related_mean;
CREATE TABLE valued (id int PRIMARY KEY);
INSERT INTO valued VALUES (1);
CREATE SCHEMA api_related_2 AUTHORIZATION api_related_mean;
GRANT USAGE ON SCHEMA api_related TO api_related_mean;
GRANT REFERENCES ON valued TO api_related_mean;
SET ROLE api_related_mean;
CREATE TYPE api_related_2.e AS ENUM ('a');
CREATE FUNCTION api_related_2.c(api_related_2.e) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE WARNING 'cast as %', current_user; RETURN 1; END $$;
CREATE CAST (api_related_2.e AS int) WITH FUNCTION api_related_2.c(api_related_2.e) AS IMPLICIT;
CREATE TABLE api_related_2.child (id int PRIMARY KEY, p api_related_2.e CONSTRAINT by_cast REFERENCES valued);
RESET ROLE;
SELECT js($q$
  await attempt(() => FunDB.getRelatedEntries(E('valued'), 1));
  await attempt(() => FunDB.recursiveDeleteEntry(E('valued'), 1));
$q$);
DROP TABLE api_related_2.child;
SET ROLE api_related_mean;
CREATE FUNCTION api_related_2.f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE WARNING 'called as %', current_user; RETURN 1; END $$;
CREATE TABLE api_related_2.child (id int PRIMARY KEY, x int, p int CONSTRAINT by_index REFERENCES valued);
CREATE UNIQUE INDEX ON api_related_2.child ((x + api_related_2.f(0)));
RESET ROLE;
SELECT js($q$ await attempt(() => FunDB.getRelatedEntries(E('valued'), 1)); $q$);
-- The same by a partition of theirs.
DROP TABLE api_related_2.child;
CREATE TABLE api_related_2.child (id int PRIMARY KEY, x int, p int CONSTRAINT by_part REFERENCES valued) PARTITION BY LIST (id);
CREATE TABLE api_related_2.part PARTITION OF api_related_2.child DEFAULT;
ALTER TABLE api_related_2.part OWNER TO api_related_mean;
SET ROLE api_related_mean;
CREATE INDEX part_f ON api_related_2.part ((x + api_related_2.f(0)));
RESET ROLE;
SELECT js($q$ await attempt(() => FunDB.getRelatedEntries(E('valued'), 1)); $q$);
-- Its owner may ask, and so may who is a member of that role.
ALTER TABLE api_related_2.part OWNER TO CURRENT_USER;
DROP INDEX api_related_2.part_f;
SELECT js($q$ log((await FunDB.getRelatedEntries(E('valued'), 1)).nodes.length); $q$);
DROP SCHEMA api_related_2 CASCADE;
DROP OWNED BY api_related_mean;
DROP ROLE api_related_mean;

-- Rows that refer to each other in a long chain: no depth of the stack bounds it.
CREATE TABLE chain (id int PRIMARY KEY, up int REFERENCES chain);
CREATE INDEX ON chain (up);
INSERT INTO chain SELECT i, nullif(i - 1, 0) FROM generate_series(1, 4000) i;
INSERT INTO chain VALUES (0, 2);
ANALYZE chain;
SET max_stack_depth = '220kB';
SELECT js($q$ log((await FunDB.recursiveDeleteEntry(E('chain'), 3)).nodes.length); $q$);
RESET max_stack_depth;
SELECT * FROM chain;
DROP TABLE chain;

-- The last child takes its parent along: by a trigger, by a cascade in a circle.  What is gone is deleted.
CREATE TABLE baskets (id int PRIMARY KEY);
CREATE TABLE bags (id int PRIMARY KEY, basket int REFERENCES baskets, best int);
CREATE TABLE things (id int PRIMARY KEY, bag int REFERENCES bags);
CREATE FUNCTION last_thing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM bags b WHERE id = old.bag AND NOT EXISTS (SELECT FROM things WHERE bag = b.id);
  RETURN NULL;
END $$;
CREATE TRIGGER last_thing AFTER DELETE ON things FOR EACH ROW EXECUTE FUNCTION last_thing();
INSERT INTO baskets VALUES (1);
INSERT INTO bags VALUES (1, 1);
INSERT INTO things VALUES (1, 1), (2, 1);
SELECT js($q$ log((await FunDB.recursiveDeleteEntry(E('baskets'), 1)).nodes.length); $q$);
SELECT (SELECT count(*) FROM baskets) AS baskets, (SELECT count(*) FROM bags) AS bags, (SELECT count(*) FROM things) AS things;
DROP TRIGGER last_thing ON things;
ALTER TABLE bags ADD FOREIGN KEY (best) REFERENCES things ON DELETE CASCADE;
INSERT INTO baskets VALUES (1);
INSERT INTO bags VALUES (1, 1);
INSERT INTO things VALUES (1, 1);
UPDATE bags SET best = 1;
SELECT js($q$ log((await FunDB.recursiveDeleteEntry(E('baskets'), 1)).nodes.length); $q$);
SELECT (SELECT count(*) FROM baskets) AS baskets, (SELECT count(*) FROM bags) AS bags, (SELECT count(*) FROM things) AS things;
-- A trigger lets the row go that is to be deleted: it stays.
CREATE FUNCTION keep_bag() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE bags SET basket = NULL, best = NULL WHERE id = old.id;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_bag BEFORE DELETE ON bags FOR EACH ROW EXECUTE FUNCTION keep_bag();
INSERT INTO baskets VALUES (1);
INSERT INTO bags VALUES (1, 1);
INSERT INTO things VALUES (1, 1);
SELECT js($q$ log((await FunDB.recursiveDeleteEntry(E('baskets'), 1)).nodes.length); $q$);
SELECT (SELECT count(*) FROM baskets) AS baskets, (SELECT count(*) FROM things) AS things, b.* FROM bags b;
DROP TABLE things, bags, baskets CASCADE;
DROP FUNCTION last_thing, keep_bag;

-- Events: a row of fundb.events is part of the transaction, and nobody needs a right on the table.
CREATE ROLE api_related_clerk;
GRANT USAGE ON SCHEMA api_related TO api_related_clerk;
GRANT INSERT ON run TO api_related_clerk;
SELECT js($q$
  await FunDB.writeEventSync({who: 'body', list: [1, "q'"]});
  await FunDB.writeEventSync('text');
  await attempt(async () => { await FunDB.writeEventSync('kept'); throw new Error('out'); });
$q$);
SET fundb.user_name = 'ann';
SET ROLE api_related_clerk;
INSERT INTO run VALUES (2);
RESET ROLE;
BEGIN;
INSERT INTO run VALUES (3);
ROLLBACK;
SELECT user_name = 'ann' AS is_ann, source, details, transaction_id > 0 AS has_transaction, transaction_timestamp <= timestamp AS in_order
  FROM fundb.events WHERE source -> 'entity' ->> 'schema' = 'api_related' ORDER BY id;
DELETE FROM fundb.events WHERE source -> 'entity' ->> 'schema' = 'api_related';
-- writeEvent is a line of the server's log and gives nothing back.
SELECT js($q$ log(FunDB.writeEvent({line: 1})); $q$);

SET client_min_messages = warning;
DROP SCHEMA api_related CASCADE;
DROP ROLE api_related_clerk;
