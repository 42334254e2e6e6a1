#!/usr/bin/env python3
"""Checks that META.json names the version that stands in fundb.control, and that whoever has a
released version can update: for each heading "## X.Y.Z" of CHANGELOG.md there is the schema as it
was, sql/install/fundb--X.Y.Z.sql, and a way of update scripts to the current version.  When the
current version is a released one, the current schema is the one that was released.

check_version.py [ROOT]
"""

import json
import pathlib
import re
import sys


def reachable(start, scripts):
    """The versions that update scripts lead to from a version."""
    found, to_do = {start}, [start]
    while to_do:
        at = to_do.pop()
        for old, new in scripts:
            if old == at and new not in found:
                found.add(new)
                to_do.append(new)
    return found


def update_faults(root, version):
    install = root / "sql" / "install"
    names = [path.name[len("fundb--"):-len(".sql")] for path in install.glob("fundb--*.sql")]
    scripts = [tuple(name.split("--")) for name in names if "--" in name]
    schemas = {name for name in names if "--" not in name}
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## v?(\d+\.\d+\.\d+)", changes, re.M)
    for old in released:
        if old not in schemas:
            yield f"sql/install/fundb--{old}.sql is missing: the schema as it was released"
        if version not in reachable(old, scripts):
            yield f"sql/install: no update script leads from {old} to {version}"
    if version in schemas:
        current = (install / "fundb.sql").read_text(encoding="utf-8")
        if current != (install / f"fundb--{version}.sql").read_text(encoding="utf-8"):
            yield f"sql/install/fundb.sql differs from version {version}, which is released: raise default_version"
    for old in sorted(schemas - set(released)):
        yield f"sql/install/fundb--{old}.sql: CHANGELOG.md does not know version {old}"
    for old, new in scripts:
        if old not in schemas:
            yield f"sql/install/fundb--{old}--{new}.sql: nobody has version {old}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    if len(sys.argv) <= 1:
        root = root.parent.parent
    control = (root / "fundb.control").read_text(encoding="utf-8")
    version = re.search(r"^default_version = '(.*)'", control, re.M).group(1)
    meta = json.loads((root / "META.json").read_text(encoding="utf-8"))
    named = {"version": meta["version"], "provides": meta["provides"]["fundb"]["version"]}
    faults = [f"META.json: {key} is {value}, fundb.control says {version}"
              for key, value in named.items() if value != version]
    faults += update_faults(root, version)
    print("\n".join(faults + [f"version: {version}, {len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
