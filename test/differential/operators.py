"""Random operators, functions and predicates over expressions.py."""

from expressions import E, Expressions, FUNQL_TYPE, SQL_TYPE

# As PostgreSQL's grammar has them.
OR, AND, NOT, IS, COMPARE, LIKE, OTHER, ADD, MULTIPLY, SIGN, CAST, ATOM = range(1, 13)


def enclosed(text):
    return f"({text})"


class Operators(Expressions):
    def expression(self, wanted, depth):
        r = self.random
        if depth <= 0 or self.chance(0.25):
            found = self.fields(wanted) if self.chance(0.75) else None
            return found or self.constant(wanted)
        if self.chance(0.12):
            return self.generic(wanted, depth)
        made = getattr(self, "make_" + wanted, lambda depth: None)(depth)
        return made or self.fields(wanted) or self.constant(wanted)

    def plain(self, wanted, depth):
        return self.expression(wanted, depth - 1)

    # An operator whose operands stand in parentheses only where they must, or for fun: the two
    # languages have to agree on what binds more.
    def infix(self, operator, level, left, right, result, associative=True):
        texts = []
        loose = self.chance(0.5)
        for side, operand in ((0, left), (1, right)):
            needed = operand.level < level or (operand.level == level and (side or not associative))
            if needed or (operand.level < 9 and not loose):
                texts.append((enclosed(operand.funql), enclosed(operand.sql)))
            else:
                texts.append((operand.funql, operand.sql))
        return E(f"{texts[0][0]} {operator} {texts[1][0]}",
                 f"{texts[0][1]} {operator} {texts[1][1]}", result, level)

    def call(self, template, result, *args):
        return E(template.format(*[a.funql for a in args]), template.format(*[a.sql for a in args]),
                 result)

    def operand(self, wanted, depth, level=ATOM):
        made = self.plain(wanted, depth)
        if made.level >= level or made.level >= 9:
            return made
        return E(enclosed(made.funql), enclosed(made.sql), wanted)

    def generic(self, wanted, depth):
        r = self.random
        kind = r.randrange(5)
        a, b = self.plain(wanted, depth), self.plain(wanted, depth)
        if kind == 0:
            return self.call("coalesce({0}, {1})", wanted, a, b)
        if kind == 1 and wanted != "json":
            return self.call("nullif({0}, {1})", wanted, a, b)
        condition = self.plain("bool", depth)
        if kind == 2:
            return self.call("CASE WHEN {0} THEN {1} ELSE {2} END", wanted, condition, a, b)
        if kind == 3:
            subject = self.operand("int", depth)
            two = self.operand("int", depth)
            word = r.choice(["CASE", "MATCH ON"])
            end = r.choice(["END", "ELSE NULL END"])
            return E(f"{word} {subject.funql} WHEN {two.funql} THEN {a.funql} WHEN 2 THEN {b.funql} {end}",
                     f"CASE {subject.sql} WHEN {two.sql} THEN {a.sql} WHEN 2 THEN {b.sql} END", wanted)
        return self.scalar_subquery(wanted, depth) or a

    # ---- by type

    def make_int(self, depth):
        r = self.random
        kind = r.randrange(8)
        if kind < 3:
            operator, level = r.choice([("+", ADD), ("-", ADD), ("*", MULTIPLY)])
            return self.infix(operator, level, self.plain("int", depth), self.plain("int", depth), "int")
        if kind == 3:
            operator = r.choice(["/", "%"])
            divisor = r.randrange(1, 5)
            return self.infix(operator, MULTIPLY, self.plain("int", depth),
                              E(str(divisor), str(divisor), "int"), "int")
        if kind == 4:
            inner = self.operand("int", depth, SIGN + 1)
            return E(f"- {inner.funql}", f"- {inner.sql}", "int", SIGN)
        if kind == 5:
            return self.call(r.choice(["length({0})", "strpos({0}, 'a')"]), "int", self.plain("text", depth))
        if kind == 6:
            return self.call("cardinality({0})", "int", self.plain("tags", depth))
        inner = self.plain("date", depth)
        return self.call("EXTRACT(year FROM {0})::int", "int", inner) if False else E(
            f"EXTRACT(year FROM {inner.funql})::int", f"EXTRACT(year FROM {inner.sql})::int4", "int")

    def make_num(self, depth):
        r = self.random
        kind = r.randrange(5)
        if kind < 2:
            operator, level = r.choice([("+", ADD), ("-", ADD), ("*", MULTIPLY)])
            other = r.choice(["num", "int"])
            return self.infix(operator, level, self.plain("num", depth), self.plain(other, depth), "num")
        if kind == 2:
            return self.call("round({0}, 1)", "num", self.plain("num", depth))
        if kind == 3:
            inner = self.operand("int", depth)
            return E(f"{inner.funql}::decimal", f"{inner.sql}::numeric", "num", CAST)
        return self.call(r.choice(["greatest({0}, {1})", "least({0}, {1})"]), "num",
                         self.plain("num", depth), self.plain("num", depth))

    def make_text(self, depth):
        r = self.random
        kind = r.randrange(7)
        if kind < 2:
            return self.infix("||", OTHER, self.plain("text", depth), self.plain("text", depth), "text")
        if kind == 2:
            template = r.choice(["upper({0})", "lower({0})", "left({0}, 2)", "substring({0} FROM 2)",
                                 "trim(BOTH 'a' FROM {0})", "replace({0}, 'n', 'm')", "split_part({0}, ' ', 1)"])
            return self.call(template, "text", self.plain("text", depth))
        if kind == 3:
            other = r.choice(["int", "bool", "date", "mood", "num"])
            inner = self.operand(other, depth)
            return E(f"{inner.funql}::string", f"{inner.sql}::text", "text", CAST)
        if kind == 4:
            tags = self.fields("tags")
            if tags and "(" not in tags.sql:
                index = r.randrange(1, 3)
                return E(f"({tags.funql})[{index}]", f"({tags.sql})[{index}]", "text")
        body = self.fields("json")
        if body and kind == 5:
            return E(f"{body.funql} -> 'a' ->> 'b'", f"{body.sql} -> 'a' ->> 'b'", "text", OTHER)
        return self.call("to_char({0}, 'YYYY-MM')", "text", self.plain("date", depth))

    def make_date(self, depth):
        if self.chance(0.5):
            return self.infix("+", ADD, self.plain("date", depth), self.plain("int", depth), "date")
        return E(*[f"'2020-01-31'::{t}" for t in ("date", "date")], "date", CAST)

    def make_ts(self, depth):
        inner = self.operand("ts", depth)
        if self.chance(0.5):
            return self.call("date_trunc('day', {0})", "ts", inner)
        step = self.random.choice(["1 day", "90 minutes"])
        return E(f"{inner.funql} + interval '{step}'", f"{inner.sql} + '{step}'::interval", "ts", ADD)

    def make_tags(self, depth):
        if self.chance(0.5):
            return self.call("ARRAY[{0}, {1}]", "tags", self.plain("text", depth), self.plain("text", depth))
        tags = self.fields("tags")
        return E(f"({tags.funql})[1:1]", f"({tags.sql})[1:1]", "tags") if tags else None

    def make_bool(self, depth):
        r = self.random
        kind = r.randrange(15)
        if kind == 14:
            return self.row_comparison(depth)
        if kind < 2:
            operator, level = r.choice([("AND", AND), ("OR", OR)])
            return self.infix(operator, level, self.plain("bool", depth), self.plain("bool", depth), "bool")
        if kind == 2:
            inner = self.operand("bool", depth, NOT)
            return E(f"NOT {inner.funql}", f"NOT {inner.sql}", "bool", NOT)
        wanted = r.choice(["int", "num", "text", "date", "ts", "mood", "tags", "bool"])
        if kind < 6:
            operator = r.choice(["=", "<>", "<", "<=", ">", ">=", "!="])
            return self.infix(operator, COMPARE, self.plain(wanted, depth), self.plain(wanted, depth),
                              "bool", associative=False)
        if kind == 6:
            inner = self.operand(wanted, depth, COMPARE)
            test = r.choice(["IS NULL", "IS NOT NULL", "ISNULL", "NOTNULL"])
            return E(f"{inner.funql} {test}", f"{inner.sql} {test}", "bool", IS)
        if kind == 7:
            inner = self.operand("bool", depth, COMPARE)
            test = r.choice(["IS TRUE", "IS NOT FALSE", "IS UNKNOWN", "IS NOT TRUE"])
            return E(f"{inner.funql} {test}", f"{inner.sql} {test}", "bool", IS)
        if kind == 8:
            operator = r.choice(["IS DISTINCT FROM", "IS NOT DISTINCT FROM"])
            return self.infix(operator, IS, self.operand(wanted, depth), self.operand(wanted, depth), "bool",
                              associative=False)
        if kind == 9:
            operator = r.choice(["LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE", "~~", "!~~"])
            pattern = r.choice(["'%a%'", "'c_'", "'City%'", "'A!%' ESCAPE '!'" if "LIKE" in operator else "'%'"])
            inner = self.operand("text", depth, OTHER + 1)
            level = LIKE if "LIKE" in operator else OTHER
            return E(f"{inner.funql} {operator} {pattern}", f"{inner.sql} {operator} {pattern}", "bool", level)
        if kind == 10:
            inner = self.operand(wanted, depth, OTHER)
            word = r.choice(["BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC"])
            a, b = self.operand(wanted, depth, OTHER), self.operand(wanted, depth, OTHER)
            return E(f"{inner.funql} {word} {a.funql} AND {b.funql}",
                     f"{inner.sql} {word} {a.sql} AND {b.sql}", "bool", LIKE)
        if kind == 11:
            inner = self.operand(wanted, depth, OTHER)
            word = r.choice(["IN", "NOT IN"])
            values = [self.constant(wanted) if self.chance(0.7) else self.plain(wanted, depth)
                      for _ in range(r.randrange(1, 4))]
            return E(f"{inner.funql} {word} ({', '.join(v.funql for v in values)})",
                     f"{inner.sql} {word} ({', '.join(f'({v.sql})::{SQL_TYPE[wanted]}' for v in values)})", "bool",
                     LIKE)
        if kind == 12:
            inner, tags = self.operand("text", depth, OTHER), self.plain("tags", depth)
            word = r.choice(["= ANY", "= SOME", "<> ALL"])
            # ANY ((SELECT …)) would be about the rows of the subquery.
            return E(f"{inner.funql} {word} ({tags.funql})", f"{inner.sql} {word} (({tags.sql})::text[])", "bool",
                     COMPARE)
        return self.predicate_subquery(depth)

    def row_comparison(self, depth):
        types = [self.random.choice(["int", "text", "date"]) for _ in range(2)]
        rows = [[self.plain(t, depth) for t in types] for _ in range(2)]
        operator = self.random.choice(["=", "<>", "<", ">=", "IS DISTINCT FROM", "IN"])
        # A string constant has no type before it meets one; a row of them never does.
        def text(row, which):
            return ", ".join(
                f"({e[which]})::{(FUNQL_TYPE, SQL_TYPE)[which][t]}" for e, t in zip(row, types))
        if operator == "IN":
            texts = [f"({text(rows[0], i)}) IN (({text(rows[1], i)}))" for i in (0, 1)]
        else:
            texts = [f"ROW({text(rows[0], i)}) {operator} ROW({text(rows[1], i)})" for i in (0, 1)]
        return E(*texts, "bool", IS)

    # Made in queries.py.
    def scalar_subquery(self, wanted, depth):
        raise NotImplementedError

    def predicate_subquery(self, depth):
        raise NotImplementedError
