-- Six rules.  A rule is a row of public.triggers: when it runs, and a JavaScript module that says what it does.

-- 1. A new client becomes a person with communication ways; the client row itself is not kept.
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_insert, procedure)
VALUES (fundb.schema_id('pm'), fundb.entity_id('pm.clients'), 'file_client', 'BEFORE', true, $js$
const people = { schema: 'base', name: 'people' };
const ways = { schema: 'base', name: 'communication_ways' };

export default async function handle(event, args) {
  if (!args.person) return false;

  const person = await FunDB.insertEntity(people, { name: args.person });
  if (args.phone) {
    await FunDB.insertEntity(ways, { person, type: 'phone', value: args.phone });
  }
  if (args.email) {
    await FunDB.insertEntity(ways, { person, type: 'e-mail', value: args.email });
  }
  return false;
}
$js$);

-- 2. A new action learns who made it and when.
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_insert, procedure)
VALUES (fundb.schema_id('pm'), fundb.entity_id('pm.actions'), 'set_created', 'AFTER', true, $js$
export default async function handle(event, args) {
  const view = await FunDB.getUserView({
    type: 'anonymous',
    query: 'SELECT id FROM base.people WHERE user = $$user_id',
  });
  const person = view.result.rows[0].values[0].value;

  await FunDB.updateEntity(event.entity, event.source.newId, {
    created_person: person,
    created_datetime: new Date(),
  });
  return true;
}
$js$);

-- 3. A changed action learns who changed it: the row is written once, with these columns in it.
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_update_fields, procedure)
VALUES (fundb.schema_id('pm'), fundb.entity_id('pm.actions'), 'set_modified', 'BEFORE', '{subject,done}', $js$
export default async function handle(event, args) {
  const view = await FunDB.getUserView({
    type: 'anonymous',
    query: 'SELECT id FROM base.people WHERE user = $$user_id',
  });
  args.modified_person = view.result.rows[0].values[0].value;
  args.modified_datetime = new Date();
  return args;
}
$js$);

-- 4. Every change of an action goes to the log.
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_update_fields, procedure)
VALUES (fundb.schema_id('pm'), fundb.entity_id('pm.actions'), 'log_update', 'AFTER', '{*}', $js$
export default async function handle(event, args) {
  await FunDB.insertEntity({ schema: 'pm', name: 'log' }, {
    operation: 'update',
    action_id: event.source.id,
    details: JSON.stringify(args, null, 3),
  });
  return true;
}
$js$);

-- 5. Before an action goes, its events go.
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_delete, procedure)
VALUES (fundb.schema_id('pm'), fundb.entity_id('pm.actions'), 'delete_events', 'BEFORE', true, $js$
export default async function handle(event) {
  const view = await FunDB.getUserView({
    type: 'anonymous',
    query: `{ $id reference(pm.actions) }:
            SELECT id FROM pm.events WHERE action = $id ORDER BY id`,
  }, { id: event.source.id });

  for (const row of view.result.rows) {
    await FunDB.deleteEntity({ schema: 'pm', name: 'events' }, row.values[0].value);
  }
  return true;
}
$js$);

-- 6. A deleted action leaves a line in the log.
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_delete, procedure)
VALUES (fundb.schema_id('pm'), fundb.entity_id('pm.actions'), 'log_delete', 'AFTER', true, $js$
export default async function handle(event) {
  await FunDB.insertEntity({ schema: 'pm', name: 'log' }, {
    operation: 'delete',
    action_id: event.source.id,
  });
}
$js$);
