"""Random queries and commands over operators.py."""

from expressions import E, FUNQL_TYPE, Item, SCALARS
from layout import Reference, TABLES, quote
from operators import Operators

READABLE = ["int", "num", "text", "bool", "date", "ts", "mood", "tags"]


class Case:
    """One query: its two texts and what is known of the answer."""

    def __init__(self, funql, sql, types, arguments, ordered, chunk=None, written=None, hidden=None):
        self.funql, self.sql, self.types = funql, sql, types
        self.arguments, self.ordered, self.chunk = arguments, ordered, chunk
        self.written = written
        # Of the result columns behind the visible ones: "pun" of which, "main" or None.
        self.hidden = hidden


class Generator(Operators):
    def __init__(self, random):
        super().__init__(random)
        self.tables_in_scope = []
        self.common = []
        self.nested = 0

    # ---- FROM

    def new_item(self, depth, lateral=False):
        r = self.random
        kind = r.random()
        alias = self.name("t")
        if depth > 0 and kind < 0.12:
            columns, funql, sql = self.derived_query(depth - 1, lateral)
            word = "LATERAL " if lateral else ""
            return Item(alias, columns, source=(f"{word}({funql}) AS {alias}", f"{word}({sql}) AS {alias}",
                                                f"({sql}) AS t"))
        if self.common and kind < 0.22:
            name, columns = r.choice(self.common)
            return Item(alias, columns, source=(f"{name} AS {alias}", f"{name} AS {alias}", f"{name} AS t"))
        if kind < 0.26:
            text = "(VALUES (1, 'a'), (2, NULL), (3, 'c'))"
            return Item(alias, {"n": ("int", None), "w": ("text", None)},
                        source=(f"{text} AS {alias} (n, w)", f"{text} AS {alias} (n, w)", ""))
        if kind < 0.30:
            text = f"generate_series(1, 4) AS {alias} (g)"
            return Item(alias, {"g": ("int", None)}, source=(text, text, ""))
        table = r.choice(list(TABLES.values()))
        only = table.kind == "parent" and self.chance(0.4)
        return Item(alias, {c: (t, table.single_reference(c)) for c, t in table.columns.items()}, table,
                    only=only)

    def source(self, depth, scope):
        """FROM with its joins; gives functions that write it once all arrows are known."""
        r = self.random
        first = self.new_item(depth)
        scope.append(first)
        funql, sql = first.funql, first.sql
        main = first
        for _ in range(r.choice([0, 0, 0, 1, 1, 2])):
            lateral = depth > 0 and self.chance(0.1)
            item = self.new_item(depth, lateral)
            kind = r.choice(["JOIN", "LEFT JOIN", "CROSS JOIN"] if lateral else ["JOIN", "INNER JOIN", "LEFT JOIN", "LEFT OUTER JOIN", "RIGHT JOIN", "FULL JOIN",
                             "OUTER JOIN", "CROSS JOIN"])
            scope.append(item)
            left = scope[r.randrange(len(scope) - 1)]
            on = None
            if kind != "CROSS JOIN":
                # Only what a FULL JOIN can do, too: equality of both sides.
                self.scopes.append([left])
                pairs = [(a, b) for a, (x, _) in left.columns.items() for b, (y, _) in item.columns.items()
                         if x == y and x in READABLE]
                self.scopes.pop()
                if not pairs:
                    kind = "CROSS JOIN"
                else:
                    a, b = r.choice(pairs)
                    alone = sum(a in other.columns for other in scope) == 2
                    if a == b and alone and self.chance(0.5):
                        on = (f"USING ({quote(a)})", f"USING ({quote(a)})")
                    else:
                        on = self.join_condition(left, item, a, b, kind)
                        on = (f"ON {on.funql}", f"ON {on.sql}")
            written = {"OUTER JOIN": "FULL JOIN"}.get(kind, kind)
            funql, sql = self.joined(funql, kind, item, on, 0), self.joined(sql, written, item, on, 1)
            if kind.startswith("RIGHT"):
                main = item
            elif not kind.startswith("LEFT"):
                main = None
        return funql, sql, main

    def join_condition(self, left, item, a, b, kind):
        equal = E(f"{left.alias}.{quote(a)} = {item.alias}.{quote(b)}",
                  f"{left.alias}.{quote(a)} = {item.alias}.{quote(b)}", "bool")
        if "FULL" in kind or "OUTER" == kind[:5] or self.chance(0.6):
            return equal
        # Arrows in ON, each path of one side.
        side = self.random.choice([left, item])
        self.always_qualify = True
        more = self.field_of(side, "text", 2)
        self.always_qualify = False
        if not more:
            return equal
        return E(f"{equal.funql} AND {more.funql} <> 'x'", f"{equal.sql} AND {more.sql} <> 'x'", "bool")

    @staticmethod
    def joined(before, kind, item, on, which):
        def write():
            text = f"{before()} {kind} {item.sql() if which else item.funql()}"
            return text + (f" {on[which]}" if on else "")
        return write

    # ---- SELECT

    def derived_query(self, depth, lateral):
        """A subquery in FROM: columns, FunQL, SQL.  References stay references."""
        outer = self.scopes
        self.scopes = outer if lateral else []
        scope = []
        self.scopes = self.scopes + [scope]
        funql, sql, _ = self.source(depth, scope)
        columns, items = {}, []
        for _ in range(self.random.randrange(1, 4)):
            name = self.name("c")
            item = self.random.choice(scope)
            references = [(c, t, ref) for c, (t, ref) in item.columns.items() if ref]
            if references and self.chance(0.5):
                column, kind, reference = self.random.choice(references)
                text = f"{item.alias}.{quote(column)}"
                made, columns[name] = E(text, text, kind), (kind, reference)
            else:
                kind = self.random.choice(READABLE)
                made = self.expression(kind, depth)
                # A plain column may turn out to be a reference as well: nobody follows it.
                columns[name] = (kind, None)
            items.append((name, made))
        where = self.expression("bool", depth) if self.chance(0.4) else None
        self.scopes = outer
        return (columns, *[self.select_text(items, text(), where, i) for i, text in enumerate((funql, sql))])

    @staticmethod
    def select_text(items, source, where, which):
        text = "SELECT " + ", ".join(f"{made[which]} AS {name}" for name, made in items) + f" FROM {source}"
        return text + (f" WHERE {where[which]}" if where else "")

    def scalar_subquery(self, wanted, depth):
        if self.nested > 1:
            return None
        self.nested += 1
        scope = []
        self.scopes.append(scope)
        funql, sql, _ = self.source(0, scope)
        if wanted in ("int", "num", "text", "date", "ts") and self.chance(0.7):
            inner = self.expression(wanted, depth - 1)
            word = self.random.choice(["min", "max"])
            made = E(f"{word}({inner.funql})", f"{word}({inner.sql})", wanted)
        elif wanted == "int":
            made = E("count(*)::int", "count(*)::int4", wanted)
        else:
            made = None
        where = self.expression("bool", depth - 1) if made and self.chance(0.6) else None
        self.scopes.pop()
        self.nested -= 1
        if made is None:
            return None
        texts = []
        for which, source in enumerate((funql, sql)):
            texts.append(f"(SELECT {made[which]} FROM {source()}" + (f" WHERE {where[which]})" if where else ")"))
        return E(*texts, wanted)

    def predicate_subquery(self, depth):
        if self.nested > 1:
            return None
        self.nested += 1
        outer = self.expression("int", depth - 1)
        scope = []
        self.scopes.append(scope)
        funql, sql, _ = self.source(0, scope)
        kind = self.random.choice(["EXISTS", "IN", "NOT IN", "ALL"])
        inner = self.expression("int", depth - 1)
        where = self.expression("bool", depth - 1)
        self.scopes.pop()
        self.nested -= 1
        texts = []
        for which, source in enumerate((funql, sql)):
            query = f"(SELECT {inner[which]} FROM {source()} WHERE {where[which]})"
            texts.append({"EXISTS": f"EXISTS {query}", "IN": f"({outer[which]}) IN {query}",
                          "NOT IN": f"({outer[which]}) NOT IN {query}",
                          "ALL": f"({outer[which]}) >= ALL {query}"}[kind])
        return E(*texts, "bool", 9 if kind == "EXISTS" else 5)

    def aggregate(self, depth):
        r = self.random
        kind = r.randrange(7)
        condition = self.expression("bool", 1) if self.chance(0.2) else None
        rest = [f" FILTER (WHERE {condition[i]})" if condition else "" for i in (0, 1)]
        def made(template, result, inner):
            return E(*[template.format(inner[i]) + rest[i] for i in (0, 1)], result)
        if kind == 0:
            return E(f"count(*){rest[0]}", f"count(*){rest[1]}", "int")
        if kind == 1:
            return made(r.choice(["count(DISTINCT {0})", "count({0})"]), "int", self.expression("text", depth))
        if kind == 2:
            return made("sum({0})", "int", self.expression("int", depth))
        if kind == 3:
            return made(r.choice(["sum({0})", "max({0})", "round(avg({0}), 2)" if not condition else "sum({0})"]),
                        "num", self.expression("num", depth))
        if kind == 4:
            return made(r.choice(["bool_and({0})", "every({0})", "bool_or({0})"]), "bool", self.expression("bool", depth))
        inner = self.operand("text", depth, 11)
        inner = E(f"{inner.funql}::string", f"{inner.sql}::text", "text")
        if kind == 5:
            return E(*[f"string_agg({inner[i]}, ', ' ORDER BY {inner[i]} DESC){rest[i]}" for i in (0, 1)], "text")
        return E(*[f"array_agg({inner[i]} ORDER BY {inner[i]} NULLS FIRST){rest[i]}" for i in (0, 1)], "tags")

    def window(self, depth):
        r = self.random
        part = self.expression(r.choice(["int", "text", "bool"]), 1)
        value = self.expression("int", depth)
        kind = r.randrange(3)
        texts = []
        for i in (0, 1):
            texts.append([f"count(*) OVER (PARTITION BY {part[i]})",
                          f"sum({value[i]}) OVER (PARTITION BY {part[i]} ORDER BY {value[i]} RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
                          f"rank() OVER (ORDER BY {value[i]} DESC NULLS LAST)"][kind])
        return E(*texts, "int")

    def select(self, depth, types=None):
        """A whole SELECT: (names and types, FunQL, SQL, what more the SQL shows)."""
        r = self.random
        scope = []
        self.scopes = [scope]
        free = types is None
        shape = r.choice(["plain", "plain", "plain", "group", "distinct", "window"]) if free else "plain"
        self.derived = shape == "group" or self.chance(0.5)
        funql, sql, main = self.source(depth, scope)
        where = self.expression("bool", depth) if self.chance(0.6) else None
        group, having, items, hidden = [], None, [], []
        types = types or [r.choice(READABLE) for _ in range(r.randrange(1, 5))]
        if shape == "group":
            group = [self.fields(t) or self.expression(t, 1) for t in types[:r.randrange(0, 3)]]
            group = [g for g in group if "$" not in g.funql and g.funql[0] not in "'-0123456789.NTf("]
            made = group + [self.aggregate(depth - 1) for _ in range(r.randrange(1, 3))]
            if self.chance(0.4):
                having = self.aggregate(1)
                having = E(f"{having.funql} IS NOT NULL", f"{having.sql} IS NOT NULL", "bool")
        else:
            made = [self.expression(t, depth) for t in types]
            if shape == "window":
                made.append(self.window(1))
            if shape == "plain" and free and main and main.table and self.chance(0.5):
                self.plain_columns(scope, made, hidden)
        # An arrow for ORDER BY, made before the sources are written.
        by = self.fields(r.choice(["text", "num", "date"])) if shape == "plain" and self.chance(0.3) else None
        items = [(self.name("r"), m) for m in made]
        texts = []
        for which, source in enumerate((funql, sql)):
            text = "SELECT " + ("DISTINCT " if shape == "distinct" else "")
            text += ", ".join(f"{m[which]} AS {n}" for n, m in items)
            text += f" FROM {source()}"
            if where:
                text += f" WHERE {where[which]}"
            if group:
                word = "ROLLUP " if len(group) == 2 and group[0].sql.count("(") % 2 else ""
                listed = ", ".join(g[which] for g in group)
                text += f" GROUP BY {word}({listed})" if word else f" GROUP BY {listed}"
            if having:
                text += f" HAVING {having[which]}"
            texts.append(text)
        return [(n, m.type) for n, m in items], texts[0], texts[1], shape, main, items, hidden, sql, where, by

    def plain_columns(self, scope, made, hidden):
        """Plain references: the pun that must come with each, as SQL."""
        for item in scope:
            for column, (kind, reference) in item.columns.items():
                if not reference or kind not in READABLE or not self.chance(0.5):
                    continue
                target = TABLES[reference.target]
                text = f"{item.alias}.{quote(column)}"
                path = [Reference([column], [column], reference.target, reference.target_fields)]
                pun = self.arrow_sql(item, path, target.main)
                hidden.append((len(made), f"CASE WHEN {text} IS NOT NULL THEN {pun} END", target.columns[target.main]))
                made.append(E(text, text, kind))

    # ---- statements

    def query(self):
        r = self.random
        depth = r.choice([1, 1, 2, 2, 3])
        prefix = ["", ""]
        if self.chance(0.15):
            name = self.name("w")
            self.scopes = []
            columns, funql, sql = self.derived_query(1, False)
            self.common.append((name, columns))
            word = r.choice(["", "MATERIALIZED ", "NOT MATERIALIZED "])
            prefix = [f"WITH {name} AS {word}({funql}) ", f"WITH {name} AS ({sql}) "]
        columns, funql, sql, shape, main, items, hidden, source, where, by = self.select(depth)
        single = shape in ("plain", "window")
        if self.chance(0.12) and not hidden and shape != "group":
            single = False
            funql, sql = self.set_operation(funql, sql, [t for _, t in columns])
        extra = []
        if single:
            extra = [(index, text, kind) for index, text, kind in hidden]
            if main and main.table and main.table.key:
                key = [f"{main.alias}.{quote(k)}" for k in main.table.key]
                value = key[0] if len(key) == 1 else (
                    "CASE WHEN " + " AND ".join(f"{k} IS NOT NULL" for k in key) + " THEN json_build_object(" +
                    ", ".join(f"'{n}', {k}" for n, k in zip(main.table.key, key)) + ") END")
                extra.append(("main", value, "json"))
        order, ordered, tail = ["", ""], False, ""
        if self.chance(0.5):
            ordered = True
            names = [n for n, t in columns if t != "json"]
            r.shuffle(names)
            parts = [n + r.choice(["", " ASC", " DESC", " NULLS FIRST", " DESC NULLS LAST"]) for n in names]
            first = ["", ""]
            if by and single:
                first = [f"{by[i]}, " for i in (0, 1)]
            order = [f" ORDER BY {first[i]}" + ", ".join(parts) for i in (0, 1)]
            if not extra and self.chance(0.5):
                tail = f" LIMIT {r.randrange(0, 12)}" + (f" OFFSET {r.randrange(0, 4)}" if self.chance(0.5) else "")
        # The hidden columns are only on the SQL side, as an outer query's.
        if extra:
            shown = ", ".join(f"{text} AS h{i}" for i, (_, text, _) in enumerate(extra))
            cut = sql.index(" FROM ", sum(len(m.sql) + len(n) + 4 for n, m in items) + len("SELECT "))
            sql = sql[:cut] + ", " + shown + f" FROM {source()}" + (f" WHERE {where.sql}" if where else "")
        funql, sql = prefix[0] + funql + order[0] + tail, prefix[1] + sql + order[1] + tail
        chunk = None
        if not extra and self.chance(0.15):
            chunk, sql = self.chunk(columns, sql, ordered)
        return Case(self.declare() + funql, sql, [t for _, t in columns], self.given(), ordered, chunk,
                    hidden=[(where_from, kind) for where_from, _, kind in extra])

    def chunk(self, columns, sql, ordered):
        r = self.random
        chunk = {}
        name, kind = r.choice(columns)
        constant = self.value(kind)
        where = ""
        if kind in ("int", "text", "num", "bool"):
            chunk["where"] = {"expression": f"{name} <> $x OR {name} IS NULL",
                              "arguments": {"x": {"type": FUNQL_TYPE[kind], "value": constant[0]}}}
            where = f" WHERE c.{name} <> {constant[1]} OR c.{name} IS NULL"
        sql = f"SELECT * FROM ({sql}) AS c{where}"
        if ordered and self.chance(0.5):
            chunk["limit"], chunk["offset"] = r.randrange(0, 9), r.randrange(0, 3)
            sql += f" LIMIT {chunk['limit']} OFFSET {chunk['offset']}"
        return chunk, sql

    def set_operation(self, funql, sql, types):
        """A chain is read from the right in FunQL, unless there is an EXCEPT in it."""
        r = self.random
        parts, words = [(funql, sql)], []
        for _ in range(r.choice([1, 1, 2])):
            _, more_funql, more_sql, *_ = self.select(1, types)
            parts.append((more_funql, more_sql))
            words.append(r.choice(["UNION", "UNION ALL", "UNION DISTINCT", "INTERSECT", "INTERSECT ALL", "EXCEPT"]))
        text = parts[0][0] + "".join(f" {w} {p[0]}" for w, p in zip(words, parts[1:]))
        if len(words) == 1:
            return text, f"({sql}) {words[0]} ({parts[1][1]})"
        if "EXCEPT" in words:
            return text, f"({sql}) {words[0]} ({parts[1][1]}) {words[1]} ({parts[2][1]})"
        return text, f"({sql}) {words[0]} (({parts[1][1]}) {words[1]} ({parts[2][1]}))"

    def command(self):
        """UPDATE, DELETE or INSERT … SELECT, with arrows where the target's fields are."""
        r = self.random
        self.derived = False
        table = r.choice([TABLES[n] for n in ("cities", "people", "orders", "lines", "returns", "visits", "docs")])
        item = Item(self.name("t"), {c: (t, table.single_reference(c)) for c, t in table.columns.items()}, table)
        free = [c for c, t in table.columns.items()
                if c not in table.key and t in READABLE and not any(c in x.fields for x in table.references)]
        kind = r.choice(["update", "update", "delete", "insert"])
        self.scopes = [[item]]
        if kind == "insert":
            scope = []
            self.scopes = [scope]
            self.derived = self.chance(0.5)
            funql, sql, _ = self.source(1, scope)
            made = [("id", self.expression("int", 2)), ("day", self.expression("date", 2))]
            where = self.expression("bool", 2)
            texts = [f"INSERT INTO d.visits (id, day) SELECT 100 + row_number() OVER (ORDER BY {made[0][1][i]}), {made[1][1][i]} "
                     f"FROM {source()} WHERE {where[i]}" for i, source in enumerate((funql, sql))]
            written = "(SELECT day FROM d.visits)"
        elif kind == "delete":
            where = self.expression("bool", 2)
            texts = [f"DELETE FROM d.visits AS {item.alias} WHERE {where[i]}" for i in (0, 1)]
            if table.name != "visits":
                return self.command()
            written = "d.visits"
        else:
            if not free:
                return self.command()
            chosen = r.sample(free, r.randrange(1, min(3, len(free)) + 1))
            values = {c: self.expression(table.columns[c], 2) for c in chosen}
            where = self.expression("bool", 2)
            texts = [f"UPDATE {table.sql} AS {item.alias} SET " +
                     ", ".join(f"{quote(c)} = {values[c][i]}" for c in chosen) + f" WHERE {where[i]}" for i in (0, 1)]
            written = table.sql
        return Case(self.declare() + texts[0], texts[1], [], self.given(), True, written=written)

    def declare(self):
        if not self.arguments:
            return ""
        listed = ", ".join(f"${n} {FUNQL_TYPE[t]}" + (" NULL" if optional else "")
                           for n, (t, _, _, optional) in self.arguments.items())
        return "{ " + listed + " }: "

    def given(self):
        return {n: v for n, (_, v, _, optional) in self.arguments.items() if not optional}
