#!/usr/bin/env python3
"""The version check finds what it is for: each case is one slip that must not pass."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check_version.py"


def faults(version, changes, *install, meta=None, current=""):
    """Runs the check over a tree with these names in sql/install; returns its lines but the last.
    The schemas are empty, or the current one is this text."""
    with tempfile.TemporaryDirectory() as root:
        meta = meta or version
        files = {
            "fundb.control": f"default_version = '{version}'\n",
            "META.json": json.dumps({"version": meta, "provides": {"fundb": {"version": meta}}}),
            "CHANGELOG.md": "".join(f"## {name}\n\n" for name in changes),
            **{f"sql/install/fundb{name}.sql": "" for name in ("", *install)},
        }
        files["sql/install/fundb.sql"] = current
        for name, text in files.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run(
            [sys.executable, str(SCRIPT), root], capture_output=True, text=True, check=False
        )
        lines = done.stdout.splitlines()[:-1]
        assert (done.returncode != 0) == bool(lines), done
        return lines


class Versions(unittest.TestCase):
    def test_nothing_released(self):
        self.assertEqual(faults("0.1.0", ["(unreleased)"]), [])

    def test_meta_differs(self):
        self.assertEqual(len(faults("0.1.0", ["(unreleased)"], meta="0.2.0")), 2)

    def test_just_released(self):
        self.assertEqual(faults("0.1.0", ["0.1.0, 2026-01-01"], "--0.1.0"), [])
        self.assertIn("missing", faults("0.1.0", ["0.1.0"])[0])

    def test_changed_after_its_release(self):
        changed = {"current": "CREATE TABLE t ();"}
        self.assertIn("raise default_version", faults("0.1.0", ["0.1.0"], "--0.1.0", **changed)[0])
        self.assertIn("no update script leads from 0.1.0 to 0.2.0",
                      faults("0.2.0", ["0.1.0"], "--0.1.0", **changed)[0])
        whole = ["--0.1.0", "--0.1.0--0.2.0"]
        self.assertEqual(faults("0.2.0", ["0.1.0"], *whole, **changed), [])

    def test_updates(self):
        released = ["(unreleased)", "0.2.0", "0.1.0"]
        whole = ["--0.1.0", "--0.2.0", "--0.1.0--0.2.0", "--0.2.0--0.3.0"]
        self.assertEqual(faults("0.3.0", released, *whole), [])
        self.assertIn("no update script leads from 0.1.0 to 0.3.0",
                      faults("0.3.0", released, *whole[:2], whole[3])[0])
        self.assertEqual(len(faults("0.3.0", released, *whole[:3])), 2)

    def test_unknown_versions(self):
        self.assertIn("nobody has version 0.1.1", faults("0.2.0", [], "--0.1.1--0.2.0")[0])
        self.assertIn("does not know version 0.1.1", faults("0.2.0", [], "--0.1.1")[0])


if __name__ == "__main__":
    unittest.main()
