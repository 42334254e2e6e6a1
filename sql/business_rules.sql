-- The six rules of examples/business, installed and driven as the quick start does it.
\getenv srcdir PG_ABS_SRCDIR
\set tables :srcdir '/examples/business/10_tables.sql'
\set rules :srcdir '/examples/business/20_rules.sql'
\set at_work :srcdir '/examples/business/30_at_work.sql'
\i :tables
\i :rules
\i :at_work

-- Rule 2 as some authors write it: event.args.newId instead of event.source.newId.
UPDATE public.triggers SET procedure = replace(procedure, 'event.source.newId', 'event.args.newId') WHERE name = 'set_created';
INSERT INTO pm.actions (subject) VALUES ('by event.args.newId');
SELECT created_person FROM pm.actions WHERE subject = 'by event.args.newId';

-- Rule 5 also where the foreign key would do it.
ALTER TABLE pm.events DROP CONSTRAINT events_action_fkey,
  ADD CONSTRAINT events_action_fkey FOREIGN KEY (action) REFERENCES pm.actions ON DELETE CASCADE;
INSERT INTO pm.events (action, note) SELECT id, 'first' FROM pm.actions;
DELETE FROM pm.actions;
SELECT (SELECT count(*) FROM pm.actions) AS actions, (SELECT count(*) FROM pm.events) AS events,
       (SELECT count(*) FROM pm.log WHERE operation = 'delete') AS log_lines;

\set VERBOSITY terse
DROP SCHEMA pm CASCADE;
DROP SCHEMA base CASCADE;
DROP TABLE public.users;
SELECT count(*) AS rules_left FROM public.triggers;
