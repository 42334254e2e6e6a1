-- What a rule finds around it, and what it cannot change for others.
CREATE SCHEMA app;
CREATE TABLE app.t (id int, result text);
CREATE FUNCTION app.run(code text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text;
BEGIN
  DELETE FROM public.triggers;
  PERFORM fundb.create_trigger('rule', 'app.t',
    'export default async function (event, args) { args.result = String(await (' || code || ')); return args; }', 'BEFORE', true);
  INSERT INTO app.t VALUES (1) RETURNING result INTO r;
  RETURN r;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

SELECT app.run($js$[typeof FunDB, FunDB === OzmaDB, FunDBError === OzmaDBError, typeof console].join()$js$);
SELECT app.run($js$['setTimeout', 'setInterval', 'fetch', 'require', 'process', 'Buffer', 'WebAssembly', 'gc', 'SharedArrayBuffer', 'Atomics', 'XMLHttpRequest'].filter((n) => n in globalThis).join()$js$);
SELECT app.run($js$eval('1')$js$);
SELECT app.run($js$new Function('return 1')()$js$);
SELECT app.run($js$(() => {}).constructor('return 1')()$js$);
SELECT app.run($js$(async () => {}).constructor('return 1')()$js$);
SELECT app.run($js$(function* () {}).constructor('return 1')()$js$);
SELECT app.run($js$Object.isFrozen(FunDB) && Object.isFrozen(Math) && Object.isFrozen(Promise)$js$);
SELECT app.run($js$Object.prototype.evil = 1$js$);
SELECT app.run($js$Object.values(FunDB).every(Object.isFrozen) && [FunDBError, console.log, formatDate, formatFunQLValue].every(Object.isFrozen)$js$);
SELECT app.run($js$FunDB.getUserView.shared = 1$js$);
SELECT app.run($js$Array.prototype.push = () => 1$js$);
SELECT app.run($js$globalThis.shared = 1$js$);
SELECT app.run($js$FunDB.insertEntity = null$js$);
SELECT app.run($js$Object.getPrototypeOf(async () => {}).x = 1$js$);
-- What a rule is given leads to nothing that is shared and can be changed.
SELECT app.run($js$[args, event, event.new, event.source, event.entity].map((o) => Object.getPrototypeOf(o) === Object.prototype && o.constructor === Object).join()$js$);
SELECT app.run($js$Object.getPrototypeOf(args).shared = 1$js$);
-- Ordinary code does not notice.
SELECT app.run($js$(() => { class E extends Error { constructor(m) { super(m); this.name = 'E'; this.message = 'own'; } } return new E('x') + ''; })()$js$);
SELECT app.run($js$(() => { const o = {}; o.toString = () => 'own toString'; o.constructor = 1; o.valueOf = 2; return o + Object.keys(o).join(); })()$js$);
SELECT app.run($js$(() => { function Old() {} Old.prototype.toString = function () { return 'old style'; }; Old.prototype.constructor = Old; return new Old() + ''; })()$js$);
SELECT app.run($js$(() => { const a = [3, 1, 2]; a.sort(); a.push(9); return a.map((x) => x * 2).join() + [...new Set(a)].length; })()$js$);
SELECT app.run($js$(() => { const counts = {}; for (const w of ['constructor', 'toString', 'constructor']) counts[w] = (Object.hasOwn(counts, w) ? counts[w] : 0) + 1; return JSON.stringify(counts); })()$js$);
-- The small helpers.
SELECT app.run($js$formatDate(new Date(Date.UTC(2024, 1, 29))) + renderDate(new Date(0))$js$);
SELECT app.run($js$formatFunQLName('a"b') + renderFunQLName('x') + formatOzmaQLName('y')$js$);
SELECT app.run($js$formatFunQLValue(["a'b", 1, true, null, {k: 2}])$js$);
SELECT app.run($js$JSON.stringify({n: 12345678901234567890n})$js$);
SELECT app.run($js$new Intl.NumberFormat('de').format(1234.5)$js$);

-- console: severities, and objects shown for people.
SET client_min_messages = debug1;
SELECT app.run($js$console.log('text', 1, null, undefined, {a: [1, {b: 2}]}, [1, 2], new Error('e').message)$js$);
SELECT app.run($js$[console.info('info'), console.warn('warn'), console.error('error'), console.debug('debug')].length$js$);
RESET client_min_messages;
\set VERBOSITY terse
DROP SCHEMA app CASCADE;
