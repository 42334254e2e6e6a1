#!/usr/bin/env python3
"""The floor check finds what it is for: each case is one include that must not pass."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check_floors.py"


def faults(files):
    """Runs the check over a tree of the given files; returns its lines but the last."""
    with tempfile.TemporaryDirectory() as root:
        listed = sorted("src/" + name for name in files if name.endswith(".cpp"))
        files = {**files, "sources.txt": "".join(name + "\n" for name in listed)}
        for name, text in files.items():
            path = pathlib.Path(root, "src", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run(
            [sys.executable, str(SCRIPT), root], capture_output=True, text=True, check=False
        )
        lines = done.stdout.splitlines()[:-1]
        assert (done.returncode != 0) == bool(lines), done
        return lines


class Floors(unittest.TestCase):
    def refused(self, files, reason):
        found = faults(files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(reason, found[0])

    def test_lower_floor_and_own_folder_pass(self):
        self.assertEqual(
            faults(
                {
                    "base/text.h": "#include <string>\n",
                    "pg/postgres.h": "#include <postgres.h>\n",
                    "pg/spi.h": '#include "base/text.h"\n#include "pg/postgres.h"\n',
                    "convert/row.h": '#include <v8.h>\n#include "pg/spi.h"\n#include "catalog/pg_type.h"\n',
                    "catalog/triggers.h": '#include "convert/row.h"\n',
                }
            ),
            [],
        )

    def test_higher_floor(self):
        self.refused(
            {"api/query.h": "", "pg/spi.cpp": '#include "api/query.h"\n'}, "higher floor"
        )

    def test_sibling(self):
        self.refused({"funql/ast.h": "", "js/run.cpp": '#include "funql/ast.h"\n'}, "sibling")

    def test_postgres_in_the_language(self):
        self.refused({"funql/lexer.cpp": '#include "utils/builtins.h"\n'}, "may not include PostgreSQL")

    def test_postgres_in_the_engine(self):
        self.refused({"js/run.cpp": "#include <postgres.h>\n"}, "may not include PostgreSQL")

    def test_v8_beside_spi(self):
        self.refused({"pg/spi.cpp": "#include <v8.h>\n"}, "may not include V8")

    def test_part_of_v8_in_the_catalog(self):
        self.refused({"catalog/rules.cpp": "#include <v8-isolate.h>\n"}, "may not include V8")

    def test_node(self):
        self.refused({"js/platform.cpp": "#include <node.h>\n"}, "Node's headers")

    def test_postgres_past_its_door(self):
        self.refused({"pg/spi.cpp": "#include <postgres.h>\n"}, "comes through")

    def test_own_header_by_short_name(self):
        self.refused({"pg/spi.h": "", "pg/spi.cpp": '#include "spi.h"\n'}, "named from src/")

    def test_include_in_a_comment_is_none(self):
        self.assertEqual(faults({"base/a.h": "/*\n#include <v8.h>\n*/\n// #include <v8.h>\n"}), [])

    def test_file_missing_in_the_list(self):
        with tempfile.TemporaryDirectory() as root:
            base = pathlib.Path(root, "src", "base")
            base.mkdir(parents=True)
            (base / "a.cpp").write_text("")
            (base.parent / "sources.txt").write_text("")
            done = subprocess.run(
                [sys.executable, str(SCRIPT), root], capture_output=True, text=True, check=False
            )
            self.assertIn("not in src/sources.txt", done.stdout)
            self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
