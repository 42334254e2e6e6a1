-- Native triggers of partitioned tables, and of partitions that have rules of their own.
\set VERBOSITY terse
CREATE SCHEMA reg;
CREATE FUNCTION pg_temp.natives() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT format('%s on %s%s', tgname, tgrelid::regclass, CASE WHEN tgparentid <> 0 THEN ', clone' END)
        FROM pg_trigger
        WHERE tgfoid = 'fundb.run_rules()'::regprocedure AND tgrelid::regclass::text LIKE 'reg.%'
        ORDER BY tgrelid::regclass::text, tgname
$$;
-- Each rule leaves a mark.
CREATE FUNCTION pg_temp.rule(name text, entity regclass) RETURNS void LANGUAGE sql AS $$
    SELECT fundb.create_trigger(name, entity, format(
        'export default (event, args) => ({...args, marks: (args.marks ?? "") + " %s/" + event.entity.name})',
        name), 'BEFORE', on_insert => true)
$$;
CREATE TABLE reg.log (id integer, region text, marks text) PARTITION BY LIST (region);
CREATE TABLE reg.log_north PARTITION OF reg.log FOR VALUES IN ('north');
CREATE TABLE reg.log_south PARTITION OF reg.log FOR VALUES IN ('south')
    PARTITION BY RANGE (id);
CREATE TABLE reg.log_south_1 PARTITION OF reg.log_south FOR VALUES FROM (0) TO (100);

-- Rules of the root apply to all partitions, those that come later as well.
SELECT pg_temp.rule('root', 'reg.log');
SELECT pg_temp.natives();
CREATE TABLE reg.log_west PARTITION OF reg.log FOR VALUES IN ('west');
INSERT INTO reg.log VALUES (1, 'north'), (1, 'south'), (1, 'west') RETURNING *;
INSERT INTO reg.log_north VALUES (2, 'north') RETURNING *;

-- A rule of a partition fires for that partition only; it needs no trigger of its own.
SELECT pg_temp.rule('only_north', 'reg.log_north');
SELECT pg_temp.natives();
INSERT INTO reg.log VALUES (3, 'north'), (3, 'south') RETURNING *;

-- When the rules of the root go, the partition gets its own; when they come back, it loses it.
BEGIN;
DELETE FROM public.triggers WHERE name = 'root';
SELECT pg_temp.natives();
INSERT INTO reg.log VALUES (4, 'north'), (4, 'south') RETURNING *;
SELECT pg_temp.rule('root', 'reg.log');
SELECT pg_temp.natives();
INSERT INTO reg.log VALUES (5, 'north'), (5, 'south') RETURNING *;
ROLLBACK;

-- Rules in the middle.
SELECT pg_temp.rule('only_south', 'reg.log_south');
SELECT pg_temp.natives();
INSERT INTO reg.log VALUES (6, 'north'), (6, 'south') RETURNING *;

-- Detached, a table keeps its own rules and no others; attached, it gets those of the root.
ALTER TABLE reg.log DETACH PARTITION reg.log_north;
ALTER TABLE reg.log DETACH PARTITION reg.log_west;
SELECT pg_temp.natives();
INSERT INTO reg.log_north VALUES (7, 'north') RETURNING *;
INSERT INTO reg.log_west VALUES (7, 'west') RETURNING *;
ALTER TABLE reg.log ATTACH PARTITION reg.log_north FOR VALUES IN ('north');
SELECT pg_temp.natives();
INSERT INTO reg.log VALUES (8, 'north') RETURNING *;
SELECT * FROM fundb.sync() AS change WHERE change LIKE '%"reg.%';

-- What is detached may have rules further down; somebody else's ALTER TABLE locks the registration of no table.
CREATE TABLE reg.tree (id integer, marks text) PARTITION BY RANGE (id);
CREATE TABLE reg.branch PARTITION OF reg.tree FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
CREATE TABLE reg.leaf PARTITION OF reg.branch FOR VALUES FROM (0) TO (100);
SELECT pg_temp.rule('tree', 'reg.tree'), pg_temp.rule('leaf', 'reg.leaf');
ALTER TABLE reg.tree DETACH PARTITION reg.branch;
INSERT INTO reg.leaf VALUES (1) RETURNING *;
CREATE TEMP TABLE parted (id integer) PARTITION BY RANGE (id);
BEGIN;
ALTER TABLE parted ADD COLUMN x integer;
SELECT count(*) FROM pg_locks
    WHERE locktype = 'object' AND classid = 'public.triggers'::regclass AND pid = pg_backend_pid();
ROLLBACK;
DROP TABLE reg.tree, reg.branch;

-- Renamed partitions, a dropped partition, a dropped root.
ALTER TABLE reg.log_north RENAME TO log_n;
INSERT INTO reg.log VALUES (9, 'north') RETURNING *;
DROP TABLE reg.log_n;
SELECT name FROM public.triggers WHERE name IN ('root', 'only_north', 'only_south') ORDER BY 1;
DROP TABLE reg.log;
SELECT name FROM public.triggers WHERE name IN ('root', 'only_north', 'only_south') ORDER BY 1;
SELECT pg_temp.natives();
DROP SCHEMA reg CASCADE;
