#!/usr/bin/env python3
"""Times FunQL: the compile of a query, a repeated getUserView, results of many rows and their memory.

  bench/funql.py [--million]      (PGHOST, PGPORT, PGUSER, PGDATABASE: a superuser of a scratch database)

All times are processor time of the backend (the main thread), so that a busy machine does not matter much;
each is the best of several runs.  Schema funql_bench is made anew and dropped at the end.
"""

import argparse
import re
import subprocess

SETUP = """
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS fundb;
DROP SCHEMA IF EXISTS funql_bench CASCADE;
CREATE SCHEMA funql_bench;
CREATE TABLE funql_bench.groups (id int PRIMARY KEY, name text);
INSERT INTO funql_bench.groups SELECT i, 'group ' || i FROM generate_series(1, 100) AS i;
CREATE TABLE funql_bench.rows (id int PRIMARY KEY, n int, name text, total numeric, at timestamptz,
  g int REFERENCES funql_bench.groups);
INSERT INTO funql_bench.rows SELECT i, i % 1000, 'name ' || i, i * 1.25, now(), i % 100 + 1 FROM generate_series(1, 1000000) AS i;
VACUUM ANALYZE funql_bench.rows;
DO $$ BEGIN PERFORM fundb.entity_id('funql_bench.groups'); UPDATE public.entities SET main_field = 'name' WHERE name = 'groups'; END $$;
CREATE TABLE funql_bench.run (query text, times int);
SELECT fundb.create_trigger('run', 'funql_bench.run', $js$
  export default async (event, {query, times}) => {
    for (let i = 0; i < times; ++i) {
      // A text that was never seen is compiled, prepared and planned.
      const text = query.replace('%', i);
      await FunDB.getUserView({type: 'anonymous', query: text}, {id: i});
    }
    return false;
  };
$js$, 'BEFORE', true) > 0;
CREATE FUNCTION funql_bench.plpgsql(times int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE answer record;
BEGIN
  FOR i IN 1..times LOOP
    BEGIN
      SELECT r.n, r.name, x.name INTO answer FROM funql_bench.rows AS r LEFT JOIN funql_bench.groups AS x ON x.id = r.g WHERE r.id = i;
    EXCEPTION WHEN unique_violation THEN NULL;
    END;
  END LOOP;
END $$;
"""
LONG = """{ $id int NULL }:
SELECT o.id, o.n, o.name,
  o.g=>name AS group_name,
  CASE WHEN o.total > 100 THEN 'big' ELSE 'small' END AS size,
  sum(l.total) AS sum_%,
  count(*) AS lines
FROM funql_bench.rows AS o
LEFT JOIN funql_bench.rows AS l ON l.id = o.n
LEFT JOIN funql_bench.groups AS p ON p.id = l.g
WHERE ($id IS NULL OR o.id = $id)
  AND o.name LIKE 'name 1%%'
  AND o.total BETWEEN 1 AND 5
  AND o.g=>name <> 'group 7'
  AND o.n IN (1, 2, 3)
  AND NOT (o.at < $$transaction_time)
GROUP BY o.id, o.n, o.name, o.g=>name
HAVING count(*) > 1
ORDER BY o.g=>name, o.id DESC
LIMIT 10""".replace("%%", "")


class Session:
    """psql that is fed one statement at a time."""

    def __init__(self):
        self.psql = subprocess.Popen(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True, bufsize=1)
        self.pid = int(self.run("SELECT pg_backend_pid();")[0])

    def run(self, sql):
        self.psql.stdin.write(sql + "\n\\echo done\n")
        self.psql.stdin.flush()
        lines = []
        for line in self.psql.stdout:
            if line == "done\n":
                return lines
            lines.append(line.rstrip("\n"))
        raise SystemExit("the session ended: " + "\n".join(lines))

    def cpu(self):
        """Seconds of processor time of the main thread."""
        with open(f"/proc/{self.pid}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[0]) / 1e9

    def memory(self, what):
        """MB, of /proc/PID/status."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return int(re.search(what + r":\s+(\d+)", file.read()).group(1)) / 1024

    def timed(self, sql):
        begin = self.cpu()
        self.run(sql)
        return self.cpu() - begin


def text(value):
    return "'" + value.replace("'", "''") + "'"


def best(session, query, times, rounds=5):
    sql = f"INSERT INTO funql_bench.run VALUES ({text(query)}, {times});"
    return min(session.timed(sql) for _ in range(rounds)) / times


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--million", action="store_true", help="also one result of a million rows")
    options = parser.parse_args()
    Session().run(SETUP)
    session = Session()
    session.run("INSERT INTO funql_bench.run VALUES ('SELECT 1 AS x', 1);")
    print("| what | processor time |\n|---|---|")
    # Every round has other texts than the rounds before.
    first = min(session.timed(f"INSERT INTO funql_bench.run VALUES ({text(LONG.replace('sum_%', f'sum_{n}_%'))}, 20);") / 20
                for n in range(5))
    print(f"| a query of 20 lines, first time: compile, prepare, plan, describe, run | {first * 1e3:.2f} ms |")
    again = best(session, LONG.replace("sum_%", "sum_0_0"), 200)
    print(f"| the same again: run | {again * 1e3:.3f} ms |")
    arrow = "{ $id int }: SELECT n, name, g=>name AS g FROM funql_bench.rows WHERE id = $id"
    one = best(session, arrow, 2000)
    plpgsql = min(session.timed("SELECT funql_bench.plpgsql(2000);") for _ in range(5)) / 2000
    print(f"| one row by key with an arrow, repeated | {one * 1e6:.1f} µs |")
    print(f"| the same query in PL/pgSQL with an exception block | {plpgsql * 1e6:.1f} µs |")
    for shown, query in [
            ("2 columns without keys", "SELECT n + 0 AS n, name || '' AS name FROM funql_bench.rows LIMIT 10000"),
            ("2 columns and keys", "SELECT id, n FROM funql_bench.rows LIMIT 10000"),
            ("5 columns, a pun, keys", "SELECT n, name, total, at, g FROM funql_bench.rows LIMIT 10000")]:
        print(f"| 10,000 rows, {shown} | {best(session, query, 10) * 1e9 / 10000:.0f} ns/row |")
    if options.million:
        fresh = Session()
        fresh.run("SET fundb.heap_limit = 2000;")
        fresh.run("INSERT INTO funql_bench.run VALUES ('SELECT count(*) AS n FROM funql_bench.rows', 1);")
        before = fresh.memory("VmRSS")
        seconds = fresh.timed("INSERT INTO funql_bench.run VALUES ('SELECT id, n FROM funql_bench.rows', 1);")
        grown = fresh.memory("VmHWM") - before
        print(f"| 1,000,000 rows, 2 columns and keys | {seconds * 1e3:.0f} ns/row, {grown:.0f} MB at most |")
    session.run("SET client_min_messages = warning; DROP SCHEMA funql_bench CASCADE;")


if __name__ == "__main__":
    main()
