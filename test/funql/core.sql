SELECT "people"."id" FROM "base"."people" AS "people" WHERE "people"."user" = $1::"pg_catalog"."int4"
-- column id int main of people #0
-- main base.people #0

SELECT "o"."id", "o__customer"."name" AS "customer", "pg_catalog"."sum"("l"."qty" * "l"."price") AS "total" FROM "shop"."orders" AS "o" LEFT JOIN "shop"."customers" AS "o__customer" ON "o"."customer" = "o__customer"."id" LEFT JOIN "shop"."lines" AS "l" ON "l"."order" = "o"."id" WHERE (($1::"pg_catalog"."int4" IS NULL) OR ("o"."customer" = $1::"pg_catalog"."int4")) AND ("o"."state" IN ('new', 'paid')) GROUP BY "o"."id", "o__customer"."name" ORDER BY "o"."id" DESC LIMIT 10
-- argument $c int -> shop.customers NULL
-- column id int
-- column customer string
-- column total ?

SELECT "events"."id" FROM "pm"."events" AS "events" WHERE "events"."action" = $1::"pg_catalog"."int4"
-- argument $id int -> pm.actions
-- column id int main of events #0
-- main pm.events #0

SELECT "actions"."id", "actions"."subject" FROM "pm"."actions" AS "actions" WHERE (("actions"."id" = $1::"pg_catalog"."int4") AND ("actions"."modified_datetime" > $2::"pg_catalog"."timestamptz")) OR ("actions"."subject" = $3::"pg_catalog"."text")
-- argument $id int
-- argument $name string NULL
-- argument $since datetime DEFAULT 2020-01-01
-- column id int main of actions #0
-- column subject string main of actions #0
-- main pm.actions #0

SELECT "o"."id" FROM "shop"."orders" AS "o" JOIN "shop"."customers" AS "c" ON ("o"."customer" = "c"."id") AND ("c"."rating" >= 5) WHERE (NOT ("o"."total" <> 3.5)) AND ("o"."total" < 10) AND ("o"."id" NOT IN (1, 2, 3))
-- column id int of orders #0

SELECT "orders"."id", CASE WHEN "orders"."total" > 100 THEN 'big' WHEN "orders"."total" IS NULL THEN 'none' ELSE 'small' END AS "size", COALESCE("orders"."state", 'new') AS "state" FROM "shop"."orders" AS "orders"
-- column id int main of orders #0
-- column size string
-- column state string
-- main shop.orders #0

SELECT "pg_catalog"."upper"("customers"."name") AS "name", "customers"."id" AS "__main_id" FROM "shop"."customers" AS "customers" WHERE ("customers"."name" LIKE 'A%') AND ("pg_catalog"."lower"("customers"."name") NOT ILIKE '%b%') ORDER BY "name" ASC NULLS LAST, "customers"."rating" DESC
-- column name ?
-- main shop.customers #1

SELECT "customers"."id" FROM "shop"."customers" AS "customers" WHERE ("customers"."id" IN (SELECT "orders"."customer" FROM "shop"."orders" AS "orders" WHERE "orders"."total" > 10)) AND ("customers"."rating" > (SELECT "pg_catalog"."avg"("customers__2"."rating") AS "avg" FROM "shop"."customers" AS "customers__2"))
-- column id int main of customers #0
-- main shop.customers #0

SELECT '5'::"pg_catalog"."int4" AS "i", 1::"pg_catalog"."numeric" AS "d", "orders"."id"::"pg_catalog"."text" AS "s", 'true'::"pg_catalog"."bool" AS "b", '2020-01-01'::"pg_catalog"."date" AS "day", '2020-01-01'::"pg_catalog"."timestamptz" AS "moment", '{}'::"pg_catalog"."jsonb" AS "j", '1 day'::"pg_catalog"."interval" AS "v", "orders"."number"::"pg_catalog"."numeric"(10, 2) AS "n", '{1,2}'::"pg_catalog"."int4"[] AS "a", '{1}'::"pg_catalog"."int4"[] AS "a2", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column i int
-- column d decimal
-- column s string
-- column b bool
-- column day date
-- column moment datetime
-- column j json
-- column v interval
-- column n decimal
-- column a int[]
-- column a2 int[]
-- main shop.orders #11

SELECT "pg_catalog"."count"(*) AS "n", "pg_catalog"."sum"("orders"."total") AS "s", "pg_catalog"."avg"("orders"."total") AS "a", "pg_catalog"."min"("orders"."created") AS "first", "pg_catalog"."max"("orders"."created") AS "last", "pg_catalog"."count"(DISTINCT "orders"."customer") AS "c", "pg_catalog"."bool_and"("orders"."total" > 1) AS "b", "pg_catalog"."every"("orders"."total" > 2) AS "e" FROM "shop"."orders" AS "orders"
-- column n int
-- column s ?
-- column a ?
-- column first datetime
-- column last datetime
-- column c int
-- column b ?
-- column e ?

SELECT "orders"."id" FROM "shop"."orders" AS "orders"
-- column id int main of orders #0
-- main shop.orders #0

SELECT $1::"pg_catalog"."timestamptz" AS "t", $2::"pg_catalog"."text" AS "u", $3::"pg_catalog"."text" AS "l", $4::"pg_catalog"."int8" AS "x", $5::"pg_catalog"."int4" AS "i", (SELECT "users"."name" FROM "public"."users" AS "users" WHERE "users"."id" = $5::"pg_catalog"."int4") AS "n"
-- column t datetime
-- column u string
-- column l string
-- column x int
-- column i int
-- column n string

SELECT $1::"pg_catalog"."int4" AS "A ""b""", "orders"."id" FROM "shop"."orders" AS "Orders" CROSS JOIN "shop"."orders" AS "orders"
-- argument $My Arg int
-- column A "b" int
-- column id int of orders #1

SELECT 1 AS "a", 2.5 AS "b", 3. AS "c", 'x' AS "d", TRUE AS "e", FALSE AS "f", NULL AS "g", - 1 AS "h", + 2 AS "i", 1e3 AS "j", .5 AS "k", 12345678901234567890 AS "l"
-- column a int
-- column b decimal
-- column c decimal
-- column d string
-- column e bool
-- column f bool
-- column g string
-- column h ?
-- column i ?
-- column j decimal
-- column k decimal
-- column l decimal

SELECT "orders"."id" FROM "shop"."orders" AS "orders" LIMIT 10 OFFSET 5
-- column id int main of orders #0
-- main shop.orders #0

SELECT "orders"."id" FROM "shop"."orders" AS "orders" LIMIT $1::"pg_catalog"."int4" OFFSET $1::"pg_catalog"."int4"
-- argument $n int
-- column id int main of orders #0
-- main shop.orders #0
