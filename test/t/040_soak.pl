# A session's memory is flat over many calls of rules, whether they succeed or fail and however they fail: a leak would show
# as growth of the process or of PostgreSQL's memory contexts behind a warm-up.
#
# FUNDB_SOAK=full runs 1,000,000 succeeding and 100,000 failing calls instead of a small part of them, FUNDB_SOAK=N so many
# times as many.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $soak = $ENV{FUNDB_SOAK} || '';
my $full = $soak eq 'full' ? 1 : $soak =~ /^(\d+)$/ ? $1 : 0;
my ($succeeding, $failing) = $full ? ($full * 1_000_000, $full * 100_000) : (100_000, 10_000);
# What the process may grow by: V8 lets its heap breathe by some megabytes between collections.
my $process_kb = 16 * 1024;
# PostgreSQL's own caches grow a little with the first use of anything.
my $contexts_kb = 256;

my $cluster = FundbCluster->start('soak', 'client_min_messages=error', 'log_min_messages=warning');
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
CREATE UNLOGGED TABLE public.work (id int, kind text, note text, amount numeric, at timestamptz, data jsonb);
CREATE UNLOGGED TABLE public.linked (id int, note text);
CREATE UNLOGGED TABLE public.base (id int PRIMARY KEY, note text NOT NULL);
INSERT INTO public.base VALUES (1, 'one');
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('public'), 'util.mjs',
  'export const shout = (s) => s.toUpperCase() + "!"; export const fail = () => { throw new TypeError("from a module"); }');
-- Nested: the rule of linked is run by SQL under the rule of work.
SELECT fundb.create_trigger('inner', 'public.linked', $js$
export default async (event, args) => {
  await null;
  if (args.note === 'deep') await FunDB.insertEntity({schema: 'public', name: 'linked'}, {id: args.id, note: 'deep'});
  if (args.note === 'bad') throw new RangeError('the inner rule');
  return {...args, note: args.note + '?'};
}
$js$, 'BEFORE', true);
SELECT fundb.create_trigger('rule', 'public.work', $js$
import { shout, fail } from 'public/util';
const E = (name) => ({schema: 'public', name});
const kinds = {
  sync: (args) => { args.note = 'n' + args.id; return args; },
  kept: () => true,
  cancelled: () => false,
  async: async (args) => { await null; return {...args, note: shout(args.note ?? 'x')}; },
  values: (args) => ({...args, amount: '12345678901234567890.5', at: new Date(0), data: {a: [args.id, {b: null}]}}),
  query: async (args) => {
    const view = await FunDB.getUserView({type: 'anonymous', query: '{ $id int }: SELECT id, note FROM public.base WHERE id = $id'}, {id: 1});
    return {...args, note: view.result.rows[0].values[1].value};
  },
  insert: async (args) => { await FunDB.insertEntity(E('linked'), {id: args.id, note: 'x'}); return true; },
  caught: async () => { try { await FunDB.insertEntity(E('base'), {id: 1, note: 'twice'}); } catch { return true; } },
  inner_caught: async () => { try { await FunDB.insertEntity(E('linked'), {id: 1, note: 'bad'}); } catch { return true; } },

  throw: () => { throw new Error('thrown'); },
  reject: async () => { await null; throw Object.assign(new Error('rejected'), {sqlstate: '23514', detail: 'd', hint: 'h'}); },
  module: () => fail(),
  nothing: () => undefined,
  never: () => new Promise(() => {}),
  unhandled: () => { Promise.reject(new Error('nobody looks')); return true; },
  unique: () => FunDB.insertEntity(E('base'), {id: 1, note: 'twice'}),
  not_null: () => FunDB.insertEntity(E('base'), {id: 2}),
  no_field: (args) => ({...args, nope: 1}),
  no_number: (args) => ({...args, id: 'many'}),
  no_table: () => FunDB.insertEntity(E('nowhere'), {}),
  syntax: () => FunDB.getUserView({type: 'anonymous', query: 'SELECT FROM WHERE'}),
  division: () => FunDB.getUserView({type: 'anonymous', query: 'SELECT 1 / (id - 1) AS x FROM public.base'}),
  cancel_with: () => FunDB.cancelWith({left: 1}, 'not enough'),
  inner: () => FunDB.insertEntity(E('linked'), {id: 1, note: 'bad'}),
  recursion: () => { const f = () => f() + 1; return f(); },
  deadlock: () => FunDB.getUserView({type: 'anonymous', query: "SELECT public.fail('40P01') AS x"}),
  canceled: () => FunDB.getUserView({type: 'anonymous', query: "SELECT public.fail('57014') AS x"}),
  deep: () => FunDB.insertEntity(E('linked'), {id: 1, note: 'deep'}),
};
export default (event, args) => kinds[args.kind](args);
$js$, 'BEFORE', true);
CREATE FUNCTION public.fail(state text) RETURNS int LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'state %', state USING ERRCODE = state; END $$;
-- Calls that fail, each in a subtransaction of its own; gives how many did.
CREATE FUNCTION public.fail_often(kind text, times int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE failed int := 0;
BEGIN
  FOR i IN 1 .. times LOOP
    BEGIN
      INSERT INTO public.work (id, kind) VALUES (i, fail_often.kind);
    EXCEPTION WHEN OTHERS OR query_canceled THEN failed := failed + 1;
    END;
  END LOOP;
  RETURN failed;
END $$;
SQL

my @good = qw(sync kept cancelled async values query insert caught inner_caught);
# What takes many times as long as the others is done less often.
my %rare = (deep => 20, recursion => 20);
my @bad = qw(throw reject module nothing never unhandled unique not_null no_field no_number no_table syntax division
    cancel_with inner recursion deadlock canceled deep);

my $session = $cluster->session('app');

# (KB of the process's own memory, KB of it that malloc gave out of its main arena, KB of it in other mappings without a
# file, KB in memory contexts).  Pages of the server's shared memory that only this process has touched so far are private
# to the kernel, too; they are nobody's growth.
sub memory {
    my ($private, $heap, $anonymous, $name, $is_shared) = (0, 0, 0, '', 0);
    open my $file, '<', '/proc/' . $session->pid . '/smaps' or die "no memory map: $!";
    while (<$file>) {
        ($is_shared, $name) = ($1 eq 's', $2 // '') if /^[0-9a-f]+-[0-9a-f]+ ...(.) \S+ \S+ \S+(?: +(\S+).*)?$/;
        next if $is_shared || !/^Private_Dirty:\s+(\d+)/;
        $private += $1;
        $heap += $1 if $name eq '[heap]';
        $anonymous += $1 if $name eq '';
    }
    my $contexts = $session->query('SELECT sum(total_bytes) / 1024 FROM pg_backend_memory_contexts');
    return ($private, $heap, $anonymous, int $contexts);
}

# The first call of a kind, in full: it must do what it is meant to.
for my $kind (@good) {
    is($session->query("INSERT INTO public.work (id, kind) VALUES (1, '$kind')"), '', "$kind succeeds");
}
for my $kind (@bad) {
    like($session->query("INSERT INTO public.work (id, kind) VALUES (1, '$kind')"), qr/^ERROR:  [0-9A-Z]{5}: /, "$kind fails");
}

my ($succeeded, $failed) = (0, 0);
sub round {
    my ($good, $bad) = @_;
    my $each = int($good / @good / 2) + 1;
    my $kinds = join ',', map { "'$_'" } @good;
    # Many rows of one statement, and as many statements of one row.
    $session->query("INSERT INTO public.work (id, kind) SELECT i, (ARRAY[$kinds])[i % " . @good . " + 1] FROM generate_series(1, "
            . $each * @good . ') AS i', 600);
    $session->query("DO \$\$ BEGIN FOR i IN 1 .. $each LOOP "
            . join('', map { "INSERT INTO public.work (id, kind) VALUES (i, '$_'); " } @good) . 'END LOOP; END $$', 600);
    $succeeded += 2 * $each * @good;
    my $weight = 0;
    $weight += 1 / ($rare{$_} // 1) for @bad;
    my $times = int($bad / $weight) + 1;
    for my $kind (@bad) {
        my $count = int($times / ($rare{$kind} // 1)) || 1;
        my $by_function = int($count * 0.9);
        $failed += $session->query("SELECT public.fail_often('$kind', $by_function)", 600) if $by_function;
        # Statements that fail as a whole.
        for (1 .. $count - $by_function) {
            ++$failed if $session->query("INSERT INTO public.work (id, kind) VALUES (1, '$kind')") =~ /^ERROR/;
        }
    }
    $session->query('TRUNCATE public.work, public.linked');
}

my $rounds = $full ? 40 * $full : 8;
my @samples;
for my $number (1 .. $rounds) {
    round($succeeding / $rounds, $failing / $rounds);
    my ($private, $heap, $anonymous, $contexts) = memory();
    push @samples, [$private, $contexts];
    note sprintf '%7d succeeded, %6d failed: %6d KB private (%6d malloc, %6d anonymous), %5d KB in memory contexts',
        $succeeded, $failed, $private, $heap, $anonymous, $contexts;
}
# The first rounds warm caches and let V8's heap find its size.
my @after = @samples[$rounds / 4 .. $#samples];
my ($first, $last) = @after[0, -1];
cmp_ok($last->[0] - $first->[0], '<', $process_kb, 'the process does not grow');
cmp_ok($last->[1] - $first->[1], '<', $contexts_kb, "PostgreSQL's memory contexts do not grow");
cmp_ok($succeeded, '>=', $succeeding, "$succeeded calls succeeded");
cmp_ok($failed, '>=', $failing * 0.98, "$failed calls failed");
is($session->query('SELECT count(*) FROM public.base'), '1', 'no failed call left anything');
my @complaints = $cluster->complaints;
is(scalar @complaints, 0, 'the log is clean') or diag @complaints;

$session->close;
$cluster->stop;
done_testing();
