#!/usr/bin/env python3
"""test/postgres/differences.py takes out what is there because of fundb, and nothing else."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "postgres"))
import differences  # noqa: E402


def is_same(old, new, name="some", mode="rules"):
    texts = [differences.common(text).splitlines() for text in (old, new)]
    first, second = differences.explained(mode, name, *texts)
    return first == second


class Differences(unittest.TestCase):
    def test_native_triggers_of_a_table(self):
        native = "    zz_fundb_after AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION fundb.run_rules()\n"
        other = "    mine BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()\n"
        self.assertTrue(is_same("Indexes:\n\n", "Indexes:\nTriggers:\n" + native + "\n"))
        self.assertTrue(is_same("Triggers:\n" + other, "Triggers:\n" + other + native))
        self.assertFalse(is_same("Triggers:\n" + other, "Triggers:\n" + native))

    def test_rows_of_ours(self):
        old = " name \n------\n a\n(1 row)\n"
        self.assertTrue(is_same(old, " name            \n-----------------\n a\n zz_fundb_before\n(2 rows)\n"))
        self.assertFalse(is_same(old, " name \n------\n a\n b\n(2 rows)\n"))
        self.assertFalse(is_same(old, " name \n------\n(0 rows)\n"))

    def test_errors_and_values(self):
        self.assertFalse(is_same("INSERT 0 1\n", 'ERROR:  relation "t" does not exist\n'))
        self.assertFalse(is_same(" 1 | a\n", " 1 | b\n"))

    def test_object_ids_only_where_they_are_listed(self):
        self.assertTrue(is_same(" 16384 | a\n", " 26384 | a\n", "opr_sanity"))
        self.assertFalse(is_same(" 16384 | a\n", " 26384 | a\n"))

    def test_order_counts(self):
        rows = " n \n---\n%s\n%s\n(2 rows)\n"
        self.assertFalse(is_same(rows % (" 1", " 2"), rows % (" 2", " 1")))
        self.assertTrue(is_same(rows % (" 1", " 2"), rows % (" 2", " 1"), "opr_sanity"))


if __name__ == "__main__":
    unittest.main()
