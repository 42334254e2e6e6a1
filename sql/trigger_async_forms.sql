-- An async handler without await is compiled as an ordinary function. Each pair runs a handler so and, kept async by a comment that says "await", as written:
-- a line with "differ" would show what a user can notice.
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, note text, doc jsonb, "then" text);
CREATE TABLE app.plain (LIKE app.t INCLUDING ALL);
ALTER TABLE app.plain DROP COLUMN "then";
CREATE TABLE app.log (what text);
CREATE FUNCTION app.outcome(entity regclass, body text, tail text, "time" text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; detail text; hint text; context text; result text;
BEGIN
  DELETE FROM public.triggers;
  BEGIN
    PERFORM fundb.create_trigger('rule', entity, E'\nexport default async function handle(event, args) {\n  ' || body || E'\n}\n' || tail, "time", true, '{*}', true);
    EXECUTE format('INSERT INTO %s (id, note) VALUES (1, ''a'')', entity);
    EXECUTE format('UPDATE %s SET note = ''b''', entity);
    EXECUTE format('SELECT string_agg(row_to_json(x)::text, '','') FROM %s x', entity) INTO result;
    EXECUTE format('DELETE FROM %s', entity);
    RETURN concat_ws('; ', result, (SELECT string_agg(what, ',') FROM app.log));
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
    RETURN concat_ws('|', SQLSTATE, message, detail, hint, context);
  END;
END $$;
CREATE FUNCTION app.compare(body text) RETURNS TABLE (what text, ends text) LANGUAGE plpgsql AS $$
DECLARE entity regclass; "time" text; tail text; outcomes text[];
BEGIN
  FOREACH entity IN ARRAY '{app.t,app.plain}'::regclass[] LOOP
    FOREACH "time" IN ARRAY '{BEFORE,AFTER}'::text[] LOOP
      outcomes := '{}';
      FOREACH tail IN ARRAY '{"",// await}'::text[] LOOP
        DELETE FROM app.t;
        DELETE FROM app.plain;
        DELETE FROM app.log;
        outcomes := outcomes || app.outcome(entity, body, tail, "time");
      END LOOP;
      what := CASE WHEN outcomes[1] = outcomes[2] THEN 'same' ELSE 'differ' END;
      ends := CASE WHEN outcomes[1] = outcomes[2] THEN left(split_part(outcomes[1], E'\n', 1), 120) ELSE array_to_string(outcomes, E'\n') END;
      RETURN NEXT;
    END LOOP;
  END LOOP;
END $$;
\pset format unaligned
\pset tuples_only on
SET client_min_messages = error;
SELECT * FROM app.compare('return true');
SELECT * FROM app.compare('return args ?? true');
SELECT * FROM app.compare('if (args) args.note += "x"; return args ?? true');
SELECT * FROM app.compare('return args ? {...args, doc: {a: 1}} : true');
SELECT * FROM app.compare('return false');
SELECT * FROM app.compare('return args ? null : true');
SELECT * FROM app.compare('return event');
SELECT * FROM app.compare('return event.new ?? true');
SELECT * FROM app.compare('throw new Error("refused")');
SELECT * FROM app.compare('throw "refused"');
SELECT * FROM app.compare('return args.missing.name');
SELECT * FROM app.compare('FunDB.cancelWith({a: 1}, "cancelled")');
SELECT * FROM app.compare('return Promise.resolve(args ?? true)');
SELECT * FROM app.compare('return Promise.reject(new Error("refused"))');
SELECT * FROM app.compare('Promise.reject(new Error("nobody listens")); return true');
SELECT * FROM app.compare('return new Promise(() => {})');
SELECT * FROM app.compare('FunDB.insertEntity({schema: "app", name: "log"}, {what: event.time + event.source.type}); return true');
SELECT * FROM app.compare('FunDB.insertEntity({schema: "app", name: "missing"}, {}); return true');
SELECT * FROM app.compare('return FunDB.insertEntity({schema: "app", name: "log"}, {what: "given"})');
-- `args` as a promise: by a column of that name, and by a property that is none.
SELECT * FROM app.compare('if (args) args["th" + "en"] = "text"; return args ?? true');
SELECT * FROM app.compare('if (args) args["th" + "en"] = done => done(true); return args ?? true');
SELECT * FROM app.compare('if (args) args["th" + "en"] = (done, fail) => fail(new Error("by args")); return args ?? true');
SELECT * FROM app.compare('if (args) Object.setPrototypeOf(args, {["th" + "en"](done) { done(false); }}); return args ?? true');
DROP SCHEMA app CASCADE;
