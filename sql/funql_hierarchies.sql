-- Inheritance trees in user views: which table a row is stored in (mainSubEntity, subEntity), where there is more than one.
SET client_min_messages = warning;
CREATE SCHEMA fh;
CREATE SCHEMA "Fh 2";
SET search_path = fh;
CREATE TABLE animals (id int PRIMARY KEY, name text);
CREATE TABLE dogs (breed text, PRIMARY KEY (id)) INHERITS (animals);
CREATE TABLE "Fh 2"."Puppies" (PRIMARY KEY (id)) INHERITS (dogs);
CREATE TABLE keepers (id int PRIMARY KEY, animal int REFERENCES animals, pet int);
INSERT INTO animals VALUES (1, 'cat'), (2, 'bee');
INSERT INTO dogs VALUES (3, 'Rex', 'collie');
INSERT INTO "Fh 2"."Puppies" VALUES (4, 'Pip', 'collie');
INSERT INTO keepers VALUES (1, 1, 4), (2, NULL, 3), (3, 2, 9);
CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
INSERT INTO parts VALUES (1);
CREATE VIEW seen AS SELECT * FROM animals;
UPDATE public.entities SET main_field = 'name' WHERE id IN (fundb.entity_id('animals'), fundb.entity_id('dogs'));
CREATE TABLE run (id int);
GRANT USAGE ON SCHEMA fh, "Fh 2" TO public;
GRANT ALL ON run TO public;
CREATE FUNCTION js(body text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('fh.body', body, true);
  INSERT INTO fh.run VALUES (1);
END $$;
SELECT fundb.create_trigger('body', 'fh.run', $js$
  // The rows without their cells, and how many columns there are.
  const show = async (query, chunk) => {
    try {
      const {info, result} = await FunDB.getUserView({type: 'anonymous', query}, {}, chunk);
      for (const {values, ...row} of result.rows) console.log(values.map(({value}) => JSON.stringify(value)).join(' '), JSON.stringify(row));
      return result;
    } catch (e) { console.log(e.error, e.sqlstate, e.message); }
  };
  export default async function () {
    const body = (await FunDB.getUserView({type: 'anonymous', query: "SELECT current_setting('fh.body') AS x"})).result.rows[0].values[0].value;
    for (const query of body.split('\n')) {
      if (query.trim() === '') continue;
      console.log(query);
      await show(query, query.includes('/* page */') ? {limit: 2, where: {expression: "name <> 'cat'"}} : undefined);
    }
  }$js$, 'AFTER', true) > 0 AS created;
SET client_min_messages = notice;
-- Of the main entity; of every tracked source of its own; together with a page.
SELECT js($$
SELECT name FROM fh.animals ORDER BY id
SELECT id, sub_entity FROM fh.dogs ORDER BY id
SELECT k.id, a.name FROM fh.keepers k LEFT JOIN fh.animals a ON a.id = k.pet ORDER BY k.id
SELECT name FROM fh.animals ORDER BY id /* page */
SELECT name FROM fh.animals ORDER BY id FOR UPDATE
SELECT name FROM fh.animals WHERE sub_entity OFTYPE fh.dogs
$$);
-- Rows of partitions are rows of the partitioned table, too, or both tests of it would be false for all of them.
SELECT js($$
SELECT id, sub_entity OFTYPE fh.parts AS a, sub_entity INHERITED FROM fh.parts AS b, sub_entity OFTYPE fh.parts_1 AS c, sub_entity OFTYPE fh.keepers AS d, sub_entity FROM fh.parts
SELECT k.id, parts OFTYPE fh.parts AS a FROM fh.keepers k LEFT JOIN fh.parts ON parts.id = k.id ORDER BY k.id
$$);
-- Nothing to say: one table only, partitions of one entity, arrows (a foreign key means the table itself), rows that are no table's.
SELECT js($$
SELECT name FROM ONLY fh.animals ORDER BY id
SELECT name FROM "Fh 2"."Puppies"
SELECT id FROM fh.parts
SELECT animal, animal=>name AS name FROM fh.keepers ORDER BY id
SELECT name FROM fh.seen ORDER BY id LIMIT 1
SELECT DISTINCT name FROM fh.animals ORDER BY name LIMIT 1
SELECT count(*) FROM fh.animals
$$);
-- Every row has an object of its own.
SET client_min_messages = warning;
SELECT fundb.create_trigger('own', 'fh.keepers', $js$
  export default async function () {
    const {result: {rows: [a, b]}} = await FunDB.getUserView({type: 'anonymous', query: 'SELECT name FROM fh.animals ORDER BY id'});
    a.mainSubEntity.name = a.entityIds[0].subEntity.schema = 'changed';
    console.log(JSON.stringify([a, b]));
  }$js$, 'AFTER', true) > 0 AS created;
SET client_min_messages = notice;
INSERT INTO keepers VALUES (4);
-- A child that comes, is renamed and goes later is known at once.
CREATE TABLE cats () INHERITS (animals);
INSERT INTO cats VALUES (5, 'Tom');
SELECT js('SELECT name FROM fh.animals WHERE id = 5');
ALTER TABLE cats RENAME TO felines;
SELECT js('SELECT name FROM fh.animals WHERE id = 5');
ALTER TABLE felines NO INHERIT animals;
SELECT js('SELECT name FROM fh.animals WHERE id >= 4');
-- A role that may read some columns only gets no hidden column that it may not read, and no error for it.
CREATE ROLE fh_reader;
GRANT SELECT (id, name) ON animals, dogs, "Fh 2"."Puppies" TO fh_reader;
SET ROLE fh_reader;
SELECT js('SELECT name FROM fh.animals WHERE id = 3');
RESET ROLE;
GRANT SELECT ON animals TO fh_reader;
SET ROLE fh_reader;
SELECT js('SELECT name FROM fh.animals WHERE id = 3');
RESET ROLE;
SET client_min_messages = warning;
DROP OWNED BY fh_reader;
DROP ROLE fh_reader;
DROP SCHEMA fh, "Fh 2" CASCADE;
