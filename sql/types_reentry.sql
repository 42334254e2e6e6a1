-- A check of a domain runs SQL that fires a rule whose row has the same domain.  What PostgreSQL prepared for the check around it is in use
-- then: shared, the value that is being checked would become the one of the rule within, and its memory would be gone.
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE FUNCTION app.rule(relation regclass, code text) RETURNS bool LANGUAGE sql AS $$
  SELECT fundb.create_trigger('rule', relation, 'export default (event, args) => { ' || code || ' }', 'BEFORE', true) > 0 $$;
CREATE TABLE app.within (n int, t text, r text, m text);

-- By value: behind the rule within, the check went on with its 5, and -1000 was stored.
CREATE FUNCTION app.write_number(i int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
  IF i < 0 THEN INSERT INTO app.within (n) VALUES (1); END IF;
  RETURN true;
END $$;
CREATE DOMAIN app.number AS int CHECK (app.write_number(VALUE) AND VALUE > -100);
ALTER TABLE app.within ALTER n TYPE app.number;
CREATE TABLE app.numbers (n app.number, list app.number[]);
SELECT app.rule('app.within', 'args.n = 5; return args');
SELECT app.rule('app.numbers', 'return {n: args.n === null ? null : -args.n, list: args.list && args.list.map((n) => -n)}');
INSERT INTO app.numbers VALUES (1000);
INSERT INTO app.numbers VALUES (NULL, '{5,6,1000}');
-- Deeper: the check of the rule within is under way, too.
UPDATE public.triggers SET procedure = 'export default (event, args) => { args.n = args.n < 3 ? -args.n - 50 : 7; return args; }'
  WHERE id = (SELECT t.id FROM public.triggers t JOIN public.entities e ON e.id = t.trigger_entity_id WHERE e.name = 'within');
CREATE OR REPLACE FUNCTION app.write_number(i int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
  IF i = -99 THEN INSERT INTO app.within (n) VALUES (2); END IF;
  IF i = -52 THEN INSERT INTO app.within (n) VALUES (3); END IF;
  RETURN true;
END $$;
INSERT INTO app.numbers VALUES (99) RETURNING n;
TABLE app.within;
INSERT INTO app.numbers VALUES (100);
-- One that fails leaves the next one what it needs.
INSERT INTO app.numbers VALUES (100), (99);
INSERT INTO app.numbers VALUES (98) RETURNING n;
TRUNCATE app.within;

-- By reference: the memory of a part of the condition that was worked out before.
CREATE FUNCTION app.write_text(i text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
  IF i = 'around' THEN INSERT INTO app.within (t) SELECT repeat('z', 5000) FROM generate_series(1, 3); END IF;
  RETURN '';
END $$;
CREATE FUNCTION app.is_fine(i text, j text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
  IF length(i) < 20 THEN RAISE WARNING 'checked: %', i; END IF;
  RETURN true;
END $$;
CREATE DOMAIN app.word AS text CHECK (app.is_fine(VALUE || '!', app.write_text(VALUE)));
ALTER TABLE app.within ALTER t TYPE app.word;
CREATE TABLE app.words (t app.word);
UPDATE public.triggers SET procedure = 'export default (event, args) => { if (args.t) args.t = "within"; if (args.r) args.r = "[5,6]"; if (args.m) args.m = "{[5,6]}"; return args; }'
  WHERE id = (SELECT t.id FROM public.triggers t JOIN public.entities e ON e.id = t.trigger_entity_id WHERE e.name = 'within');
SELECT app.rule('app.words', 'args.t = "around"; return args');
INSERT INTO app.words VALUES ('a word');
TABLE app.words;
SELECT count(*), min(t), max(t) FROM app.within;
TRUNCATE app.within;

-- A range over a domain: its input function keeps the prepared check.
CREATE FUNCTION app.write_range(i int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
  IF i < 0 THEN INSERT INTO app.within (r, m) VALUES ('[1,1]', '{[1,1]}'); END IF;
  RETURN true;
END $$;
CREATE DOMAIN app.bound AS int CHECK (app.write_range(VALUE) AND VALUE > -100);
CREATE TYPE app.span AS RANGE (subtype = app.bound, multirange_type_name = app.spans);
ALTER TABLE app.within ALTER r TYPE app.span USING NULL, ALTER m TYPE app.spans USING NULL;
CREATE TABLE app.ranges (r app.span, m app.spans);
SELECT app.rule('app.ranges', 'return args.r === null ? {m: "{[-1000,7]}"} : {r: "[-1000,7]"}');
INSERT INTO app.ranges VALUES ('[1,2]');
INSERT INTO app.ranges VALUES (NULL);
TABLE app.ranges;

-- The SQL of such a check sees the session's own settings, not those under which texts are read.
CREATE FUNCTION app.show(i int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
  IF i = 42 THEN RAISE WARNING '% %', current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00'; END IF;
  RETURN true;
END $$;
CREATE DOMAIN app.seen AS int CHECK (app.show(VALUE));
CREATE TYPE app.seen_range AS RANGE (subtype = app.seen, multirange_type_name = app.seen_ranges);
CREATE TABLE app.settings (n app.seen, r app.seen_range, m app.seen_ranges);
SELECT app.rule('app.settings', 'return {n: 42, r: "[42,50)", m: "{[42,50)}"}');
SET timezone = 'Asia/Tokyo';
SET datestyle = 'German';
INSERT INTO app.settings DEFAULT VALUES;
TABLE app.settings;

DROP SCHEMA app CASCADE;
