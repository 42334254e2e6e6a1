SELECT (1 + (2 * 3)) - ((4 / 5) % 6) AS "a", (2 ^ 3) ^ 4 AS "b", ('a' || 'b') || (1 + 2) AS "c", ((NOT (1 = 2)) AND (3 < 4)) OR (5 >= 6) AS "d", (- 2) ^ 2 AS "e", 1 - (- 1) AS "f", (1 < 2) IS NULL AS "g"
-- column a ?
-- column b ?
-- column c ?
-- column d bool
-- column e ?
-- column f ?
-- column g bool

SELECT 1 = (- 1) AS "a", 1 < (- 1) AS "b", 2 * (- 3) AS "c", '{}'::"pg_catalog"."jsonb" -> 'a' AS "d", "orders"."total" <> 1 AS "e", "orders"."total" <> 2 AS "f", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column a bool
-- column b bool
-- column c ?
-- column d ?
-- column e bool
-- column f bool
-- main shop.orders #6

SELECT "orders"."id" FROM "shop"."orders" AS "orders" WHERE ("orders"."total" BETWEEN 1 AND 2) AND ("orders"."id" NOT BETWEEN SYMMETRIC 5 AND 1) AND ("orders"."state" IS DISTINCT FROM 'x') AND ("orders"."state" IS NOT DISTINCT FROM NULL) AND (("orders"."total" > 1) IS TRUE) AND (("orders"."total" > 2) IS NOT UNKNOWN) AND ("orders"."state" IS NULL) AND ("orders"."number" IS NOT NULL)
-- column id int main of orders #0
-- main shop.orders #0

SELECT "orders"."id" FROM "shop"."orders" AS "orders" WHERE ("orders"."state" LIKE 'a!%' ESCAPE '!') AND ("orders"."state" NOT SIMILAR TO 'x|y') AND ("orders"."state" ~ '^a') AND ("orders"."state" !~* 'b') AND ("orders"."state" ~~ 'c%') AND ("orders"."state" ~~ ANY (ARRAY['a', 'b']))
-- column id int main of orders #0
-- main shop.orders #0

SELECT "orders"."id" FROM "shop"."orders" AS "orders" WHERE ("orders"."id" = ANY ($1::"pg_catalog"."int4"[])) AND ("orders"."state" <> ALL ($2::"pg_catalog"."text"[])) AND ("orders"."id" = ANY (SELECT "lines"."order" FROM "shop"."lines" AS "lines")) AND ((($1::"pg_catalog"."int4"[])[1]) = 1)
-- argument $ids int[]
-- argument $states string[] 'new' 'paid' DEFAULT {"new"}
-- column id int main of orders #0
-- main shop.orders #0

SELECT CASE "orders"."state" WHEN 'new' THEN 1 ELSE 2 END AS "a", CASE "orders"."state" WHEN 'new' THEN 1 WHEN 'paid' THEN 2 END AS "b", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column a int
-- column b int
-- main shop.orders #2

SELECT "pg_catalog"."jsonb_build_object"('a', 1, 'B c', "orders"."state", 'd', "pg_catalog"."jsonb_build_object"('e', "pg_catalog"."jsonb_build_array"(1, 'two', NULL))) AS "j", "pg_catalog"."jsonb_build_array"() AS "empty", ("actions"."data" -> 'a') ->> 'b' AS "t", "actions"."data" #>> ARRAY['a', 'b'] AS "u", "actions"."data" ? 'k' AS "has", "actions"."data" @> '{"a": 1}' AS "holds" FROM "pm"."actions" AS "actions" CROSS JOIN "shop"."orders" AS "orders"
-- column j json
-- column empty json
-- column t string
-- column u string
-- column has ?
-- column holds ?

SELECT ARRAY[1, 2, 3] AS "a", ARRAY[ARRAY[1, 2], ARRAY[3, 4]] AS "b", ARRAY (SELECT "orders"."id" FROM "shop"."orders" AS "orders") AS "c", "actions"."tags"[1] AS "d", "actions"."tags"[1 : 2] AS "e", "actions"."tags"[: 2] AS "f", "actions"."tags"[2 :] AS "g", (ARRAY[1, 2])[1] AS "h", "actions"."tags" && ARRAY['x'] AS "i", "actions"."id" AS "__main_id" FROM "pm"."actions" AS "actions"
-- column a ?
-- column b ?
-- column c int[]
-- column d string
-- column e string[]
-- column f string[]
-- column g string[]
-- column h ?
-- column i ?
-- main pm.actions #9

SELECT ROW("pieces"."a", "pieces"."b") = ROW(1, 2) AS "x", ROW("pieces"."a", "pieces"."b") < ROW(1, 2) AS "y", ROW("pieces"."a", "pieces"."b") IN (SELECT "lines"."order", "lines"."line" FROM "shop"."lines" AS "lines") AS "z", "pieces"."id" AS "__main_id" FROM "shop"."pieces" AS "pieces"
-- column x bool
-- column y bool
-- column z bool
-- main shop.pieces #3

SELECT ("p")."name" AS "name", "pg_catalog"."row_to_json"("p") AS "j", "pg_catalog"."count"("p") AS "n" FROM "base"."people" AS "p" GROUP BY "p"."id"
-- column name ?
-- column j ?
-- column n int

SELECT "customers"."name" COLLATE "pg_catalog"."C" AS "n", "customers"."id" AS "__main_id" FROM "shop"."customers" AS "customers" ORDER BY "customers"."name" COLLATE "pg_catalog"."C"
-- column n string
-- main shop.customers #1

SELECT '1 day'::"pg_catalog"."interval" AS "a", '2020-01-01'::"pg_catalog"."date" AS "b", '2020-01-01 00:00Z'::"pg_catalog"."timestamptz" AS "c", '1.5'::"pg_catalog"."float8" AS "d", '2020-01-01'::"pg_catalog"."timestamp" AS "e", '10.0.0.1'::"pg_catalog"."inet" AS "f", 1::"pg_catalog"."text" AS "g", '1'::"pg_catalog"."int8" AS "h", 'x'::"pg_catalog"."varchar"(5) AS "i", 'y'::"pg_catalog"."bpchar"(1) AS "k", "pg_catalog"."now"()::"pg_catalog"."timestamptz"(3) AS "l"
-- column a interval
-- column b date
-- column c datetime
-- column d decimal
-- column e localdatetime
-- column f inet
-- column g string
-- column h int
-- column i string
-- column k string
-- column l datetime

SELECT "pg_catalog"."timezone"('UTC', "orders"."created") AS "a", "pg_catalog"."extract"('year', "orders"."created") AS "b", "pg_catalog"."extract"('month', "orders"."created") AS "c", "pg_catalog"."date_part"('day', "orders"."created") AS "d", "pg_catalog"."date_trunc"('month', "orders"."created") AS "e", CURRENT_DATE AS "f", CURRENT_TIMESTAMP(3) AS "g", "pg_catalog"."now"() - '1 day'::"pg_catalog"."interval" AS "h", "pg_catalog"."overlaps"("orders"."created", "orders"."created", "orders"."created", '1 day'::"pg_catalog"."interval") AS "i", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column a ?
-- column b ?
-- column c ?
-- column d ?
-- column e ?
-- column f date
-- column g ?
-- column h ?
-- column i ?
-- main shop.orders #9

SELECT "pg_catalog"."substring"("orders"."state", 2, 3) AS "a", "pg_catalog"."substring"("orders"."state", 1, 2) AS "b", "pg_catalog"."substring"("orders"."state", 2) AS "c", "pg_catalog"."substring"("orders"."state", 'a+') AS "d", "pg_catalog"."position"("orders"."state", 'a') AS "e", "pg_catalog"."btrim"("orders"."state") AS "f", "pg_catalog"."btrim"("orders"."state", 'x') AS "g", "pg_catalog"."ltrim"("orders"."state") AS "h", "pg_catalog"."rtrim"("orders"."state", 'y') AS "i", "pg_catalog"."overlay"("orders"."state", 'z', 1, 2) AS "j", "pg_catalog"."left"("orders"."state", 2) AS "k", "pg_catalog"."right"("orders"."state", 2) AS "l", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
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
-- main shop.orders #12

SELECT GREATEST(1, 2) AS "a", LEAST(1, 2) AS "b", NULLIF(1, 2) AS "c", COALESCE(NULL, 1) AS "d", "pg_catalog"."make_interval"("days" := 5) AS "e", "pg_catalog"."concat"(VARIADIC ARRAY['a', 'b']) AS "f", "pg_catalog"."round"("orders"."total", 2) AS "g", "pg_catalog"."mod"(5, 2) AS "h", "shop"."discount"("orders"."total") AS "i", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column a int
-- column b int
-- column c int
-- column d int
-- column e ?
-- column f ?
-- column g ?
-- column h ?
-- column i ?
-- main shop.orders #9

SELECT EXISTS (SELECT 1 AS "?column?" FROM "shop"."lines" AS "l" WHERE "l"."order" = "o"."id") AS "a", NOT EXISTS (SELECT "customers"."id", "customers"."name", "customers"."city", "customers"."rating" FROM "shop"."customers" AS "customers") AS "b", (SELECT 1 AS "?column?") + 2 AS "c", ((SELECT "pg_catalog"."max"("orders"."id") AS "max" FROM "shop"."orders" AS "orders")) AS "d", "o"."id" AS "__main_id" FROM "shop"."orders" AS "o"
-- column a bool
-- column b bool
-- column c ?
-- column d int
-- main shop.orders #4

SELECT 'it''s' AS "a", 'it''s' AS "b", E'a\\b
	AAЖ😀' AS "c", 'x	y' AS "d", '' AS "e", 'two
lines' AS "f"
-- column a string
-- column b string
-- column c string
-- column d string
-- column e string
-- column f string

SELECT 'x''; DROP TABLE a; --' AS "a""; DROP TABLE b; --", '''' AS "$1", E'\\' AS "c", "o"" x"."id" AS "__main_id" FROM "shop"."orders" AS "o"" x"
-- column a"; DROP TABLE b; -- string
-- column $1 string
-- column c string
-- main shop.orders #3

SELECT "orders"."order", "people"."user", "people__user"."name" AS "__pun__user", "orders"."id" AS "__id__0", "people"."id" AS "__id__1" FROM "shop"."orders" AS "orders" CROSS JOIN ("base"."people" AS "people" LEFT JOIN "public"."users" AS "people__user" ON "people"."user" = "people__user"."id")
-- column order int of orders #3
-- column user int -> public.users pun #2 of people #4

SELECT "pg_catalog"."date"("orders"."created") AS "date", "orders"."order", "orders"."order" AS "select", "orders"."id" AS "__main_id" FROM "shop"."orders" AS "orders"
-- column date ?
-- column order int main of orders #3
-- column select int main of orders #3
-- main shop.orders #3

SELECT "p"."date", "p"."domain", "p"."role", "p"."first", "p"."role" AS "r", "p"."domain" AS "d" FROM (SELECT 1 AS "date", 2 AS "domain", 3 AS "role", 4 AS "first") AS "p"
-- column date int
-- column domain int
-- column role int
-- column first int
-- column r int
-- column d int

SELECT "orders"."id" FROM "shop"."orders" AS "orders" WHERE ("orders"."status" = $1::"pg_catalog"."text"::"shop"."status") AND ("orders"."status" = ANY ($2::"pg_catalog"."text"[]::"shop"."status"[])) AND ("orders"."status" IN ('new', $1::"pg_catalog"."text"::"shop"."status")) AND ($1::"pg_catalog"."text"::"shop"."status" IS DISTINCT FROM "orders"."status") AND ("orders"."status" BETWEEN $1::"pg_catalog"."text"::"shop"."status" AND $1::"pg_catalog"."text"::"shop"."status") AND ("orders"."state" = $1::"pg_catalog"."text") AND ("orders"."state" = $3::"pg_catalog"."text") AND ('new' = $1::"pg_catalog"."text") AND (CASE "orders"."status" WHEN $1::"pg_catalog"."text"::"shop"."status" THEN $1::"pg_catalog"."text" WHEN 'new' THEN $3::"pg_catalog"."text" ELSE $1::"pg_catalog"."text" END = $1::"pg_catalog"."text")
-- argument $s string 'new' 'paid'
-- argument $l string[] 'new' 'paid'
-- argument $t string
-- column id int main of orders #0
-- main shop.orders #0

SELECT '101'::"pg_catalog"."bit"(1) AS "a", '101'::"pg_catalog"."varbit" AS "b", 'abc'::"pg_catalog"."bpchar"(1) AS "c"
-- column a bit
-- column b varbit
-- column c string

SELECT "actions"."tags"[1 : 2][2 : 3] AS "a", "actions"."tags"[1 : 2][1] AS "b", "actions"."tags"[1][: 2] AS "c", ("actions"."tags"[2 : 3])[2 : 2] AS "d", ("actions"."tags"[2 : 3])[1][1] AS "e", (ARRAY[ARRAY[1, 2], ARRAY[3, 4]])[1 : 1][2 : 2] AS "f", "actions"."id" AS "__main_id" FROM "pm"."actions" AS "actions"
-- column a string[]
-- column b string[]
-- column c string[]
-- column d string[]
-- column e ?
-- column f ?
-- main pm.actions #6

SELECT ROW("c__row"."id", "c__row"."name", "c__row"."city", "c__row"."rating", 1) AS "r", "pg_catalog"."to_jsonb"("c__row") AS "j", "c__row"."id" AS "__main_id" FROM "shop"."customers" AS "c__row" WHERE (ROW("c__row"."id", "c__row"."name", "c__row"."city", "c__row"."rating", 1) IN (SELECT "d"."id", "d"."name", "d"."city", "d"."rating", 1 AS "?column?" FROM "shop"."customers" AS "d")) OR (ROW("c__row"."id", "c__row"."name", "c__row"."city", "c__row"."rating") = ROW(1, 'a', 2, 3))
-- column r ?
-- column j ?
-- main shop.customers #2

SELECT "pg_catalog"."to_jsonb"("total__row") AS "j", "pg_catalog"."count"("total__row"."total") AS "n", "pg_catalog"."count"("total__row") AS "m" FROM "shop"."orders" AS "total__row" GROUP BY "total__row"."id"
-- column j ?
-- column n int
-- column m int
