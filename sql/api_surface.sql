-- types/fundb.d.ts names exactly what a rule finds: a member that is missing there is unknown to
-- editors, one too many is a promise that is not kept.
\getenv root PG_ABS_SRCDIR
\set typings `cat "$PG_ABS_SRCDIR"/types/fundb.d.ts`
CREATE SCHEMA api_surface;
CREATE TABLE api_surface.run (typings text);
SELECT fundb.create_trigger('compare', 'api_surface.run', $js$ export default (event, args) => {
  const names = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);
  const compare = (what, declared, found) => {
    const missing = found.filter((name) => !declared.includes(name));
    const surplus = declared.filter((name) => !found.includes(name));
    console.log(what, new Set(declared).size, 'missing:', missing, 'surplus:', surplus);
  };
  const text = args.typings;
  const api = text.slice(text.indexOf('interface FunDBApi {'), text.indexOf('\n}\n', text.indexOf('interface FunDBApi {')));
  compare('FunDB', names(api, /^  (\w+)[<(]/gm), Object.keys(FunDB));
  compare('console', names(text.slice(text.indexOf('declare const console')), /^  (\w+)\(/gm), Object.keys(console));
  const globals = names(text, /^declare (?:const|function|class) (\w+)/gm);
  compare('globals', globals, globals.filter((name) => name in globalThis));
  // What the extension adds to an empty realm is not enumerable, so it is told from what ECMAScript has by name.
  const added = Object.getOwnPropertyNames(globalThis).filter((name) => /FunDB|Ozma|FunQL|^format|^render|console/.test(name));
  compare('added', globals, added);
  for (const name of Object.keys(FunDB)) {
    if (FunDB[name].name === '') console.log('no name', name);
  }
} $js$, 'AFTER', true) > 0 AS created;
INSERT INTO api_surface.run VALUES (:'typings');
SET client_min_messages = warning;
DROP SCHEMA api_surface CASCADE;
