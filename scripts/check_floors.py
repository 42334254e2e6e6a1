#!/usr/bin/env python3
"""Checks who includes whom in src/ (docs/architecture.md, "Floors").

A file includes its own folder and lower floors only.  pg/, js/ and funql/ stand on one
floor and never include each other.  PostgreSQL's and V8's headers are included only
where they are allowed: two worlds with the same names, and two ways of failing, meet in
as few places as possible, and the language and the engine stay testable without a server.

Prints FILE:LINE: reason for each fault; the exit code says whether there were any.
"""

import pathlib
import re
import sys

FLOORS = {
    "base": 0,
    "pg": 1,
    "js": 1,
    "funql": 1,
    "convert": 2,
    "catalog": 2,
    "stats": 2,
    "api": 3,
    "triggers": 4,
    "jobs": 4,
    "extension": 5,
}

# On these floors the rooms are strangers to each other; on the others they may meet.
SEPARATED_FLOORS = {1}

# Which rooms may include PostgreSQL's headers, and which V8's.
POSTGRES_ROOMS = {"pg", "catalog", "stats", "jobs", "extension", "convert", "api", "triggers"}
V8_ROOMS = {"js", "convert", "api", "triggers"}

# The one file through which PostgreSQL's headers are included: it mutes their warnings
# and undoes their macros.
POSTGRES_DOOR = "pg/postgres.h"

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# Folders of PostgreSQL's src/include, and files that stand at its top.
POSTGRES_FOLDERS = (
    "access archive bootstrap catalog commands common datatype executor fe_utils fmgr foreign "
    "jit lib libpq mb nodes optimizer parser partitioning pgsql port portability postmaster "
    "regex replication rewrite server snowball statistics storage tcop tsearch utils"
).split()
POSTGRES_FILES = {
    "c.h",
    "fmgr.h",
    "funcapi.h",
    "getaddrinfo.h",
    "libpq-fe.h",
    "miscadmin.h",
    "pg_config.h",
    "pg_config_manual.h",
    "pgstat.h",
    "pgtime.h",
    "pg_trace.h",
    "plpgsql.h",
    "port.h",
    "postgres.h",
    "postgres_ext.h",
    "postgres_fe.h",
    "rusagestub.h",
    "varatt.h",
    "windowapi.h",
}


def outside_kind(name):
    """'PostgreSQL', 'V8', 'Node' or None for a header that is not ours."""
    first = name.split("/")[0]
    if re.fullmatch(r"v8(-[a-z0-9-]+)?\.h", name) or first in {"libplatform", "cppgc"}:
        return "V8"
    if re.fullmatch(r"(node(_\w+)?|js_native_api\w*|uv)\.h", name) or first in {"node", "uv"}:
        return "Node"
    if name in POSTGRES_FILES or (first in POSTGRES_FOLDERS and "/" in name):
        return "PostgreSQL"
    return None


def includes_of(path):
    text = path.read_text(encoding="utf-8")
    # An include inside of a comment is none.
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def check_file(source_dir, path):
    relative = path.relative_to(source_dir)
    room = relative.parts[0]
    if len(relative.parts) < 2 or room not in FLOORS:
        yield 1, f"is in no room: one of {', '.join(FLOORS)}"
        return
    if path.suffix == ".js":
        return
    for number, bracket, name in includes_of(path):
        # Our own headers are named from src/; catalog/ exists on both sides, so what is there
        # decides, not the name.
        ours = (source_dir / name).is_file() or (path.parent / name).is_file()
        if ours and bracket == '"':
            if not (source_dir / name).is_file():
                yield number, f'"{name}" is to be named from src/: "{room}/{name}"'
                continue
            other = name.split("/")[0]
            if other == room or other not in FLOORS:
                continue
            if FLOORS[other] > FLOORS[room]:
                yield number, (
                    f"{room}/ (floor {FLOORS[room]}) includes the higher floor: "
                    f"{name} (floor {FLOORS[other]})"
                )
            elif FLOORS[other] == FLOORS[room] and FLOORS[room] in SEPARATED_FLOORS:
                yield number, f"{room}/ includes its sibling: {name}"
            if name == POSTGRES_DOOR and room not in POSTGRES_ROOMS:
                yield number, f"{room}/ may not include PostgreSQL: {name}"
            continue
        kind = outside_kind(name)
        if kind == "PostgreSQL" and room not in POSTGRES_ROOMS:
            yield number, f"{room}/ may not include PostgreSQL: {name}"
        elif kind == "V8" and room not in V8_ROOMS:
            yield number, f"{room}/ may not include V8: {name}"
        elif kind == "Node":
            yield number, f"Node's headers are used nowhere, only V8's: {name}"
        elif kind is None and bracket == '"' and name.split("/")[0] in FLOORS:
            yield number, f"no such file: {name}"
        elif name == "postgres.h" and relative.as_posix() != POSTGRES_DOOR:
            yield number, f'PostgreSQL comes through "{POSTGRES_DOOR}"'


def check(root):
    source_dir = root / "src"
    listed = (source_dir / "sources.txt").read_text(encoding="utf-8").split()
    faults = []
    files = sorted(p for p in source_dir.rglob("*") if p.suffix in {".h", ".cpp", ".js"})
    for path in files:
        for number, reason in check_file(source_dir, path):
            faults.append(f"{path.relative_to(root)}:{number}: {reason}")
        name = path.relative_to(root).as_posix()
        if path.suffix in {".cpp", ".js"} and name not in listed:
            faults.append(f"{name}:1: is not in src/sources.txt")
    if listed != sorted(set(listed)):
        faults.append("src/sources.txt:1: is to be sorted, each file once")
    return files, faults


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    if len(sys.argv) < 2:
        root = root.parent.parent
    files, faults = check(root)
    for fault in faults:
        print(fault)
    print(f"floors: {len(files)} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
