-- What an author sees who made a mistake.
\echo '== A mistake is told where it is made, and nothing is lost =='
\set ON_ERROR_STOP off
INSERT INTO public.triggers (schema_id, trigger_entity_id, name, time, on_insert, procedure)
VALUES (fundb.schema_id('pm'), fundb.entity_id('pm.actions'), 'typo', 'BEFORE', true, $js$
export default function handle(event, args) {
  args.subject = args.subject.trim(;
  return args;
}
$js$);
\set ON_ERROR_STOP on
