#!/usr/bin/env python3
"""Checks that every test which the documentation names exists.

A table of docs/*.md whose last heading is "test" has the names of tests in its last column: NAME of
sql/NAME.sql, test/t/NAME.pl, test/isolation/specs/NAME.spec or test/unit/NAME.cpp, or a path with a slash, which
may be a pattern: test/abuse/heap_*.js.  No cell may be empty.

check_docs_tests.py [ROOT]
"""

import pathlib
import re
import sys

PLACES = ("sql/{}.sql", "test/t/{}.pl", "test/isolation/specs/{}.spec", "test/unit/{}.cpp")


def exists(root, name):
    if "/" in name:
        return any(root.glob(name))
    return any((root / form.format(name)).is_file() for form in PLACES)


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def named(text):
    """(line number, content of the last cell) for each row of a table of tests."""
    in_table = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            in_table = False
        elif not in_table and cells(line)[-1] == "test":
            in_table = True
        elif in_table and not re.fullmatch(r"[|: -]+", line):
            yield number, cells(line)[-1]


def check(root):
    faults, seen = [], 0
    for path in sorted((root / "docs").glob("*.md")):
        for number, cell in named(path.read_text(encoding="utf-8")):
            place = f"{path.relative_to(root)}:{number}"
            names = re.findall(r"`([^`]*)`", cell)
            if not names:
                faults.append(f"{place}: no test is named")
            for name in names:
                seen += 1
                if not exists(root, name):
                    faults.append(f"{place}: there is no test {name}")
    return seen, faults


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent
    seen, faults = check(root.resolve())
    print("\n".join(faults + [f"tests named by docs: {seen}, {len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
