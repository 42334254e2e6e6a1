#!/usr/bin/env python3
"""The check of tests that docs name finds a missing one and an empty cell, and nothing else."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check_docs_tests.py"


def faults(text):
    with tempfile.TemporaryDirectory() as root:
        for name, content in {"docs/page.md": text, "sql/a.sql": "", "test/t/010_b.pl": "",
                              "test/isolation/specs/c.spec": "", "test/unit/d.cpp": "", "test/abuse/e_1.js": ""}.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        done = subprocess.run(
            [sys.executable, str(SCRIPT), root], capture_output=True, text=True, check=False
        )
        lines = done.stdout.splitlines()[:-1]
        assert (done.returncode != 0) == bool(lines), done
        return lines


class Tests(unittest.TestCase):
    def test_found(self):
        self.assertEqual(faults("| what | test |\n|---|---|\n| x | `a`, `010_b` |\n| y | `c` |\n| z | `d`, `test/abuse/e_*.js` |\n"), [])

    def test_missing(self):
        found = faults("| what | test |\n|---|---|\n| x | `a`, `b` |\n")
        self.assertEqual(found, ["docs/page.md:3: there is no test b"])

    def test_missing_path(self):
        found = faults("| what | test |\n|---|---|\n| x | `test/abuse/f_*.js` |\n")
        self.assertEqual(found, ["docs/page.md:3: there is no test test/abuse/f_*.js"])

    def test_empty(self):
        self.assertEqual(faults("| what | test |\n|---|---|\n| x | |\n"), ["docs/page.md:3: no test is named"])

    def test_other_tables(self):
        self.assertEqual(faults("| test | what |\n|---|---|\n| x | `nothing` |\n"), [])


if __name__ == "__main__":
    unittest.main()
