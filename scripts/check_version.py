#!/usr/bin/env python3
"""Checks that META.json names the version that stands in fundb.control."""

import json
import pathlib
import re
import sys


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    control = (root / "fundb.control").read_text(encoding="utf-8")
    version = re.search(r"^default_version = '(.*)'", control, re.M).group(1)
    meta = json.loads((root / "META.json").read_text(encoding="utf-8"))
    named = {"version": meta["version"], "provides": meta["provides"]["fundb"]["version"]}
    faults = [f"META.json: {key} is {value}, fundb.control says {version}"
              for key, value in named.items() if value != version]
    print("\n".join(faults + [f"version: {version}, {len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
