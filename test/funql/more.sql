SELECT ("shop"."pair"(1))."b" AS "x"
-- column x ?

SELECT "orders"."id" FROM "shop"."orders" AS "orders" ORDER BY "id" FOR UPDATE OF "orders"
-- column id int main of orders #0
-- main shop.orders #0

SELECT "orders"."state", "pg_catalog"."count"(*) AS "n" FROM "shop"."orders" AS "orders" GROUP BY "orders"."state" HAVING "pg_catalog"."count"(*) > 1 ORDER BY "n" LIMIT 5
-- column state string
-- column n int

(SELECT 1 AS "a") UNION (SELECT 2 AS "a")
-- column a int

SELECT $1::"pg_catalog"."int4" AS "x"
-- argument $x int NULL
-- column x int

SELECT "pg_catalog"."upper"("customers"."name") AS "a", "pg_catalog"."lower"("customers"."name") AS "b", "pg_catalog"."split_part"("customers"."name", ' ', 1) AS "c", "pg_catalog"."replace"("customers"."name", 'a', 'b') AS "d", "pg_catalog"."left"("customers"."name", 2) AS "e", "pg_catalog"."strpos"("customers"."name", 'a') AS "f", "pg_catalog"."to_char"("customers"."rating", '999') AS "g", "pg_catalog"."abs"("customers"."rating") AS "h", "pg_catalog"."round"("customers"."rating") AS "i", "pg_catalog"."trunc"("customers"."rating") AS "j", "pg_catalog"."ceil"("customers"."rating") AS "k", "pg_catalog"."length"("customers"."name") AS "l", "pg_catalog"."substr"("customers"."name", 2) AS "m", "pg_catalog"."ltrim"("customers"."name") AS "n", "pg_catalog"."rtrim"("customers"."name") AS "o", "pg_catalog"."btrim"("customers"."name", 'x') AS "p", "pg_catalog"."age"("pg_catalog"."now"()) AS "q", "pg_catalog"."isfinite"("pg_catalog"."now"()) AS "r", "customers"."id" AS "__main_id" FROM "shop"."customers" AS "customers"
-- column a ?
-- column b ?
-- column c ?
-- column d ?
-- column e ?
-- column f ?
-- column g ?
-- column h ?
-- column i ?
-- column j ?
-- column k ?
-- column l ?
-- column m ?
-- column n ?
-- column o ?
-- column p ?
-- column q ?
-- column r ?
-- main shop.customers #18

SELECT "orders"."state", "orders"."id" AS "__main_id", CASE "orders"."state" WHEN 'a' THEN 'A' END AS "__cell_attr__state__label", "pg_catalog"."now"() AS "__attr__a" FROM "shop"."orders" AS "orders"
-- column state string main of orders #1 @label=#2
-- main shop.orders #1
-- attributes @a=#3 @b=1

SELECT "orders"."state", "orders"."number", "pg_catalog"."count"(*) AS "n" FROM "shop"."orders" AS "orders" GROUP BY DISTINCT ROLLUP ("orders"."state", "orders"."number"), ROLLUP ("orders"."state")
-- column state string
-- column number string
-- column n int

SELECT "orders"."number", "orders"."total", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."totals" AS "totals" ON ("orders"."customer" = "totals"."customer") AND ("orders"."total" = "totals"."total")
-- column number string main of orders #2
-- column total decimal main of orders #2
-- main shop.orders #2

SELECT "pg_catalog"."sum"("orders"."total") OVER ("partition" ORDER BY "orders"."id") AS "x", "pg_catalog"."sum"("orders"."total") OVER ("partition") AS "y", "pg_catalog"."sum"("orders"."total") OVER "partition" AS "z", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders" WINDOW "partition" AS (PARTITION BY "orders"."state")
-- column x ?
-- column y ?
-- column z ?
-- main shop.orders #3

SELECT "pg_catalog"."sum"("orders"."total") OVER (ORDER BY "orders"."id" GROUPS 2 PRECEDING EXCLUDE GROUP) AS "a", "pg_catalog"."sum"("orders"."total") OVER (ORDER BY "orders"."id" RANGE BETWEEN CURRENT ROW AND 5 FOLLOWING EXCLUDE NO OTHERS) AS "b", "pg_catalog"."sum"("orders"."total") OVER (ROWS 1 PRECEDING EXCLUDE CURRENT ROW) AS "c", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column a ?
-- column b ?
-- column c ?
-- main shop.orders #3

SELECT 'aé߿' AS "a"
-- column a string
-- attributes @j={"a": "q\"\\\u0001", "b": 0.5, "c": 3.0, "d": [null, false], "e": 7}

SELECT $1::"pg_catalog"."int4"[] AS "a", $2::"pg_catalog"."int4"[] AS "b", $3::"pg_catalog"."jsonb" AS "c"
-- argument $a int[] DEFAULT {"-1","2"}
-- argument $b int[] DEFAULT {{"1","2"},{"3","4"}}
-- argument $c json DEFAULT [null, -1]
-- column a int[]
-- column b int[]
-- column c json

SELECT "pg_catalog"."jsonb_build_object"('a', 1) -> 'a' AS "x", "pg_catalog"."jsonb_build_array"(1, 2) -> 0 AS "y", ("pg_catalog"."jsonb_build_object"('a00', 0, 'a01', 0, 'a02', 0, 'a03', 0, 'a04', 0, 'a05', 0, 'a06', 0, 'a07', 0, 'a08', 0, 'a09', 0, 'a10', 0, 'a11', 0, 'a12', 0, 'a13', 0, 'a14', 0, 'a15', 0, 'a16', 0, 'a17', 0, 'a18', 0, 'a19', 0, 'a20', 0, 'a21', 0, 'a22', 0, 'a23', 0, 'a24', 0, 'a25', 0, 'a26', 0, 'a27', 0, 'a28', 0, 'a29', 0, 'a30', 0, 'a31', 0, 'a32', 0, 'a33', 0, 'a34', 0, 'a35', 0, 'a36', 0, 'a37', 0, 'a38', 0, 'a39', 0, 'a40', 0, 'a41', 0, 'a42', 0, 'a43', 0, 'a44', 0, 'a45', 0, 'a46', 0, 'a47', 0, 'a48', 0, 'a49', 0) || "pg_catalog"."jsonb_build_object"('a50', "orders"."id")) -> 'a50' AS "z", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column x ?
-- column y ?
-- column z ?
-- main shop.orders #3

SELECT "pg_catalog"."btrim"("customers"."name", 'x') AS "a", "customers"."id" AS "__main_id" FROM "shop"."customers" AS "customers" ORDER BY "customers"."name" DESC NULLS FIRST
-- column a ?
-- main shop.customers #1

SELECT ROW(1, 2) AS "row", TRUE AS "bool", (SELECT "x"."one" FROM (SELECT 1 AS "one") AS "x") AS "?column?", (SELECT "cities"."name" FROM "base"."cities" AS "cities" LIMIT 1) AS "name", (VALUES (1)) AS "?column?_2", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column row ?
-- column bool bool
-- column ?column? int
-- column name string
-- column ?column?_2 int
-- main shop.orders #5

((SELECT "orders"."number", "orders"."customer", "orders__customer"."name" AS "__pun__customer", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id"))
-- column number string main of orders #3
-- column customer int main -> shop.customers pun #2 of orders #3
-- main shop.orders #3

SELECT "feedings"."keeper", "feedings"."id" AS "__main_id" FROM "hr"."feedings" AS "feedings"
-- column keeper int main -> hr.keepers pun #0 of feedings #1
-- main hr.feedings #1

SELECT "animals"."name", "animals"."id" AS "__main_id", "animals"."tableoid" AS "__main_sub_entity" FROM "hr"."animals" AS "animals" WHERE "animals"."tableoid" IN ('"hr"."dogs"'::"pg_catalog"."regclass")
-- column name string main of animals #1 in #2
-- main hr.animals #1 in #2
-- table animals
-- table dogs
-- table puppies

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

SELECT "v"."value" FROM (VALUES ('new', 'new'), ('paid', 'paid'), ('sent', 'sent')) AS "v" ("value", "pun")
-- column value string

SELECT "orders"."number", "notes"."body", "orders"."id" AS "__id__0" FROM "shop"."orders" AS "orders" JOIN "hr"."notes" AS "notes" ON TRUE
-- column number string of orders #2
-- column body string

SELECT "orders__customer"."name" AS "n", "orders"."id" AS "__main_id", "orders__customer"."id" AS "__id__0" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id"
-- column n string of customers #2
-- main shop.orders #1

SELECT "feedings__keeper"."animal" AS "a", "feedings"."keeper", "feedings__keeper__animal"."name" AS "__pun__a", "feedings"."id" AS "__main_id", "feedings__keeper"."id" AS "__id__0" FROM "hr"."feedings" AS "feedings" LEFT JOIN "hr"."keepers" AS "feedings__keeper" ON "feedings"."keeper" = "feedings__keeper"."id" LEFT JOIN ONLY "hr"."animals" AS "feedings__keeper__animal" ON "feedings__keeper"."animal" = "feedings__keeper__animal"."id"
-- column a int -> hr.animals pun #2 of keepers #4
-- column keeper int main -> hr.keepers pun #1 of feedings #3
-- main hr.feedings #3

SELECT "orders"."number", "orders"."id" AS "__main_id", "pg_catalog"."lower"('X') AS "__attr__a", (SELECT "pg_catalog"."max"("l"."qty") AS "max" FROM "shop"."lines" AS "l") AS "__attr__b", "pg_catalog"."lower"("orders"."state") AS "__row_attr__c", "pg_catalog"."lower"('X') AS "__row_attr__d" FROM "shop"."orders" AS "orders"
-- column number string main of orders #1
-- main shop.orders #1
-- attributes @a=#2 @b=#3
-- row attributes @c=#4 @d=#5

SELECT "orders"."number", "orders"."id" AS "__main_id", 1 + $1::"pg_catalog"."int4" AS "__attr__once", $1::"pg_catalog"."int4" + "orders"."total" AS "__row_attr__each" FROM "shop"."orders" AS "orders"
-- argument $y int
-- column number string main of orders #1
-- main shop.orders #1
-- attributes @once=#2
-- row attributes @each=#3
