# A backend that is killed in the middle of a rule takes nothing along: after PostgreSQL's recovery every transaction is there
# whole or not at all, and what was told to be committed is there.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;
use Time::HiRes qw(sleep);

# A crash of the machine is not what is tried here, so nothing need be flushed; but a commit must wait for its record.
my $cluster = FundbCluster->start('crash', 'client_min_messages=error', 'synchronous_commit=on', 'restart_after_crash=on');
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE public.orders (id int PRIMARY KEY, note text);
CREATE TABLE public.lines (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id int REFERENCES public.orders, note text);
CREATE TABLE public.totals (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO public.totals VALUES (1, 0);
SELECT fundb.create_trigger('lines', 'public.orders', $js$
export default async (event, args) => {
  const lines = {schema: 'public', name: 'lines'};
  await FunDB.insertEntries(lines, [{order_id: args.id, note: 'a'}, {order_id: args.id, note: 'b'}, {order_id: args.id, note: 'c'}]);
  await FunDB.runCommand('UPDATE public.totals SET n = n + 1');
  if (args.note === 'endless') for (;;);
  if (args.note === 'sleeps') await FunDB.getUserView({type: 'anonymous', query: 'SELECT pg_sleep(60)::string AS s'});
}
$js$, 'AFTER', true);
SQL

my $told = 0;   # highest id that was told to be committed
my $id = 0;
for my $round (1 .. 4) {
    my $writer = $cluster->session('app');
    my $killed = $cluster->session('app');
    # Each is a transaction of its own.
    for (1 .. 20) {
        $told = $id if $writer->query('INSERT INTO public.orders VALUES (' . ++$id . ', $$plain$$)') eq '';
    }
    my $note = $round % 2 ? 'endless' : 'sleeps';
    my $lost = ++$id;
    $killed->send("INSERT INTO public.orders VALUES ($lost, '$note')");
    sleep 0.5;
    is(kill('KILL', $killed->pid), 1, "round $round: killed in a rule that is $note");
    like($killed->wait, qr/server closed the connection unexpectedly|terminat/, "round $round: its connection is lost");
    $writer->wait if !$writer->is_lost && $writer->query('SELECT 1') ne '1';
    $_->close for $writer, $killed;
    my $up = 0;
    for (1 .. 300) {
        $up = ($cluster->program('psql', '-XAtq', '-d', 'app', '-c', 'SELECT 1'))[0] == 0;
        last if $up;
        sleep 0.1;
    }
    ok($up, "round $round: the server recovers");
    is($cluster->sql('app', 'SELECT count(*) FROM public.orders WHERE note <> $$plain$$'), '0', "round $round: what was cut short is not there");
    is($cluster->sql('app', "SELECT count(*) FROM public.orders WHERE id <= $told"), $told - ($round - 1), "round $round: what was committed is");
    is($cluster->sql('app', 'SELECT count(*) FROM public.orders o WHERE (SELECT count(*) FROM public.lines l WHERE l.order_id = o.id) <> 3'), '0',
        "round $round: no order is half written");
    is($cluster->sql('app', 'SELECT (SELECT count(*) FROM public.lines) = 3 * (SELECT count(*) FROM public.orders) AND '
            . '(SELECT n FROM public.totals) = (SELECT count(*) FROM public.orders)'), 't', "round $round: nor has anything else stayed");
}
my @complaints = grep { !/terminated by signal 9|all server processes terminated; reinitializing/ } $cluster->complaints;
is(scalar @complaints, 0, 'the log is clean but for the kills') or diag @complaints;
$cluster->stop;
done_testing();
