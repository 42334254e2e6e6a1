-- Gives every table that is made from now on a BEFORE and an AFTER rule, so that all writes of the files go through
-- JavaScript.  :mode is "rules" (they return true) or "values" (the BEFORE rule reads every column, and hands all back).
CREATE SCHEMA every_table;
CREATE TABLE every_table.rules ("time" text, procedure text);
INSERT INTO every_table.rules VALUES
  ('BEFORE', CASE :'mode'
     WHEN 'values' THEN 'export default (event, args) => { ({...event.old}); return args === undefined ? true : {...args}; }'
     ELSE 'export default () => true' END),
  ('AFTER', CASE :'mode'
     WHEN 'values' THEN 'export default (event, args) => JSON.stringify([event.old, event.new, args])'
     ELSE 'export default () => true' END);

-- With the rights of the superuser: the files make tables as roles that may not save rules.
CREATE FUNCTION every_table.every_table_add() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE made oid; rule record;
BEGIN
  FOR made IN
    SELECT DISTINCT c.oid FROM pg_event_trigger_ddl_commands() AS d JOIN pg_class AS c ON c.oid = d.objid
      WHERE d.classid = 'pg_class'::regclass AND NOT d.in_extension AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND NOT EXISTS (SELECT FROM fundb.relations AS r JOIN public.triggers AS t ON t.trigger_entity_id = r.entity_id
                          WHERE r.relation = c.oid)
  LOOP
    FOR rule IN SELECT * FROM every_table.rules LOOP
      PERFORM fundb.create_trigger('every_' || lower(rule."time"), made::regclass, rule.procedure, rule."time", true, '{*}', true);
    END LOOP;
  END LOOP;
END $$;
CREATE EVENT TRIGGER every_table ON ddl_command_end EXECUTE FUNCTION every_table.every_table_add();

-- A partitioned table that has rules cannot be attached below another one with rules: they go before.  A table that
-- is detached or was attached in vain gets them again above.
CREATE FUNCTION every_table.every_table_remove() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE attached text := substring(current_query() FROM '(?i)attach\s+partition\s+([^\s;]+)');
BEGIN
  DELETE FROM public.triggers USING fundb.relations AS r
    WHERE r.entity_id = trigger_entity_id AND r.relation = to_regclass(attached);
END $$;
CREATE EVENT TRIGGER every_table_attach ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION every_table.every_table_remove();
