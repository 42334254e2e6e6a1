SELECT "orders"."number", "orders"."customer", "orders__customer"."name" AS "__pun__customer", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id"
-- column number string main of orders #3
-- column customer int main -> shop.customers pun #2 of orders #3
-- main shop.orders #3

SELECT "orders"."customer", "orders__customer"."name" AS "__pun__customer", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id" ORDER BY "customer"
-- column customer int main -> shop.customers pun #1 of orders #2
-- main shop.orders #2

SELECT "events"."action", "events__action"."subject" AS "__pun__action", "events"."id" AS "__main_id" FROM "pm"."events" AS "events" LEFT JOIN "pm"."actions" AS "events__action" ON "events"."action" = "events__action"."id"
-- column action int main -> pm.actions pun #1 of events #2
-- main pm.events #2

SELECT "orders"."id", "orders"."number" FROM "shop"."orders" AS "orders"
-- column id int main of orders #0
-- column number string main of orders #0
-- main shop.orders #0

SELECT "lines"."qty", "lines"."order" AS "__main_id__0", "lines"."line" AS "__main_id__1" FROM "shop"."lines" AS "lines"
-- column qty int main of lines #1 #2
-- main shop.lines #1 #2

SELECT "notes"."body" FROM "hr"."notes" AS "notes"
-- column body string main
-- main hr.notes

SELECT "o"."number", "c"."name", "o"."id" AS "__main_id", "c"."id" AS "__id__1" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "c" ON "c"."id" = "o"."customer"
-- column number string main of orders #2
-- column name string of customers #3
-- main shop.orders #2

SELECT "o"."number", "c"."name", "c"."id" AS "__main_id", "o"."id" AS "__id__0" FROM "shop"."orders" AS "o" RIGHT JOIN "shop"."customers" AS "c" ON "c"."id" = "o"."customer"
-- column number string of orders #3
-- column name string main of customers #2
-- main shop.customers #2

SELECT "o"."number", "c"."name", "o"."id" AS "__id__0", "c"."id" AS "__id__1" FROM "shop"."orders" AS "o" JOIN "shop"."customers" AS "c" ON "c"."id" = "o"."customer"
-- column number string of orders #2
-- column name string of customers #3

SELECT DISTINCT "orders"."customer" FROM "shop"."orders" AS "orders"
-- column customer int -> shop.customers

SELECT "orders"."customer" FROM "shop"."orders" AS "orders" GROUP BY "orders"."customer"
-- column customer int -> shop.customers

(SELECT "orders"."customer" FROM "shop"."orders" AS "orders") UNION (SELECT "totals"."customer" FROM "shop"."totals" AS "totals")
-- column customer int -> shop.customers

SELECT "x"."who", "x__who"."name" AS "__pun__who" FROM (SELECT "orders"."customer" AS "who" FROM "shop"."orders" AS "orders") AS "x" LEFT JOIN "shop"."customers" AS "x__who" ON "x"."who" = "x__who"."id"
-- column who int -> shop.customers pun #1

SELECT "orders"."number", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column number string main of orders #1
-- main shop.orders for insert #1

SELECT "pg_catalog"."sum"("orders"."total") AS "s" FROM "shop"."orders" AS "orders"
-- column s ?
-- main shop.orders

SELECT "orders"."number", "orders"."customer", "orders__customer"."name" AS "__pun__customer", "orders"."id" AS "__main_id", CASE WHEN "orders"."total" > 5 THEN 'red' END AS "__cell_attr__number__color", CASE "orders"."number" WHEN 'a' THEN 'A' ELSE 'other' END AS "__cell_attr__number__label", "orders"."created" < $1::"pg_catalog"."timestamptz" AS "__row_attr__late", "pg_catalog"."now"() AS "__row_attr__now" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id"
-- column number string main of orders #3 @width=5 @color=#4 @label=#5
-- column customer int main -> shop.customers pun #2 of orders #3 @empty=null @hidden=true
-- main shop.orders #3
-- attributes @title="Orders" @pages={"a": [1, -2.50, true], "v": {"schema": "pm", "name": "actions_table"}}
-- row attributes @late=#6 @now=#7

SELECT $1::"pg_catalog"."int4" AS "x"
-- argument $x int NULL @caption="X"
-- column x int

SELECT 1 + 1 AS "?column?", 'a' AS "?column?_2", "orders"."total"::"pg_catalog"."text" AS "total", "pg_catalog"."lower"("orders"."state") AS "lower", (SELECT "pg_catalog"."max"("orders__2"."id") AS "max" FROM "shop"."orders" AS "orders__2") AS "max", CASE WHEN TRUE THEN 1 END AS "case", EXISTS (SELECT 1 AS "?column?") AS "exists", ARRAY[1] AS "array", "pg_catalog"."jsonb_build_object"('a', 1) AS "json", COALESCE(1, 2) AS "coalesce", "pg_catalog"."count"(*) OVER () AS "count", "pg_catalog"."count"("orders"."id") OVER () AS "count_2", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column ?column? ?
-- column ?column?_2 string
-- column total string
-- column lower ?
-- column max int
-- column case int
-- column exists bool
-- column array ?
-- column json json
-- column coalesce int
-- column count int
-- column count_2 int
-- main shop.orders #12

SELECT "animals"."name", (SELECT "pg_catalog"."jsonb_build_object"('schema', "relation_schema"."nspname", 'name', "relation"."relname") FROM "pg_catalog"."pg_class" AS "relation" JOIN "pg_catalog"."pg_namespace" AS "relation_schema" ON "relation_schema"."oid" = "relation"."relnamespace" WHERE "relation"."oid" = "animals"."tableoid") AS "sub_entity", "animals"."id" AS "__main_id", "animals"."tableoid" AS "__main_sub_entity" FROM "hr"."animals" AS "animals" WHERE ("animals"."tableoid" IN ('"hr"."dogs"'::"pg_catalog"."regclass", '"hr"."puppies"'::"pg_catalog"."regclass")) OR ("animals"."tableoid" IN ('"hr"."animals"'::"pg_catalog"."regclass"))
-- column name string main of animals #2 in #3
-- column sub_entity json
-- main hr.animals #2 in #3
-- table animals
-- table dogs
-- table puppies

SELECT (SELECT "pg_catalog"."jsonb_build_object"('schema', "relation_schema"."nspname", 'name', "relation"."relname") FROM "pg_catalog"."pg_class" AS "relation" JOIN "pg_catalog"."pg_namespace" AS "relation_schema" ON "relation_schema"."oid" = "relation"."relnamespace" WHERE "relation"."oid" = "keepers__animal"."tableoid") AS "s", "keepers"."id" AS "__main_id" FROM "hr"."keepers" AS "keepers" LEFT JOIN ONLY "hr"."animals" AS "keepers__animal" ON "keepers"."animal" = "keepers__animal"."id" WHERE "keepers__animal"."tableoid" IN ('"hr"."dogs"'::"pg_catalog"."regclass")
-- column s json
-- main hr.keepers #1

SELECT "visits"."number", "visits"."day" AS "__main_id" FROM "shop"."visits" AS "visits" WHERE (NOT (CASE WHEN "visits"."tableoid" IS NOT NULL THEN '"shop"."visits"'::"pg_catalog"."regclass" IN (SELECT "pg_catalog"."pg_partition_ancestors"("visits"."tableoid")) END)) OR (CASE WHEN "visits"."tableoid" IS NOT NULL THEN '"shop"."visits"'::"pg_catalog"."regclass" IN (SELECT "pg_catalog"."pg_partition_ancestors"("visits"."tableoid")) END)
-- column number int main of visits #1
-- main shop.visits #1

SELECT "animals"."name", "animals"."id" AS "__main_id", "animals"."tableoid" AS "__main_sub_entity" FROM "hr"."animals" AS "animals"
-- column name string main of animals #1 in #2
-- main hr.animals #1 in #2
-- table animals
-- table dogs
-- table puppies

SELECT "dogs"."id", "dogs"."tableoid" FROM "hr"."dogs" AS "dogs"
-- column id int main of dogs #0 in #1
-- column tableoid int
-- main hr.dogs #0 in #1
-- table dogs
-- table puppies

SELECT "n"."body", "a"."name", "d"."breed", "a"."id" AS "__id__0", "a"."tableoid" AS "__sub_entity__0", "d"."id" AS "__id__1", "d"."tableoid" AS "__sub_entity__1" FROM "hr"."notes" AS "n" LEFT JOIN "hr"."animals" AS "a" ON TRUE LEFT JOIN "hr"."dogs" AS "d" ON TRUE
-- column body string main
-- column name string of animals #3 in #4
-- column breed string of dogs #5 in #6
-- main hr.notes
-- table animals
-- table dogs
-- table puppies

SELECT "animals"."name", "animals"."id" AS "__main_id" FROM ONLY "hr"."animals" AS "animals"
-- column name string main of animals #1
-- main hr.animals #1

SELECT "puppies"."name", "puppies"."id" AS "__main_id" FROM "hr"."puppies" AS "puppies"
-- column name string main of puppies #1
-- main hr.puppies #1

SELECT DISTINCT "animals"."name" FROM "hr"."animals" AS "animals"
-- column name string

SELECT "keepers"."animal", "keepers__animal"."name", "keepers__animal"."name" AS "__pun__animal", "keepers"."id" AS "__main_id", "keepers__animal"."id" AS "__id__1" FROM "hr"."keepers" AS "keepers" LEFT JOIN ONLY "hr"."animals" AS "keepers__animal" ON "keepers"."animal" = "keepers__animal"."id"
-- column animal int main -> hr.animals pun #2 of keepers #3
-- column name string of animals #4
-- main hr.keepers #3

SELECT "t"."x" FROM (SELECT "animals"."name" AS "x" FROM "hr"."animals" AS "animals") AS "t"
-- column x string

SELECT "v"."value", "v"."pun" FROM (SELECT "people"."id" AS "value", "people"."name" AS "pun" FROM "base"."people" AS "people") AS "v"
-- column value int
-- column pun string

SELECT "v"."value", "v"."pun" FROM (SELECT "dogs"."name" AS "value", "dogs"."name" AS "pun" FROM ONLY "hr"."dogs" AS "dogs") AS "v"
-- column value string
-- column pun string

SELECT "v"."value", "v"."pun" FROM (SELECT "lines"."price" AS "value", "lines"."price" AS "pun" FROM "shop"."lines" AS "lines") AS "v"
-- column value decimal
-- column pun decimal

SELECT "v"."pun" FROM "shop"."orders" AS "o" CROSS JOIN (VALUES ('new', 'new'), ('paid', 'paid'), ('sent', 'sent')) AS "v" ("value", "pun")
-- column pun string

SELECT "v"."value" FROM (VALUES ('a', 'a'), ('b', 'b')) AS "v" ("value", "pun")
-- column value string

SELECT "v"."value" FROM (SELECT "products"."id" AS "value", "products"."name" AS "pun" FROM "shop"."products" AS "products") AS "v"
-- column value int

SELECT '{"schema": "pm", "name": "actions_table"}'::"pg_catalog"."jsonb" AS "view", NULL AS "a", NULL AS "b", "actions"."id" AS "__main_id" FROM "pm"."actions" AS "actions"
-- column view json
-- column a string
-- column b string
-- main pm.actions #3

SELECT "orders"."id", "orders"."xmin", "orders"."ctid", "orders"."tableoid" FROM "shop"."orders" AS "orders"
-- column id int main of orders #0
-- column xmin xid
-- column ctid tid
-- column tableoid int
-- main shop.orders #0

SELECT $1::"shop"."status" AS "s", $2::"pg_catalog"."int4"[] AS "r", $3::"pg_catalog"."numeric" AS "d", $4::"pg_catalog"."jsonb" AS "j", $5::"pg_catalog"."uuid" AS "u", $6::"pg_catalog"."jsonb" AS "v", $7::"pg_catalog"."text" AS "e", $8::"pg_catalog"."text"[] AS "l"
-- argument $s enum 'new' 'paid' 'sent'
-- argument $r int[] -> shop.orders
-- argument $d decimal DEFAULT -1.5
-- argument $j json DEFAULT {"a": 1}
-- argument $u uuid NULL
-- argument $v json
-- argument $e string DEFAULT NULL
-- argument $l string[] DEFAULT {"a\"b",NULL}
-- column s enum
-- column r int[]
-- column d decimal
-- column j json
-- column u uuid
-- column v json
-- column e string
-- column l string[]

SELECT (SELECT "pg_catalog"."sum"("o"."total") AS "sum") AS "s", (SELECT "pg_catalog"."max"("o__customer"."name") AS "max") AS "m" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "o__customer" ON "o"."customer" = "o__customer"."id"
-- column s ?
-- column m string

SELECT "o"."id", (SELECT "pg_catalog"."sum"("o"."total" + "l"."qty") AS "sum" FROM "shop"."lines" AS "l") AS "s", (SELECT "pg_catalog"."count"(*) AS "count" FROM "shop"."lines" AS "lines") AS "n" FROM "shop"."orders" AS "o"
-- column id int main of orders #0
-- column s ?
-- column n int
-- main shop.orders #0
