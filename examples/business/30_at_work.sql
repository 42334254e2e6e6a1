-- The rules at work, driven by plain SQL.
\pset footer off

\echo
\echo '== Six rules are rows of public.triggers =='
SELECT t.name, s.name || '.' || e.name AS "table", t.time,
       concat_ws(', ',
         CASE WHEN t.on_insert THEN 'insert' END,
         CASE WHEN t.on_update_fields <> '{}' THEN 'update of ' || array_to_string(t.on_update_fields, ', ') END,
         CASE WHEN t.on_delete THEN 'delete' END) AS "on"
  FROM public.triggers t
  JOIN public.entities e ON e.id = t.trigger_entity_id
  JOIN public.schemas s ON s.id = e.schema_id
 ORDER BY t.id;

\echo '== 1. INSERT INTO pm.clients: the rule makes a person with two communication ways and keeps no client =='
INSERT INTO pm.clients (person, phone, email) VALUES ('Ada Lovelace', '+44 20 7946 0018', 'ada@example.com');
INSERT INTO pm.clients (phone) VALUES ('a client without a name is skipped');
SELECT p.name, w.type, w.value
  FROM base.people p JOIN base.communication_ways w ON w.person = p.id ORDER BY w.id;
SELECT count(*) AS clients FROM pm.clients;

\echo '== 2. INSERT INTO pm.actions: the rule fills in who created it, and when =='
INSERT INTO pm.actions (subject) VALUES ('Call Ada'), ('Send the offer');
SELECT a.id, a.subject, p.name AS created_by, a.created_datetime IS NOT NULL AS has_time
  FROM pm.actions a LEFT JOIN base.people p ON p.id = a.created_person ORDER BY a.id;

\echo '== 3. and 4. UPDATE pm.actions: who modified it is part of the one UPDATE; the log gets what changed =='
UPDATE pm.actions SET done = true WHERE subject = 'Call Ada';
SELECT a.id, a.subject, a.done, p.name AS modified_by, a.modified_datetime IS NOT NULL AS has_time
  FROM pm.actions a LEFT JOIN base.people p ON p.id = a.modified_person ORDER BY a.id;
SELECT operation, action_id,
       regexp_replace(details, '\d{4}-\d\d-\d\dT[\d:.]+Z', '(now)', 'g') AS details
  FROM pm.log ORDER BY id;

\echo '== 5. and 6. DELETE FROM pm.actions: its events go first, the log keeps a line =='
INSERT INTO pm.events (action, note) SELECT id, 'rang twice' FROM pm.actions WHERE subject = 'Call Ada';
DELETE FROM pm.actions WHERE subject = 'Call Ada';
SELECT (SELECT count(*) FROM pm.actions) AS actions, (SELECT count(*) FROM pm.events) AS events;
SELECT operation, action_id FROM pm.log WHERE operation = 'delete';

