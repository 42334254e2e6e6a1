# FunDB.writeEvent reaches the server's log at once, as one line of JSON, and stays there when the
# transaction is rolled back; writeEventSync goes with the transaction.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('events', 'client_min_messages=warning');
$cluster->sql('postgres', $_) for ('CREATE DATABASE app', 'CREATE ROLE clerk');
$cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE public.t (id int);
GRANT INSERT ON public.t TO clerk;
SELECT fundb.create_trigger('tell', 'public.t', $$ export default async (event, args) => {
  FunDB.writeEvent({id: args.id, text: 'a "quoted"\nline'});
  await FunDB.writeEventSync({id: args.id});
} $$, 'AFTER', true);
SQL
my $as_clerk = "SET ROLE clerk; SET fundb.user_name = 'ann';";
$cluster->sql('app', "BEGIN; $as_clerk INSERT INTO public.t VALUES (1); ROLLBACK");
$cluster->sql('app', "$as_clerk INSERT INTO public.t VALUES (2)");

open my $log, '<', $cluster->folder . '/log' or die "no log: $!";
my @lines = grep { /LOG:  .*"type":"writeEvent"/ } <$log>;
close $log;
is(scalar @lines, 2, 'both events are in the log, the rolled back one too');
for my $id (1, 2) {
    my $line = $lines[$id - 1] // '';
    like($line, qr/"userName":"ann"/, "event $id: the user is the one of the setting");
    like($line, qr/"source":\{"type":"trigger","schema":"public","entity":\{"schema":"public","name":"t"\},"name":"tell"\}/,
        "event $id: the rule is named");
    like($line, qr/"details":\{"id":$id,"text":"a \\"quoted\\"\\nline"\}\}$/, "event $id: the details are JSON on one line");
}
is($cluster->sql('app', 'SELECT string_agg(details::text, $$, $$) FROM fundb.events'), '{"id": 2}',
    'a row of fundb.events goes with its transaction');

$cluster->stop;
done_testing();
