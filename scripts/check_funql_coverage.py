#!/usr/bin/env python3
"""Checks test/funql/coverage.md: which test runs each construct of the query language.

The table "production | good | bad" has a row for every production of the grammar, the methods of
Parser (src/funql/parser_state.h): a production without a good and a bad golden query is a fault.
The last column of the other tables says where a construct is run.

A test is written `FILE: TEXT`.  TEXT stands, blanks aside, in a query of FILE, which is
test/funql/FILE.funql where FILE has no slash, else a path in the repository.

check_funql_coverage.py [ROOT]
"""

import pathlib
import re
import sys

TABLE = "test/funql/coverage.md"
PARSER = "src/funql/parser_state.h"


def productions(text):
    """Names of the methods: entries, and what stands between two headings of the class; predicates
    (AtQuery) left out."""
    begin, end = text.index("// ---- statements"), text.index("// ---- trees")
    names = re.findall(r"^  [\w:<>\[\] ]*?\b([A-Z]\w*)\(", text[begin:end], re.M)
    entries = ["Statement", "Expression", "Type", "NameList"]
    return [n for n in dict.fromkeys(entries + names) if not re.match("At[A-Z]", n)]


def rows(text):
    """(line number, heading, cells) of each row of a table."""
    heading = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            heading = None
            continue
        # A bar within a cell is written \|.
        cells = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        if heading is None:
            heading = cells
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            yield number, heading, cells


def squeezed(text):
    return " ".join(text.split())


def queries(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".funql":
        # A comment line is no query; `-- command` is a mark.
        text = "\n".join(line for line in text.splitlines() if not line.startswith("-- "))
    return squeezed(text)


class Checker:
    def __init__(self, root):
        self.root, self.faults, self.seen, self.texts = root, [], 0, {}

    def fault(self, number, reason):
        self.faults.append(f"{TABLE}:{number}: {reason}")

    def test(self, number, name, bad):
        self.seen += 1
        file, colon, text = name.partition(": ")
        if not colon:
            return self.fault(number, f"not FILE: TEXT: {name}")
        if bad is not None and file.endswith("_bad") != bad:
            self.fault(number, f"{file} is no file of {'bad' if bad else 'good'} queries")
        path = self.root / (file if "/" in file else f"test/funql/{file}.funql")
        if not path.is_file():
            return self.fault(number, f"there is no file {path.relative_to(self.root)}")
        if path not in self.texts:
            self.texts[path] = queries(path)
        if squeezed(text) not in self.texts[path]:
            self.fault(number, f"not in {file}: {text}")
        return None

    def cell(self, number, cell, bad):
        names = re.findall(r"`([^`]*)`", cell)
        if not names:
            self.fault(number, f"no test is named: {cell or 'empty'}")
        for name in names:
            self.test(number, name, bad)

    def run(self):
        wanted = productions((self.root / PARSER).read_text(encoding="utf-8"))
        known = []
        for number, heading, cells in rows((self.root / TABLE).read_text(encoding="utf-8")):
            if len(cells) != len(heading):
                self.fault(number, "the row has another number of cells than the heading")
            elif heading == ["production", "good", "bad"]:
                known.append(cells[0])
                self.cell(number, cells[1], False)
                self.cell(number, cells[2], True)
            else:
                self.cell(number, cells[-1], None)
        for name in wanted:
            if name not in known:
                self.fault(1, f"production {name} has no row")
        for name in known:
            if name not in wanted:
                self.fault(1, f"there is no production {name}")
        return len(wanted)


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent
    checker = Checker(root.resolve())
    count = checker.run()
    summary = f"coverage: {count} productions, {checker.seen} tests, {len(checker.faults)} faults"
    print("\n".join(checker.faults + [summary]))
    return 1 if checker.faults else 0


if __name__ == "__main__":
    sys.exit(main())
