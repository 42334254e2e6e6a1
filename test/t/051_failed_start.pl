# When the early start of the engine fails in the postmaster, at whatever step, the server starts all the same and says so,
# and its sessions start engines of their own.
#
# Needs a build with FUNDB_FAULTS=1; FUNDB_LIBRARY names its fundb.so.  Skipped with any other.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $library = $ENV{FUNDB_LIBRARY} || 'fundb';
my $cluster = FundbCluster->start('start', 'client_min_messages=warning');
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', 'CREATE EXTENSION fundb');
$cluster->use_library('app');
if (($cluster->program('psql', '-XAtq', '-d', 'app', '-c', 'SELECT fundb.version()', '-c', 'SHOW fundb.debug_fail_at'))[0] != 0) {
    $cluster->stop;
    plan skip_all => 'this build has no fault injection';
}
$cluster->sql('app', <<'SQL');
CREATE TABLE public.t (id int, note text);
CREATE ROLE clerk;
GRANT INSERT, SELECT ON public.t TO clerk;
SELECT fundb.create_trigger('rule', 'public.t', $js$
export default async (event, args) => {
  if (args.id === 2) for (;;);
  const view = await FunDB.getUserView({type: 'anonymous', query: 'SELECT 1 + 1 AS n'});
  return {...args, note: `${view.result.rows[0].values[0].value} ${/a+b/.test('aab')}`};
} $js$, 'BEFORE', true);
SQL
$cluster->sql('postgres', "ALTER SYSTEM SET shared_preload_libraries = '$library'");
$cluster->restart;
my $insert = 'INSERT INTO public.t VALUES (1) RETURNING note';

sub log_text {
    open my $log, '<', $cluster->folder . '/log' or die "no log: $!";
    local $/;
    return scalar <$log>;
}

# Lets the n-th step fail at the next start; true when there was such a step.
my $seen = length log_text();
sub restart_with_fault {
    my ($n) = @_;
    $cluster->sql('postgres', "ALTER SYSTEM SET fundb.debug_fail_what = 'new'");
    $cluster->sql('postgres', "ALTER SYSTEM SET fundb.debug_fail_at = $n");
    $cluster->restart;
    my $new = substr log_text(), $seen;
    $seen += length $new;
    return $new =~ /WARNING:  could not start the JavaScript engine ahead of sessions/;
}

my $failed = 0;
# Allocations of C++ are all that can fail there: nothing is asked of PostgreSQL yet.
for (my $n = 1; restart_with_fault($n); ++$n) {
    ++$failed;
    is($cluster->sql('app', "$insert; $insert; SET ROLE clerk; $insert"), join("\n", ('2 true') x 3), "step $n: sessions start their own");
    my ($status, $out, $error) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
        '-c', "SET statement_timeout = '300ms'", '-c', 'INSERT INTO public.t VALUES (2)', '-c', $insert);
    like($error, qr/57014: canceling statement due to statement timeout/, "step $n: which can be stopped");
    is($out, '2 true', "step $n: and go on");
}
cmp_ok($failed, '>', 10, "$failed starts failed");
ok(!restart_with_fault(0), 'without a fault the start is early');
is($cluster->sql('app', $insert), '2 true', 'and sessions work');
my @complaints = $cluster->complaints;
is(scalar @complaints, 0, 'the log is clean') or diag @complaints;
$cluster->stop;
done_testing();
