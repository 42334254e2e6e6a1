-- The event of each of the six kinds, word for word, with keys of several kinds.
CREATE SCHEMA pm;
CREATE TABLE pm.actions (id int PRIMARY KEY, subject text);
CREATE TABLE pm.pairs (a int, b text, note text, PRIMARY KEY (b, a));
CREATE TABLE pm.keyless (note text);
CREATE TABLE pm.uuids (id uuid PRIMARY KEY, note text);

DO $$
DECLARE t text; w text;
BEGIN
  FOREACH t IN ARRAY '{actions,pairs,keyless,uuids}'::text[] LOOP
    FOREACH w IN ARRAY '{BEFORE,AFTER}'::text[] LOOP
      PERFORM fundb.create_trigger('show_' || lower(w), ('pm.' || t)::regclass, $js$
        export default async function handle(event, args) {
          if (this !== undefined) throw new Error('this is ' + this);
          console.log(JSON.stringify(event), arguments.length, JSON.stringify(args), JSON.stringify(event.args),
                      JSON.stringify(event.old), JSON.stringify(event.new));
          return true;
        }
      $js$, w, true, '{*}', true);
    END LOOP;
  END LOOP;
END $$;

INSERT INTO pm.actions VALUES (1, 's');
UPDATE pm.actions SET subject = 't';
UPDATE pm.actions SET id = 2;
DELETE FROM pm.actions;
INSERT INTO pm.pairs VALUES (1, 'x');
UPDATE pm.pairs SET note = 'n';
DELETE FROM pm.pairs;
INSERT INTO pm.keyless VALUES ('n');
DELETE FROM pm.keyless;
INSERT INTO pm.uuids VALUES ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11');
DELETE FROM pm.uuids;

-- The rows are frozen; nothing of them shows on the event by itself.
DELETE FROM public.triggers;
SELECT fundb.create_trigger('frozen', 'pm.actions', $js$
export default function handle(event, args) {
  console.log(Object.isFrozen(event.new), Object.keys(event).join(), event.old === undefined, event.new === event.new);
  'use strict';
  try { event.new.subject = 'x'; } catch (error) { console.log(error.name); }
  return true;
}
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO pm.actions VALUES (1, 's');

DROP SCHEMA pm CASCADE;
