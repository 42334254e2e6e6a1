# V8's compiler of regular expressions goes one level deeper in C++ for each group that looks ahead or behind, and asks for no
# limit.  Such a pattern is an ordinary error, or ends its own session when it has no bounds at all.  If the signal of an
# overflow reached the server, it would restart all sessions.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

my ($deep, $endless) = (100_000, 1_000_000);
my $ended = qr/FATAL:  54001: terminating connection because JavaScript used up the stack\nDETAIL:  .*\nHINT:  /;

sub pattern { my ($group, $levels) = @_; return "'$group'.repeat($levels) + 'a' + ')'.repeat($levels)"; }

# What is promised must hold whatever the stack's limits are: the last is one that cannot be raised.
for my $case (['plain'], ['preloaded', 'shared_preload_libraries=fundb'],
              ['small', 'shared_preload_libraries=fundb', 'max_stack_depth=400kB']) {
    my ($name, @settings) = @$case;
    my $cluster = FundbCluster->start("stack-$name", 'client_min_messages=warning', @settings);
    if ($name eq 'small') {
        open my $file, '<', $cluster->folder . '/data/postmaster.pid' or die;
        chomp(my $postmaster = <$file>);
        my @as_owner = $> == 0 ? ('runuser', '-u', 'postgres', '--') : ();
        system(@as_owner, 'prlimit', "--pid=$postmaster", '--stack=1048576:1048576') == 0
            or die 'could not lower the limit of the stack';
    }
    $cluster->sql('postgres', 'CREATE DATABASE app');
    $cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE public.t (id int);
CREATE TABLE public.inner_t (id int);
CREATE TABLE public.ordinary (id int, text text);
SELECT fundb.create_trigger('ordinary', 'public.ordinary',
    $$ export default (event, args) => ({...args, text: 'xay'.replace(/(?<=x)a(?=y)/, 'b')}) $$, 'BEFORE', true);
SQL
    my $started = $cluster->sql('app', 'SELECT pg_postmaster_start_time()');
    my $bystander = $cluster->session('app');
    my $ordinary = 'INSERT INTO public.ordinary VALUES (1) RETURNING text';
    $bystander->query('BEGIN');
    is($bystander->query($ordinary), 'xby', "$name: a session that goes on all the time");

    my $rule = sub {
        my ($table, $body) = @_;
        $cluster->sql('app', "DELETE FROM public.triggers WHERE name = 'rule'");
        $cluster->sql('app', "SELECT fundb.create_trigger('rule', '$table', \$\$ $body \$\$, 'BEFORE', true)");
    };
    my $run = sub {
        my (@statements) = @_;
        my (undef, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app', map { ('-c', $_) } @statements);
        return ($out, $err);
    };

    for my $group ('(?=', '(?!', '(?<=', '(?<!') {
        $rule->('public.t', "export default () => new RegExp(@{[ pattern($group, $deep) ]}).test('a')");
        my ($out, $err) = $run->('INSERT INTO public.t VALUES (1)', $ordinary);
        like($err, qr/ERROR:  38000: Invalid regular expression: /, "$name: $group, deep");
        is($out, 'xby', "$name: $group, deep: the session goes on");
        $rule->('public.t', "export default () => new RegExp(@{[ pattern($group, $endless) ]}).test('a')");
        ($out, $err) = $run->('INSERT INTO public.t VALUES (1)');
        like($err, $ended, "$name: $group, without bounds");
    }

    $rule->('public.t', "export default () => 'a'.search(@{[ pattern('(?=', $endless) ]}) === 0");
    my ($out, $err) = $run->('INSERT INTO public.t VALUES (1)');
    like($err, $ended, "$name: a search");

    my $module = "new RegExp(@{[ pattern('(?=', $endless) ]}).test('a');";
    ($out, $err) = $run->("INSERT INTO public.modules (schema_id, path, source)
        SELECT id, 'deep.mjs', \$\$ $module \$\$ FROM public.schemas WHERE name = 'public'");
    like($err, $ended, "$name: while a module is saved");
    ($out, $err) = $run->("SELECT fundb.create_trigger('top', 'public.t', \$\$ $module export default () => true \$\$, 'BEFORE', true)");
    like($err, $ended, "$name: while a rule is saved");

    # The clean-up has work to do, some of it deep: what it leaves would stay for other sessions.
    $rule->('public.inner_t', "export default () => new RegExp(@{[ pattern('(?=', $endless) ]}).test('a')");
    $cluster->sql('app', q{SELECT fundb.create_trigger('outer', 'public.t', $$
        export default async () => {
          try { await FunDB.insertEntity({schema: 'public', name: 'inner_t'}, {id: 1}); } catch {}
          return true;
        } $$, 'BEFORE', true)});
    ($out, $err) = $run->(
        'CREATE TEMP TABLE own (a int); CREATE TEMP TABLE emptied (a int) ON COMMIT DELETE ROWS; CREATE TEMP VIEW view_0 AS SELECT * FROM own',
        q{DO $$ BEGIN FOR i IN 1 .. 100 LOOP EXECUTE format('CREATE TEMP VIEW view_%s AS SELECT * FROM view_%s', i, i - 1); END LOOP; END $$},
        'BEGIN', 'DECLARE c CURSOR FOR SELECT generate_series(1, 1000000)', 'FETCH FROM c', 'INSERT INTO emptied VALUES (1)',
        'SAVEPOINT a', 'CREATE TABLE public.gone (a int)', 'SAVEPOINT b', 'INSERT INTO own VALUES (1)',
        q{DO $$ BEGIN INSERT INTO public.t VALUES (1); EXCEPTION WHEN OTHERS THEN RAISE WARNING 'caught'; END $$});
    like($err, $ended, "$name: in a nested rule, in subtransactions");
    unlike($err, qr/caught/, "$name: and nobody catches it");
    is($cluster->sql('app', "SELECT count(*) FROM pg_class WHERE relname ~ '^(own|emptied|gone|view_[0-9]+)\$'"), '0',
        "$name: its tables are gone");
    is($cluster->sql('app', 'SELECT count(*) FROM pg_locks WHERE relation IN ($$public.t$$::regclass, $$public.inner_t$$::regclass)'), '0',
        "$name: no lock is left");

    # Signals that come all the time find no room for their handlers at some depth.  Between two of them the backend must get
    # on: without a pause it would do nothing but handle signals on some machines.
    $rule->('public.t', "export default () => new RegExp(@{[ pattern('(?=', $deep) ]}).test('a')");
    for (1 .. 5) {
        my $session = $cluster->session('app');
        my $backend = $session->pid;
        my $pid = fork() // die;
        if ($pid == 0) {
            my $end = time + 60;
            while (time < $end && kill 'USR1', $backend) {
                my $next = time + rand 25e-6;
                1 while time < $next;
            }
            POSIX::_exit(0);
        }
        my $answer = eval { $session->query('INSERT INTO public.t VALUES (1)') } // $@;
        kill 'KILL', $pid;
        waitpid $pid, 0;
        like($answer, qr/38000: Invalid regular expression|54001: terminating connection/, "$name: under signals");
        $session->close;
    }

    is($bystander->query("$ordinary; COMMIT"), 'xby', "$name: the other session noticed nothing");
    $bystander->close;
    is($cluster->sql('app', 'SELECT pg_postmaster_start_time()'), $started, "$name: the server was not restarted");
    is($cluster->sql('app', 'SELECT count(*) FROM public.t'), '0', "$name: nothing was written");
    my @complaints = $cluster->complaints;
    is(scalar @complaints, 0, "$name: the log is clean") or diag @complaints;
    $cluster->stop;
}
done_testing();
