-- The layout that FunQL finds in the catalogs: references over foreign keys of every form.
SET client_min_messages = warning;
CREATE SCHEMA funql_layout;
SET search_path = funql_layout;
CREATE TABLE run (query text, result text);
SELECT fundb.create_trigger('run', 'run', $js$
  export default async (event, args) => {
    const answer = await FunDB.getUserView({type: 'anonymous', query: args.query})
      .then(({result}) => result.rows.map(({values}) => values.map(({value}) => value)), (e) => `${e.sqlstate} ${e.message}`);
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

DROP SCHEMA funql_layout CASCADE;
