"""Random expressions, each as FunQL and as plain SQL.

What an arrow means is said in SQL in two ways, neither of which is the compiler's: as a scalar
subselect, or as a column of a derived table with explicit LEFT JOINs (Item.sql)."""

from collections import namedtuple

from layout import Reference, TABLES, quote

# `level`: how tightly the outermost operator binds, so that parentheses can be left out.
E = namedtuple("E", "funql sql type level", defaults=(9,))

SCALARS = ["int", "num", "text", "bool", "date", "ts", "mood", "tags"]
FUNQL_TYPE = {
    "int": "int", "num": "decimal", "text": "string", "bool": "bool", "date": "date",
    "ts": "datetime", "mood": "d.mood", "tags": "array(string)", "uuid": "uuid", "json": "json",
    "moods": "d.mood[]",
}
SQL_TYPE = {
    "int": "int4", "num": "numeric", "text": "text", "bool": "bool", "date": "date",
    "ts": "timestamptz", "mood": "d.mood", "tags": "text[]", "uuid": "uuid", "json": "jsonb",
    "moods": "d.mood[]",
}
TEXTS = ["", "a", "Ann", "new", "City 1", "it's", "back\\slash", "Жук", "a_b%", "c1", "n", "--", "/*"]


def string(value):
    return "'" + value.replace("'", "''") + "'"


class Item:
    """Something in FROM.  `columns`: name to (type, reference or None)."""

    def __init__(self, alias, columns, table=None, source=None, only=False):
        self.alias = alias
        self.columns = columns
        self.table = table
        self.source = source
        self.only = only
        self.joins = {}
        self.shown = {}

    def field(self, path, column):
        """The column that the derived table shows for a path of references."""
        alias = "t"
        walked = ()
        for reference in path:
            walked += (tuple(reference.fields), reference.target)
            if walked not in self.joins:
                name = f"j{len(self.joins) + 1}"
                target = TABLES[reference.target]
                only = "ONLY " if target.kind == "parent" else ""
                on = " AND ".join(
                    f"{name}.{quote(b)} = {alias}.{quote(a)}"
                    for a, b in zip(reference.fields, reference.target_fields)
                )
                self.joins[walked] = (name, f"LEFT JOIN {only}{target.sql} AS {name} ON {on}")
            alias = self.joins[walked][0]
        key = (alias, column)
        if key not in self.shown:
            self.shown[key] = f"{self.alias}__p{len(self.shown) + 1}"
        return self.shown[key]

    def funql(self):
        if self.source:
            return self.source[0]
        return ("ONLY " if self.only else "") + f"{self.table.sql} AS {self.alias}"

    def sql(self):
        plain = self.source[1] if self.source else (
            ("ONLY " if self.only else "") + f"{self.table.sql} AS {self.alias}")
        if not self.joins:
            return plain
        shown = "".join(
            f", {alias}.{quote(column)} AS {name}" for (alias, column), name in self.shown.items())
        joins = " ".join(join for _, join in self.joins.values())
        inner = self.source[2] if self.source else (
            ("ONLY " if self.only else "") + f"{self.table.sql} AS t")
        # LATERAL is harmless where nothing is looked at sideways.
        return f"LATERAL (SELECT t.*{shown} FROM {inner} {joins}) AS {self.alias}"


class Expressions:
    """The part of the generator that makes expressions over `scopes`, innermost last."""

    def __init__(self, random):
        self.random = random
        self.scopes = []
        self.arguments = {}
        self.derived = True
        self.serial = 0
        # While a join is made, whose sources are not all in the scope yet.
        self.always_qualify = False

    def name(self, prefix):
        self.serial += 1
        return f"{prefix}{self.serial}"

    def chance(self, probability):
        return self.random.random() < probability

    # ---- fields and arrows

    def fields(self, wanted, arrows=2):
        """A column or an arrow path of the wanted type, or None."""
        outer = len(self.scopes) > 1 and self.chance(0.15)
        scope = self.scopes[self.random.randrange(len(self.scopes) - 1) if outer else -1]
        items = list(scope)
        self.random.shuffle(items)
        for item in items:
            for _ in range(4):
                found = self.field_of(item, wanted, arrows)
                if found:
                    return found
        return None

    def field_of(self, item, wanted, arrows):
        length = self.random.choice([0, 0, 0, 1, 1, 2, 3]) if arrows else 0
        starts = self.references_of(item)
        if length == 0 or not starts:
            columns = [c for c, (kind, _) in item.columns.items() if kind == wanted]
            if not columns:
                return None
            column = self.random.choice(columns)
            return E(self.qualified(item, column), f"{item.alias}.{quote(column)}", wanted)
        shown, reference = self.random.choice(starts)
        funql = self.qualified(item, shown)
        path = [reference]
        for _ in range(length - 1):
            table = TABLES[path[-1].target]
            if not table.references:
                break
            following = self.random.choice(table.references)
            funql += "=>" + quote(self.random.choice(following.names))
            path.append(following)
        target = TABLES[path[-1].target]
        columns = [c for c, kind in target.columns.items() if kind == wanted]
        if not columns:
            return None
        column = self.random.choice(columns)
        name = "__main" if column == target.main and self.chance(0.2) else quote(column)
        return E(f"{funql}=>{name}", self.arrow_sql(item, path, column), wanted)

    def references_of(self, item):
        starts = [(c, Reference([c], [c], r.target, r.target_fields))
                  for c, (_, r) in item.columns.items() if r]
        if item.table:
            for reference in item.table.references:
                starts += [(name, reference) for name in reference.names]
        return starts

    def arrow_sql(self, item, path, column):
        if self.derived:
            return f"{item.alias}.{item.field(path, column)}"
        outer, text, closing = item.alias, "", ""
        for number, reference in enumerate(path):
            target = TABLES[reference.target]
            alias = self.name("z")
            last = number == len(path) - 1
            only = "ONLY " if target.kind == "parent" else ""
            on = " AND ".join(
                f"{alias}.{quote(b)} = {outer}.{quote(a)}"
                for a, b in zip(reference.fields, reference.target_fields)
            )
            text += f"(SELECT {alias + '.' + quote(column) if last else ''}"
            closing = f" FROM {only}{target.sql} AS {alias} WHERE {on})" + closing
            outer = alias
        return text + closing

    def qualified(self, item, column):
        """The alias may be left out where no other source has the name."""
        visible = [i for scope in self.scopes for i in scope
                   if column in i.columns or (i.table and any(
                       column in r.names for r in i.table.references))]
        if self.always_qualify or len(visible) > 1 or self.chance(0.6):
            return f"{item.alias}.{quote(column)}"
        return quote(column)

    # ---- constants

    def constant(self, wanted):
        r = self.random
        if self.chance(0.07):
            return E(f"NULL::{FUNQL_TYPE[wanted]}", f"NULL::{SQL_TYPE[wanted]}", wanted)
        if self.chance(0.2):
            return self.argument(wanted)
        if wanted == "int":
            number = r.randrange(0, 12)
            return E(str(number), str(number), wanted) if self.chance(0.8) else E(
                f"(-{number})", f"(-{number})", wanted)
        if wanted == "num":
            return r.choice([E("2.5", "2.5", wanted), E(".5", "0.5", wanted), E("3.", "3::numeric", wanted),
                             E("1e2", "1e2", wanted), E("12.25::decimal", "12.25", wanted)])
        if wanted == "bool":
            return r.choice([E("TRUE", "true", wanted), E("false", "false", wanted)])
        value, sql = self.value(wanted)
        if wanted == "text":
            return E(self.funql_string(value), sql, wanted)
        if wanted == "date" and self.chance(0.5):
            return E(f"date '{value}'", sql, wanted)
        if wanted in ("tags", "moods"):
            inner = ", ".join("NULL" if v is None else string(v) for v in value)
            return E(f"ARRAY[{inner}]::{FUNQL_TYPE[wanted]}", sql, wanted)
        return E(f"{string(value)}::{FUNQL_TYPE[wanted]}", sql, wanted)

    def value(self, wanted):
        """A value as JSON has it, and as an SQL constant."""
        r = self.random
        if wanted == "int":
            number = r.randrange(-3, 25)
            return number, f"({number})"
        if wanted == "num":
            number = r.randrange(0, 4000) / 4
            return number, f"{number:g}::numeric"
        if wanted == "bool":
            return (True, "true") if self.chance(0.5) else (False, "false")
        if wanted in ("tags", "moods"):
            pool = ["a", "b", "c", "d\"e", None] if wanted == "tags" else ["sad", "ok", "happy"]
            values = [r.choice(pool) for _ in range(r.randrange(0, 3))]
            inner = ", ".join("NULL" if v is None else string(v) for v in values)
            return values, f"ARRAY[{inner}]::{SQL_TYPE[wanted]}"
        text = {
            "text": lambda: r.choice(TEXTS),
            "date": lambda: r.choice(["2020-02-29", "1980-03-01", "1200-05-01", "2021-01-04"]),
            "ts": lambda: r.choice(["2020-03-01T12:00:00.500Z", "2020-03-05T00:00:00Z"]),
            "mood": lambda: r.choice(["sad", "ok", "happy"]),
            "uuid": lambda: f"00000000-0000-0000-0000-0000000000{r.randrange(11, 20)}",
            "json": lambda: r.choice(['{"a": {"b": "x"}}', "[1]", "5"]),
        }[wanted]()
        return text, f"{string(text)}::{SQL_TYPE[wanted]}"

    def funql_string(self, value):
        text = value.replace("\\", "\\\\")
        text = text.replace("'", "\\'" if self.chance(0.5) else "''")
        if self.chance(0.2):
            text = "".join(f"\\u{ord(c):04X}" if c.isalpha() else c for c in value.replace(
                "\\", "\\\\").replace("'", "''"))
        return f"'{text}'"

    def argument(self, wanted):
        if wanted == "json":
            return E("'[1]'::json", "'[1]'::jsonb", wanted)
        known = [(n, a) for n, a in self.arguments.items() if a[0] == wanted]
        if known and self.chance(0.5):
            name, (_, _, sql, _) = self.random.choice(known)
        else:
            name = self.name("arg")
            value, sql = self.value(wanted)
            optional = self.chance(0.2)
            if optional:
                value, sql = None, f"NULL::{SQL_TYPE[wanted]}"
            self.arguments[name] = (wanted, value, sql, optional)
        return E(f"${name}", sql, wanted)
