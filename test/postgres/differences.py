"""What may differ between a server without fundb and one with it, and why.  See run.

Everything here is a thing that is there (a trigger, a table, an object id), never what a statement did.
"""

import re

# What two runs of PostgreSQL itself do not show alike.
CHANCE = [
    (re.compile(r"(?<=\bOID )\d{5,}", re.IGNORECASE), "NNNNN"),
    (re.compile(r"\bPID \d+(?= is not a PostgreSQL)"), "PID NNNNN"),
]
# In the log only: ANALYZE of the whole database by an ordinary role warns of each relation of others.
SKIPPED = (re.compile(r'skipping "\w+" --- only table or database owner can analyze it'), "skipping others' relations")

# Rows and lines that show an object of the extension or of every_table.sql.
OURS = re.compile(
    r"\bzz_fundb_|\bfundb_(before_ddl|follow_ddl|follow_drop)\b|\bevery_table"
    # A table with rules cannot be moved to pg_catalog.
    r"|cannot watch system table \"pg_catalog\.new_system_table\"|SQL statement \"UPDATE public\.entities"
)
# Locks on the registry, which statements read that change tables; only alter_table lists all locks.
REGISTRY = re.compile(
    r"^ (entities|namespaces|relations|schemas|triggers)(_\w+)? +\| (AccessShare|RowShare|RowExclusive)Lock$"
)
ROW_COUNT = re.compile(r"^\(\d+ rows?\)$")
RULER = re.compile(r"^-[-+]*$")
# The extension takes object ids, so that later ones differ, in width and in order.
LISTS_OBJECT_IDS = ("alter_table", "opr_sanity", "type_sanity")
OBJECT_ID = re.compile(r"(?<!\d)\d{5}(?!\d)")
# A function of the extension that has a namesake in pg_catalog; sanity checks list such pairs.
NAMESAKE = re.compile(r"^ (NNNNN|89) \| version \| (NNNNN|89) \| version$")

# Stretches that are left out: file, modes, first line, line behind the last.
LEFT_OUT = [
    # A table with triggers cannot be made a view.
    ("create_view", ("rules", "values"), r"^-- Test that changing the relkind of a relcache entry", r"^-- test restriction on non-system view"),
    ("rules", ("rules", "values"), r"^create table rules_fooview \(x int, y text\);$", r"^-- likewise, converting a partitioned"),
    # The registry is read and written where a table is made and dropped: of two serializable transactions that do, one
    # fails with 40001.
    ("prepared_xacts", ("rules", "values"), r"^-- Test shared invalidation", r"^$NEVER"),
    # Lists and numbers of triggers without their names.
    ("triggers", ("rules", "values"), r"^\s*group by tgrelid::regclass order by", r"^drop table"),
    ("triggers", ("rules", "values"), r"^SELECT tgrelid::regclass, tgenabled FROM pg_trigger$", r"^ALTER TABLE"),
]


def common(text):
    for pattern, replacement in CHANCE:
        text = pattern.sub(replacement, text)
    return text


def common_warning(text):
    return SKIPPED[0].sub(SKIPPED[1], common(text))


def without_stretches(mode, name, lines):
    for file, modes, first, behind in LEFT_OUT:
        if file != name or mode not in modes:
            continue
        kept, inside = [], False
        for line in lines:
            if inside and re.search(behind, line):
                inside = False
            elif not inside and re.search(first, line):
                inside = True
            if not inside:
                kept.append(line)
        lines = kept
    return lines


def squeezed(line):
    """Columns are as wide as what stands in them, and rows of ours may have been the widest."""
    return "---" if RULER.match(line) else re.sub(r" +", " ", line).rstrip()


def without_ours(name, lines):
    result = []
    for line in lines:
        if OURS.search(line) or ROW_COUNT.match(line) or name == "alter_table" and REGISTRY.match(line):
            continue
        line = squeezed(line)
        if name in LISTS_OBJECT_IDS:
            line = OBJECT_ID.sub("NNNNN", line)
            if NAMESAKE.match(line):
                continue
        result.append(line)
    # A heading of \d that stands above nothing else.
    return [line for number, line in enumerate(result)
            if line != "Triggers:" or number + 1 < len(result) and re.match(r" \w.* (BEFORE|AFTER|INSTEAD) ", result[number + 1])]


def sorted_rows(lines):
    """The rows of each result sorted: queries over object ids come in their order."""
    result, rows = [], None
    for line in lines:
        if rows is not None and line.startswith(" "):
            rows.append(line)
            continue
        if rows is not None:
            result += sorted(rows)
        rows = [] if line == "---" else None
        result.append(line)
    return result + sorted(rows or [])


def explained(mode, name, old, new):
    """The lines of a plain server and of another without what may differ."""
    result = []
    for lines in (old, new):
        lines = without_ours(name, without_stretches(mode, name, lines))
        result.append(sorted_rows(lines) if name in LISTS_OBJECT_IDS else lines)
    return result
