#!/usr/bin/env python3
"""The check of the language's coverage finds what its table does not say, or says wrongly."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check_funql_coverage.py"
PARSER = """
  // ---- statements
  ast::Name First();
  bool AtSecond(int ahead) const;
  [[noreturn]] void Third() const;
  // ---- trees
  void Make();
"""
HEAD = "| production | good | bad |\n| --- | --- | --- |\n"
ENTRIES = "".join(
    f"| {name} | `a: SELECT 1` | `a_bad: SELEC 1` |\n"
    for name in ("Statement", "Expression", "Type", "NameList", "First", "Third")
)


def faults(table):
    files = {
        "test/funql/coverage.md": table,
        "src/funql/parser_state.h": PARSER,
        "test/funql/a.funql": "-- SELECT 3 in a comment\nSELECT 1\n  AS x\n\nSELECT 'a' || 'b'\n",
        "test/funql/a_bad.funql": "SELEC 1\n",
        "sql/b.sql": "-- SELECT 2\n",
    }
    with tempfile.TemporaryDirectory() as root:
        for name, content in files.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        done = subprocess.run(
            [sys.executable, str(SCRIPT), root], capture_output=True, text=True, check=False
        )
        lines = [line.partition(": ")[2] for line in done.stdout.splitlines()[:-1]]
        assert (done.returncode != 0) == bool(lines), done
        return lines


class Tests(unittest.TestCase):
    def test_complete(self):
        more = "\n| what | test |\n| --- | --- |\n| x | `a: SELECT 1 AS x` `sql/b.sql: SELECT 2` |\n"
        more += "| y | `a: 'a' \\|\\| 'b'` |\n"
        self.assertEqual(faults(HEAD + ENTRIES + more), [])

    def test_production_without_a_row(self):
        table = HEAD + ENTRIES.replace("| Third | `a: SELECT 1` | `a_bad: SELEC 1` |\n", "")
        self.assertEqual(faults(table), ["production Third has no row"])

    def test_row_without_a_production(self):
        table = HEAD + ENTRIES + "| AtSecond | `a: SELECT 1` | `a_bad: SELEC 1` |\n"
        self.assertEqual(faults(table), ["there is no production AtSecond"])

    def test_good_for_bad(self):
        found = faults(HEAD + ENTRIES.replace("| First | `a:", "| First | `a_bad:"))
        self.assertEqual(
            found, ["a_bad is no file of good queries", "not in a_bad: SELECT 1"]
        )

    def test_empty_cell(self):
        found = faults(HEAD + ENTRIES.replace("First | `a: SELECT 1` |", "First | |"))
        self.assertEqual(found, ["no test is named: empty"])

    def test_text_that_is_not_there(self):
        more = "\n| what | test |\n| --- | --- |\n| x | `a: SELECT 3` |\n| y | `c: x` |\n| z | `a` |\n"
        self.assertEqual(
            faults(HEAD + ENTRIES + more),
            ["not in a: SELECT 3", "there is no file test/funql/c.funql", "not FILE: TEXT: a"],
        )


if __name__ == "__main__":
    unittest.main()
