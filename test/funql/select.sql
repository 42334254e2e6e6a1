SELECT DISTINCT "orders"."customer" FROM "shop"."orders" AS "orders"
-- column customer int -> shop.customers

SELECT DISTINCT ON ("customer", "orders"."state") "orders"."customer", "orders"."total" FROM "shop"."orders" AS "orders" ORDER BY "customer", "orders"."state", "total" DESC
-- column customer int -> shop.customers
-- column total decimal

SELECT "orders"."id", "orders"."number", "orders"."customer", "orders"."state", "orders"."status", "orders"."created", "orders"."total", "orders"."order", "orders__customer"."name" AS "__pun__customer" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id"
-- column id int main of orders #0
-- column number string main of orders #0
-- column customer int main -> shop.customers pun #8 of orders #0
-- column state string main of orders #0
-- column status enum main of orders #0
-- column created datetime main of orders #0
-- column total decimal main of orders #0
-- column order int main of orders #0
-- main shop.orders #0

SELECT "o"."id", "o"."number", "o"."customer", "o"."state", "o"."status", "o"."created", "o"."total", "o"."order", "c"."name", "o__customer"."name" AS "__pun__customer", "c"."id" AS "__id__1" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "o__customer" ON "o"."customer" = "o__customer"."id" LEFT JOIN "shop"."customers" AS "c" ON "c"."id" = "o"."customer"
-- column id int main of orders #0
-- column number string main of orders #0
-- column customer int main -> shop.customers pun #9 of orders #0
-- column state string main of orders #0
-- column status enum main of orders #0
-- column created datetime main of orders #0
-- column total decimal main of orders #0
-- column order int main of orders #0
-- column name string of customers #10
-- main shop.orders #0

SELECT "orders"."id", "orders"."number" FROM "shop"."orders" AS "orders"
-- column id int main of orders #0
-- column number string main of orders #0
-- main shop.orders #0

SELECT "o"."id" AS "n" FROM "shop"."orders" AS "o" CROSS JOIN "shop"."customers" AS "c" WHERE "o"."customer" = "c"."id"
-- column n int of orders #0

SELECT "pg_catalog"."count"(*) AS "count", "pg_catalog"."count"("orders"."id") AS "count_2", "pg_catalog"."max"("orders"."total") AS "max" FROM "shop"."orders" AS "orders" HAVING "pg_catalog"."count"(*) > 1
-- column count int
-- column count_2 int
-- column max decimal

SELECT "orders"."state", "pg_catalog"."sum"("orders"."total") AS "sum" FROM "shop"."orders" AS "orders" GROUP BY "orders"."state" HAVING "pg_catalog"."sum"("orders"."total") > 10 ORDER BY "pg_catalog"."sum"("orders"."total") DESC
-- column state string
-- column sum ?

SELECT "pg_catalog"."upper"("orders"."state") AS "s", "pg_catalog"."count"(*) AS "n" FROM "shop"."orders" AS "orders" GROUP BY 1 ORDER BY "n"
-- column s ?
-- column n int

SELECT "orders"."state", "orders"."customer", "pg_catalog"."count"(*) AS "count", GROUPING("orders"."state") AS "g" FROM "shop"."orders" AS "orders" GROUP BY GROUPING SETS (("orders"."state", "orders"."customer"), "orders"."state", ()), CUBE ("orders"."total"), ROLLUP ("orders"."number", ("orders"."state", "orders"."customer"))
-- column state string
-- column customer int -> shop.customers
-- column count int
-- column g int

SELECT "o"."id" FROM "shop"."orders" AS "o" JOIN "shop"."customers" AS "c" ON "c"."id" = "o"."customer" RIGHT JOIN "base"."cities" AS "t" ON "t"."id" = "c"."city" FULL JOIN "hr"."notes" AS "n" ON TRUE CROSS JOIN "shop"."products" AS "p"
-- column id int of orders #0

SELECT "o"."id" FROM "shop"."orders" AS "o" FULL JOIN "shop"."customers" AS "c" ON "c"."id" = "o"."customer"
-- column id int of orders #0

SELECT "o"."id", "o"."number", "c"."name", "c"."id" AS "__id__1" FROM "shop"."orders" AS "o" JOIN "shop"."customers" AS "c" ON "o"."id" = "c"."id"
-- column id int of orders #0
-- column number string of orders #0
-- column name string of customers #3

SELECT "orders"."customer", "orders"."total", "orders"."id", "orders"."number", "orders"."state", "orders"."status", "orders"."created", "orders"."order", "orders__customer"."name" AS "__pun__customer" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id" JOIN "shop"."totals" AS "totals" ON ("orders"."customer" = "totals"."customer") AND ("orders"."total" = "totals"."total")
-- column customer int -> shop.customers pun #8 of orders #2
-- column total decimal of orders #2
-- column id int of orders #2
-- column number string of orders #2
-- column state string of orders #2
-- column status enum of orders #2
-- column created datetime of orders #2
-- column order int of orders #2

SELECT "notes"."body", "ways"."id", "ways"."person", "ways"."kind", "ways"."value", "keepers"."animal", "ways__person"."name" AS "__pun__person", "keepers__animal"."name" AS "__pun__animal", "keepers"."id" AS "__id__1" FROM "hr"."notes" AS "notes" CROSS JOIN ("base"."ways" AS "ways" LEFT JOIN "base"."people" AS "ways__person" ON "ways"."person" = "ways__person"."id" JOIN ("hr"."keepers" AS "keepers" LEFT JOIN ONLY "hr"."animals" AS "keepers__animal" ON "keepers"."animal" = "keepers__animal"."id") ON "ways"."id" = "keepers"."id")
-- column body string
-- column id int of ways #1
-- column person int -> base.people pun #6 of ways #1
-- column kind string of ways #1
-- column value string of ways #1
-- column animal int -> hr.animals pun #7 of keepers #8

SELECT "ways"."id", "ways"."person", "ways"."kind", "ways"."value", "keepers"."animal", "b"."a", "ways__person"."name" AS "__pun__person", "keepers__animal"."name" AS "__pun__animal", "keepers"."id" AS "__id__1" FROM "base"."ways" AS "ways" LEFT JOIN "base"."people" AS "ways__person" ON "ways"."person" = "ways__person"."id" JOIN ("hr"."keepers" AS "keepers" LEFT JOIN ONLY "hr"."animals" AS "keepers__animal" ON "keepers"."animal" = "keepers__animal"."id") ON "ways"."id" = "keepers"."id" CROSS JOIN (SELECT 1 AS "a") AS "b"
-- column id int of ways #0
-- column person int -> base.people pun #6 of ways #0
-- column kind string of ways #0
-- column value string of ways #0
-- column animal int -> hr.animals pun #7 of keepers #8
-- column a int

SELECT "a"."y", "a"."x", "a"."p", "b"."q", "c"."r" FROM (SELECT 1 AS "p", 2 AS "x", 3 AS "y") AS "a" JOIN (SELECT 2 AS "x", 4 AS "q") AS "b" ON "a"."x" = "b"."x" JOIN (SELECT 3 AS "y", 5 AS "r") AS "c" ON "a"."y" = "c"."y"
-- column y int
-- column x int
-- column p int
-- column q int
-- column r int

SELECT "a"."x", "a"."y", "a"."p", "b"."q" FROM (SELECT 1 AS "p", 3 AS "y", 2 AS "x") AS "a" JOIN (SELECT 2 AS "x", 4 AS "q") AS "b" ON "a"."x" = "b"."x" JOIN (SELECT 3 AS "y", 2 AS "x") AS "c" ON ("a"."x" = "c"."x") AND ("a"."y" = "c"."y")
-- column x int
-- column y int
-- column p int
-- column q int

SELECT "o"."id", (SELECT "pg_catalog"."count"(*) AS "count" FROM (SELECT "pg_catalog"."lower"("customers"."name") AS "total" FROM "shop"."customers" AS "customers" GROUP BY 1) AS "x") AS "n" FROM "shop"."orders" AS "o"
-- column id int main of orders #0
-- column n int
-- main shop.orders #0

SELECT COALESCE("o"."id", "c"."id") AS "id" FROM "shop"."orders" AS "o" FULL JOIN "shop"."customers" AS "c" ON "o"."id" = "c"."id" LEFT JOIN "base"."cities" AS "t" ON COALESCE("o"."id", "c"."id") = "t"."id"
-- column id int

SELECT "r"."id" / 2 AS "x" FROM "shop"."orders" AS "orders" JOIN (SELECT "customers"."rating" AS "id" FROM "shop"."customers" AS "customers") AS "r" ON "orders"."id" = "r"."id"
-- column x ?

SELECT "r"."id" / 2 AS "x" FROM (SELECT "customers"."rating" AS "id" FROM "shop"."customers" AS "customers") AS "r" JOIN "shop"."orders" AS "orders" ON "r"."id" = "orders"."id"
-- column x ?

SELECT "orders"."id"::"pg_catalog"."numeric" / 2 AS "x", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders" LEFT JOIN (SELECT "customers"."rating" AS "id" FROM "shop"."customers" AS "customers") AS "r" ON "orders"."id" = "r"."id"
-- column x ?
-- main shop.orders #1

SELECT "r"."id" / 2 AS "x" FROM "shop"."orders" AS "orders" RIGHT JOIN (SELECT "customers"."rating" AS "id" FROM "shop"."customers" AS "customers") AS "r" ON "orders"."id" = "r"."id"
-- column x ?

SELECT "orders"."id"::"pg_catalog"."numeric" / 2 AS "x", "orders"."id" AS "__main_id" FROM (SELECT "customers"."rating" AS "id" FROM "shop"."customers" AS "customers") AS "r" RIGHT JOIN "shop"."orders" AS "orders" ON "r"."id" = "orders"."id"
-- column x ?
-- main shop.orders #1

SELECT COALESCE("orders"."id", "r"."id") AS "id" FROM "shop"."orders" AS "orders" FULL JOIN (SELECT "customers"."rating" AS "id" FROM "shop"."customers" AS "customers") AS "r" ON "orders"."id" = "r"."id"
-- column id decimal

SELECT "cities"."name"::"pg_catalog"."varchar" || '' AS "x", "cities"."id" AS "__main_id" FROM (SELECT 'a '::"pg_catalog"."varchar" AS "name") AS "a" RIGHT JOIN "base"."cities" AS "cities" ON "a"."name" = "cities"."name"
-- column x ?
-- main base.cities #1

SELECT COALESCE("orders"."id", CASE WHEN FALSE THEN "r"."id" END) / 2 AS "x", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders" LEFT JOIN (SELECT "pg_catalog"."round"("customers"."rating") AS "id" FROM "shop"."customers" AS "customers") AS "r" ON "orders"."id" = "r"."id"
-- column x ?
-- main shop.orders #1

SELECT COALESCE(CASE WHEN FALSE THEN "orders"."id" END, "r"."id") / 2 AS "x" FROM "shop"."orders" AS "orders" RIGHT JOIN (SELECT "pg_catalog"."round"("customers"."rating") AS "id" FROM "shop"."customers" AS "customers") AS "r" ON "orders"."id" = "r"."id"
-- column x ?

SELECT (SELECT "customers"."name" FROM "shop"."customers" AS "customers" WHERE "customers"."id" = "r"."customer") AS "n" FROM "shop"."orders" AS "orders" JOIN (SELECT "customers"."rating" AS "customer" FROM "shop"."customers" AS "customers") AS "r" ON "orders"."customer" = "r"."customer"
-- column n string

SELECT "o"."id" FROM "shop"."orders" AS "o" LEFT JOIN ("shop"."lines" AS "l" JOIN "shop"."products" AS "p" ON "p"."id" = "l"."product") ON "l"."order" = "o"."id"
-- column id int main of orders #0
-- main shop.orders #0

SELECT "x"."a", "y"."b" FROM (SELECT "orders"."id" AS "a" FROM "shop"."orders" AS "orders" ORDER BY "orders"."total" LIMIT 1) AS "x" CROSS JOIN (SELECT 1 AS "b") AS "y"
-- column a int
-- column b int

SELECT "v"."n", "v"."t" FROM (VALUES (1, 'a'), (2, 'b')) AS "v" ("n", "t")
-- column n int
-- column t string

VALUES (1, 'a'), (2, 'b') ORDER BY "column1"
-- column column1 int
-- column column2 string

SELECT "o"."id", "x"."q" FROM "shop"."orders" AS "o" LEFT JOIN LATERAL (SELECT "pg_catalog"."sum"("l"."qty") AS "q" FROM "shop"."lines" AS "l" WHERE "l"."order" = "o"."id") AS "x" ON TRUE
-- column id int main of orders #0
-- column q ?
-- main shop.orders #0

SELECT "n" AS "n" FROM "pg_catalog"."generate_series"(1, 10) AS "n"
-- column n ?

SELECT "t"."v", "t"."ordinality" FROM "pm"."actions" AS "a" CROSS JOIN "pg_catalog"."unnest"("a"."tags") WITH ORDINALITY AS "t" ("v")
-- column v ?
-- column ordinality ?

SELECT "e"."key", "e"."value" FROM "pm"."actions" AS "actions" CROSS JOIN "pg_catalog"."jsonb_each"("actions"."data") AS "e"
-- column key ?
-- column value ?

SELECT "x"."a", "x"."b" FROM "pg_catalog"."jsonb_to_recordset"('[{"a": 1}]') AS "x" ("a" "pg_catalog"."int4", "b" "pg_catalog"."text")
-- column a int
-- column b string

SELECT "animals"."id" FROM ONLY "hr"."animals" AS "animals"
-- column id int main of animals #0
-- main hr.animals #0

WITH "a" AS NOT MATERIALIZED (SELECT "orders"."id" FROM "shop"."orders" AS "orders"), "b" ("x") AS MATERIALIZED (SELECT "a"."id" FROM "a" AS "a"), "c" AS NOT MATERIALIZED (SELECT 1 AS "one") SELECT "b"."x", "c"."one" FROM "b" AS "b" CROSS JOIN "c" AS "c"
-- column x int
-- column one int

WITH RECURSIVE "t" ("n") AS NOT MATERIALIZED ((SELECT 1 AS "?column?") UNION ALL (SELECT "t"."n" + 1 AS "?column?" FROM "t" AS "t" WHERE "t"."n" < 10)) SELECT "t__2"."n" FROM "t" AS "t__2"
-- column n int

WITH RECURSIVE "up" AS NOT MATERIALIZED ((SELECT "people"."id", "people"."boss" FROM "base"."people" AS "people" WHERE "people"."id" = 1) UNION (SELECT "p"."id", "p"."boss" FROM "base"."people" AS "p" JOIN "up" AS "up" ON "up"."boss" = "p"."id")) SELECT "up__2"."id", "up__2__boss"."name" AS "boss", "up__2__boss"."id" AS "__id__0" FROM "up" AS "up__2" LEFT JOIN "base"."people" AS "up__2__boss" ON "up__2"."boss" = "up__2__boss"."id"
-- column id int
-- column boss string of people #2

(SELECT 1 AS "a") UNION ((SELECT 2 AS "?column?") INTERSECT (SELECT 3 AS "?column?"))
-- column a int

(SELECT 1 AS "a") INTERSECT ((SELECT 2 AS "?column?") UNION ALL (SELECT 3 AS "?column?"))
-- column a int

((SELECT 1 AS "a") EXCEPT (SELECT 2 AS "?column?")) EXCEPT ALL ((SELECT 3 AS "?column?") INTERSECT (SELECT 4 AS "?column?")) ORDER BY "a" DESC LIMIT 1
-- column a int

(SELECT "orders"."id" FROM "shop"."orders" AS "orders" ORDER BY "orders"."total" LIMIT 1) UNION (SELECT "customers"."id" FROM "shop"."customers" AS "customers")
-- column id int

SELECT "orders"."id", "pg_catalog"."row_number"() OVER (PARTITION BY "orders"."customer" ORDER BY "orders"."created" DESC) AS "n", "pg_catalog"."sum"("orders"."total") OVER "w" AS "s", "pg_catalog"."lag"("orders"."total", 1) OVER ("w" ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES) AS "p", "pg_catalog"."count"(*) OVER () AS "c" FROM "shop"."orders" AS "orders" WINDOW "w" AS (PARTITION BY "orders"."state" ORDER BY "orders"."id"), "v" AS ("w" RANGE UNBOUNDED PRECEDING)
-- column id int main of orders #0
-- column n ?
-- column s ?
-- column p ?
-- column c int
-- main shop.orders #0

SELECT "pg_catalog"."count"(*) FILTER (WHERE "orders"."total" > 5) AS "n", "pg_catalog"."string_agg"("orders"."number", ', ' ORDER BY "orders"."number" DESC) AS "list", "pg_catalog"."array_agg"(DISTINCT "orders"."state") AS "states", "pg_catalog"."percentile_cont"(0.5) WITHIN GROUP (ORDER BY "orders"."total") AS "median", "pg_catalog"."jsonb_agg"("orders"."state") AS "j", "pg_catalog"."jsonb_object_agg"("orders"."number", "orders"."total") AS "o" FROM "shop"."orders" AS "orders"
-- column n int
-- column list ?
-- column states ?
-- column median ?
-- column j ?
-- column o ?

SELECT "orders"."id" FROM "shop"."orders" AS "orders" LIMIT 5
-- column id int main of orders #0
-- main shop.orders #0

SELECT "orders"."id" FROM "shop"."orders" AS "orders"
-- pragma enable_seqscan = false
-- column id int main of orders #0
-- main shop.orders #0

SELECT "o"."id", "o__customer"."name" AS "n", "o__customer"."id" AS "__id__1" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "o__customer" ON "o"."customer" = "o__customer"."id" CROSS JOIN "shop"."products" AS "p" CROSS JOIN (SELECT 1 AS "x") AS "s" WHERE "o"."id" = 1 FOR UPDATE OF "o", "p"
-- column id int of orders #0
-- column n string of customers #2

SELECT "orders"."id", "orders__customer"."name" AS "n", "orders__customer"."id" AS "__id__1" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id" ORDER BY "id" LIMIT 1 FOR NO KEY UPDATE OF "orders" SKIP LOCKED
-- column id int main of orders #0
-- column n string of customers #2
-- main shop.orders #0

SELECT "o"."id" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "c" ON "c"."id" = "o"."customer" FOR SHARE OF "o" NOWAIT FOR KEY SHARE OF "o"
-- column id int main of orders #0
-- main shop.orders #0

SELECT "x"."id" FROM (SELECT "o"."id" FROM "shop"."orders" AS "o" FOR UPDATE OF "o") AS "x"
-- column id int

SELECT "orders"."id" FROM "shop"."orders" AS "orders"
-- column id int main of orders #0
-- main shop.orders #0

SELECT "orders"."number", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders" ORDER BY "orders"."total" DESC FETCH FIRST (3) ROWS WITH TIES
-- column number string main of orders #1
-- main shop.orders #1

SELECT '1'::"pg_catalog"."interval"(8) AS "a", '1-2'::"pg_catalog"."interval"(6) AS "b", '1.26'::"pg_catalog"."interval"(4096, 1) AS "c", '1.267 s'::"pg_catalog"."interval"(32767, 2) AS "d", '1 02:03'::"pg_catalog"."interval"(7176, 3) AS "e", '5'::"pg_catalog"."interval"(2048) AS "f", '1'::"pg_catalog"."interval"(1024) AS "g"
-- column a interval
-- column b interval
-- column c interval
-- column d interval
-- column e interval
-- column f interval
-- column g interval

SELECT (SELECT "pg_catalog"."max"("l"."line") AS "max" FROM "shop"."lines" AS "l" LEFT JOIN "shop"."products" AS "l__product" ON "l"."product" = "l__product"."id" WHERE ("l"."order" = "o"."id") AND ("l__product"."name" > 'a')) AS "m", "pg_catalog"."count"(*) AS "n" FROM "shop"."orders" AS "o" GROUP BY (SELECT "pg_catalog"."max"("l"."line") AS "max" FROM "shop"."lines" AS "l" LEFT JOIN "shop"."products" AS "l__product" ON "l"."product" = "l__product"."id" WHERE ("l"."order" = "o"."id") AND ("l__product"."name" > 'a'))
-- column m int
-- column n int

SELECT (SELECT "customers__city"."name" FROM "shop"."customers" AS "customers" LEFT JOIN "base"."cities" AS "customers__city" ON "customers"."city" = "customers__city"."id" WHERE "customers"."id" = $1::"pg_catalog"."int4") AS "a", "pg_catalog"."count"(*) AS "n" FROM "shop"."orders" AS "orders" GROUP BY (SELECT "customers__city"."name" FROM "shop"."customers" AS "customers" LEFT JOIN "base"."cities" AS "customers__city" ON "customers"."city" = "customers__city"."id" WHERE "customers"."id" = $1::"pg_catalog"."int4")
-- argument $c int -> shop.customers
-- column a string
-- column n int

SELECT "o"."id", (SELECT "pg_catalog"."count"(*) AS "count" FROM "shop"."orders" AS "o__customer" WHERE "o__customer"."id" = "o"."id") AS "a", (SELECT "pg_catalog"."count"(*) AS "count" FROM "shop"."orders" AS "o__customer" WHERE ("o__customer"."id" = "o"."id") AND ("o__customer__2"."name" = 'x')) AS "b", "o__customer__2"."name" AS "c", "o__customer__2"."id" AS "__id__1" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "o__customer__2" ON "o"."customer" = "o__customer__2"."id"
-- column id int main of orders #0
-- column a int
-- column b int
-- column c string of customers #4
-- main shop.orders #0

SELECT "customers"."rating" + 1 AS "k", "customers"."city" AS "h", "pg_catalog"."count"(*) AS "n" FROM "shop"."customers" AS "customers" GROUP BY GROUPING SETS ((1, 2), 1), (2, 1)
-- column k ?
-- column h int -> base.cities
-- column n int

SELECT "o"."id" FROM "shop"."orders" AS "o" WHERE EXISTS (SELECT 1 AS "?column?" FROM "pg_catalog"."unnest"(ARRAY (SELECT "c" AS "c" FROM "shop"."customers" AS "c")) AS "u" ("id", "name", "city", "rating") WHERE "o"."total" > "u"."id") AND EXISTS (SELECT 1 AS "?column?" FROM "pg_catalog"."unnest"(ARRAY (SELECT "c" AS "c" FROM "shop"."customers" AS "c")) AS "u" WHERE "o"."total" > 1)
-- column id int main of orders #0
-- main shop.orders #0

WITH "c0" AS NOT MATERIALIZED (SELECT 1 AS "x"), "c1" AS MATERIALIZED (SELECT "a"."x" FROM "c0" AS "a" CROSS JOIN "c0" AS "b"), "c2" AS NOT MATERIALIZED (SELECT "a__2"."x" FROM "c1" AS "a__2" CROSS JOIN "c1" AS "b__2"), "c3" AS NOT MATERIALIZED (SELECT "a__3"."x" FROM "c2" AS "a__3" CROSS JOIN "c2" AS "b__3"), "c4" AS NOT MATERIALIZED (SELECT "a__4"."x" FROM "c3" AS "a__4" CROSS JOIN "c3" AS "b__4"), "c5" AS NOT MATERIALIZED (SELECT "a__5"."x" FROM "c4" AS "a__5" CROSS JOIN "c4" AS "b__5"), "c6" AS NOT MATERIALIZED (SELECT "a__6"."x" FROM "c5" AS "a__6" CROSS JOIN "c5" AS "b__6") SELECT "a__7"."x" FROM "c6" AS "a__7" CROSS JOIN "c6" AS "b__7"
-- column x int
