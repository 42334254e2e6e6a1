-- The layout that FunQL finds in the catalogs: references over foreign keys of every form.
SET client_min_messages = warning;
CREATE SCHEMA funql_layout;
SET search_path = funql_layout;
CREATE TABLE run (query text, result text);
SELECT fundb.create_trigger('run', 'run', $js$
  export default async (event, args) => {
    const answer = await FunDB.getUserView({type: 'anonymous', query: args.query})
      .then(({result}) => result.rows.map(({values}) => values.map(({value}) => value)), (e) => `${e.sqlstate} ${e.message}  ${e.hint ?? ''}`);
    return {...args, result: JSON.stringify(answer)};
  };
$js$, 'BEFORE', true) > 0 AS created;
PREPARE ask(text) AS INSERT INTO run VALUES ($1) RETURNING result;

-- A foreign key to a partitioned table has a copy for each partition, which is no reference of its own.
CREATE TABLE orders (region text, no int, total int, PRIMARY KEY (region, no)) PARTITION BY LIST (region);
CREATE TABLE orders_n PARTITION OF orders FOR VALUES IN ('n');
CREATE TABLE orders_s PARTITION OF orders FOR VALUES IN ('s');
CREATE TABLE logs (id int PRIMARY KEY, text text) PARTITION BY RANGE (id);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (10);
CREATE TABLE logs_2 PARTITION OF logs FOR VALUES FROM (10) TO (20);
CREATE TABLE lines (id int PRIMARY KEY, region text, no int, log int REFERENCES logs, FOREIGN KEY (region, no) REFERENCES orders);
INSERT INTO orders VALUES ('n', 1, 10), ('s', 1, 20);
INSERT INTO logs VALUES (1, 'one'), (11, 'eleven');
INSERT INTO lines VALUES (1, 's', 1, 11), (2, 'n', 1, 1), (3, 'n', NULL, NULL);
EXECUTE ask('SELECT id, no=>total, log=>text FROM funql_layout.lines ORDER BY id');

-- A partition has the references of its table.
CREATE TABLE parted (id int, log int REFERENCES logs) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
INSERT INTO parted VALUES (1, 11);
EXECUTE ask('SELECT p.log=>text AS whole, q.log=>text AS part FROM funql_layout.parted p, funql_layout.parted_1 q');

-- Types whose operators are where names are not looked for: arrows go by the comparison of the key all the same, and any
-- other is refused.  PostgreSQL would compare as text, and rows would be missing without a word.
CREATE ROLE regress_fundb_loose;
CREATE SCHEMA loose;
GRANT CREATE ON SCHEMA loose TO regress_fundb_loose;
CREATE EXTENSION citext SCHEMA loose;
CREATE DOMAIN mail AS loose.citext;
CREATE TABLE users (mail loose.citext PRIMARY KEY, name text);
CREATE TABLE groups (id int, mail mail, name text, PRIMARY KEY (id, mail));
CREATE TABLE mails (id int PRIMARY KEY, sender loose.citext REFERENCES users, "group" int, member mail,
  FOREIGN KEY ("group", member) REFERENCES groups);
INSERT INTO users VALUES ('Ann@X.com', 'Ann');
INSERT INTO groups VALUES (1, 'Bob@X.com', 'friends');
INSERT INTO mails VALUES (1, 'ann@x.com', 1, 'BOB@X.COM');
EXECUTE ask('SELECT sender=>name AS a, member=>name AS b, mails_sender_fkey=>name AS c FROM funql_layout.mails');
EXECUTE ask('{ $u reference(funql_layout.users) DEFAULT ''ANN@x.com'' }: SELECT $u=>name AS a');
SELECT fundb.create_trigger('through_update', 'lines', $js$
  export default async () => {
    console.log(await FunDB.runCommand("UPDATE funql_layout.mails SET id = 2 WHERE sender=>name = 'Ann'"));
    return true;
  };
$js$, 'BEFORE', true) > 0 AS created;
SET client_min_messages = notice;
INSERT INTO lines VALUES (9);
SET client_min_messages = warning;
EXECUTE ask('SELECT name FROM funql_layout.users WHERE mail = ''ann@x.com''');
EXECUTE ask('SELECT name FROM funql_layout.groups WHERE mail IN (''bob@x.com'')');
EXECUTE ask('SELECT name FROM funql_layout.groups WHERE (id, mail) = (1, ''bob@x.com'')');
EXECUTE ask('SELECT name FROM funql_layout.users WHERE ''ann@x.com'' = ANY (ARRAY[mail])');
EXECUTE ask('SELECT name FROM funql_layout.users WHERE mail LIKE ''ann%''');
EXECUTE ask('SELECT CASE mail WHEN ''ann@x.com'' THEN 1 END AS a FROM funql_layout.users');
EXECUTE ask('SELECT NULLIF(mail, ''ann@x.com'') AS a FROM funql_layout.users');
EXECUTE ask('SELECT u.name FROM funql_layout.users u JOIN funql_layout.groups g USING (mail)');
EXECUTE ask('SELECT name FROM funql_layout.users WHERE name IN (SELECT sender FROM funql_layout.mails)');
-- What sorts the type is found by the type, and a cast says what is meant.
EXECUTE ask('SELECT count(DISTINCT m.mail) AS n FROM (SELECT mail FROM funql_layout.users UNION SELECT sender FROM funql_layout.mails) AS m');
EXECUTE ask('SELECT name, mail || ''!'' AS m FROM funql_layout.users WHERE lower(mail::string) = ''ann@x.com'' ORDER BY mail');
REVOKE CREATE ON SCHEMA loose FROM regress_fundb_loose;
EXECUTE ask('SELECT u.name, m.id FROM funql_layout.users u JOIN funql_layout.mails m ON m.sender = u.mail WHERE u.mail = ''ann@x.com''');
DELETE FROM public.triggers WHERE name = 'through_update';
DROP SCHEMA loose CASCADE;
DROP TABLE users, groups, mails;
DROP ROLE regress_fundb_loose;

-- What a name that does not exist is near to: two letters that changed places are one slip, in queries and in writes.
CREATE TABLE stock (id int PRIMARY KEY, qty int);
-- Planner switches hold for the query; other settings, and switches that there are none of, are read without effect.
EXECUTE ask('SET enable_seqscan = false; SET enable_nosuch = true; SET work_mem TO ''77MB''; SELECT current_setting(''enable_seqscan'') AS a, current_setting(''work_mem'') = ''77MB'' AS b');
SHOW enable_seqscan;
EXECUTE ask('SET enable_seqscan = false; SELECT 1 / 0 AS x');
SHOW enable_seqscan;
EXECUTE ask('SELECT qyt FROM funql_layout.stock');
SELECT fundb.create_trigger('write', 'logs', $js$
  export default async (event, args) => {
    await FunDB.insertEntity({schema: 'funql_layout', name: 'stock'}, {id: 1, qyt: 2});
    return true;
  };
$js$, 'BEFORE', true) > 0 AS created;
INSERT INTO logs VALUES (2, 'two');

-- Operators of other languages, which only PostgreSQL can refuse.
EXECUTE ask('SELECT id FROM funql_layout.stock WHERE id == 5');
EXECUTE ask('SELECT id FROM funql_layout.stock WHERE id !== 5');
EXECUTE ask('SELECT id FROM funql_layout.stock WHERE (id = 5) && (qty = 1)');
EXECUTE ask('SELECT id->qty AS x FROM funql_layout.stock');
EXECUTE ask('SELECT id + ''x''::bytea AS x FROM funql_layout.stock');

-- A query may lock the rows it reads, and only those: not what arrows lead to, which PostgreSQL would refuse.
CREATE TABLE held (id int PRIMARY KEY, stock int REFERENCES stock, tags text[], data jsonb);
INSERT INTO stock VALUES (1, 5);
INSERT INTO held VALUES (1, 1), (2, 1), (3, NULL);
BEGIN;
EXECUTE ask('SELECT id, stock=>qty, stock FROM funql_layout.held WHERE id < 3 ORDER BY id FOR UPDATE');
SELECT id, xmax::text <> '0' AS locked FROM held ORDER BY id;
ROLLBACK;
EXECUTE ask('SELECT count(*) AS n FROM funql_layout.held FOR UPDATE');

EXECUTE ask('SELECT h.id FROM funql_layout.held h LEFT JOIN funql_layout.stock s ON s.id = h.stock FOR UPDATE');
EXECUTE ask('SELECT h.id FROM funql_layout.held h LEFT JOIN funql_layout.stock s ON s.id = h.stock ORDER BY h.id FOR NO KEY UPDATE OF h');

-- Fields of intervals; elements of arrays and of json as targets.
EXECUTE ask('SELECT interval ''1'' day AS a, interval ''1-2'' year to month AS b, ''1 02:03:04.567''::interval day to second (1) AS c, interval(0) ''1.6 s'' AS d');
SELECT fundb.create_trigger('change', 'stock', $js$
  export default async () => {
    const rows = await FunDB.runCommand(`UPDATE funql_layout.held AS h SET tags[id] = 'x', tags[3:4] = ARRAY['y', 'z'], data['k'] = to_jsonb(id) WHERE stock=>qty = 5 OR id = 3`);
    console.log('rows', rows);
    return true;
  };
$js$, 'BEFORE', true) > 0 AS created;
SET client_min_messages = notice;
INSERT INTO stock VALUES (2, 2);
SET client_min_messages = warning;
SELECT id, tags, data FROM held ORDER BY id;

-- Rows of every width have the same shape.
SELECT fundb.create_trigger('shape', 'stock', $js$
  export default async () => {
    const columns = ['id', 'stock', 'tags', 'data', 'id + 1 AS a', 'id + 2 AS b', 'id + 3 AS c'];
    for (let width = 1; width <= columns.length; ++width) {
      const {result} = await FunDB.getUserView({type: 'anonymous',
        query: `SELECT ${columns.slice(0, width)} FROM funql_layout.held WHERE id IN (1, 3) ORDER BY id`});
      console.log(JSON.stringify(result.rows));
    }
    const {result} = await FunDB.getUserView({type: 'anonymous', query: 'SELECT h.id, s.id AS stock, q.id AS other FROM funql_layout.held h LEFT JOIN funql_layout.stock s ON s.id = h.stock LEFT JOIN funql_layout.stock q ON q.id = h.id + 5 ORDER BY h.id'});
    console.log(JSON.stringify(result.rows));
    const rows = (await FunDB.getUserView({type: 'anonymous', query: 'SELECT g AS n, g::string AS t FROM generate_series(1, 20000) AS g'})).result.rows;
    console.log(rows.length, rows.every(({values: [n, t]}, i) => n.value === i + 1 && t.value === String(i + 1)));
    return true;
  };
$js$, 'BEFORE', true, priority => 5) > 0 AS created;
SET client_min_messages = notice;
INSERT INTO stock VALUES (3, 2);
SET client_min_messages = warning;

DROP SCHEMA funql_layout CASCADE;
