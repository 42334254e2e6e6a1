# A server that preloads the library starts the engine once, before sessions are forked: sessions
# find it warm and behave as those that start their own.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('preloaded', 'shared_preload_libraries=fundb',
    'client_min_messages=warning');
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE public.t (id int, text text);
CREATE ROLE clerk;
GRANT INSERT, SELECT ON public.t TO clerk;
SELECT fundb.create_trigger('fill', 'public.t', $$
let calls = 0;
export default async (event, args) => {
  if (args.id === 0) throw new Error('no zero');
  if (args.id === 1) args.text = String(Math.random());
  if (args.id === 2) { const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length)); }
  if (args.id === 3) for (;;);
  if (args.id === 4) args.text = String(++calls);
  if (args.id === 5) args.text = (await FunDB.getUserView({type: 'anonymous',
    query: 'SELECT count(*) AS n FROM public.t'})).result.rows.length;
  return args;
} $$, 'BEFORE', true);
SQL
sub insert { return "INSERT INTO public.t VALUES ($_[0]) RETURNING text"; }

# The postmaster's own memory of the engine is what sessions see of it.
sub warm {
    my ($pid) = @_;
    open my $maps, '<', "/proc/$pid/maps" or return '';
    return (grep { /libnode/ } <$maps>) > 0;
}
my $postmaster = do { open my $f, '<', $cluster->folder . '/data/postmaster.pid' or die; my $p = <$f>; chomp $p; $p };
ok(warm($postmaster), 'the postmaster has loaded the engine');
unlike(read_log(), qr/WARNING/, 'and said nothing about it');
my @threads = glob "/proc/$postmaster/task/*";
is(scalar @threads, 1, 'and has no thread beside its own');

is($cluster->sql('app', insert(4)), '1', 'a session runs a rule');
is($cluster->sql('app', insert(4)), '1', 'and the next one starts with fresh modules');
is($cluster->sql('app', 'SET ROLE clerk; SET search_path = pg_catalog; ' . insert(4)), '1', 'another role gets a realm, too');
is($cluster->sql('app', insert(5)), '1', 'FunDB works');
isnt($cluster->sql('app', insert(1)), $cluster->sql('app', insert(1)), 'random numbers differ between sessions');
is($cluster->sql('app', insert(1) . '; SET ROLE clerk; ' . insert(1)) =~ /^(\S+)\n\1$/ ? 'same' : 'differ', 'differ',
    'and between the roles of a session');

my ($status, undef, $error) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app', '-c', insert(0));
like($error, qr/ERROR:  38000: no zero/, 'errors come as ever');
($status, undef, $error) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app', '-c', insert(2), '-c', insert(4));
like($error, qr/ERROR:  53200/, 'the heap limit holds');
($status, my $out, $error) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
    '-c', 'SET statement_timeout = 300', '-c', insert(3), '-c', insert(4));
like($error, qr/ERROR:  57014/, 'a statement time-out stops a loop');
is($out, '1', 'and the session goes on');
is($cluster->sql('app', 'SET fundb.heap_limit = 64; ' . insert(4)), '1', 'a session with another heap limit starts its own engine');
is($cluster->sql('app', insert(4) . '; SELECT fundb.reset(); ' . insert(4)), "1\n\n1", 'a reset starts a new engine');

# A crash makes the postmaster fork anew from what it has.
($status) = $cluster->program('psql', '-XAtq', '-d', 'app', '-c', "COPY public.t FROM PROGRAM 'kill -9 \$PPID'");
isnt($status, 0, 'a backend was killed');
my $up = 0;
for (1 .. 100) {
    ($status) = $cluster->program('psql', '-XAtq', '-d', 'app', '-c', 'SELECT 1');
    last if $up = $status == 0;
    select undef, undef, undef, 0.1;
}
ok($up, 'the server is back');
is($cluster->sql('app', insert(4)), '1', 'and sessions find the engine again');

$cluster->sql('postgres', 'ALTER SYSTEM SET fundb.prestart = off');
$cluster->restart;
is($cluster->sql('app', insert(4)), '1', 'without the early start sessions start their own');
unlike(read_log(), qr/terminated by signal (?!9)|PANIC/, 'nothing crashed');

$cluster->stop;
done_testing();

sub read_log {
    open my $log, '<', $cluster->folder . '/log' or die "no log: $!";
    local $/;
    return scalar <$log>;
}
