#!/usr/bin/env python3
"""Executes every example of docs/funql.md and every good golden query of test/funql on a server.

  test/differential/examples.py      (PGHOST, PGPORT, PGUSER, PGDATABASE)

The unit tests compile them over a made-up layout; here the same layout is real (examples.sql), and each
statement has to run.  What it changes is taken back.
"""

import glob
import json
import os
import re
import sys

from funql import HERE, psql

# Of those that the golden files' layout allows and a real database does not.
EXPECTED = {
    # A view has no foreign keys; the fixture says that this one has.
    "from a view column that the layout calls a reference": "42804",
    "behind FULL JOIN … USING the column is a value": None,
}
VALUES = {
    "int": 1, "string": "x", "datetime": "2020-01-01T00:00:00Z", "date": "2020-01-01", "decimal": 1.5, "bool": True,
    "uuid": "00000000-0000-0000-0000-000000000001", "json": {"a": 1}, "interval": "P1D", "uvref": {"schema": "pm", "name": "x"},
}


def arguments(query):
    """A value for each argument that a text declares."""
    match = re.search(r"\{(\s*\$.*?)\}\s*:", query, re.S)
    given = {}
    declared = re.compile(r'''\$(?:(\w+)|"([^"]+)")\s+((?:array\s*\()?[\w.]+)(?:\(\s*'([^']*)')?''')
    for name, quoted, kind, label in declared.findall(match.group(1) if match else ""):
        is_array = kind.startswith("array")
        plain = re.sub(r"array\s*\(", "", kind)
        value = VALUES.get(plain, "new" if plain == "shop.status" else 1)
        if plain == "enum":
            value = label
        given[quoted or name.lower()] = [value] if is_array else value
    return given


def documented():
    with open(os.path.join(HERE, "..", "..", "docs", "funql.md"), encoding="utf-8") as file:
        return re.findall(r"^```funql\n(.*?)^```", file.read(), re.S | re.M)


def golden():
    for path in sorted(glob.glob(os.path.join(HERE, "..", "funql", "*.funql"))):
        if os.path.exists(path.replace(".funql", ".sql")):
            with open(path, encoding="utf-8") as file:
                yield from (case.strip() for case in file.read().split("\n\n") if case.strip())


def main():
    with open(os.path.join(HERE, "examples.sql"), encoding="utf-8") as file:
        psql(file.read())
    examples, goldens = documented(), list(golden())
    queries = examples + goldens
    script = ["SET client_min_messages = error;"]
    for query in queries:
        quoted = "'" + query.replace("'", "''") + "'"
        given = "'" + json.dumps(arguments(query)).replace("'", "''") + "'"
        script.append(f"BEGIN; INSERT INTO public.run VALUES ({quoted}, {given}) RETURNING result; ROLLBACK;")
    answers = [json.loads(line) for line in psql("\n".join(script)) if line]
    failures = abs(len(answers) - len(queries))
    for query, answer in zip(queries, answers):
        expected = next((state for words, state in EXPECTED.items() if words in query), None)
        if answer.get("error") != expected:
            failures += 1
            print(f"{query}\n-- {answer}, expected {expected}\n")
    print(f"{len(examples)} examples and {len(goldens)} golden queries executed: {failures} failed")
    return 1 if failures or len(examples) < 50 or len(goldens) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
