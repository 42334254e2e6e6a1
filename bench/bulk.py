#!/usr/bin/env python3
"""Peak memory of one statement over many rows, with BEFORE and AFTER triggers: as rules, in PL/pgSQL and without any.
See README.md, "Bulk".  Every figure comes from a connection of its own.

    bench/bulk.py [--rows 10000,100000,1000000] [--only insert,update] [--dsn 'host=/tmp/x/socket user=postgres']

Without --dsn it starts a private cluster under /tmp/fundb-bulk and removes it.
"""
import argparse, os, subprocess, sys, time

from bench import Conn

HERE = os.path.dirname(os.path.abspath(__file__))
CLUSTER, DIR = os.path.join(HERE, "..", "scripts", "cluster"), "/tmp/fundb-bulk"
# Few shared buffers: pages of the buffer pool count as memory of whoever touched them.
SETTINGS = ["shared_buffers=8MB", "max_wal_size=4GB", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off", "jit=off",
            "max_parallel_workers_per_gather=0"]

SCHEMA = """
CREATE TABLE t (id int, n int, note text);
CREATE TABLE audit (id int, what text);
"""
TRIGGERS = {
    "none": "",
    # BEFORE fills a column, AFTER reads the row.
    "plpgsql": """
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'n' || NEW.n; RETURN NEW; END $$;
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.note IS NULL THEN RAISE 'no note'; END IF; RETURN NULL; END $$;
CREATE TRIGGER a BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION fill();
CREATE TRIGGER b AFTER INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION see();
""",
    "fundb": """
SELECT fundb.create_trigger('fill', 't', 'export default async (event, args) => ({...args, note: "n" + args.n})', 'BEFORE', true, '{n}');
SELECT fundb.create_trigger('see', 't', 'export default async (event, args) => { if (event.new.note === null) throw new Error("no note"); }', 'AFTER', true, '{n}');
""",
}
# The AFTER trigger writes a row and would survive its failure: a subtransaction per row.
WRITING = {
    "none": "",
    "plpgsql": """
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  BEGIN INSERT INTO audit VALUES (NEW.id, TG_OP); EXCEPTION WHEN unique_violation THEN NULL; END; RETURN NULL; END $$;
CREATE TRIGGER b AFTER INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note();
""",
    "fundb": """
SELECT fundb.create_trigger('note', 't', 'export default async (event, args) => {
  await FunDB.insertEntity({schema: "public", name: "audit"}, {id: event.new.id, what: event.source.type}); }', 'AFTER', true, '{n}');
""",
}
STATEMENTS = {
    "insert": (TRIGGERS, "", "INSERT INTO t (id, n) SELECT i, i FROM generate_series(1, {rows}) i"),
    "copy": (TRIGGERS, "", "COPY t (id, n) FROM PROGRAM 'seq {rows} | sed \"s/.*/&\\t&/\"'"),
    "update": (TRIGGERS, "INSERT INTO t (id, n) SELECT i, i FROM generate_series(1, {rows}) i", "UPDATE t SET n = n + 1"),
    "write": (WRITING, "", "INSERT INTO t (id, n) SELECT i, i FROM generate_series(1, {rows}) i"),
}


def peak_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def measure(dsn, statement, contestant, rows):
    """(peak before and after the statement in MB, seconds)"""
    triggers, prepare, sql = STATEMENTS[statement]
    admin = Conn(dsn + " dbname=postgres").quiet()
    admin.run("DROP DATABASE IF EXISTS bulk")
    admin.run("CREATE DATABASE bulk")
    maker = Conn(dsn + " dbname=bulk").quiet()
    maker.run("CREATE EXTENSION fundb")
    maker.run(SCHEMA)
    if prepare:
        maker.run(prepare.format(rows=rows))
    if triggers[contestant]:
        maker.run(triggers[contestant])
    maker.close()
    worker = Conn(dsn + " dbname=bulk").quiet()
    # The engine is there and warm; what the statement adds is what counts.
    worker.run("BEGIN; INSERT INTO t (id, n) VALUES (-1, -1); ROLLBACK")
    before, start = peak_kb(worker.pid), time.perf_counter()
    worker.run(sql.format(rows=rows))
    seconds, after = time.perf_counter() - start, peak_kb(worker.pid)
    worker.close()
    admin.close()
    return before / 1024, after / 1024, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="10000,100000,1000000")
    parser.add_argument("--only", default=",".join(STATEMENTS))
    parser.add_argument("--dsn")
    options = parser.parse_args()
    rows = [int(count) for count in options.rows.split(",")]
    chosen = [name for name in STATEMENTS if name in options.only.split(",")]
    dsn = options.dsn
    if dsn is None:
        subprocess.run([CLUSTER, "start", DIR, *SETTINGS], check=True)
        dsn = f"host={DIR}/socket port=5432 user=postgres"
    try:
        print("| MB that one statement adds to the backend's peak; seconds | " + " | ".join(f"{count:,} rows" for count in rows) + " |")
        print("|---|" + "---:|" * len(rows))
        for statement in chosen:
            for contestant in ("none", "plpgsql", "fundb"):
                cells = []
                for count in rows:
                    before, after, seconds = measure(dsn, statement, contestant, count)
                    cells.append(f"{after - before:.1f}; {seconds:.2f} s")
                print(f"| {statement}: {contestant} | " + " | ".join(cells) + " |", flush=True)
    finally:
        if options.dsn is None:
            subprocess.run([CLUSTER, "stop", DIR], check=True)


if __name__ == "__main__":
    sys.exit(main())
