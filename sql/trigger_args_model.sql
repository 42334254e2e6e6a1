-- `args` against a plain object: one rule does the same random things to both and returns `args`, its
-- twin on a table of equal rows returns the plain object. The rows must come out the same. Tables of
-- a usual width have another form of `args` than wide ones and those with names like array indexes.
SET client_min_messages = warning;
CREATE SCHEMA model;
SET search_path = model, public;

CREATE FUNCTION model.make(name text, extra text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..2 LOOP
    EXECUTE format('CREATE TABLE %I (id int PRIMARY KEY, a text DEFAULT ''da'', b int, c numeric(8,2) DEFAULT 1.5,
      d jsonb, e timestamptz, f text[], g text, h float8 DEFAULT 2.5, i bool, j text, k text, l int, m int, n int, o int%s)',
      name || i, extra);
  END LOOP;
END $$;
SELECT model.make('narrow', '');
SELECT model.make('odd', ', "7" int, "__proto__" text');
SELECT model.make('wide', (SELECT string_agg(', w' || i || ' int', '') FROM generate_series(1, 60) i));

INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('model'), 'act.mjs', $js$
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o'];
const values = {
  a: r => 'a' + r(3), b: r => r(3), c: r => [1.5, '2.25', 7][r(3)], d: r => [{x: r(2)}, [1], 'text'][r(3)],
  e: r => [new Date(r(5) * 1000), '2020-01-01T00:00:00.123456Z'][r(2)], f: r => [['x', null], []][r(2)],
  g: r => ['', 'long '.repeat(30)][r(2)], h: r => [r(3), 0.5, -0][r(3)], i: r => r(2) === 1,
};
function generator(seed) {
  let state = seed * 7919 + 17;
  return n => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 65536) % n; };
}
function value(name, r) { return r(8) === 0 ? null : (values[name] ?? (r => r(100)))(r); }
const acts = [
  (o, name, r) => { o[name] = value(name, r); },
  (o, name, r) => { o[name] = value(name, r); },
  (o, name, r) => { delete o[name]; },
  (o, name, r) => { delete o[name]; o[name] = value(name, r); },
  (o, name, r) => { o[name] = undefined; },
  (o, name, r) => { if (o.d !== null && typeof o.d === 'object') o.d.y = r(3); },
  (o, name, r) => { if (Array.isArray(o.f)) o.f.push('p'); },
  (o, name, r) => { Object.defineProperty(o, name, {value: value(name, r), enumerable: true, configurable: true, writable: true}); },
  (o, name, r) => { Object.assign(o, {a: 'assigned', b: r(9)}); },
  (o, name, r) => { o.a = 'fixed'; o.b = 7; },
  (o, name, r) => { for (const n of names) if (r(2) === 1) o[n] = value(n, r); },
  (o, name, r) => { o[Symbol('s')] = 1; Object.keys(o); JSON.stringify(o); },
  (o, name, r) => { const derived = Object.create(o); derived[name] = value(name, r); },
  (o, name, r) => { o.later = 1; delete o.later; },
  (o, name, r) => { Object.setPrototypeOf(o, null); },
];
// A few usual courses, so that their forms are seen again and again, and any other.
const courses = [[9], [9], [0], [0, 1], [2], []];
export function act(o, seed) {
  const r = generator(seed);
  const course = r(3) === 0 ? Array.from({length: r(5)}, () => r(acts.length)) : courses[r(courses.length)];
  for (const number of course) acts[number](o, names[r(names.length)], r);
  return o;
}
export function look(o) {
  return JSON.stringify([Object.keys(o).sort(), Object.keys(o).sort().map(k => k in o && o[k]), Object.getOwnPropertyNames({...o}).sort()]);
}
$js$);

SELECT count(fundb.create_trigger('model', format('%s%s', t, n)::regclass, format($js$
import {act, look} from 'model/act';
export default async function (event, args) {
  const before = look(args);
  const copy = {...args};
  const seed = event.new.id * 2 + (event.source.type === 'insert' ? 0 : 1);
  const returned = act(args, seed);
  const model = act(copy, seed);
  if (look(returned) !== look(model)) throw new Error('differs: ' + before + ' ' + look(returned) + ' ' + look(model));
  return %s;
}
$js$, CASE n WHEN 1 THEN 'returned' ELSE 'model' END), 'BEFORE', true, '{*}'))
FROM unnest('{narrow,odd,wide}'::text[]) t, generate_series(1, 2) n;

CREATE FUNCTION model.fill(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  difference text;
BEGIN
  FOR n IN 1..2 LOOP
    EXECUTE format('INSERT INTO %I (id, a, b, d, e, f, g) SELECT i, ''a'' || i, i, jsonb_build_object(''i'', i), timestamptz ''2024-05-05 05:05:05.123456+00'' + i * interval ''1 s'', ARRAY[''f'', NULL], repeat(''g'', i %% 99) FROM generate_series(1, 700) i', name || n);
    EXECUTE format('INSERT INTO %I (id, h, b) SELECT i, NULL, i FROM generate_series(701, 1400) i', name || n);
    EXECUTE format('UPDATE %I SET b = coalesce(b, 0) + 1, g = ''new'', d = NULL WHERE id %% 3 = 0', name || n);
    EXECUTE format('UPDATE %I SET a = a || ''!'', c = c + 1, e = NULL', name || n);
  END LOOP;
  EXECUTE format('SELECT string_agg(x.id::text, '','') FROM %I x JOIN %I y USING (id) WHERE x::text <> y::text', name || 1, name || 2) INTO difference;
  RETURN coalesce(difference, 'same');
END $$;
SELECT model.fill('narrow');
SELECT model.fill('odd');
SELECT model.fill('wide');
SELECT count(*), count(DISTINCT a), count(DISTINCT d), count(DISTINCT g), count(j), count(l) FROM narrow1;
SELECT count(*) = 0 AS alike FROM narrow1 n JOIN wide1 w USING (id)
 WHERE (n.a, n.b, n.c, n.d, n.e, n.f, n.g, n.h, n.i, n.j, n.k, n.l, n.m, n.n, n.o)
   IS DISTINCT FROM (w.a, w.b, w.c, w.d, w.e, w.f, w.g, w.h, w.i, w.j, w.k, w.l, w.m, w.n, w.o);

-- What no column is, is told in both forms.
SELECT count(fundb.create_trigger('extra', 'narrow1', $js$ export default (event, args) => { args[3] = 1; return args; } $js$, 'BEFORE', true, priority => 10));
INSERT INTO narrow1 (id) VALUES (2001);
SELECT count(fundb.create_trigger('extra', 'wide1', $js$ export default (event, args) => { args.w = 1; return args; } $js$, 'BEFORE', true, priority => 10));
INSERT INTO wide1 (id) VALUES (2001);
UPDATE public.triggers SET procedure = $js$ export default (event, args) => { for (let i = 0; i < 40; i++) args['x' + i] = i; return args; } $js$ WHERE name = 'extra';
INSERT INTO narrow1 (id) VALUES (2001);
-- Two rows that take different ways to a dictionary.
UPDATE public.triggers SET procedure = $js$
export default (event, args) => {
  const names = event.new.id % 2 ? ['g', 'h', 'i', 'j', 'k', 'l', 'm'] : ['n', 'o', 'm', 'l', 'k', 'g', 'j'];
  for (const name of names) args[name] = name === 'i' ? true : event.new.id;
  for (let i = 0; i < 30; i++) { args['x' + i] = i; delete args['x' + i]; }
  return args;
} $js$ WHERE name = 'extra';
DELETE FROM public.triggers WHERE name = 'model';
INSERT INTO narrow1 (id) SELECT generate_series(3001, 3004);
SELECT id, g, h, i, j, k, l, m, n, o FROM narrow1 WHERE id > 3000 ORDER BY id;

-- Frozen, with accessors of the script's, hidden, renamed to a key of its own.
UPDATE public.triggers SET procedure = $js$
export default (event, args) => {
  if (event.new.id % 4 === 0) Object.freeze(Object.assign(args, {j: 'frozen'}));
  if (event.new.id % 4 === 1) Object.defineProperty(args, 'b', {get: () => 77, enumerable: true});
  if (event.new.id % 4 === 2) Object.defineProperty(args, 'b', {enumerable: false});
  if (event.new.id % 4 === 3) { delete args.b; event.args; }
  return args;
} $js$ WHERE name = 'extra';
INSERT INTO narrow1 (id, b) SELECT i, 5 FROM generate_series(4000, 4003) i;
SELECT id, b, j FROM narrow1 WHERE id >= 4000 ORDER BY id;
DROP SCHEMA model CASCADE;
