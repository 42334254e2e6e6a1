-- Objects of one form are read faster from the second on: fields of rows and members of json, of many
-- forms, in any order, with everything in between that makes an object another one.
SET client_min_messages = warning;
CREATE SCHEMA forms;
CREATE TABLE forms.t (id int PRIMARY KEY, a int, b text, c bool, j json, said text, fields text);
CREATE TABLE forms.other (b text, id int, "1" int, a text);
CREATE TABLE forms.go (n int);
SELECT count(fundb.create_trigger('go', 'forms.go', $js$
function generator(seed) {
  let state = seed;
  return n => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 65536) % n; };
}
const r = generator(42);
const pick = list => list[r(list.length)];
function value(depth) {
  return pick([() => r(9), () => 'text ' + r(5), () => null, () => undefined, () => r(2) === 1, () => 1.5,
    () => depth > 2 ? 0 : object(depth + 1), () => [r(3), 'é"\\'], () => new Date(0), () => ({toJSON: () => 'said'})])();
}
const twists = [
  o => { o.later = 1; }, o => { delete o.x; }, o => { o[5] = 'five'; }, o => { o[Symbol()] = 1; },
  o => { Object.freeze(o); }, o => { Object.defineProperty(o, 'hidden', {value: 1}); },
  o => { Object.defineProperty(o, 'x', {get: () => 'got', enumerable: true, configurable: true}); },
  o => { for (let i = 0; i < 40; i++) o['k' + r(50)] = i; }, o => { Object.setPrototypeOf(o, {inherited: 1}); },
  o => { o['kéy "q"'] = 1; }, o => { o.x = o.y; },
];
function object(depth) {
  const o = pick([
    () => ({x: value(depth), y: value(depth)}), () => ({y: value(depth), x: value(depth)}),
    () => ({x: 1}), () => ({}), () => ({a: value(depth), b: {c: value(depth)}}), () => Object.create(null),
    () => new Proxy({x: value(depth), y: r(3)}, {}), () => new Proxy({p: r(3)}, {}),
    () => Object.fromEntries([['m' + r(4), 1], ['n', value(depth)]]),
  ])();
  if (r(4) === 0) pick(twists)(o);
  return o;
}
export default async function (event, args) {
  const ref = {schema: 'forms', name: 't'};
  for (let id = 1; id <= args.n; id++) {
    const j = object(0);
    const said = JSON.stringify(j);
    const a = pick([id, null, undefined]);
    const b = pick(['b' + id, '', undefined]);
    const fields = JSON.stringify([a ?? null, b ?? null]);
    await FunDB.insertEntity(ref, pick([
      () => ({id, a, b, j, said, fields}), () => ({j, id, b, a, fields, said}), () => ({id, said, j, fields, a, b}),
      () => Object.assign({id, a}, {b, j, said, fields, c: undefined}),
      () => { const f = {id, j, said, fields}; if (a !== undefined) f.a = a; if (b !== undefined) f.b = b; return f; },
    ])());
    // The same forms for another table.
    if (r(3) === 0) await FunDB.insertEntity({schema: 'forms', name: 'other'}, pick([() => ({id, b: 'b' + id}), () => ({1: id, id, b: 'b' + id}), () => ({a: 'a', id, b: 'b' + id})])());
    if (r(5) === 0) {
      await FunDB.updateEntity(ref, id, {b: 'up', fields: JSON.stringify([a ?? null, 'up'])});
    }
  }
}
$js$, 'AFTER', true));
INSERT INTO forms.go VALUES (1500);
SELECT count(*), count(DISTINCT j::text) > 300 AS many, count(a) > 300 AS some_a, count(b) > 300 AS some_b FROM forms.t;
SELECT id, j, said FROM forms.t WHERE j::text IS DISTINCT FROM said LIMIT 5;
SELECT id, a, b, fields FROM forms.t WHERE json_build_array(a, b)::jsonb <> fields::jsonb LIMIT 5;
SELECT count(*) > 100 AS written, count("1") > 50 AS numbered, count(*) FILTER (WHERE b <> 'b' || id OR "1" <> id) AS wrong FROM forms.other;
-- A name that is no column, in a form that was good for another table; a column that comes and goes.
CREATE FUNCTION forms.try(body text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers WHERE name = 'try';
  PERFORM fundb.create_trigger('try', 'forms.go', 'export default async () => {' || body || '}', 'AFTER', true, priority => 5);
  DELETE FROM public.triggers WHERE name = 'go';
  INSERT INTO forms.go VALUES (1);
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLERRM;
END $$;
SELECT forms.try($js$ for (let i = 0; i < 5; i++) await FunDB.insertEntity({schema: 'forms', name: i < 4 ? 't' : 'other'}, {id: 9000 + i, c: true}); $js$);
SELECT forms.try($js$
  for (let i = 0; i < 4; i++) await FunDB.insertEntity({schema: 'forms', name: 't'}, {id: 9100 + i, c: true});
  await FunDB.runCommand('DELETE FROM forms.other');
$js$);
ALTER TABLE forms.t DROP COLUMN c;
SELECT forms.try($js$ for (let i = 0; i < 4; i++) await FunDB.insertEntity({schema: 'forms', name: 't'}, {id: 9200 + i, c: true}); $js$);
ALTER TABLE forms.t ADD COLUMN c int DEFAULT 3;
SELECT forms.try($js$ for (let i = 0; i < 4; i++) await FunDB.insertEntity({schema: 'forms', name: 't'}, {id: 9200 + i, c: i}); $js$);
SELECT id, c FROM forms.t WHERE id >= 9000 ORDER BY id;
SET fundb.unknown_fields = ignore;
SELECT forms.try($js$ for (let i = 0; i < 4; i++) await FunDB.insertEntity({schema: 'forms', name: 't'}, {id: 9300 + i, nothing: i}); $js$);
SET fundb.unknown_fields = error;
SELECT forms.try($js$ for (let i = 0; i < 4; i++) await FunDB.insertEntity({schema: 'forms', name: 't'}, {id: 9400 + i, nothing: i}); $js$);
-- To convert a field may write rows of many forms: a domain's check is a function like any other.
CREATE FUNCTION forms.busy(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO forms.nest VALUES ($1); RETURN true; END $$;
CREATE TABLE forms.nest (n int);
CREATE DOMAIN forms.checked AS int CHECK (forms.busy(VALUE));
CREATE TABLE forms.outside (id int PRIMARY KEY, n forms.checked, note text);
CREATE TABLE forms.wide (a int, b int, c int, d int, e int, f int);
SELECT count(fundb.create_trigger('nest', 'forms.nest', $js$
export default async (event, args) => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (let form = 1; form < 30; form++) {
    for (let again = 0; again < 3; again++) {
      const fields = {};
      names.forEach((name, i) => { if (form >> i & 1) fields[name] = form; });
      await FunDB.insertEntity({schema: 'forms', name: 'wide'}, fields);
    }
  }
}
$js$, 'AFTER', true));
SELECT forms.try($js$ for (let i = 0; i < 6; i++) await FunDB.insertEntity({schema: 'forms', name: 'outside'}, {id: i, n: i, note: 'note ' + i}); $js$);
SELECT count(*), count(*) FILTER (WHERE n = id AND note = 'note ' || id) AS right FROM forms.outside;
SELECT count(*) > 500 AS written FROM forms.wide;
DROP SCHEMA forms CASCADE;
