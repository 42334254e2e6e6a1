-- Handlers that keep nothing of a row get the same objects for every row. Each rule runs on two tables, on the second with a template literal in it, for which the
-- objects are made anew: the statements must do the same to both, and the handlers must have seen the same.
CREATE SCHEMA app;
CREATE TABLE app.a (id int PRIMARY KEY, n int, t text, doc jsonb, tags text[], b bytea, d timestamptz, g text GENERATED ALWAYS AS ('g' || n) STORED, u text);
CREATE TABLE app.b (LIKE app.a INCLUDING ALL);
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
CREATE FUNCTION app.compare(body text, "time" text) RETURNS TABLE (what text) LANGUAGE plpgsql AS $$
DECLARE name text; s record; outcome text; states text[] := '{"",""}'; one text; which int;
BEGIN
  DELETE FROM public.triggers;
  DELETE FROM app.a;
  DELETE FROM app.b;
  DELETE FROM app.log;
  FOREACH name IN ARRAY '{a,b}'::text[] LOOP
    PERFORM fundb.create_trigger('rule', ('app.' || name)::regclass, format(E'let n = 0; const kept = []; const log = {schema: ''app'', name: ''log''};\nconst note = (...what) => { FunDB.insertEntity(log, {entity: %L, what: JSON.stringify(what)}); };\nexport default function handle(event, args) {\n%s\n}',
      name, body || CASE name WHEN 'a' THEN '' ELSE ' `;`' END), "time", true, '{*}', true);
  END LOOP;
  FOR s IN SELECT * FROM app.statements ORDER BY no LOOP
    FOR which IN 1..2 LOOP
      name := substr('ab', which, 1);
      outcome := replace(app.run(format(s.statement, name)), 'app.' || name, 'it');
      EXECUTE format('SELECT string_agg(x::text, '','' ORDER BY id) FROM app.%s x', name) INTO one;
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
CREATE FUNCTION app.both(body text) RETURNS TABLE ("time" text, what text) LANGUAGE sql AS $$ SELECT t, c FROM unnest('{BEFORE,AFTER}'::text[]) t, app.compare(body, t) c $$;
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
DROP SCHEMA app CASCADE;
DROP ROLE regress_reuse;
