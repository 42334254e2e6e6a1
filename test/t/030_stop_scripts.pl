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
$cluster->sql('app', 'CREATE EXTENSION fundb; CREATE TABLE public.t (id int)');
my $started = $cluster->sql('app', 'SELECT pg_postmaster_start_time()');

sub rule {
    my ($code) = @_;
    $cluster->sql('app', 'DELETE FROM public.triggers');
    $cluster->sql('app', "SELECT fundb.create_trigger('rule', 'public.t', \$\$ $code \$\$, 'BEFORE', true)");
}

my %endless = (
    'a plain loop' => 'export default () => { for (;;); }',
    'a loop in finally' => 'export default () => { for (;;) try { for (;;); } finally { continue; } }',
    'a regular expression' => 'export default () => /^(a+)+$/.test("a".repeat(60) + "b")',
    'promises that feed themselves' => 'export default async () => { for (;;) await null; }',
    'a getter of the answer' => 'export default (e, args) => ({...args, get id() { for (;;); }})',
    'a proxy' => 'export default (e, args) => new Proxy({}, {ownKeys() { for (;;); }})',
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
    cmp_ok(time - $begun, '<', 30, "$name: soon");
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

open my $log, '<', $cluster->folder . '/log' or die "no log: $!";
my @crashes = grep { /terminated by signal|all server processes terminated|PANIC/ } <$log>;
is(scalar @crashes, 0, 'no process crashed') or diag @crashes;

$cluster->stop;
done_testing();
