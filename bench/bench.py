#!/usr/bin/env python3
"""Benchmark of row-level triggers written in several languages. See README.md.

Only the standard library and libpq (through ctypes) are used.
"""
import argparse, ctypes, json, os, random, re, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
COLS = "id, big, t1, t2, t3, t4, ts, num, flag, doc"
ONE_ROW = ("VALUES (1, 9007199254740993, 'Name 1', 'city-1', '  Alpha  BETA 1@Example.COM ', NULL, "
           "'2024-01-01 00:00:00.000123+00', 9007199254740993.0001, true, '{\"k\": 1, \"tags\": [\"a\"]}')")

pq = ctypes.CDLL("libpq.so.5")
for name, res, args in [
        ("PQconnectdb", ctypes.c_void_p, [ctypes.c_char_p]), ("PQstatus", ctypes.c_int, [ctypes.c_void_p]),
        ("PQfinish", None, [ctypes.c_void_p]), ("PQexec", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_char_p]),
        ("PQresultStatus", ctypes.c_int, [ctypes.c_void_p]), ("PQclear", None, [ctypes.c_void_p]),
        ("PQntuples", ctypes.c_int, [ctypes.c_void_p]), ("PQnfields", ctypes.c_int, [ctypes.c_void_p]),
        ("PQgetvalue", ctypes.c_char_p, [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]),
        ("PQgetisnull", ctypes.c_int, [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]),
        ("PQbackendPID", ctypes.c_int, [ctypes.c_void_p]), ("PQerrorMessage", ctypes.c_char_p, [ctypes.c_void_p]),
        ("PQsetNoticeProcessor", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p])]:
    fn = getattr(pq, name)
    fn.restype, fn.argtypes = res, args
NOTICE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)(lambda arg, msg: None)


class Failed(Exception):
    pass


class Conn:
    def __init__(self, dsn):
        self.c = pq.PQconnectdb(dsn.encode())
        if pq.PQstatus(self.c) != 0:
            raise Failed(pq.PQerrorMessage(self.c).decode())
        self.pid = pq.PQbackendPID(self.c)

    def quiet(self):
        pq.PQsetNoticeProcessor(self.c, ctypes.cast(NOTICE, ctypes.c_void_p), None)
        return self

    def run(self, sql):
        r = pq.PQexec(self.c, sql.encode())
        try:
            if pq.PQresultStatus(r) not in (1, 2):
                raise Failed(pq.PQerrorMessage(self.c).decode().strip())
            return [[None if pq.PQgetisnull(r, i, j) else pq.PQgetvalue(r, i, j).decode()
                     for j in range(pq.PQnfields(r))] for i in range(pq.PQntuples(r))]
        finally:
            pq.PQclear(r)

    def timed(self, sql):
        cpu = cpu_ns(self.pid)
        t = time.perf_counter_ns()
        self.run(sql)
        t = time.perf_counter_ns() - t
        return t, cpu_ns(self.pid) - cpu

    def close(self):
        pq.PQfinish(self.c)

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.close()


def cpu_ns(pid):
    """CPU time of every thread of a process (a JavaScript engine has helpers of its own)."""
    total = 0
    try:
        for t in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{t}/schedstat") as f:
                total += int(f.read().split()[0])
    except OSError:
        pass
    return total


def memory_kb(pid):
    out = {}
    try:
        with open(f"/proc/{pid}/smaps_rollup") as f:
            for line in f:
                m = re.match(r"(\w+):\s+(\d+) kB", line)
                if m:
                    out[m[1]] = int(m[2])
        out["Threads"] = len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        pass
    return out


class Contestant:
    def __init__(self, path):
        self.name = os.path.basename(path)[:-4]
        self.path = path
        self.head = {}
        with open(path) as f:
            for line in f:
                m = re.match(r"--\s*@(\w+)\s+(.*)", line)
                if m:
                    self.head.setdefault(m[1], []).append(m[2].strip())
        self.label = (self.head.get("label") or [self.name])[0]
        self.schema = "b_" + re.sub(r"\W", "_", self.name)
        self.skip = set(" ".join(self.head.get("skip", [])).split())
        self.doblock = set(" ".join(self.head.get("doblock", [])).split())
        self.rows = {x.split()[0]: int(x.split()[1]) for x in self.head.get("rows", [])}
        self.errors = {}


class Bench:
    def __init__(self, a):
        self.a = a
        self.base = f"host={a.host} port={a.port} user={a.user}"
        self.cs = []
        names = a.contestants.split(",") if a.contestants else sorted(
            f[:-4] for f in os.listdir(f"{HERE}/contestants") if f.endswith(".sql"))
        if "none" not in names:
            names.insert(0, "none")
        for n in names:
            path = n if n.endswith(".sql") else f"{HERE}/contestants/{n}.sql"
            self.cs.append(Contestant(path))
        self.rng = random.Random(a.seed)
        self.data = {"meta": {}, "samples": {}, "cpu": {}, "check": {}, "mem": {}, "errors": {}, "tps": {}}

    def dsn(self, c=None):
        d = f"{self.base} dbname={self.a.db}"
        if c:
            d += f" options='-csearch_path={c.schema},public'"
        return d

    def connect(self, c, quiet=True):
        conn = Conn(self.dsn(c))
        if quiet:
            conn.quiet()
        for s in c.head.get("session", []):
            conn.run(s)
        return conn

    def psql(self, path, c=None, **vars):
        env = dict(os.environ, PGHOST=self.a.host, PGPORT=str(self.a.port), PGUSER=self.a.user,
                   PGDATABASE=self.a.db)
        if c:
            env["PGOPTIONS"] = f"-c search_path={c.schema},public -c client_min_messages=warning"
        cmd = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", path]
        for k, v in vars.items():
            cmd += ["-v", f"{k}={v}"]
        r = subprocess.run(cmd, env=env, capture_output=True, text=True)
        if r.returncode:
            raise Failed(f"{path}: {r.stderr.strip()}")

    def setup(self):
        with Conn(f"{self.base} dbname=postgres").quiet() as k:
            k.run(f"DROP DATABASE IF EXISTS {self.a.db}")
            k.run(f"CREATE DATABASE {self.a.db}")
        self.psql(f"{HERE}/sql/source.sql", n=self.a.rows)
        for c in self.cs:
            with Conn(self.dsn()).quiet() as k:
                for s in c.head.get("setup", []):
                    k.run(s)
                k.run(f"CREATE SCHEMA {c.schema}")
            self.psql(f"{HERE}/sql/tables.sql", c)
            self.psql(c.path, c)
            print("set up", c.name, flush=True)

    # --- W1 to W5 -------------------------------------------------------------------------
    def statement(self, w, n):
        src = f"SELECT {COLS} FROM bench_src.src" + ("" if n >= self.a.rows else f" LIMIT {n}")
        return {
            "w1": f"INSERT INTO w1 {src}", "w1r": f"INSERT INTO w1r {src}", "w2i": f"INSERT INTO w2 {src}",
            "w2u": "UPDATE w2 SET flag = NOT flag",
            "w3": "UPDATE w3 SET t2 = t2 || 'x', num = num + 1",
            "w4": f"INSERT INTO w4 {src}", "w5": f"INSERT INTO w5 {src}"}[w]

    def prepare(self, k, w, n):
        src = f"SELECT {COLS} FROM bench_src.src LIMIT {n}"
        if w in ("w1", "w1r", "w4", "w5"):
            k.run(f"TRUNCATE {w}")
        elif w in ("w2i", "w2u"):
            k.run("TRUNCATE w2")
            if w == "w2u":
                k.run(f"INSERT INTO w2 {src}")
        else:
            k.run("TRUNCATE w3, w3_audit")
            k.run(f"INSERT INTO w3 {src}")

    CHECK = {
        "w1": "SELECT count(*), sum(hashtext(w1::text)) FROM w1",
        "w1r": "SELECT count(*), sum(hashtext(w1r::text)) FROM w1r",
        "w2i": "SELECT count(*), sum(hashtext(t4)), sum(hashtext(w2::text)) FROM w2",
        "w2u": "SELECT count(*), sum(hashtext(t4)), sum(hashtext(w2::text)) FROM w2",
        "w3": "SELECT count(*), sum(hashtext(changes->>'t2')), sum(hashtext(changes::text)) FROM w3_audit",
        "w4": "SELECT count(*), sum(hashtext(t4)), sum(hashtext(w4::text)) FROM w4",
        "w5": "SELECT count(*), sum(hashtext(t3)), sum(hashtext(w5::text)) FROM w5"}

    def rows_of(self, w, c=None):
        n = {"w5": self.a.rows5, "w3": self.a.rows3}.get(w, self.a.rows)
        return min(n, c.rows.get(w, n)) if c else n

    def one(self, c, w, first):
        n = self.rows_of(w, c)
        wrap = (lambda s: "DO $bench$ BEGIN " + s + "; END $bench$") if w in c.doblock else (lambda s: s)
        with self.connect(c) as k:
            m = min(n, self.a.warm)                 # warm up: load, compile, tier up, plan
            self.prepare(k, w, m)
            k.run(wrap(self.statement(w, m)))
            self.prepare(k, w, n)
            t, cpu = k.timed(wrap(self.statement(w, n)))
            self.data["samples"].setdefault(w, {}).setdefault(c.name, []).append(t)
            self.data["cpu"].setdefault(w, {}).setdefault(c.name, []).append(cpu)
            if first:
                self.data["mem"].setdefault(w, {})[c.name] = memory_kb(k.pid)
                self.data["check"].setdefault(w, {})[c.name] = k.run(self.CHECK[w])[0]
            self.prepare(k, w, 0)

    def await_server(self):
        for _ in range(60):                         # a contestant may have brought the server down
            try:
                Conn(self.dsn()).close()
                return
            except Failed:
                time.sleep(0.5)

    def throughput(self, ws):
        for r in range(self.a.reps):
            with Conn(self.dsn()) as k:
                k.run("CHECKPOINT")
            for w in ws:
                order = self.cs[:]
                self.rng.shuffle(order)
                for c in order:
                    if w[:2] in c.skip or w in c.skip or w in c.errors:
                        continue
                    try:
                        self.one(c, w, r == 0)
                    except Failed as e:
                        c.errors[w] = str(e)
                        self.data["errors"].setdefault(w, {})[c.name] = str(e)[:600]
                        print(f"  {c.name} {w} failed: {str(e)[:200]}", flush=True)
                        self.await_server()
                print(f"round {r + 1} {w}: " + ", ".join(
                    f"{c.name} {self.data['samples'].get(w, {}).get(c.name, [0])[-1] / 1e6:.0f}ms" for c in self.cs),
                    flush=True)
            self.save()

    # --- W6: cold start -------------------------------------------------------------------
    def cold(self):
        sql = f"INSERT INTO w2 {ONE_ROW}"
        S = self.data["samples"].setdefault("w6", {})
        for r in range(self.a.cold_reps + 2):
            order = self.cs[:]
            self.rng.shuffle(order)
            for c in order:
                if "w6" in c.skip:
                    continue
                t = time.perf_counter_ns()
                k = Conn(self.dsn(c))
                for s in c.head.get("session", []):
                    k.run(s)
                t1 = time.perf_counter_ns()
                k.run(sql)
                t2 = time.perf_counter_ns()
                k.close()
                t3 = time.perf_counter_ns()
                if r >= 2:
                    S.setdefault(c.name, []).append([t3 - t, t2 - t1])
        for r in range(5):
            for c in self.cs:
                if "w6" in c.skip:
                    continue
                with self.connect(c) as k:
                    k.run(sql)
                    time.sleep(0.05)
                    self.data["mem"].setdefault("w6", {}).setdefault(c.name, []).append(memory_kb(k.pid))
        print("w6 done", flush=True)
        self.save()

    # --- W7: fifty functions on fifty tables -----------------------------------------------
    def fifty(self):
        S = self.data["samples"].setdefault("w7", {})
        for r in range(self.a.cold_reps // 2 + 1):
            order = self.cs[:]
            self.rng.shuffle(order)
            for c in order:
                if "w7" in c.skip:
                    continue
                with self.connect(c) as k:
                    k.run(f"INSERT INTO w2 {ONE_ROW}")        # engine up, first function compiled
                    m0 = memory_kb(k.pid)
                    t = time.perf_counter_ns()
                    for i in range(1, 51):
                        k.run(f"INSERT INTO w7_{i} {ONE_ROW}")
                    t = time.perf_counter_ns() - t
                    m1 = memory_kb(k.pid)
                    t2 = time.perf_counter_ns()
                    for i in range(1, 51):
                        k.run(f"INSERT INTO w7_{i} {ONE_ROW}")
                    t2 = time.perf_counter_ns() - t2
                    if r:
                        S.setdefault(c.name, []).append([t, t2])
                        self.data["mem"].setdefault("w7", {}).setdefault(c.name, []).append([m0, m1])
                    if r == 1:
                        self.data["check"].setdefault("w7", {})[c.name] = k.run(
                            "SELECT string_agg(t4, ' ') FROM (SELECT t4 FROM w7_1 LIMIT 1) a")[0] + k.run(
                            "SELECT t4 FROM w7_50 LIMIT 1")[0]
        print("w7 done", flush=True)
        self.save()

    def pin(self, client):
        """Client and backend on one core: a wake-up on another core costs more than a trigger and varies."""
        if self.a.pin < 0:
            return
        os.sched_setaffinity(client, {self.a.pin})
        with Conn(f"{self.base} dbname=postgres") as k:
            for _ in range(50):
                r = k.run("SELECT pid FROM pg_stat_activity WHERE application_name = 'pgbench'")
                if r:
                    for t in os.listdir(f"/proc/{r[0][0]}/task"):
                        os.sched_setaffinity(int(t), {self.a.pin})
                    return
                time.sleep(0.01)

    # --- single-row INSERTs through pgbench --------------------------------------------------
    def pgbench(self):
        for r in range(self.a.tps_reps):
            for w in ("w1", "w2"):
                order = self.cs[:]
                self.rng.shuffle(order)
                for c in order:
                    if w in c.skip:
                        continue
                    with self.connect(c) as k:
                        k.run(f"TRUNCATE {w}")
                    script = f"/tmp/bench_{os.getpid()}_{w}.sql"
                    with open(script, "w") as f:
                        f.write("\\set id random(1, 1000000)\n"
                                f"INSERT INTO {w} VALUES (:id, 9007199254740993, 'Name', 'city', '  Alpha  BETA ', NULL, "
                                "'2024-01-01 00:00:00.000123+00', 9007199254740993.0001, true, '{\"k\": 1}');\n")
                    env = dict(os.environ, PGHOST=self.a.host, PGPORT=str(self.a.port), PGUSER=self.a.user,
                               PGOPTIONS=f"-c search_path={c.schema},public")
                    out = subprocess.Popen(["pgbench", "-n", "-M", "prepared", "-c", "1", "-j", "1", "-T",
                                            str(self.a.tps_secs), "-f", script, self.a.db],
                                           env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                    self.pin(out.pid)
                    stdout, stderr = out.communicate()
                    os.unlink(script)
                    m = re.search(r"tps = ([\d.]+)", stdout)
                    if m:
                        self.data["tps"].setdefault(w, {}).setdefault(c.name, []).append(float(m[1]))
                    else:
                        self.data["errors"].setdefault("tps_" + w, {})[c.name] = stderr[:300]
                    with self.connect(c) as k:
                        k.run(f"TRUNCATE {w}")
            print(f"pgbench round {r + 1} done", flush=True)
            self.save()

    def compare(self):
        """0 when every contestant that ran gave PL/pgSQL's results; prints what differs."""
        wrong = 0
        for w, errors in self.data["errors"].items():
            for c, message in errors.items():
                print(f"FAILED {w} {c}: {message}")
                wrong += 1
        for w in [*self.CHECK, "w7"]:
            results = self.data["check"].get(w, {})
            expected = results.get("plpgsql")
            for c, got in results.items():
                # W3's whole row differs on purpose: see README.md.
                same = got[:2] == expected[:2] if w == "w3" else got == expected
                if c in ("none", "plpgsql"):
                    continue
                print(f"{'ok' if same else 'FAILED'} {w} {c}" + ("" if same else f": {got} instead of {expected}"))
                wrong += not same
            if "fundb" not in results:
                print(f"FAILED {w} fundb: no result")
                wrong += 1
        return 1 if wrong else 0

    def save(self):
        with Conn(self.dsn()) as k:
            self.data["meta"] = {
                "version": k.run("SELECT version()")[0][0], "rows": self.a.rows, "rows5": self.a.rows5,
                "rows3": self.a.rows3, "labels": {c.name: c.label for c in self.cs}, "seed": self.a.seed,
                "own_rows": {c.name: c.rows for c in self.cs if c.rows},
                "doblock": {c.name: sorted(c.doblock) for c in self.cs}}
        tmp = self.a.out + ".tmp"
        with open(tmp, "w") as f:
            json.dump(self.data, f)
        os.replace(tmp, self.a.out)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--host", default="/tmp/fundb-bench/socket")
    p.add_argument("--port", type=int, default=5432)
    p.add_argument("--user", default="postgres")
    p.add_argument("--db", default="bench")
    p.add_argument("--contestants", help="comma-separated names of contestants/*.sql or paths of such files")
    p.add_argument("--rows", type=int, default=200000)
    p.add_argument("--rows3", type=int, default=200000)
    p.add_argument("--rows5", type=int, default=20000)
    p.add_argument("--warm", type=int, default=5000)
    p.add_argument("--reps", type=int, default=5)
    p.add_argument("--cold-reps", type=int, default=40)
    p.add_argument("--tps-reps", type=int, default=3)
    p.add_argument("--tps-secs", type=int, default=4)
    p.add_argument("--pin", type=int, default=0, help="core for pgbench and its backend, -1 for none")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", default="w1,w1r,w2i,w2u,w3,w4,w5,w6,w7,tps")
    p.add_argument("--smoke", action="store_true", help="a few rows once, and fail when a result differs from PL/pgSQL's")
    p.add_argument("--no-setup", action="store_true", help="reuse the database of an earlier run")
    p.add_argument("--out", default=f"{HERE}/results/latest.json")
    a = p.parse_args()
    if a.smoke:
        a.rows, a.rows3, a.rows5, a.warm, a.reps, a.cold_reps, a.only = 300, 200, 50, 50, 1, 2, "w1,w1r,w2i,w2u,w3,w4,w5,w7"
        a.out = f"/tmp/fundb-bench-smoke-{os.getpid()}.json"
    os.makedirs(os.path.dirname(os.path.abspath(a.out)), exist_ok=True)
    b = Bench(a)
    if not a.no_setup:
        b.setup()
    only = a.only.split(",")
    ws = [w for w in ("w1", "w1r", "w2i", "w2u", "w3", "w4", "w5") if w in only]
    if ws:
        b.throughput(ws)
    if "w6" in only:
        b.cold()
    if "w7" in only:
        b.fifty()
    if "tps" in only:
        b.pgbench()
    b.save()
    if a.smoke:
        os.unlink(a.out)
        sys.exit(b.compare())
    subprocess.run([sys.executable, f"{HERE}/report.py", a.out])


if __name__ == "__main__":
    main()
