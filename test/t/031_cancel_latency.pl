# How soon scripts that do not end are stopped, by every way to stop one: the error is PostgreSQL's own, the session goes on
# where it may, and it does not take long.  Prints a table of the times.
#
# FUNDB_LATENCY=full takes 20 samples of each instead of 1 and holds their medians to 100 ms, which an idle machine keeps.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use List::Util qw(max);
use Test::More;
use Time::HiRes qw(time sleep);

my $full = ($ENV{FUNDB_LATENCY} // '') eq 'full';
my $samples = $full ? 20 : 1;

my $cluster = FundbCluster->start('latency', 'client_min_messages=warning');
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE public.t (id int, kind text);
CREATE TABLE public.u (id int PRIMARY KEY, kind text);
INSERT INTO public.u VALUES (1, 'locked');
CREATE TABLE public.j (id int PRIMARY KEY, doc jsonb);
DO $$ BEGIN EXECUTE (SELECT format('CREATE TABLE public.wide (%s)', string_agg(format('c%s int', i), ', ')) FROM generate_series(1, 1500) i); END $$;
SELECT fundb.create_trigger('rule', 'public.t', $js$
const E = (name) => ({schema: 'public', name});
const select = (query) => FunDB.getUserView({type: 'anonymous', query});
const kinds = {
  'nothing': () => true,
  'loop': () => { for (;;); },
  'loop in finally': () => { for (;;) try { for (;;); } finally { continue; } },
  'getter of the answer': (args) => ({...args, get id() { for (;;); }}),
  'Proxy trap of the answer': () => new Proxy({}, {ownKeys() { for (;;); }}),
  'toString of a value': (args) => `${{ toString() { for (;;); } }}`,
  'toJSON of a value': (args) => ({...args, kind: JSON.stringify({toJSON() { for (;;); }})}),
  'toJSON of a field': () => FunDB.insertEntity(E('j'), {id: 1, doc: {toJSON() { for (;;); }}}),
  'getter in a field': () => FunDB.insertEntity(E('j'), {id: 1, doc: {get a() { for (;;); }}}),
  'getter of a row': () => FunDB.insertEntity(E('j'), {get id() { for (;;); }}),
  'getter of a key': () => FunDB.deleteEntity(E('j'), {keys: {get id() { for (;;); }}, alt: 'j_pkey'}),
  'getter of an argument': () => FunDB.getUserView({type: 'anonymous', query: '{ $a json }: SELECT $a AS a'}, {a: {get b() { for (;;); }}}),
  'sort comparator': () => [3, 2, 1].sort(() => { for (;;); }),
  'regular expression': () => /^(a+)+$/.test('a'.repeat(60) + 'b'),
  'promises that feed themselves': async () => { for (;;) await null; },
  'async recursion': async () => { const f = async () => { await null; return f(); }; return f(); },
  'a query that is long to compile': () => select('SELECT 1 AS one FROM public.wide a' + Array.from({length: 239}, (_, i) => ` NATURAL JOIN public.wide a${i}`).join('')),
  'queries without end': async () => { for (;;) await select('SELECT 1 AS one'); },
  'sleeping query': () => select('SELECT pg_sleep(60)::string AS s'),
  'rule under SQL under a rule': () => FunDB.insertEntity(E('u'), {id: 2, kind: 'loop'}),
  'caught and begun again': async () => { for (;;) try { await select('SELECT pg_sleep(60)::string AS s'); } catch {} },
  'waits for a lock': () => FunDB.updateEntity(E('u'), 1, {kind: 'mine'}),
};
export default (event, args) => kinds[args.kind](args);
$js$, 'BEFORE', true);
SELECT fundb.create_trigger('inner', 'public.u', 'export default () => { for (;;); }', 'BEFORE', true);
SQL
my $started = $cluster->sql('app', 'SELECT pg_postmaster_start_time()');

my @kinds = ('loop', 'loop in finally', 'getter of the answer', 'Proxy trap of the answer', 'toString of a value',
    'toJSON of a value', 'toJSON of a field', 'getter in a field', 'getter of a row', 'getter of a key', 'getter of an argument', 'sort comparator', 'regular expression', 'promises that feed themselves', 'async recursion',
    'a query that is long to compile', 'queries without end', 'sleeping query', 'rule under SQL under a rule', 'caught and begun again');
my %statements = map { $_ => "INSERT INTO public.t VALUES (1, '$_')" } @kinds;
# Saving evaluates a module once.
$statements{'top level of a saved module'} = "INSERT INTO public.modules (schema_id, path, source) "
    . "VALUES (fundb.schema_id('public'), 'loop.mjs', 'for (;;);')";
push @kinds, 'top level of a saved module';

my (%times, @ways);
sub record {
    my ($way, $kind, $seconds) = @_;
    push @ways, $way unless $times{$way};
    push @{ $times{$way}{$kind} }, $seconds * 1000;
}

my $control = $cluster->session('app');
my $victim;
sub fresh {
    $victim->close if $victim;
    $victim = $cluster->session('app', @_);
    # The engine is started and the rule loaded: what follows is stopped while it runs.
    is($victim->query("INSERT INTO public.t VALUES (0, 'nothing')"), '', 'a session');
}
fresh();

# Begins a statement and gives it time to be in the middle of things.
sub begin_statement {
    my ($kind) = @_;
    $victim->send($statements{$kind});
    sleep 0.05 + rand 0.02;
}

# The answer, and how long it took since `since`.
sub ends {
    my ($way, $kind, $since, $error) = @_;
    my $answer = $victim->wait;
    record($way, $kind, time - $since);
    like($answer, $error, "$way, $kind: PostgreSQL's own error");
    return if $victim->is_lost;
    is($victim->query('SELECT 1'), '1', "$way, $kind: the session goes on");
    is($victim->query("INSERT INTO public.t VALUES (0, 'nothing')"), '', "$way, $kind: and so do its rules");
}

my $canceled = qr/ERROR:  57014: canceling statement due to user request/;
for my $kind (@kinds) {
    for (1 .. $samples) {
        begin_statement($kind);
        my $pid = $victim->pid;
        my $since = time;
        $control->query("SELECT pg_cancel_backend($pid)");
        ends('pg_cancel_backend', $kind, $since, $canceled);

        my $timeout = 0.06;
        $victim->query(sprintf "SET statement_timeout = '%d ms'", $timeout * 1000);
        $since = time;
        $victim->send($statements{$kind});
        ends('statement_timeout', $kind, $since + $timeout, qr/ERROR:  57014: canceling statement due to statement timeout/);
        $victim->query('RESET statement_timeout');

        next if $kind eq 'top level of a saved module';  # no call of a rule
        $victim->query(sprintf "SET fundb.rule_timeout = '%d ms'", $timeout * 1000);
        $since = time;
        $victim->send($statements{$kind});
        ends('fundb.rule_timeout', $kind, $since + $timeout, qr/ERROR:  57014: canceling trigger "\w+" of entity "public.\w" due to rule timeout/);
        $victim->query('RESET fundb.rule_timeout');
    }
}

# A terminated session says why; the others do not notice.  A psql that is cancelled while it reads from a pipe ends, too.
for my $kind (@kinds) {
    for (1 .. ($full ? 5 : 1)) {
        fresh();
        begin_statement($kind);
        my $asked = time;
        $victim->interrupt;
        ends('cancel by the client', $kind, $asked, $canceled);

        fresh();
        begin_statement($kind);
        my $pid = $victim->pid;
        my $since = time;
        $control->query("SELECT pg_terminate_backend($pid)");
        ends('pg_terminate_backend', $kind, $since, qr/FATAL:  57P01: terminating connection due to administrator command/);
        ok($victim->is_lost, "pg_terminate_backend, $kind: the session is over");
    }
}
fresh();

# Time-outs of waiting: for a lock inside of a call, which a script may catch, and of the session behind one.
my $holder = $cluster->session('app');
$holder->query('BEGIN; UPDATE public.u SET kind = $$held$$ WHERE id = 1');
for (1 .. $samples) {
    $victim->query("SET lock_timeout = '60 ms'");
    $statements{'waits for a lock'} = "INSERT INTO public.t VALUES (1, 'waits for a lock')";
    my $since = time;
    $victim->send($statements{'waits for a lock'});
    ends('lock_timeout', 'waits for a lock', $since + 0.06, qr/ERROR:  55P03: canceling statement due to lock timeout/);
    $victim->query('RESET lock_timeout');

    begin_statement('waits for a lock');
    my $pid = $victim->pid;
    $since = time;
    $control->query("SELECT pg_cancel_backend($pid)");
    ends('pg_cancel_backend', 'waits for a lock', $since, $canceled);
}
$holder->close;
for my $setting (['idle_in_transaction_session_timeout', '25P03'], ['idle_session_timeout', '57P05']) {
    my ($name, $state) = @$setting;
    fresh("$name=300ms");
    $victim->query('BEGIN') if $name =~ /transaction/;
    is($victim->query("INSERT INTO public.t VALUES (0, 'nothing')"), '', "$name: a rule is no idle time");
    sleep 1;
    like($victim->query('SELECT 1'), qr/FATAL:  $state: terminating connection due to idle/, "$name: ends the session behind a rule");
}

# What V8 never interrupts.
fresh();
$cluster->sql('app', q[SELECT fundb.create_trigger('stuck', 'public.t', 'export default () => Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 1)', 'AFTER', true)]);
$victim->send("INSERT INTO public.t VALUES (1, 'nothing')");
sleep 0.1;
my $pid = $victim->pid;
my $since = time;
$control->query("SELECT pg_cancel_backend($pid)");
like($victim->wait, qr/FATAL:  57014: terminating connection because a script could not be interrupted/, 'an uninterruptible built-in');
record('pg_cancel_backend', 'uninterruptible built-in', time - $since);
$cluster->sql('app', q[DELETE FROM public.triggers WHERE name = 'stuck']);
is($cluster->sql('app', 'SELECT pg_postmaster_start_time()'), $started, 'the server was not restarted');

# A fast shutdown waits for no script.
fresh();
begin_statement('caught and begun again');
$since = time;
my $stopper = fork() // die;
if ($stopper == 0) {
    eval { $cluster->restart('fast') };
    require POSIX;
    POSIX::_exit($@ ? 1 : 0);
}
like($victim->wait, qr/FATAL:  57P01: terminating connection due to administrator command/, 'fast shutdown');
record('fast shutdown', 'caught and begun again', time - $since);
waitpid $stopper, 0;
is($?, 0, 'the server stops and starts again');
is($cluster->sql('app', 'SELECT count(*) FROM public.u'), '1', 'nothing of a stopped rule was written');

sub median { my @sorted = sort { $a <=> $b } @_; return $sorted[$#sorted / 2]; }
diag sprintf '%-22s %-30s %4s %10s %9s', 'stopped by', 'script', 'n', 'median ms', 'worst ms' if $full;
my @all;
for my $way (@ways) {
    my @of_way;
    for my $kind (sort keys %{ $times{$way} }) {
        my @ms = @{ $times{$way}{$kind} };
        my $line = sprintf '%-22s %-30s %4d %10.1f %9.1f', $way, $kind, scalar @ms, median(@ms), max(@ms);
        $full ? diag $line : note $line;
        push @of_way, @ms unless $kind =~ /uninterruptible/;
    }
    my $line = sprintf '%-22s %-30s %4d %10.1f %9.1f', $way, '(all that V8 interrupts)', scalar @of_way, median(@of_way), max(@of_way);
    $full ? diag $line : note $line;
    push @all, @of_way;
    cmp_ok(median(@of_way), '<', $full ? 100 : 2000, "$way: soon");
}
my $line = sprintf '%-22s %-30s %4d %10.1f %9.1f', 'all', '', scalar @all, median(@all), max(@all);
$full ? diag $line : note $line;

my @complaints = $cluster->complaints;
is(scalar @complaints, 0, 'the log is clean') or diag @complaints;
$_->close for $victim, $control;
$cluster->stop;
done_testing();
