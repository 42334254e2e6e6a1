"""The layout of fixture.sql, as the generator of queries knows it."""


class Reference:
    """A foreign key: `names` are what FunQL may write in front of the arrow."""

    def __init__(self, names, fields, target, target_fields):
        self.names = names
        self.fields = fields
        self.target = target
        self.target_fields = target_fields


class Table:
    def __init__(self, name, columns, key, references=(), main=None, kind="table"):
        self.name = name
        self.columns = columns
        self.key = key
        self.references = list(references)
        self.main = main or (key[0] if len(key) == 1 else None)
        self.kind = kind

    @property
    def sql(self):
        return f"d.{quote(self.name)}"

    def single_reference(self, column):
        for reference in self.references:
            if reference.fields == [column]:
                return reference
        return None


def quote(name):
    plain = name.isascii() and name.islower() and name.replace("_", "a").isalnum()
    plain = plain and name not in ("user", "order", "from", "select", "at", "row")
    return name if plain else '"' + name.replace('"', '""') + '"'


def one(column, target, target_field):
    return Reference([column], [column], target, [target_field])


TABLES = {
    table.name: table
    for table in [
        Table("countries", {"code": "text", "name": "text", "eu": "bool"}, ["code"], main="name"),
        Table(
            "cities",
            {"id": "int", "name": "text", "country": "text", "twin": "int", "founded": "date"},
            ["id"],
            [one("country", "countries", "code"), one("twin", "cities", "id")],
            main="name",
        ),
        Table(
            "people",
            {
                "id": "int", "name": "text", "boss": "int", "city": "int", "mood": "mood",
                "born": "date", "salary": "num", "tags": "tags", "seen": "ts", "user": "text",
            },
            ["id"],
            [one("boss", "people", "id"), one("city", "cities", "id")],
            main="name",
        ),
        Table(
            "docs",
            {"id": "uuid", "title": "text", "parent": "uuid", "author": "int", "body": "json"},
            ["id"],
            [one("parent", "docs", "id"), one("author", "people", "id")],
            main="title",
        ),
        Table(
            "products",
            {"sku": "text", "name": "text", "price": "num", "moods": "moods"},
            ["sku"],
            main="name",
        ),
        Table(
            "orders",
            {
                "region": "text", "no": "int", "customer": "int", "total": "num",
                "placed": "ts", "state": "text",
            },
            ["region", "no"],
            [one("customer", "people", "id")],
            main="state",
            kind="partitioned",
        ),
        Table(
            "lines",
            {"region": "text", "no": "int", "line": "int", "product": "text", "qty": "int",
             "price": "num"},
            ["region", "no", "line"],
            [
                one("product", "products", "sku"),
                Reference(["lines_order", "region", "no"], ["region", "no"], "orders",
                          ["region", "no"]),
            ],
        ),
        Table(
            "returns",
            {"id": "int", "region": "text", "no": "int", "line": "int", "reason": "text",
             "at": "date"},
            ["id"],
            [
                Reference(["returns_line", "line"], ["region", "no", "line"], "lines",
                          ["region", "no", "line"]),
                Reference(["returns_order"], ["region", "no"], "orders", ["region", "no"]),
            ],
        ),
        Table(
            "animals",
            {"id": "int", "name": "text", "keeper": "int"},
            ["id"],
            [one("keeper", "people", "id")],
            main="name",
            kind="parent",
        ),
        Table("dogs", {"id": "int", "name": "text", "keeper": "int", "breed": "text"}, []),
        Table(
            "visits",
            {"id": "int", "animal": "int", "order": "int", "day": "date"},
            ["id"],
            [one("animal", "animals", "id")],
        ),
        Table(
            'Odd "Name"',
            {"Select": "int", "from": "int", "Жук": "text"},
            ["Select"],
            [one("from", "cities", "id")],
            main="Жук",
        ),
        Table("totals", {"customer": "int", "total": "num"}, [], kind="view"),
    ]
}
