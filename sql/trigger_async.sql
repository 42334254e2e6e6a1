-- Promises: what is awaited, what never settles, what is rejected and not handled.
CREATE SCHEMA app;
CREATE TABLE app.t (id int, note text);
CREATE FUNCTION app.try(body text) RETURNS SETOF app.t LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM public.triggers;
  PERFORM fundb.create_trigger('rule', 'app.t', body, 'BEFORE', true);
  INSERT INTO app.t VALUES (1);
  RETURN QUERY DELETE FROM app.t RETURNING *;
END $$;
SELECT note FROM app.try($js$export default (e, args) => Promise.resolve({...args, note: 'promised'})$js$);
SELECT note FROM app.try($js$export default async (e, args) => ({then(done) { done({...args, note: 'a thenable'}); }})$js$);
SELECT note FROM app.try($js$export default (e, args) => new Promise(() => {})$js$);
\echo :LAST_ERROR_SQLSTATE
SELECT note FROM app.try($js$export default (e, args) => { new Promise(() => {}); return true; }$js$);
SELECT note FROM app.try($js$export default (e, args) => { Promise.reject(new Error('nobody listens')); return true; }$js$);
\echo :LAST_ERROR_SQLSTATE
SELECT note FROM app.try($js$export default async (e, args) => { Promise.reject(new Error('late')).catch(() => {}); return true; }$js$);
SELECT note FROM app.try($js$export default async (e, args) => { FunDB.insertEntity({schema: 'app', name: 'missing'}, {}); return true; }$js$);
\echo :LAST_ERROR_SQLSTATE
SELECT note FROM app.try($js$const later = await Promise.resolve('top level await'); export default (e, args) => ({...args, note: later})$js$);
SELECT note FROM app.try($js$await new Promise(() => {}); export default () => true$js$);
SELECT note FROM app.try($js$await FunDB.getUserView({type: 'anonymous', query: 'SELECT 1 AS one'}); export default () => true$js$);
SELECT note FROM app.try($js$let n = 0; export default (e, args) => { n++; return {...args, note: 'state ' + n}; }$js$);
INSERT INTO app.t VALUES (1), (2) RETURNING note;
DROP SCHEMA app CASCADE;
