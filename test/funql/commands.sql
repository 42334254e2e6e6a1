INSERT INTO "shop"."orders" AS "orders" ("number", "customer") VALUES ('a', 1), (DEFAULT, 2)

INSERT INTO "shop"."orders" AS "orders" DEFAULT VALUES

INSERT INTO "base"."ways" AS "ways" ("person", "kind", "value") SELECT $1::"pg_catalog"."int4" AS "p", 'phone' AS "?column?", "people__boss"."name" FROM "base"."people" AS "people" LEFT JOIN "base"."people" AS "people__boss" ON "people"."boss" = "people__boss"."id" WHERE "people"."id" = $1::"pg_catalog"."int4"
-- argument $p int -> base.people

INSERT INTO "shop"."customers" AS "c" ("id", "name") VALUES (1, 'x') ON CONFLICT ("id") WHERE "c"."id" > 0 DO UPDATE SET "name" = "excluded"."name" || "c"."name", "city" = "excluded"."city" WHERE ((SELECT "cities"."name" FROM "base"."cities" AS "cities" WHERE "cities"."id" = "c"."city") = 'x') AND ("c"."name" = 'y')

INSERT INTO "shop"."customers" AS "customers" ("id", "name") VALUES (1, 'x') ON CONFLICT ON CONSTRAINT "customers_pkey" DO NOTHING

INSERT INTO "shop"."customers" AS "customers" ("id", "name") OVERRIDING SYSTEM VALUE VALUES (1, 'x') ON CONFLICT (("pg_catalog"."lower"("customers"."name"))) DO NOTHING

INSERT INTO "hr"."notes" AS "notes" SELECT "customers"."name" FROM "shop"."customers" AS "customers"

WITH "old" AS NOT MATERIALIZED (SELECT "orders"."id" FROM "shop"."orders" AS "orders") INSERT INTO "hr"."notes" AS "notes" ("body") SELECT "old"."id"::"pg_catalog"."text" AS "id" FROM "old" AS "old"

UPDATE "shop"."orders" AS "orders" SET "state" = 'paid', "total" = "orders"."total" + 1, "status" = DEFAULT WHERE (SELECT "customers__city"."name" FROM "shop"."customers" AS "customers" LEFT JOIN "base"."cities" AS "customers__city" ON "customers"."city" = "customers__city"."id" WHERE "customers"."id" = "orders"."customer") = 'Riga'

UPDATE "shop"."orders" AS "o" SET ("state", "total") = (SELECT 'x' AS "?column?", "pg_catalog"."sum"("l"."sum") AS "sum" FROM "shop"."lines" AS "l" WHERE "l"."order" = "o"."id"), "number" = "c"."name" FROM "shop"."customers" AS "c" LEFT JOIN "base"."cities" AS "c__city" ON "c"."city" = "c__city"."id" WHERE ("c"."id" = "o"."customer") AND ("c__city"."name" = 'x')

UPDATE "shop"."orders" AS "orders" SET ("state", "number") = ROW('a', 'b'), ("total") = ROW(1), "customer" = (SELECT "customers"."id" FROM "shop"."customers" AS "customers" WHERE "customers"."id" = "orders"."customer")

DELETE FROM "shop"."lines" AS "lines" WHERE (SELECT "products"."name" FROM "shop"."products" AS "products" WHERE "products"."id" = "lines"."product") LIKE 'x%'

WITH "old" AS NOT MATERIALIZED (SELECT "orders"."id" FROM "shop"."orders" AS "orders" WHERE "orders"."created" < ("pg_catalog"."now"() - '1 year'::"pg_catalog"."interval")) DELETE FROM "shop"."lines" AS "l" USING "old" AS "old" CROSS JOIN "shop"."products" AS "p" WHERE ("l"."order" = "old"."id") AND ("p"."id" = "l"."product")

DELETE FROM ONLY "hr"."animals" AS "animals"

UPDATE ONLY "hr"."animals" AS "animals" SET "name" = 'x'

SELECT "orders"."id" FROM "shop"."orders" AS "orders"

UPDATE "pm"."actions" AS "a" SET "tags"[1] = 'x', "tags"[2 : 3] = ARRAY['a', 'b'], "data"['k'] = '5', "data"['a']["a"."id"] = "a"."data"['b'] WHERE (SELECT "people"."name" FROM "base"."people" AS "people" WHERE "people"."id" = "a"."client") = 'x'

INSERT INTO "shop"."orders" AS "orders" ("state", "status") VALUES ($1::"pg_catalog"."text", $1::"pg_catalog"."text"::"shop"."status"), ('a', DEFAULT)
-- argument $s string 'new' 'paid'

INSERT INTO "shop"."orders" AS "orders" ("status", "state") SELECT $1::"pg_catalog"."text"::"shop"."status" AS "s", $1::"pg_catalog"."text" AS "s" FROM "shop"."products" AS "products"
-- argument $s string 'new' 'paid'

UPDATE "shop"."orders" AS "orders" SET "status" = $1::"pg_catalog"."text"::"shop"."status", "state" = $1::"pg_catalog"."text" WHERE "orders"."status" <> $1::"pg_catalog"."text"::"shop"."status"
-- argument $s string 'new' 'paid'

UPDATE "pm"."actions" AS "actions" SET "tags"[1 : 1][2 : 3] = '{{a,b}}' WHERE "actions"."subject" = 'of two dimensions'

UPDATE "shop"."customers" AS "customers" SET ("name", "rating") = ROW("x"."name", "x"."rating") FROM (SELECT "customers__2"."name", "customers__2"."rating" FROM "shop"."customers" AS "customers__2" WHERE "customers__2"."id" = 1) AS "x" WHERE "customers"."id" = 2
