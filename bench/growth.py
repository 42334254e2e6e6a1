#!/usr/bin/env python3
"""How the cost of a row grows with rows, columns, rules and sessions, and what a filter that does not match costs.
See README.md, "Growth".  Draws plots/*.svg and prints Markdown.

    bench/growth.py [--only filter,rows,columns,rules,sessions] [--reps 9] [--dsn 'host=/tmp/x/socket user=postgres']

Without --dsn it starts a private cluster under /tmp/fundb-growth and removes it.
"""
import argparse, os, re, statistics, subprocess, sys

from bench import Conn
from plot import draw

HERE = os.path.dirname(os.path.abspath(__file__))
CLUSTER, DIR = os.path.join(HERE, "..", "scripts", "cluster"), "/tmp/fundb-growth"
SETTINGS = ["shared_buffers=512MB", "max_wal_size=4GB", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off", "jit=off",
            "max_parallel_workers_per_gather=0", "shared_preload_libraries=fundb"]

# A trigger that reads one field and sets another; {i} makes each its own.
PLPGSQL = """CREATE FUNCTION f{i}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.c2 := NEW.c1 || '{i}'; RETURN NEW; END $$;
CREATE TRIGGER t{i} BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f{i}()"""
RULE = """SELECT fundb.create_trigger('t{i}', 't', $$export default async function handle(event, args) {{
  args.c2 = args.c1 + '{i}';
  return args;
}}$$, 'BEFORE', true)"""
# Fires on updates of c1 only; the statement changes c2.
FILTERED = """SELECT fundb.create_trigger('t1', 't', $$export default async function handle(event, args) {
  args.c1 = 'changed';
  return args;
}$$, 'BEFORE', on_update_fields => '{c1}')"""
EMPTY_C = """CREATE EXTENSION bench_ctrig;
CREATE TRIGGER t1 BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION c_noop()"""


class World:
    """One database per contestant, with a table t of `columns` text columns and `rules` triggers on it."""

    def __init__(self, dsn):
        self.dsn = dsn

    def make(self, name, columns, statements):
        with Conn(self.dsn + " dbname=postgres").quiet() as admin:
            admin.run(f"DROP DATABASE IF EXISTS growth_{name}")
            admin.run(f"CREATE DATABASE growth_{name}")
        made = Conn(f"{self.dsn} dbname=growth_{name}").quiet()
        names = ", ".join(f"c{i} text" for i in range(1, columns + 1))
        made.run(f"CREATE UNLOGGED TABLE t ({names}); CREATE UNLOGGED TABLE source (LIKE t)")
        if name == "fundb":
            made.run("CREATE EXTENSION fundb")
        for statement in statements:
            made.run(statement)
        return made


def interleaved(connections, prepare, statement, rows, reps):
    """ns of CPU per row over no trigger, by contestant: medians of interleaved runs."""
    samples = {name: [] for name in connections}
    for turn in range(reps + 1):
        for name, connection in connections.items():
            connection.run(prepare)
            _, cpu = connection.timed(statement)
            if turn > 0:  # the first run warms up
                samples[name].append(cpu / rows)
    floor = statistics.median(samples["none"])
    return {name: statistics.median(values) - floor for name, values in samples.items() if name != "none"}


def insert_costs(world, reps, columns=10, rules=1, rows=20000):
    statements = {"none": [], "plpgsql": [PLPGSQL.format(i=i) for i in range(rules)], "fundb": [RULE.format(i=i) for i in range(rules)]}
    connections = {name: world.make(name, columns, made) for name, made in statements.items()}
    for connection in connections.values():
        values = ", ".join(f"'v' || n" for i in range(1, columns + 1))
        connection.run(f"INSERT INTO source SELECT {values} FROM generate_series(1, {rows}) n")
    costs = interleaved(connections, "TRUNCATE t", "INSERT INTO t SELECT * FROM source", rows, reps)
    for connection in connections.values():
        connection.close()
    return costs


def filter_costs(world, reps, rows=50000):
    connections = {"none": world.make("none", 10, []), "c": world.make("c", 10, [EMPTY_C]), "fundb": world.make("fundb", 10, [FILTERED])}
    fill = "INSERT INTO t (c1, c2) SELECT 'text ' || n, 'x' FROM generate_series(1, %d) n" % rows
    costs = interleaved(connections, "TRUNCATE t; " + fill, "UPDATE t SET c2 = 'y'", rows, reps)
    for connection in connections.values():
        connection.close()
    return costs


def session_rates(world, clients, reps, seconds):
    """Transactions per second of single-row INSERTs."""
    statements = {"none": [], "plpgsql": [PLPGSQL.format(i=0)], "fundb": [RULE.format(i=0)]}
    for name, made in statements.items():
        world.make(name, 10, made).close()
    script = os.path.join("/tmp", f"growth_{os.getpid()}.sql")
    with open(script, "w", encoding="ascii") as file:
        file.write("INSERT INTO t (c1, c2, c3) VALUES ('Name', 'city', 'more');\n")
    rates = {name: [] for name in statements}
    try:
        for _ in range(reps):
            for name in statements:
                options = dict(part.split("=", 1) for part in world.dsn.split())
                env = dict(os.environ, PGHOST=options["host"], PGPORT=options.get("port", "5432"), PGUSER=options["user"])
                out = subprocess.run(["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds), "-f", script,
                                      f"growth_{name}"], env=env, capture_output=True, text=True, check=True).stdout
                rates[name].append(float(re.search(r"tps = ([\d.]+)", out)[1]))
    finally:
        os.unlink(script)
    return {name: statistics.median(values) for name, values in rates.items()}


def table(head, rows):
    print("\n| " + " | ".join(head) + " |\n|---|" + "---:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)


def report(title, unit, axis, results, plots):
    """`results`: {x: {contestant: value}}"""
    names = list(next(iter(results.values())))
    table([f"{title}, {unit}"] + [f"{x:,}" for x in results],
          [[name] + [f"{values[name]:,.0f}" for values in results.values()] for name in names])
    if plots:
        draw(os.path.join(plots, axis + ".svg"), title, axis, unit, {name: [(x, values[name]) for x, values in results.items()] for name in names})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="filter,rows,columns,rules,sessions")
    parser.add_argument("--reps", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=4, help="of one pgbench run")
    parser.add_argument("--dsn")
    parser.add_argument("--plots", default=os.path.join(HERE, "plots"), help="folder for the SVG files, empty for none")
    options = parser.parse_args()
    only, dsn, reps, plots = options.only.split(","), options.dsn, options.reps, options.plots
    if dsn is None:
        subprocess.run([CLUSTER, "start", DIR, *SETTINGS], check=True)
        dsn = f"host={DIR}/socket port=5432 user=postgres"
    world = World(dsn)
    if plots:
        os.makedirs(plots, exist_ok=True)
    try:
        if "filter" in only:
            costs = filter_costs(world, reps)
            table(["a filter that does not match, CPU ns per row", "cost"], [[name, f"{cost:,.0f}"] for name, cost in costs.items()])
        if "rows" in only:
            report("Rows of one statement", "CPU ns per row", "rows", {n: insert_costs(world, reps, rows=n) for n in (1000, 10000, 100000)}, plots)
        if "columns" in only:
            report("Columns of the table", "CPU ns per row", "columns",
                   {n: insert_costs(world, reps, columns=n, rows=5000) for n in (2, 10, 50, 200)}, plots)
        if "rules" in only:
            report("Rules on the table", "CPU ns per row", "rules", {n: insert_costs(world, reps, rules=n, rows=10000) for n in (1, 2, 5, 10)}, plots)
        if "sessions" in only:
            report("Sessions", "transactions per second", "sessions",
                   {n: session_rates(world, n, min(reps, 5), options.seconds) for n in (1, 2, 4, 8)}, plots)
    finally:
        if options.dsn is None:
            subprocess.run([CLUSTER, "stop", DIR], check=True)


if __name__ == "__main__":
    sys.exit(main())
