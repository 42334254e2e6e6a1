-- Handlers that keep nothing of a row are called with the columns that they name. Each rule runs on two tables, on the second with a template literal in it, for which
-- objects of the row are made: the statements must do the same to both, and the handlers must have seen the same.
CREATE SCHEMA app;
SELECT count(fundb.version());
SET fundb.direct_after = 0;
CREATE TABLE app.a (id int PRIMARY KEY, n int, t text, doc jsonb, tags text[], b bytea, d timestamptz, g text GENERATED ALWAYS AS ('g' || n) STORED, u text,
  x numeric(12, 3) DEFAULT 1.50, f float8 DEFAULT 2.5, h bool, l bigint, c char(5), k int DEFAULT 7, "constructor" text);
CREATE TABLE app.b (LIKE app.a INCLUDING ALL);
CREATE SEQUENCE app.of_a;
CREATE SEQUENCE app.of_b;
ALTER TABLE app.a ALTER k SET DEFAULT nextval('app.of_a');
ALTER TABLE app.b ALTER k SET DEFAULT nextval('app.of_b');
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('app'), 'brought.mjs', 'export const brought = 5;');
CREATE TABLE app.log (no serial, entity text, what text);
CREATE FUNCTION app.run(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN '';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
-- The statements of each rule: rows of many kinds, one after another in one session.
CREATE TABLE app.statements (no serial, statement text);
INSERT INTO app.statements (statement) VALUES
  ('INSERT INTO app.%1$s (id, n, t, doc, tags, b, d) VALUES (1, 1, ''one'', ''{"a": [1, {"b": 2}]}'', ''{x,y}'', ''\x0102'', ''2024-01-01'')'),
  ('INSERT INTO app.%1$s (id, n, t) SELECT i, i, repeat(''long '' || i, 40) FROM generate_series(2, 30) i'),
  ('INSERT INTO app.%1$s (id) VALUES (31)'),
  ('INSERT INTO app.%1$s (id, t, u) VALUES (32, NULL, ''u''), (33, ''t'', NULL), (34, NULL, NULL)'),
  ('INSERT INTO app.%1$s (id, doc, tags) SELECT i, jsonb_build_object(''i'', i), array[i::text] FROM generate_series(35, 45) i'),
  ('INSERT INTO app.%1$s (id, n) VALUES (46, 666)'),
  ('INSERT INTO app.%1$s (id, x, f, h, l, c) VALUES (70, 123456789.125, ''NaN'', true, 9007199254740993, ''c''), (71, NULL, NULL, NULL, NULL, NULL), (72, DEFAULT, DEFAULT, DEFAULT, -1, '''')'),
  ('UPDATE app.%1$s SET x = x + 1, h = NOT h, l = l - 1, c = ''d'' WHERE id IN (70, 71, 72)'),
  ('INSERT INTO app.%1$s (id, n) SELECT i, CASE WHEN i = 50 THEN 666 ELSE i END FROM generate_series(47, 52) i'),
  ('INSERT INTO app.%1$s (id, n, t) VALUES (53, 53, ''after the error'')'),
  ('UPDATE app.%1$s SET n = n + 1'),
  ('UPDATE app.%1$s SET t = t || id, doc = ''[1, 2]'' WHERE id %% 2 = 0'),
  ('UPDATE app.%1$s SET n = 667 WHERE id IN (3, 4, 5)'),
  ('UPDATE app.%1$s SET u = id, d = ''2024-02-02'' WHERE id < 40'),
  ('INSERT INTO app.%1$s (id, n, t) VALUES (1, 2, ''taken'') ON CONFLICT (id) DO UPDATE SET t = excluded.t, n = excluded.n'),
  ('MERGE INTO app.%1$s USING (VALUES (2), (60)) v (id) ON %1$s.id = v.id WHEN MATCHED THEN UPDATE SET t = ''merged'' WHEN NOT MATCHED THEN INSERT (id, t) VALUES (v.id, ''new'')'),
  ('UPDATE app.%1$s SET id = id + 1000 WHERE id < 10'),
  ('DELETE FROM app.%1$s WHERE id > 20 AND id < 30'),
  ('DELETE FROM app.%1$s');
-- `next` is the body of a rule that comes after it, for both tables the same.
CREATE FUNCTION app.compare(body text, "time" text, head text DEFAULT 'export default function handle(event, args)', next text DEFAULT NULL)
  RETURNS TABLE (what text) LANGUAGE plpgsql AS $$
DECLARE name text; s record; outcome text; states text[] := '{"",""}'; one text; which int;
BEGIN
  DELETE FROM public.triggers;
  DELETE FROM app.a;
  DELETE FROM app.b;
  DELETE FROM app.log;
  PERFORM setval('app.of_a', 100), setval('app.of_b', 100);
  FOREACH name IN ARRAY '{a,b}'::text[] LOOP
    PERFORM fundb.create_trigger('rule', ('app.' || name)::regclass, format(E'let n = 0; const kept = []; const log = {schema: ''app'', name: ''log''};\nconst note = (...what) => { FunDB.insertEntity(log, {entity: %L, what: JSON.stringify(what)}); };\nconst same = (value) => value;\n%s {\n%s\n}',
      name, head, body || CASE name WHEN 'a' THEN '' ELSE ' `;`' END), "time", true, '{*}', true);
    IF next IS NOT NULL THEN
      PERFORM fundb.create_trigger('next', ('app.' || name)::regclass, format('export default (event, args) => { if (args) { %s } return args ?? true; }', next), "time", true, '{*}', true, priority => 1);
    END IF;
  END LOOP;
  FOR s IN SELECT * FROM app.statements ORDER BY no LOOP
    FOR which IN 1..2 LOOP
      name := substr('ab', which, 1);
      outcome := replace(replace(app.run(format(s.statement, name)), 'app.' || name, 'it'), 'relation "' || name, 'relation "it');
      EXECUTE format('SELECT string_agg(whole::text, '','' ORDER BY id) FROM app.%s whole', name) INTO one;
      states[which] := concat_ws(';', outcome, one);
    END LOOP;
    IF states[1] IS DISTINCT FROM states[2] THEN
      what := 'statement ' || s.no || E' differs:\n' || states[1] || E'\n' || states[2];
      RETURN NEXT;
    END IF;
  END LOOP;
  states := ARRAY(SELECT string_agg(l.what, E'\n' ORDER BY no) FROM unnest('{a,b}'::text[]) e LEFT JOIN app.log l ON entity = e GROUP BY e ORDER BY e);
  what := CASE WHEN states[1] IS NOT DISTINCT FROM states[2] THEN 'same, ' || length(coalesce(states[1], '')) || ' bytes of notes' ELSE E'notes differ:\n' || states[1] || E'\n' || states[2] END;
  RETURN NEXT;
END $$;
\pset format unaligned
\pset tuples_only on
SET client_min_messages = error;
CREATE FUNCTION app.both(body text, head text DEFAULT 'export default function handle(event, args)') RETURNS TABLE ("time" text, what text) LANGUAGE sql AS $$
  SELECT t, c FROM unnest('{BEFORE,AFTER}'::text[]) t, app.compare(body, t, head) c
$$;
SELECT * FROM app.both('return true;');
SELECT * FROM app.both('if (event.new) { } return true;');
SELECT * FROM app.both('note(event.old.t); return true;');
-- INSERT and UPDATE alone have `args`.
UPDATE app.statements SET statement = 'TRUNCATE app.%1$s' WHERE statement ~ '^DELETE';
SELECT * FROM app.both('return args;');
SELECT * FROM app.both('args.t = args.t + ''!''; return args;');
SELECT * FROM app.both('args.u = event.new.t + event.new.n; return args;');
SELECT * FROM app.both('const row = event.new; args.u = row.t + '':'' + row.id; return args;');
SELECT * FROM app.both('note(args.id, args.n, args.t, args.doc, args.tags, args.b, args.d, args.g, args.u); return true;');
SELECT * FROM app.both('const row = event.new; note(row.id, row.n, row.t, row.doc, row.tags, row.b, row.d, row.g, row.u); return true;');
SELECT * FROM app.both('note(args.x, args.f, args.h, args.l + '''', args.c, args.k); return true;');
SELECT * FROM app.both('const row = event.new; note(row.x, row.f, row.h, row.l + '''', row.c, row.k); return true;');
SELECT * FROM app.both('args.x = args.x; args.f = args.f; args.h = args.h; args.l = args.l; args.c = args.c; args.k = args.k; return args;');
SELECT * FROM app.both('args.x = event.new.x; args.f = event.new.f; args.h = event.new.h; args.l = event.new.l; args.c = event.new.c; return args;');
SELECT * FROM app.both('args.x += 1; args.f *= 2; args.h = !args.h; args.c ??= ''new''; args.n++; return args;');
SELECT * FROM app.both('[args.t, args.u] = [args.u, args.t]; ({a: args.x, b: [args.f]} = {a: args.f, b: [args.x]}); return args;');
SELECT * FROM app.both('for (args.n of [1, 2, 3]) { args.t = args.t + args.n; } return args;');
SELECT * FROM app.both('args.x = ''1.250''; args.f = ''1e3''; args.l = ''12''; args.n = 3.0; args.h = null; return args;');
SELECT * FROM app.both('if (args.h === undefined) { args.h = false; } if (args.l == null) { return args; } return {n: args.n, u: args.t};');
SELECT * FROM app.both('if (args.n > 20) { return {}; } args.x = undefined; args.k = undefined; return args;');
SELECT * FROM app.both('args.doc = {n: args.n, t: [args.t]}; args.tags = [args.t]; args.d = new Date(args.n * 1000); return args;');
SELECT * FROM app.both('args.doc = {toJSON: log.name.toString}; return args;');
SELECT * FROM app.both('args.g = args.t; return args;');
SELECT * FROM app.both('args.g = event.new.g; return args;');
SELECT * FROM app.both('note(event.new.missing, args.missing, event.new.toString === args.toString); return args;');
SELECT * FROM app.both('event.new.n++; return args;');
SELECT * FROM app.both('if (n++ > 5) { n = 0; event.new.n = 5; } return args;');
-- What an async handler returns is a promise of `args`, no other object in which all other columns are left out.
SELECT * FROM app.both('args.u = args.n; /* and then */ return args;', 'export default async function handle(event, args)');
SELECT * FROM app.both('args.u = args.n; return args;', 'export default async (event, args) =>');
SELECT * FROM app.both('args.u = brought; return args;', 'import {brought} from ''app/brought''; export default async function handle(event, args)');
SELECT * FROM app.both('if (args.n > 20) { args.u = 1; } return args;', 'export const more = 1; export default async function handle(event, args)');
SELECT * FROM app.both('args.u = await args.n; return args;', 'export default async function handle(event, args)');
SELECT * FROM app.both('return args;', '/* await */ export default async function handle(event, args)');
-- A call that is assigned to is made, and then an error: it sees the value of the column.
SELECT * FROM app.both('try { note(args.n, args.u) = 1; } catch (e) { args.u = e.name; } try { note(args.u) = 1; } catch (e) { } args.n = 5; return args;');
SELECT * FROM app.both('try { note(args.u) = 1; } catch (e) { } args.u = 5; return args;');
SELECT * FROM app.both('try { same(args.n++) = 1; } catch (e) { } try { same(--args.l) = 1; } catch (e) { } try { same(args.t ??= ''none'') = 1; } catch (e) { } return args;');
SELECT * FROM app.both('try { same(++args.n) = 1; } catch (e) { } return args;');
SELECT * FROM app.both('try { for (note(args.u) of [1]) n++; } catch (e) { args.u = 1; } try { same(args.t)++; } catch (e) { args.t = 2; } return args;');
-- A column that was assigned as it was is assigned: the next rule, which deletes it, gets its default anew.
SELECT what FROM app.compare('args.k = args.k; return args;', 'BEFORE', next => 'delete args.k;');
SELECT what FROM app.compare('if (args.n > 20) { args.k = args.k; } return args;', 'BEFORE', next => 'delete args.k;');
SELECT what FROM app.compare('args.f = 2.5; args.x *= 1; if (args.k < 0) { args.k = 0; } return args;', 'BEFORE', next => 'delete args.k; args.u = Object.keys(args).join();');
SELECT what FROM app.compare('args.k++; return args;', 'BEFORE', next => 'args.k++; delete args.n;');
-- A name that each object has, in rows with and without such a column.
SELECT * FROM app.both('note(args.constructor === Object, event.new.constructor); args.u = typeof args.constructor; if (args.n > 10) { args.constructor = args.t; } return args;');
-- Random ones.
CREATE FUNCTION app.one_of(VARIADIC list text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT list[1 + floor(random() * array_length(list, 1))] $$;
CREATE FUNCTION app.random_body(is_async boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE part text; body text := 'const row = event.new; '; value text; target text; parts text[];
BEGIN
  parts := ARRAY[
    '%1$s = %2$s;', '%1$s = %2$s + '''';', 'if (%2$s) { %1$s = %2$s; }', 'note(%2$s === undefined ? 0 : %2$s + '''');', '%1$s = null;', '%1$s = undefined;',
    'if (%2$s == null) { %1$s = 5; } else { %1$s += 1; }', 'if (n++ %% 3) { %1$s = %2$s; return args; }', '[%1$s, n] = [%2$s, n + 1];', '%1$s ||= %2$s;', '%1$s++;',
    'if (%2$s > 20) { return true; }', 'if (%2$s > 40) { return {u: %2$s}; }', 'if (%2$s == 666) { throw new Error(''at '' + %2$s); }', 'if (n++ %% 7 == 6) { return false; }',
    'try { %1$s = %2$s.length; } catch (e) { %1$s = null; }', '%1$s = String(%2$s).slice(0, 3);', 'for (let i = 0; i < 2; i++) { %1$s = %2$s; }',
    -- Odd targets.
    'try { note(typeof %1$s, %1$s) = %2$s; } catch (e) { }', 'try { note(%1$s) = %2$s; } catch (e) { }', 'try { same(++%1$s) = %2$s; } catch (e) { }', 'try { same(%1$s ??= 5) = 1; } catch (e) { %1$s = 6; }',
    'try { same(%1$s--) += 1; } catch (e) { }', 'try { for (note(%1$s) of [1]) n++; } catch (e) { }', 'try { note(%1$s)++; } catch (e) { }', '(%1$s) = %2$s;', '((%1$s))++;', '--(%1$s);',
    '[%1$s = %2$s] = [n & 1 ? undefined : 3];', '({a: %1$s = %2$s} = {a: n++ & 1 ? undefined : 3});', '[[%1$s], {b: %1$s}] = [[%2$s], {b: n}];', 'for (%1$s of [1, %2$s]) n++;', 'for (%1$s in {a: 1}) n++;',
    '%1$s = %1$s;', '%1$s = (n++, %2$s);', 'n = (%1$s = %2$s) ? n : n + 1;', 'args.k = args.k;', 'if (n++ & 1) { args.f = args.f; }', 'note(typeof args.constructor);', 'args.constructor = %2$s;', '/* then */',
    'same(%1$s = %2$s);', 'switch (%2$s) { case 1: %1$s = 1; break; default: %1$s = 2; }', 'do { %1$s = n; } while (n++ < 3);', 'try { return args; } finally { %1$s = %2$s; }', 'return same(true);',
    'if (%2$s > 30) { return null; }', 'if (%2$s > 30) return {}; else n++;', 'const v%3$s = %1$s; %1$s = 1; note(v%3$s);', '{ let v = %2$s; %1$s = v; }', 'x: { if (%2$s) break x; %1$s = 3; }', 'note(n = %1$s);'];
  IF is_async THEN
    parts := parts || ARRAY['%1$s = await %2$s;', 'await note(%2$s);', 'if (%2$s > 10) { await null; return args; }', 'try { await Promise.reject(%2$s); } catch (e) { %1$s = e; }', 'await 1; %1$s = %2$s;'];
  END IF;
  FOR i IN 1 .. 1 + floor(random() * 5) LOOP
    value := format(app.one_of('args.%s', 'event.new.%s', 'row.%s', 'args.%s', '(args.%s)'),
      app.one_of('id', 'n', 't', 'u', 'x', 'f', 'h', 'l', 'c', 'k', 'doc', 'd', 'g', 'missing', 'n', 't'));
    target := 'args.' || app.one_of('n', 't', 'u', 'x', 'f', 'h', 'c', 't', 'u', 'k');
    part := parts[1 + floor(random() * array_length(parts, 1))];
    body := body || format(part, target, value, i) || ' ';
  END LOOP;
  RETURN body || 'return args;';
END $$;
CREATE FUNCTION app.random_head(is_async boolean) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN is_async
    THEN app.one_of('export default async function handle(event, args)', 'export default async (event, args) =>', '/* then */ export default async function (event, args)',
      'import {brought} from ''app/brought''; export default async function handle(event, args)', 'export const more = 1; export default async function handle(event, args)')
    ELSE app.one_of('export default function handle(event, args)', 'export default function (event, args)', 'export default (event, args) =>', E'// async\nexport default function handle(event, args)') END
$$;
CREATE FUNCTION app.random_rules(count int) RETURNS TABLE (no int, head text, body text, "time" text, next text) LANGUAGE sql VOLATILE AS $$
  SELECT i, app.random_head(a), app.random_body(a), CASE i % 3 WHEN 0 THEN 'AFTER' ELSE 'BEFORE' END,
    CASE WHEN random() < 0.3 THEN app.one_of('delete args.k;', 'args.k++;', 'delete args.f; delete args.x;', 'args.u = Object.keys(args).join();') END
  FROM (SELECT i, i % 4 = 0 AS a FROM generate_series(1, count) i OFFSET 0) x
$$;
SELECT setseed(0.5);
CREATE TABLE app.bodies AS SELECT * FROM app.random_rules(60);
SELECT head, body, next, what FROM app.bodies, app.compare(body, "time", head, next) WHERE what NOT LIKE 'same, %';
SET fundb.direct_after = -1;
SELECT head, body, next, what FROM app.bodies, app.compare(body, "time", head, next) WHERE no <= 8 AND what NOT LIKE 'same, %';
SET fundb.direct_after = 0;
-- The change from objects to columns comes in the middle of a statement.
SET fundb.direct_after = 7;
SELECT * FROM app.both('note(args.id, args.n, event.new.t); args.u = args.n + args.t; return args;');
SELECT * FROM app.both('if (++n & 1) { args.u = n; args.n = 5; } note(args.u, args.n); return args;');
SET fundb.direct_after = 0;
-- Which of the two it is can only be seen in a stack.
SELECT what FROM app.both('args.u = new Error().stack.includes(''fundb:adapter''); return args;') LIMIT 1;
-- Values that the module keeps stay as they were.
SELECT * FROM app.both('kept.push(args.doc, args.t, args.tags, args.d); note(kept.slice(-9)); return true;');
SELECT * FROM app.both('const row = event.new; kept.push(row.doc, row.t, row.tags, row.b); note(kept.slice(-9)); return args;');
-- Changed in place; the next row must not show it.
SELECT * FROM app.both('if (args.doc) { args.doc.seen = ++n; } if (args.tags) { args.tags.push(''z''); } note(args.doc, args.tags); return args;');
SELECT * FROM app.both('const row = event.new; if (row.doc) { row.doc.seen = ++n; } note(row.doc === row.doc, row.doc); return true;');
-- Set in one row, not in the next.
SELECT * FROM app.both('if (++n & 1) { args.u = n; args.n = 5; } note(args.u, args.n); return args;');
SELECT * FROM app.both('if (++n & 1) { args.nothing = n; } note(args.nothing); return n & 1 ? true : false;');
SELECT * FROM app.both('note(args.a1, args.a2); args.a1 = args.a2 = ++n; args.a1 = undefined; if (n & 2) { args.a2 = undefined; return args; } return true;');
SELECT * FROM app.both('args.id = args.id; args.n = 1; args.t = ''2''; args.doc = {a: 3}; args.tags = [''4'']; args.b = null; args.d = new Date(0); args.u = ''8''; note(args.n, args.t, args.doc, args.u); if (n++ & 1) { return args; } return true;');
SELECT * FROM app.both('args.u = undefined; args.t = undefined; return args;');
SELECT * FROM app.both('note(args.toString, args.constructor === Object, args.valueOf); args.toString = 5; return true;');
SELECT * FROM app.both('event.new.t = 5; return true;');
-- Errors in between: the rows after them see nothing of it.
SELECT * FROM app.both('args.u = args.n; if (args.n == 666) { throw new Error(''refused ''); } note(args.u); return args;');
SELECT * FROM app.both('try { if (args.n > 665) { throw args.n; } } catch (e) { args.u = ''caught'' + e; } return args;');
SELECT * FROM app.both('if (args.n == 667) { args.n = ''no number''; } return args;');
SELECT * FROM app.both('if (args.n > 665) { args.unknown = 1; } return args;');
SELECT * FROM app.both('if (args.n > 665) { return 5; } args.u = 1; return args;');
-- The same rule once more, while the row of the first call is in use.
CREATE TABLE app.tree (id int PRIMARY KEY, depth int, note text);
SELECT count(*) FROM (SELECT fundb.create_trigger('grow', 'app.tree', $js$
const tree = {schema: 'app', name: 'tree'};
export default async function handle(event, args) {
  const row = event.new;
  if (row.depth < 4) {
    FunDB.insertEntity(tree, {id: row.id * 10, depth: row.depth + 1});
    FunDB.insertEntity(tree, {id: row.id * 10 + 1, depth: row.depth + 1});
  }
  args.note = row.id + ' at ' + row.depth;
  return args;
}
$js$, 'BEFORE', true)) x;
INSERT INTO app.tree VALUES (1, 1), (2, 2);
SELECT string_agg(concat_ws(' ', id, depth, note), ', ' ORDER BY id) FROM app.tree;
-- Another role has another realm; a changed rule has another handler.
CREATE ROLE regress_reuse;
GRANT ALL ON SCHEMA app TO regress_reuse;
GRANT ALL ON app.tree TO regress_reuse;
SET ROLE regress_reuse;
INSERT INTO app.tree VALUES (3, 3), (4, 4);
RESET ROLE;
INSERT INTO app.tree VALUES (5, 4);
UPDATE public.triggers SET procedure = 'export default function (event, args) { args.note = "second " + args.id; return args; }' WHERE name = 'grow';
INSERT INTO app.tree VALUES (6, 4), (7, 4);
ALTER TABLE app.tree ADD more text DEFAULT 'more';
INSERT INTO app.tree VALUES (8, 4), (9, 4);
SELECT string_agg(t::text, ', ' ORDER BY id) FROM app.tree t WHERE id IN (3, 4, 5, 6, 7, 8, 9, 31);
DELETE FROM public.modules;
DROP SCHEMA app CASCADE;
DROP ROLE regress_reuse;
