# Whatever step of ours or of PostgreSQL's under us fails, the statement fails with that error, nothing of it stays, and the
# session works on.  Steps are: crossings into PostgreSQL, allocations of PostgreSQL's, allocations of C++.
#
# Needs a build with FUNDB_FAULTS=1; FUNDB_LIBRARY names its fundb.so where it is not installed.  Skipped with any other:
#   make -C build-faults -f ../Makefile FUNDB_FAULTS=1 && FUNDB_LIBRARY=$PWD/build-faults/fundb.so scripts/test --no-setup tap
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('faults', 'client_min_messages=error');
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', 'CREATE EXTENSION fundb');
$cluster->use_library('app');
my $has_faults = ($cluster->program('psql', '-XAtq', '-d', 'app', '-c', 'SELECT fundb.version()', '-c', 'SHOW fundb.debug_fail_at'))[0] == 0;
if (!$has_faults) {
    $cluster->stop;
    plan skip_all => 'this build has no fault injection';
}

$cluster->sql('app', <<'SQL');
CREATE TABLE public.orders (id int PRIMARY KEY, note text, amount numeric, data jsonb, at timestamptz, tags text[]);
CREATE TABLE public.lines (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id int REFERENCES public.orders, note text UNIQUE);
CREATE TABLE public.plain (id int PRIMARY KEY, note text);
CREATE TABLE public.noted (id int, a text, b text);
INSERT INTO public.plain VALUES (1, 'one');
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('public'), 'util.mjs', 'export const up = (s) => s.toUpperCase()');
SELECT fundb.create_trigger('values', 'public.orders', $js$
import { up } from 'public/util';
export default (event, args) => {
  const copy = {...args};
  return {...copy, note: up(copy.note), amount: String(copy.amount) + '5', data: {...copy.data, b: [1, null]}, tags: [...copy.tags, 'x']};
}
$js$, 'BEFORE', true);
SELECT fundb.create_trigger('lines', 'public.orders', $js$
export default async (event, args) => {
  const lines = {schema: 'public', name: 'lines'};
  await FunDB.insertEntity(lines, {order_id: args.id, note: 'first of ' + args.id});
  try {
    await FunDB.insertEntity(lines, {order_id: 999, note: 'refused'});
  } catch (error) {
    if (error.sqlstate !== '23503') throw error;
  }
  const view = await FunDB.getUserView({type: 'anonymous', query: '{ $id int }: SELECT id, order_id=>note AS n FROM public.lines WHERE order_id = $id'}, {id: args.id});
  if (view.result.rows.length !== 1) throw new Error('wrong number of lines');
}
$js$, 'AFTER', true);
SELECT fundb.create_trigger('line', 'public.lines', 'export default (e, args) => ({...args, note: args.note + "."})', 'BEFORE', true);
SELECT fundb.create_trigger('roles', 'public.plain', $js$
export default async (event, args) => {
  await FunDB.pretendRole('root', () => FunDB.updateEntity({schema: 'public', name: 'lines'}, {alt: 'lines_note_key', keys: {note: 'fixed'}}, {note: 'seen'}));
  return FunDB.cancelWith({left: 1}, 'always refused');
}
$js$, 'BEFORE', false, '{note}');
SELECT fundb.create_trigger('noted', 'public.noted', $js$
export default (event, args) => {
  const keys = Object.keys(args).join();
  if (keys !== 'id,' + 'ab'[args.id]) throw new Error(keys);
}
$js$, 'AFTER', true);
INSERT INTO public.lines (note) VALUES ('fixed');
ALTER TABLE public.lines DISABLE TRIGGER USER; UPDATE public.lines SET note = 'fixed'; ALTER TABLE public.lines ENABLE TRIGGER USER;

CREATE TABLE public.faults (n int, state text, message text);
-- Lets step 1, 2, … of a statement fail until it gets through; `expected` is how it ends without a fault.  A fault that
-- changes nothing (a script may catch it, a note may get lost) may end in that way, too.  Gives what went wrong.
CREATE FUNCTION public.walk(what text, with_state text, cold boolean, statement text, expected text, "check" text,
                            first int DEFAULT 1, step int DEFAULT 1) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  before text; after text; state text; text_of text; n int := first;
BEGIN
  PERFORM set_config('fundb.debug_fail_what', what, false), set_config('fundb.debug_fail_with', with_state, false);
  EXECUTE "check" INTO before;
  DELETE FROM public.faults;
  LOOP
    IF cold THEN PERFORM fundb.reset(); END IF;
    state := '00000'; text_of := NULL;
    PERFORM set_config('fundb.debug_fail_at', n::text, false);
    BEGIN
      EXECUTE statement;
      -- What it wrote is not to stay.
      PERFORM set_config('fundb.debug_fail_at', '0', false) WHERE current_setting('fundb.debug_fail_at') = '0';
      RAISE EXCEPTION 'done' USING ERRCODE = 'ZZZZZ';
    EXCEPTION WHEN OTHERS OR query_canceled THEN
      state := replace(SQLSTATE, 'ZZZZZ', '00000'); text_of := SQLERRM;
    END;
    IF current_setting('fundb.debug_fail_at') <> '0' THEN
      IF state <> expected THEN RETURN 'without a fault: ' || state || ' ' || text_of; END IF;
      PERFORM set_config('fundb.debug_fail_at', '0', false);
      RETURN 'ok';
    END IF;
    INSERT INTO public.faults VALUES (n, state, text_of);
    EXECUTE "check" INTO after;
    IF after IS DISTINCT FROM before THEN RETURN format('step %s (%s %s) left something: %s', n, state, text_of, after); END IF;
    IF state NOT IN (with_state, '53200', expected) THEN RETURN format('step %s ended with %s: %s', n, state, text_of); END IF;
    -- The same session does it right at once.
    BEGIN
      EXECUTE statement;
      RAISE EXCEPTION 'done' USING ERRCODE = 'ZZZZZ';
    EXCEPTION WHEN OTHERS THEN
      IF replace(SQLSTATE, 'ZZZZZ', '00000') <> expected THEN RETURN format('behind step %s (%s %s): %s %s', n, state, text_of, SQLSTATE, SQLERRM); END IF;
    END;
    n := n + step;
  END LOOP;
END $$;
SQL

my $state = 'SELECT (SELECT count(*) FROM public.orders) || $$,$$ || (SELECT count(*) FROM public.lines) || $$,$$ || (SELECT count(*) FROM public.noted) || $$,$$ || '
    . '(SELECT count(*) FROM public.triggers) || $$,$$ || (SELECT string_agg(note, $$,$$ ORDER BY id) FROM public.lines) || '
    . '(SELECT string_agg(tgname, $$,$$ ORDER BY tgrelid, tgname) FROM pg_trigger WHERE NOT tgisinternal) || $$,$$ || current_user';
my @statements = (
    ['a rule with values, lines and a caught violation',
        q[INSERT INTO public.orders VALUES (7, 'seven', 1.25, '{"a": 1}', now(), '{a,b}')], '00000'],
    ['rows with NULL and DEFAULT', q[INSERT INTO public.lines VALUES (DEFAULT, DEFAULT, 'a'), (DEFAULT, NULL, 'b')], '00000'],
    ['rows that an AFTER rule tells apart', q[INSERT INTO public.noted VALUES (0, NULL, DEFAULT), (1, DEFAULT, NULL)], '00000'],
    ['a refused update as another role', q[UPDATE public.plain SET note = 'two' WHERE id = 1], 'P0001'],
    ['saving a rule', q[SELECT fundb.create_trigger('saved', 'public.plain', 'export default () => true', 'AFTER', true)], '00000'],
    ['saving a rule that is refused', q[UPDATE public.triggers SET procedure = 'export default 5' WHERE name = 'line'], '22023'],
    ['saving a module', q[UPDATE public.modules SET source = source || ' '], '00000'],
    ['a copy of many rows', q[INSERT INTO public.lines (note) SELECT 'many ' || i FROM generate_series(1, 3) AS i], '00000'],
);
# The steps of PostgreSQL's allocations are thousands: by default every so many is taken.
my $full = ($ENV{FUNDB_FAULT_STEPS} // '') eq 'all';
my $total = 0;
for my $case (@statements) {
    my ($name, $statement, $expected) = @$case;
    for my $mode (['call', 'XX000', 1], ['call', '53200', 2], ['call', '40001', 3], ['call', '57014', 3], ['new', 'XX000', 1], ['palloc', 'XX000', 61]) {
        my ($what, $with, $step) = @$mode;
        for my $cold ('false', 'true') {
            my $session = $cluster->session('app');
            my $stride = $full ? 1 : $step * ($cold eq 'true' ? 11 : 1);
            my $text = "$name: $what, $with" . ($cold eq 'true' ? ', engine not started' : '');
            my $answer = $session->query("SELECT public.walk('$what', '$with', $cold, \$s\$$statement\$s\$, '$expected', \$s\$$state\$s\$, 1, $stride)", 1200);
            is($answer, 'ok', $text);
            if ($session->is_lost) {
                sleep 2;  # until the server is back
                next;
            }
            my $count = $session->query('SELECT count(*), min(state), max(state) FROM public.faults');
            note "$text: $count";
            $total += (split /\|/, $count)[0];
            $session->close;
        }
    }
}
note "$total faults";
cmp_ok($total, '>', 1000, 'many faults were met');
is($cluster->sql('app', 'SELECT count(*) FROM pg_locks WHERE relation = $$public.orders$$::regclass'), '0', 'no lock is left');
my @complaints = $cluster->complaints;
is(scalar @complaints, 0, 'the log is clean') or diag @complaints[0 .. ($#complaints < 20 ? $#complaints : 20)];
$cluster->stop;
done_testing();
