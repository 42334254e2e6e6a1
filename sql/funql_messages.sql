-- What only PostgreSQL can know of a query, as newcomers make it wrong: the message shows the place in the FunQL text and says what to
-- write instead where PostgreSQL's own hint would lead astray.
SET client_min_messages = warning;
CREATE SCHEMA fm;
SET search_path = fm;
CREATE TABLE t (id int PRIMARY KEY, name text, total numeric, ref int REFERENCES t, data jsonb, born date, mood text[]);
INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2);
CREATE TABLE run (queries text);
SELECT fundb.create_trigger('run', 'fm.run', $js$
  export default async function (event, {queries}) {
    for (const query of queries.trim().split('\n')) {
      try {
        await FunDB.getUserView({type: 'anonymous', query}, {ids: [1]});
        console.log('NO ERROR', query);
      } catch (e) { console.log(`${e.error} ${e.sqlstate} ${e.message}${e.hint ? `\n  HINT: ${e.hint}` : ''}\n  ${query}`); }
    }
  }$js$, 'AFTER', true) > 0 AS created;
-- Its error is about its own code, and stays PostgreSQL's.
CREATE FUNCTION inner_error() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1 == 1'; RETURN 1; END $$;
SET client_min_messages = notice;
INSERT INTO run VALUES ($$
SELECT id FROM fm.t WHERE id == 1
SELECT id FROM fm.t WHERE name === 'a'
SELECT id FROM fm.t WHERE id !== 1
SELECT id FROM fm.t WHERE id =< 1
SELECT id FROM fm.t WHERE id >< 1
SELECT id FROM fm.t WHERE id > 1 && id < 5
SELECT id FROM fm.t WHERE (id = 1) || (id = 2)
{ $ids array(int) }: SELECT id FROM fm.t WHERE id = $ids
{ $ids array(int) }: SELECT id FROM fm.t WHERE id IN ($ids)
{ $ids array(int) }: SELECT id FROM fm.t WHERE NOT id <> $ids
SELECT ref->'name' AS x FROM fm.t
SELECT name + 'x' AS x FROM fm.t
SELECT name + name AS x FROM fm.t
SELECT 'a' + 'b' AS x
SELECT id FROM fm.t WHERE count(*) > 1
SELECT id FROM fm.t WHERE row_number() OVER () = 1
SELECT name, count(*) FROM fm.t
SELECT id FROM fm.t WHERE 1
SELECT id FROM fm.t WHERE name
SELECT count() FROM fm.t
SELECT upper(id) FROM fm.t
SELECT upper(name, name) FROM fm.t
SELECT sum(name) FROM fm.t
SELECT date_part(1, born) AS x FROM fm.t
SELECT id FROM fm.t WHERE born = '2020-13-45'
SELECT id FROM fm.t WHERE id = 'one'
SELECT id FROM fm.t WHERE name = 1
SELECT id FROM fm.t WHERE id LIKE '1%'
SELECT coalesce(id, 'none') AS x FROM fm.t
SELECT CASE WHEN id = 1 THEN 1 ELSE 'two' END AS x FROM fm.t
SELECT id FROM fm.t UNION SELECT name FROM fm.t
SELECT (SELECT id FROM fm.t) AS x
SELECT 1 / 0 AS x
SELECT id FROM fm.t LIMIT -1
SELECT data.a FROM fm.t
SELECT data.a->'b' AS x FROM fm.t
SELECT (data).a AS x FROM fm.t
SELECT mood[1] = 1 AS x FROM fm.t
SELECT DISTINCT name FROM fm.t ORDER BY id
SELECT born - '1 day' AS x FROM fm.t
SELECT born + 'P1D' AS x FROM fm.t
SELECT id FROM fm.t GROUP BY name
SELECT fm.inner_error() AS x
$$);
SET client_min_messages = warning;
DROP SCHEMA fm CASCADE;
