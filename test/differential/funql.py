#!/usr/bin/env python3
"""Compares random FunQL queries with plain SQL that says the same.

  test/differential/funql.py [--queries N] [--seed S] [--one SEED]   (PGHOST, PGPORT, PGUSER, PGDATABASE)

Loads fixture.sql into the database (schema d is dropped and made anew), makes N cases from seeds S, S+1, …,
runs each as FunQL through FunDB and as SQL, and compares rows, puns and keys.  Where a query has an
ORDER BY, the order counts.  A case that differs is printed with its seed and both texts; --one shows a
single one.  The exit code says whether all agreed.
"""

import argparse
import datetime
import decimal
import json
import os
import random
import subprocess
import sys

import queries

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = 250
# A rejected query proves little, but it is what PostgreSQL says to the SQL, too.
MOST_ERRORS = 0.1


def psql(text):
    """The lines that a script gives."""
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"psql failed: {done.stderr}")
    return done.stdout.split("\n")


def make_case(seed):
    generator = queries.Generator(random.Random(seed))
    return generator.command() if seed % 12 == 0 else generator.query()


def copy_line(number, case):
    def field(value):
        if value is None:
            return "\\N"
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    chunk = json.dumps(case.chunk) if case.chunk else None
    values = [str(number), case.funql, json.dumps(case.arguments), chunk, "t" if case.written else "f",
              case.written, case.sql]
    return "\t".join(field(value) for value in values)


def run(cases):
    lines = [copy_line(number, case) for number, case in cases]
    script = "\n".join(["SET client_min_messages = error; SET statement_timeout = '120s'; SET fundb.lang = 'en';",
                        "TRUNCATE d.cases;", "COPY d.cases FROM stdin;", *lines, "\\.",
                        "SELECT json_build_array(d.run_funql(c), d.run_sql(c)) FROM d.cases AS c ORDER BY id;"])
    answers = [json.loads(line) for line in psql(script) if line]
    return [tuple(json.loads(text, parse_float=decimal.Decimal) for text in pair) for pair in answers]


def plain(value, kind):
    """One form for what the two sides may write differently."""
    if value is None:
        return None
    if kind in ("int", "num") and not isinstance(value, bool):
        return decimal.Decimal(str(value)).normalize()
    if kind == "ts":
        return datetime.datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def funql_rows(case, answer):
    rows = []
    for values, puns, main in answer["rows"]:
        row = [plain(v, kind) for v, kind in zip(values, case.types)]
        expected = {index: kind for index, kind in case.hidden if index != "main"}
        for index, kind in expected.items():
            row.append(plain(puns[index], kind))
        if any(index == "main" for index, _ in case.hidden):
            row.append(plain(main, "json"))
        rows.append(row)
    return rows


def sql_rows(case, answer):
    kinds = case.types + [kind for _, kind in case.hidden]
    return [[plain(v, kind) for v, kind in zip(row.values(), kinds)] for row in answer["rows"]]


def difference(case, funql, sql):
    """What differs, or None."""
    if "error" in funql or "error" in sql:
        # Which of two mistakes is told first is up to each.
        if "error" in funql and "error" in sql:
            return None
        return f"FunQL: {json.dumps(funql, default=str)[:600]}\nSQL: {json.dumps(sql, default=str)[:600]}"
    if case.written:
        if funql == sql:
            return None
        return f"FunQL: {str(funql)[:1500]}\nSQL:   {str(sql)[:1500]}"
    ours, theirs = funql_rows(case, funql), sql_rows(case, sql)
    if not case.ordered:
        ours, theirs = sorted(ours, key=repr), sorted(theirs, key=repr)
    elif case.hidden:
        # Equal visible values may stand in any order.
        width = len(case.types)
        if [row[:width] for row in ours] != [row[:width] for row in theirs]:
            return f"FunQL gave {ours[:5]}…\nSQL gave {theirs[:5]}…"
        ours, theirs = sorted(ours, key=repr), sorted(theirs, key=repr)
    if ours == theirs:
        return None
    different = [(a, b) for a, b in zip(ours, theirs) if a != b][:3]
    return f"{len(ours)} rows from FunQL, {len(theirs)} from SQL; first differences: {different}"


def arrow_paths(table, depth):
    if depth == 0:
        return
    for reference in table.references:
        target = queries.TABLES[reference.target]
        shown = queries.quote(reference.names[0])
        for column in target.columns:
            yield f"{shown}=>{queries.quote(column)}"
        for rest in arrow_paths(target, depth - 1):
            yield f"{shown}=>{rest}"


def row_counts():
    """Arrows never change the number of rows: every path of up to three, all at once."""
    cases = []
    for number, table in enumerate(queries.TABLES.values()):
        items = ", ".join(f"{path} AS a{i}" for i, path in enumerate(arrow_paths(table, 3)))
        if items:
            cases.append((table.name, queries.Case(f"SELECT {items} FROM {table.sql}",
                                                   f"SELECT 1 FROM {table.sql}", [], {}, True)))
    failures = 0
    answers = run(list(enumerate(case for _, case in cases)))
    for (name, case), (funql, sql) in zip(cases, answers):
        if "error" in funql or len(funql["rows"]) != len(sql["rows"]):
            failures += 1
            print(f"arrows change the number of rows of {name}: {str(funql)[:300]}")
    print(f"row counts of {len(cases)} tables with all arrows: {failures} differ")
    return failures


def show(seed, case, text):
    print(f"-- seed {seed}\n-- FunQL (arguments {json.dumps(case.arguments)}, chunk {json.dumps(case.chunk)})\n{case.funql}")
    print(f"-- SQL\n{case.sql}\n-- {text}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--queries", type=int, default=int(os.environ.get("FUNDB_DIFFERENTIAL_QUERIES", "1000")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("FUNDB_DIFFERENTIAL_SEED", "1")))
    parser.add_argument("--one", type=int)
    options = parser.parse_args()
    with open(os.path.join(HERE, "fixture.sql"), encoding="utf-8") as file:
        psql(file.read())
    seeds = [options.one] if options.one is not None else list(range(options.seed, options.seed + options.queries))
    failures, errors, rows = row_counts(), 0, 0
    for start in range(0, len(seeds), BATCH):
        cases = [(seed, make_case(seed)) for seed in seeds[start:start + BATCH]]
        for (seed, case), (funql, sql) in zip(cases, run(cases)):
            errors += "error" in sql
            rows += "error" not in sql and (1 if case.written else len(sql["rows"]) > 0)
            text = difference(case, funql, sql)
            if text is not None:
                failures += 1
                if failures <= 10:
                    show(seed, case, text)
            elif options.one is not None:
                show(seed, case, f"agree: {str(sql)[:2000]}")
    print(f"{len(seeds)} cases from seed {seeds[0]}: {failures} differ, {errors} refused by PostgreSQL either way, "
          f"{rows} with rows")
    if len(seeds) > 100 and (errors > MOST_ERRORS * len(seeds) or rows < len(seeds) / 3):
        print("too few cases say anything")
        failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
