-- @label fundb
-- @setup CREATE EXTENSION IF NOT EXISTS fundb
-- The rules as an author would write them: async handlers, nothing clever.
DELETE FROM public.triggers t USING public.entities e, public.schemas s
 WHERE t.trigger_entity_id = e.id AND e.schema_id = s.id AND s.name = current_schema;
SELECT count(fundb.create_trigger('w1', r, $js$
export default async function handle(event, args) {
  return true;
}
$js$, 'BEFORE', true)) FROM unnest('{w1}'::regclass[]) r;
SELECT count(fundb.create_trigger('w1r', r, $js$
export default async function handle(event, args) {
  return args;
}
$js$, 'BEFORE', true)) FROM unnest('{w1r}'::regclass[]) r;
SELECT count(fundb.create_trigger('w2', r, $js$
export default async function handle(event, args) {
  const row = event.new;
  args.t4 = row.t1 + ':' + row.id;
  return args;
}
$js$, 'BEFORE', true, '{*}')) FROM unnest('{w2}'::regclass[]) r;
SELECT count(fundb.create_trigger('w3', 'w3', format($js$
const audit = {schema: %1$L, name: 'w3_audit'};
export default async function handle(event, args) {
  await FunDB.insertEntity(audit, {tbl: event.entity.name, id: event.new.id, changes: {...args}});
}
$js$, current_schema), 'AFTER', on_update_fields => '{*}'));
SELECT count(fundb.create_trigger('w4', 'w4', format($js$
export default async function handle(event, args) {
  const view = await FunDB.getUserView({
    type: 'anonymous',
    query: '{ $k int }: SELECT label FROM "%1$s".w4_ref WHERE k = $k',
  }, {k: args.id %% 1000});
  args.t4 = view.result.rows[0].values[0].value;
  return args;
}
$js$, current_schema), 'BEFORE', true));
SELECT count(fundb.create_trigger('w5', 'w5', $js$
export default async function handle(event, args) {
  const s = args.t3.trim().toLowerCase().replace(/\s+/g, ' ');
  if (!/^[a-z0-9 ._@-]+$/.test(s)) throw new Error('invalid text: ' + s);
  let h = 7;
  for (let i = 0; i < 1000; i++) h = (h * 31 + s.charCodeAt(i % s.length)) % 1000003;
  args.t3 = s + '#' + h;
  return args;
}
$js$, 'BEFORE', true));
SELECT count(fundb.create_trigger('w7', ('w7_' || i)::regclass, format($js$
// rule %1$s
export default async function handle(event, args) {
  let total = 0;
  if (args.t1 == null) args.t1 = 'n%1$s';
  if (args.t2.length > 100 + %1$s) throw new Error('rule %1$s: t2 too long: ' + args.t2.length);
  if (args.flag && args.num < %1$s) {
    args.t3 = args.t3.toUpperCase();
  } else if (args.id < -%1$s) {
    return false;
  }
  for (let i = 1; i <= 5; i++) total += i * %1$s;
  args.t4 = args.t1.toLowerCase() + '-%1$s-' + args.id + '-' + total;
  return args;
}
$js$, i), 'BEFORE', true)) FROM generate_series(1, 50) i;
