-- The order of rules: priority, own before inherited, owning schema, name; AFTER rules see the final row.
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, trail text);
CREATE FUNCTION app.rule(name text, priority int, schema text, at text) RETURNS void LANGUAGE sql AS $$
  SELECT fundb.create_trigger(name, 'app.t', format($js$
    export default async function handle(event, args) {
      if (event.time === 'AFTER') { console.log(%1$L, args.trail); return false; }
      return {...args, trail: (args.trail ?? '') + ' ' + %1$L};
    }
  $js$, name), at, true, priority => priority, schema => schema);
$$;
SELECT app.rule('z', -5, 'app', 'BEFORE');
SELECT app.rule('b', 0, 'zeta', 'BEFORE');
SELECT app.rule('a', 0, 'zeta', 'BEFORE');
SELECT app.rule('c', 0, 'alpha', 'BEFORE');
SELECT app.rule('B', 0, 'alpha', 'BEFORE');
SELECT app.rule('last', 10, 'alpha', 'BEFORE');
SELECT app.rule('after_2', 2, 'alpha', 'AFTER');
SELECT app.rule('after_1', 1, 'zeta', 'AFTER');
INSERT INTO app.t VALUES (1);
SELECT trail FROM app.t;
-- A new priority counts at once.
UPDATE public.triggers SET priority = 20 WHERE name = 'z';
INSERT INTO app.t VALUES (2);
-- A cancel stops the chain: no later rule, no AFTER rule.
SELECT fundb.create_trigger('stop', 'app.t', 'export default (event, args) => args.id < 3', 'BEFORE', true, priority => 5) > 0 AS created;
INSERT INTO app.t VALUES (3), (4);
SELECT id, trail FROM app.t ORDER BY id;
DROP SCHEMA app CASCADE;
