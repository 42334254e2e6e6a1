SELECT "orders__customer"."name" AS "a", "orders__customer"."city" AS "b", "orders__customer__city"."name" AS "c", "orders__customer__city"."name" AS "__pun__b", "orders"."id" AS "__main_id", "orders__customer"."id" AS "__id__0", "orders__customer__city"."id" AS "__id__1" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id" LEFT JOIN "base"."cities" AS "orders__customer__city" ON "orders__customer"."city" = "orders__customer__city"."id" WHERE "orders__customer__city"."country" = 'LV' ORDER BY "orders__customer"."name"
-- column a string of customers #5
-- column b int -> base.cities pun #3 of customers #5
-- column c string of cities #6
-- main shop.orders #4

SELECT "a"."id", "b"."name", "b"."id" AS "__id__1" FROM "shop"."orders" AS "a" LEFT JOIN "shop"."customers" AS "a__customer" ON "a"."customer" = "a__customer"."id" JOIN ("shop"."customers" AS "b" LEFT JOIN "base"."cities" AS "b__city" ON "b"."city" = "b__city"."id") ON ("a__customer"."city" = "b"."city") AND ("b__city"."name" = 'x')
-- column id int of orders #0
-- column name string of customers #2

SELECT "orders__customer__city"."name" AS "city", "pg_catalog"."sum"("orders__customer"."rating") AS "r" FROM "shop"."orders" AS "orders" LEFT JOIN "shop"."customers" AS "orders__customer" ON "orders"."customer" = "orders__customer"."id" LEFT JOIN "base"."cities" AS "orders__customer__city" ON "orders__customer"."city" = "orders__customer__city"."id" GROUP BY "orders__customer__city"."name" HAVING "pg_catalog"."max"("orders__customer"."name") > 'a'
-- column city string
-- column r ?

SELECT $1::"pg_catalog"."int4" AS "id", (SELECT "customers"."name" FROM "shop"."customers" AS "customers" WHERE "customers"."id" = $1::"pg_catalog"."int4") AS "name", (SELECT "customers__city"."name" FROM "shop"."customers" AS "customers" LEFT JOIN "base"."cities" AS "customers__city" ON "customers"."city" = "customers__city"."id" WHERE "customers"."id" = $1::"pg_catalog"."int4") AS "city"
-- argument $id int -> shop.customers
-- column id int
-- column name string
-- column city string

SELECT "deliveries__line"."qty" AS "q", "deliveries__line__product"."name" AS "p", "deliveries"."id" AS "__main_id", "deliveries__line"."order" AS "__id__0", "deliveries__line"."line" AS "__id__0__2", "deliveries__line__product"."id" AS "__id__1" FROM "shop"."deliveries" AS "deliveries" LEFT JOIN "shop"."lines" AS "deliveries__line" ON "deliveries"."order" = "deliveries__line"."order" AND "deliveries"."line" = "deliveries__line"."line" LEFT JOIN "shop"."products" AS "deliveries__line__product" ON "deliveries__line"."product" = "deliveries__line__product"."id"
-- column q int of lines #3 #4
-- column p string of products #5
-- main shop.deliveries #2

SELECT "pieces__pieces_a_b_fkey"."qty" AS "x", "pieces__pieces_b_a_fkey"."qty" AS "y", "pieces"."id" AS "__main_id", "pieces__pieces_a_b_fkey"."order" AS "__id__0", "pieces__pieces_a_b_fkey"."line" AS "__id__0__2", "pieces__pieces_b_a_fkey"."order" AS "__id__1", "pieces__pieces_b_a_fkey"."line" AS "__id__1__2" FROM "shop"."pieces" AS "pieces" LEFT JOIN "shop"."lines" AS "pieces__pieces_a_b_fkey" ON "pieces"."a" = "pieces__pieces_a_b_fkey"."order" AND "pieces"."b" = "pieces__pieces_a_b_fkey"."line" LEFT JOIN "shop"."lines" AS "pieces__pieces_b_a_fkey" ON "pieces"."b" = "pieces__pieces_b_a_fkey"."order" AND "pieces"."a" = "pieces__pieces_b_a_fkey"."line"
-- column x int of lines #3 #4
-- column y int of lines #5 #6
-- main shop.pieces #2

SELECT "lines__order"."number" AS "n", "lines"."order" AS "__main_id__0", "lines"."line" AS "__main_id__1", "lines__order"."id" AS "__id__0" FROM "shop"."lines" AS "lines" LEFT JOIN "shop"."orders" AS "lines__order" ON "lines"."order" = "lines__order"."id"
-- column n string of orders #3
-- main shop.lines #1 #2

SELECT "x__customer"."name", "x__customer"."id" AS "__id__0" FROM (SELECT "orders"."customer" FROM "shop"."orders" AS "orders") AS "x" LEFT JOIN "shop"."customers" AS "x__customer" ON "x"."customer" = "x__customer"."id"
-- column name string of customers #1

WITH "t" AS NOT MATERIALIZED (SELECT "orders"."customer" AS "who" FROM "shop"."orders" AS "orders") SELECT "t__who"."name", "t__who"."id" AS "__id__0" FROM "t" AS "t" LEFT JOIN "shop"."customers" AS "t__who" ON "t"."who" = "t__who"."id"
-- column name string of customers #1

SELECT "totals__customer"."name", "totals"."total", "totals__customer"."id" AS "__id__0" FROM "shop"."totals" AS "totals" LEFT JOIN "shop"."customers" AS "totals__customer" ON "totals"."customer" = "totals__customer"."id"
-- column name string of customers #2
-- column total decimal main
-- main shop.totals

SELECT "keepers__animal"."name", "keepers"."id" AS "__main_id", "keepers__animal"."id" AS "__id__0" FROM "hr"."keepers" AS "keepers" LEFT JOIN ONLY "hr"."animals" AS "keepers__animal" ON "keepers"."animal" = "keepers__animal"."id"
-- column name string of animals #2
-- main hr.keepers #1

SELECT "o"."id", (SELECT "pg_catalog"."count"(*) AS "count" FROM "shop"."lines" AS "l" LEFT JOIN "shop"."products" AS "l__product" ON "l"."product" = "l__product"."id" WHERE "l__product"."name" = "o__customer"."name") AS "n" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "o__customer" ON "o"."customer" = "o__customer"."id"
-- column id int main of orders #0
-- column n int
-- main shop.orders #0

SELECT "x"."n" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "o__customer" ON "o"."customer" = "o__customer"."id" CROSS JOIN LATERAL (SELECT "o__customer"."name" AS "n") AS "x"
-- column n string

SELECT "o__customer"."name" AS "a", "o"."number" AS "__main", "o__customer"."name" AS "b", "o"."state" AS "c", "o__customer__city"."name" AS "d", "o"."id" AS "__main_id", "o__customer"."id" AS "__id__0", "o__customer__city"."id" AS "__id__2" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "o__customer" ON "o"."customer" = "o__customer"."id" LEFT JOIN "base"."cities" AS "o__customer__city" ON "o__customer"."city" = "o__customer__city"."id"
-- column a string of customers #6
-- column __main string main of orders #5
-- column b string of customers #6
-- column c string main of orders #5
-- column d string of cities #7
-- main shop.orders #5

SELECT "people__boss__boss"."name", "people"."id" AS "__main_id", "people__boss__boss"."id" AS "__id__0" FROM "base"."people" AS "people" LEFT JOIN "base"."people" AS "people__boss" ON "people"."boss" = "people__boss"."id" LEFT JOIN "base"."people" AS "people__boss__boss" ON "people__boss"."boss" = "people__boss__boss"."id"
-- column name string of people #2
-- main base.people #1

SELECT (SELECT "customers"."name" FROM "shop"."customers" AS "customers" WHERE "customers"."id" = COALESCE("o"."customer", "t"."customer")) AS "n" FROM "shop"."orders" AS "o" FULL JOIN "shop"."totals" AS "t" ON "o"."customer" = "t"."customer"
-- column n string

SELECT "orders"."id" FROM "shop"."orders" AS "orders" WHERE ("orders"."number" = ANY ((SELECT "actions"."tags" FROM "pm"."actions" AS "actions" WHERE "actions"."id" = $1::"pg_catalog"."int4")::"pg_catalog"."text"[])) AND ("orders"."number" NOT IN ((SELECT "actions"."subject" FROM "pm"."actions" AS "actions" WHERE "actions"."id" = $1::"pg_catalog"."int4")::"pg_catalog"."text", 'x')) AND ("orders"."state" IN ((SELECT "actions"."subject" FROM "pm"."actions" AS "actions" WHERE "actions"."id" = $1::"pg_catalog"."int4")::"pg_catalog"."text"))
-- argument $a int -> pm.actions
-- column id int main of orders #0
-- main shop.orders #0

SELECT "pg_catalog"."to_jsonb"("country__row") AS "row", "country__city"."name" AS "n", "country__row"."id" AS "__main_id", "country__city"."id" AS "__id__0" FROM "shop"."customers" AS "country__row" LEFT JOIN "base"."cities" AS "country__city" ON "country__row"."city" = "country__city"."id"
-- column row ?
-- column n string of cities #3
-- main shop.customers #2
