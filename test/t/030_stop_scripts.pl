# Scripts that do not end are stopped: by cancel, time-outs and terminate, with PostgreSQL's own errors; what V8 never
# interrupts ends its own session and no other.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;
use Time::HiRes qw(time sleep);

my $cluster = FundbCluster->start('stop', 'client_min_messages=warning');
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', 'CREATE EXTENSION fundb; CREATE TABLE public.t (id int, list jsonb); CREATE TABLE public.docs (id int, doc json)');
my $started = $cluster->sql('app', 'SELECT pg_postmaster_start_time()');

sub rule {
    my ($code, $table) = (@_, 'public.t');
    $cluster->sql('app', 'DELETE FROM public.triggers');
    $cluster->sql('app', "SELECT fundb.create_trigger('rule', '$table', \$\$ $code \$\$, 'BEFORE', true)");
}

my %endless = (
    'a plain loop' => 'export default () => { for (;;); }',
    'a loop in finally' => 'export default () => { for (;;) try { for (;;); } finally { continue; } }',
    'a regular expression' => 'export default () => /^(a+)+$/.test("a".repeat(60) + "b")',
    'promises that feed themselves' => 'export default async () => { for (;;) await null; }',
    'a getter of the answer' => 'export default (e, args) => ({...args, get id() { for (;;); }})',
    'a proxy' => 'export default (e, args) => new Proxy({}, {ownKeys() { for (;;); }})',
    'an answer that is long to convert' => 'export default (e, args) => ({...args, list: new Array(4e8)})',
    'queries without end' => 'export default async () => { for (;;) await FunDB.getUserView({type: "anonymous", query: "SELECT 1 AS one"}); }',
    'a sleeping query' => 'export default async () => { await FunDB.getUserView({type: "anonymous", query: "SELECT pg_sleep(60)::string AS s"}); }',
);
for my $name (sort keys %endless) {
    rule($endless{$name});
    my $begun = time;
    my ($status, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
        '-c', "SET statement_timeout = '200ms'", '-c', 'INSERT INTO public.t VALUES (1)',
        '-c', 'SET statement_timeout = 0', '-c', "SELECT 'still here'");
    like($err, qr/57014: canceling statement due to statement timeout/, "$name: PostgreSQL's own error");
    is($out, 'still here', "$name: the session goes on");
    cmp_ok(time - $begun, '<', 15, "$name: soon");
}

# pg_cancel_backend and pg_terminate_backend from another session.
for my $case (['pg_cancel_backend', qr/57014: canceling statement due to user request/],
              ['pg_terminate_backend', qr/57P01: terminating connection due to administrator command/]) {
    my ($function, $message) = @$case;
    rule($endless{'a plain loop'});
    my $error = $cluster->file($function);
    my $pid = fork() // die;
    if ($pid == 0) {
        my ($status, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
            '-c', 'INSERT INTO public.t VALUES (1)');
        open my $handle, '>', $error or die;
        print $handle $err;
        close $handle;
        require POSIX;
        POSIX::_exit(0);
    }
    my $found = '';
    for (1 .. 300) {
        $found = $cluster->sql('app', "SELECT pid FROM pg_stat_activity WHERE query LIKE 'INSERT INTO public.t%' AND state = 'active'");
        last if $found;
        sleep 0.1;
    }
    sleep 1;
    is($cluster->sql('app', "SELECT $function($found)"), 't', "$function: sent");
    waitpid $pid, 0;
    open my $handle, '<', $error or die;
    my $text = join '', <$handle>;
    like($text, $message, "$function: PostgreSQL's own error");
}

# What V8 never looks up from.
rule('export default () => Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 1)');
my ($status, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
    '-c', "SET statement_timeout = '200ms'", '-c', 'INSERT INTO public.t VALUES (1)');
like($err, qr/FATAL:  57014: terminating connection because a script could not be interrupted/,
    'an uninterruptible built-in ends its session');
is($cluster->sql('app', 'SELECT pg_postmaster_start_time()'), $started, 'the server was not restarted');
is($cluster->sql('app', 'SELECT count(*) FROM public.t'), '0', 'nothing was written');
is($cluster->sql('app', 'SELECT count(*) FROM pg_locks WHERE relation = $$public.t$$::regclass'), '0',
    'no lock is left');

# It does not look up from a document either, which takes it 20 s here: be it read by a query, with the executor on the stack,
# or from the row.
my $document = q{('[' || repeat('[],', 8000000) || '1]')::json};
for my $case (['a query', "FunDB.getUserView({type: 'anonymous', query: `SELECT $document AS j`})", "1"],
              ['a column', 'args.doc', "1, $document"]) {
    my ($name, $read, $values) = @$case;
    rule("export default async (event, args) => { const j = await $read; return j === undefined }", 'public.docs');
    my $begun = time;
    ($status, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
        '-c', "SET statement_timeout = '2s'", '-c', "INSERT INTO public.docs VALUES ($values)");
    like($err, qr/57014: (?:terminating connection because a script could not be interrupted|canceling statement due to statement timeout)/,
        "$name: a long document is ended");
    cmp_ok(time - $begun, '<', 30, "$name: soon");
}
is($cluster->sql('app', 'SELECT pg_postmaster_start_time()'), $started, 'the server was not restarted');

# V8 looks for interrupts while it reads a pattern, but not while it compiles what it has read, for a minute.
sub big_pattern {
    my ($alternatives, @before) = @_;
    rule("export default () => new RegExp('ab|'.repeat($alternatives) + 'c').test('x')");
    my $begun = time;
    my ($status, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
        (map { ('-c', $_) } @before), '-c', 'INSERT INTO public.t VALUES (1)', '-c', "SELECT 'still here'");
    return ($out, $err, time - $begun);
}
my ($answer, $error, $seconds) = big_pattern(2_000_000, "SET statement_timeout = '400ms'");
like($error, qr/57014: (?:terminating connection because a script could not be interrupted|canceling statement due to)/,
    'the compiling of a pattern is ended');
cmp_ok($seconds, '<', 20, 'soon');

# Memory that V8 takes beside the heap: the script ends as soon as V8 lets it ...
($answer, $error, $seconds) = big_pattern(400_000, 'SET fundb.heap_limit = 32');
like($error, qr/ERROR:  53200: JavaScript took more than 160 MB of memory at once\nHINT: .*fundb\.heap_limit/,
    'much memory for a pattern');
is($answer, 'still here', 'the session goes on');
# ... or the session with it.
($answer, $error, $seconds) = big_pattern(4_000_000, 'SET fundb.heap_limit = 16');
like($error, qr/FATAL:  53200: terminating connection because JavaScript took too much memory/,
    'more and more memory for a pattern');
is($cluster->sql('app', 'SELECT pg_postmaster_start_time()'), $started, 'the server goes on');

# Where V8 stops itself by an instruction that traps, the session ends, and no other notices.
my $bystander = $cluster->session('app');
$bystander->query('BEGIN');
for my $case (['in a handler', 'export default () => { "a".repeat(1.4e8).split(""); return true; }'],
              ['in a conversion', 'export default () => ({id: 1, list: {toJSON: () => "a".repeat(1.4e8).split("")}})'],
              ['in a rule under a rule', 'export default async (event, args) => {
                  if (args.id === 1) await FunDB.insertEntity({schema: "public", name: "t"}, {id: 2}); else "a".repeat(1.4e8).split("");
                  return true; }']) {
    my ($name, $code) = @$case;
    rule($code);
    ($status, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app', '-c', 'INSERT INTO public.t VALUES (1)');
    like($err, qr/FATAL:  53200: JavaScript engine failed: it stopped itself/, "V8 stops itself $name");
}
($status, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
    '-c', "SELECT fundb.create_trigger('saved', 'public.t', \$\$ 'a'.repeat(1.4e8).split(''); export default () => true \$\$, 'BEFORE', true)");
like($err, qr/FATAL:  53200: JavaScript engine failed: it stopped itself/, 'V8 stops itself when a rule is saved');
is($cluster->sql('app', 'SELECT pg_postmaster_start_time()'), $started, 'the server was not restarted');
is($bystander->query("SELECT 'in its transaction'; COMMIT"), 'in its transaction', 'another session noticed nothing');
$bystander->close;
is($cluster->sql('app', 'SELECT count(*) FROM public.t'), '0', 'nothing was written');
is($cluster->sql('app', 'SELECT count(*) FROM pg_locks WHERE relation = $$public.t$$::regclass'), '0', 'no lock is left');

# What objects hold outside of V8's heap counts: rows that a module keeps.
$cluster->sql('app', 'CREATE TABLE public.wide (id int, content text)');
$cluster->sql('app', q{SELECT fundb.create_trigger('keep', 'public.wide',
    $$ const kept = []; export default (event) => { kept.push(event.new); return true; } $$, 'BEFORE', true)});
($status, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
    '-c', 'SET fundb.heap_limit = 32',
    '-c', "INSERT INTO public.wide SELECT i, repeat('x', 7000) FROM generate_series(1, 2000) i",
    '-c', "INSERT INTO public.wide SELECT i, repeat('x', 7000) FROM generate_series(1, 20000) i",
    '-c', 'SELECT count(*) FROM public.wide');
like($err, qr/ERROR:  53200: JavaScript heap limit of 32 MB exceeded/, 'many rows are kept');
is($out, '2000', 'few are');

open my $log, '<', $cluster->folder . '/log' or die "no log: $!";
my @crashes = grep { /terminated by signal|all server processes terminated|PANIC/ } <$log>;
is(scalar @crashes, 0, 'no process crashed') or diag @crashes;

$cluster->stop;
done_testing();
