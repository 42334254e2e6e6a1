-- Rules of an inheritance parent apply to its children; children have native triggers of their own.
\set VERBOSITY terse
CREATE SCHEMA reg;
CREATE FUNCTION pg_temp.natives() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s on %s', tgname, tgrelid::regclass)
        FROM pg_trigger
        WHERE tgfoid = 'fundb.run_rules()'::regprocedure AND tgrelid::regclass::text LIKE 'reg.%'
        ORDER BY tgrelid::regclass::text, tgname
$$;
CREATE FUNCTION pg_temp.rule(name text, entity regclass) RETURNS void LANGUAGE sql AS $$
    SELECT fundb.create_trigger(name, entity, format(
        'export default (event, args) => ({...args, marks: (args.marks ?? "") + " %s/" + event.entity.name})',
        name), 'BEFORE', on_insert => true)
$$;
CREATE TABLE reg.base (id integer, marks text);
CREATE TABLE reg.child (extra text) INHERITS (reg.base);
CREATE TABLE reg.grandchild () INHERITS (reg.child);

-- Existing children, later children, tables that come to inherit.
SELECT pg_temp.rule('a_base', 'reg.base');
SELECT pg_temp.natives();
CREATE TABLE reg.late (more integer) INHERITS (reg.base);
CREATE TABLE reg.joined (id integer, marks text);
ALTER TABLE reg.joined INHERIT reg.base;
SELECT pg_temp.natives();
INSERT INTO reg.base VALUES (1) RETURNING *;
INSERT INTO reg.grandchild VALUES (1) RETURNING *;
INSERT INTO reg.joined VALUES (1) RETURNING *;
ALTER TABLE reg.joined NO INHERIT reg.base;
INSERT INTO reg.joined VALUES (2) RETURNING *;
SELECT pg_temp.natives();

-- Rules of the table itself run before inherited ones, whatever their names.
SELECT pg_temp.rule('z_child', 'reg.child');
INSERT INTO reg.child VALUES (3) RETURNING *;
INSERT INTO reg.grandchild VALUES (3) RETURNING *;
INSERT INTO reg.base VALUES (3) RETURNING *;

-- A child's native trigger stays as long as anyone needs it.
DELETE FROM public.triggers WHERE name = 'a_base';
SELECT pg_temp.natives();
INSERT INTO reg.grandchild VALUES (4) RETURNING *;
DELETE FROM public.triggers WHERE name = 'z_child';
SELECT pg_temp.natives();

-- Two parents.
CREATE TABLE reg.other (id integer, marks text);
CREATE TABLE reg.both () INHERITS (reg.base, reg.other);
SELECT pg_temp.rule('from_other', 'reg.other');
SELECT pg_temp.rule('from_base', 'reg.base');
INSERT INTO reg.both VALUES (5) RETURNING *;
ALTER TABLE reg.both NO INHERIT reg.base;
INSERT INTO reg.both VALUES (6) RETURNING *;
ALTER TABLE reg.both NO INHERIT reg.other;
INSERT INTO reg.both VALUES (7) RETURNING *;
SELECT pg_temp.natives();
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%"reg.%';
DROP SCHEMA reg CASCADE;
SELECT count(*) FROM public.triggers WHERE name IN ('from_other', 'from_base');
