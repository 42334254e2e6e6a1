# Rules travel by logical replication: the registry's tables in a publication make native triggers come
# and go at the subscriber, and its sessions see edits.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('replicate', 'wal_level=logical', 'client_min_messages=warning');

# Until the query gives what is expected, or for a minute.
sub comes {
    my ($database, $query, $expected, $what) = @_;
    my $got = '';
    for (1 .. 300) {
        $got = $cluster->sql($database, $query);
        last if $got eq $expected;
        select undef, undef, undef, 0.2;
    }
    is($got, $expected, $what);
}

for my $database ('publisher', 'subscriber') {
    $cluster->sql('postgres', "CREATE DATABASE $database");
    $cluster->sql($database, 'CREATE EXTENSION fundb; CREATE SCHEMA pm;'
        . ' CREATE TABLE pm.actions (id integer PRIMARY KEY, note text)');
}
$cluster->sql('publisher', 'CREATE PUBLICATION rules FOR TABLE public.schemas, public.entities,'
    . ' public.modules, public.triggers');
# Both ends are in one cluster, so the slot has to be there before.
$cluster->sql('publisher', q{SELECT pg_create_logical_replication_slot('rules', 'pgoutput')});
my $socket = $cluster->folder . '/socket';
$cluster->sql('subscriber', "CREATE SUBSCRIPTION rules CONNECTION"
    . " 'dbname=publisher host=$socket port=5432 user=postgres'"
    . " PUBLICATION rules WITH (create_slot = false, slot_name = 'rules')");
comes('subscriber', q{SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'}, '0',
      'the tables are in step');

my $natives = q{SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger
    WHERE tgfoid = 'fundb.run_rules()'::regprocedure ORDER BY 1};
my $insert = q{BEGIN; INSERT INTO pm.actions VALUES (1, 'x') RETURNING note; ROLLBACK};

$cluster->sql('publisher', q{SELECT fundb.create_trigger('mark', 'pm.actions',
    'export default (event, args) => ({...args, note: "first"})', 'BEFORE', on_insert => true)});
comes('subscriber', $natives, 'pm.actions zz_fundb_before', 'a native trigger comes');
is($cluster->sql('subscriber', $insert), 'first', 'the rule runs');
is($cluster->sql('subscriber', q{SELECT owner FROM public.triggers}), 'postgres', 'it keeps its owner');

$cluster->sql('publisher', q{UPDATE public.triggers SET procedure = replace(procedure, 'first', 'second')});
comes('subscriber', $insert, 'second', 'an edit is seen');

$cluster->sql('publisher', 'DELETE FROM public.triggers');
comes('subscriber', $natives, '', 'the native trigger goes');
is($cluster->sql('subscriber', $insert), 'x', 'the rule is gone');
is($cluster->sql('subscriber', 'SELECT fundb.sync()'), '', 'nothing to synchronize');

$cluster->sql('subscriber', 'DROP SUBSCRIPTION rules');
done_testing();
$cluster->stop;
