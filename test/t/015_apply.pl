# Rows that logical replication brings: no rule runs for them, unless the native trigger is enabled as ALWAYS or
# REPLICA.  Then rules see them like other rows, in the order of the publisher, and may change or skip them.  A row that
# moves to another partition is seen leaving and coming, and neither half may be skipped.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('apply', 'wal_level=logical', 'client_min_messages=warning');

sub comes {
    my ($query, $expected, $what) = @_;
    my $got = '';
    for (1 .. 300) {
        $got = $cluster->sql('subscriber', $query);
        last if $got eq $expected;
        select undef, undef, undef, 0.1;
    }
    is($got, $expected, $what);
}

for my $database ('publisher', 'subscriber') {
    $cluster->sql('postgres', "CREATE DATABASE $database");
    # The subscriber has other orders of columns, one column more, and partitions.
    my $more = $database eq 'subscriber';
    $cluster->sql($database, 'CREATE SCHEMA pm; CREATE TABLE pm.actions ('
        . ($more ? 'note text, more text DEFAULT $$more$$, id integer PRIMARY KEY, n numeric' : 'id integer PRIMARY KEY, note text, n numeric') . ')');
    $cluster->sql($database, 'CREATE TABLE pm.parts (id integer PRIMARY KEY, note text)' . ($more ? ' PARTITION BY RANGE (id);'
        . ' CREATE TABLE pm.parts_1 PARTITION OF pm.parts FOR VALUES FROM (0) TO (10);'
        . ' CREATE TABLE pm.parts_2 PARTITION OF pm.parts FOR VALUES FROM (10) TO (100)' : ''));
    # Rows without a key, which move by a column of their own; partitions of partitions.
    $cluster->sql($database, 'CREATE TABLE pm.places (id integer, place text, note text)' . ($more ? ' PARTITION BY LIST (place);'
        . " CREATE TABLE pm.places_a PARTITION OF pm.places FOR VALUES IN ('a');"
        . " CREATE TABLE pm.places_bc (note text, place text, id integer) PARTITION BY LIST (place); CREATE TABLE pm.places_b PARTITION OF pm.places_bc FOR VALUES IN ('b');"
        . " CREATE TABLE pm.places_c (place text, gone text, id integer, note text); ALTER TABLE pm.places_c DROP gone;"
        . " ALTER TABLE pm.places_bc ATTACH PARTITION pm.places_c FOR VALUES IN ('c'); ALTER TABLE pm.places ATTACH PARTITION pm.places_bc FOR VALUES IN ('b', 'c');"
        . ' ALTER TABLE pm.places_a REPLICA IDENTITY FULL; ALTER TABLE pm.places_b REPLICA IDENTITY FULL; ALTER TABLE pm.places_c REPLICA IDENTITY FULL;' : ';')
        . ' ALTER TABLE pm.places REPLICA IDENTITY FULL');
}
$cluster->sql('subscriber', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE pm.seen (n integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text);
SELECT fundb.create_trigger('see_' || w, r, $js$
export default async (event, args) => {
  await FunDB.insertEntity({schema: 'pm', name: 'seen'}, {what: `${event.time} ${event.entity.name} ${JSON.stringify(event.source)} ${JSON.stringify(args)}`});
  if (event.time === 'AFTER' || args?.note !== 'skip') return args?.note === 'change' ? {...args, note: 'changed'} : true;
  return false;
}
$js$, w, true, '{*}', true) FROM (VALUES ('BEFORE'), ('AFTER')) AS w (w), unnest('{pm.actions,pm.parts,pm.places}'::regclass[]) AS r;
SQL
$cluster->sql('publisher', 'INSERT INTO pm.actions VALUES (1, $$before$$, 1.50)');
$cluster->sql('publisher', 'CREATE PUBLICATION pm FOR TABLE pm.actions, pm.parts, pm.places');
$cluster->sql('publisher', q{SELECT pg_create_logical_replication_slot('pm', 'pgoutput')});
my $socket = $cluster->folder . '/socket';
$cluster->sql('subscriber', "CREATE SUBSCRIPTION pm CONNECTION 'dbname=publisher host=$socket port=5432 user=postgres'"
    . " PUBLICATION pm WITH (create_slot = false, slot_name = 'pm')");
comes('SELECT id, note, n FROM pm.actions', '1|before|1.50', 'the first copy');
comes(q{SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'}, '0', 'the tables are in step');
is($cluster->sql('subscriber', 'SELECT count(*) FROM pm.seen'), '0', 'the first copy fires nothing');

$cluster->sql('publisher', q{INSERT INTO pm.actions VALUES (2, 'plain', NULL); UPDATE pm.actions SET note = 'plain' WHERE id = 1});
comes('SELECT id, note FROM pm.actions ORDER BY id', "1|plain\n2|plain", 'rows come');
is($cluster->sql('subscriber', 'SELECT count(*) FROM pm.seen'), '0', 'they fire nothing');

$cluster->sql('subscriber', 'ALTER TABLE pm.actions ENABLE REPLICA TRIGGER zz_fundb_before; ALTER TABLE pm.actions ENABLE ALWAYS TRIGGER zz_fundb_after;'
    . ' ALTER TABLE pm.parts ENABLE ALWAYS TRIGGER zz_fundb_root_before');
# In one transaction: inserted, changed, the key changed, removed; a null, a long numeric, and a row that a rule skips.
$cluster->sql('publisher', <<'SQL');
BEGIN;
INSERT INTO pm.actions VALUES (3, NULL, 12345678901234567890.10), (4, 'change', NULL), (5, 'skip', NULL);
UPDATE pm.actions SET note = 'change' WHERE id = 3;
UPDATE pm.actions SET id = 6 WHERE id = 4;
UPDATE pm.actions SET note = note WHERE id = 1;
UPDATE pm.actions SET note = 'nobody there' WHERE id = 5;
DELETE FROM pm.actions WHERE id = 2;
INSERT INTO pm.parts VALUES (1, 'change'), (11, 'skip'), (12, 'kept');
UPDATE pm.parts SET id = 13 WHERE id = 1;
COMMIT;
SQL
comes(q{SELECT id, note FROM pm.parts ORDER BY id}, "12|kept\n13|changed", 'partitions: a row moved, one skipped');
is($cluster->sql('subscriber', 'SELECT id, note, n, more FROM pm.actions ORDER BY id'),
   "1|plain|1.50|more\n3|changed|12345678901234567890.10|more\n6|changed||more", 'rules changed and skipped what came');
is($cluster->sql('subscriber', 'SELECT what FROM pm.seen ORDER BY n') . "\n", <<'SEEN', 'rules saw all of it, in order');
BEFORE actions {"type":"insert","newId":null} {"more":"more","id":3,"n":"12345678901234567890.10"}
AFTER actions {"type":"insert","newId":3} {"more":"more","id":3,"n":"12345678901234567890.10"}
BEFORE actions {"type":"insert","newId":null} {"note":"change","more":"more","id":4}
AFTER actions {"type":"insert","newId":4} {"note":"changed","more":"more","id":4}
BEFORE actions {"type":"insert","newId":null} {"note":"skip","more":"more","id":5}
BEFORE actions {"type":"update","id":3} {"note":"change"}
AFTER actions {"type":"update","id":3} {"note":"changed"}
BEFORE actions {"type":"update","id":4} {"note":"change","id":6}
AFTER actions {"type":"update","id":6} {"id":6}
BEFORE actions {"type":"delete","id":2} undefined
AFTER actions {"type":"delete","id":2} undefined
BEFORE parts {"type":"insert","newId":null} {"id":1,"note":"change"}
BEFORE parts {"type":"insert","newId":null} {"id":11,"note":"skip"}
BEFORE parts {"type":"insert","newId":null} {"id":12,"note":"kept"}
BEFORE parts {"type":"delete","id":1} undefined
BEFORE parts {"type":"insert","newId":null} {"id":13,"note":"change"}
SEEN

# Moves, with all triggers: an UPDATE of the publisher comes as a DELETE and an INSERT, and no UPDATE is seen.
$cluster->sql('subscriber', 'TRUNCATE pm.seen; ALTER TABLE pm.places ENABLE ALWAYS TRIGGER zz_fundb_root_before;'
    . ' ALTER TABLE pm.places ENABLE REPLICA TRIGGER zz_fundb_root_after; ALTER TABLE pm.parts ENABLE REPLICA TRIGGER zz_fundb_root_after');
$cluster->sql('publisher', <<'SQL');
BEGIN;
INSERT INTO pm.places VALUES (1, 'a', 'one'), (2, 'b', NULL);
UPDATE pm.places SET note = 'same place' WHERE id = 1;
UPDATE pm.places SET place = 'c' WHERE id = 1;
UPDATE pm.places SET place = 'c', note = 'change' WHERE id = 2;
UPDATE pm.parts SET id = 2 WHERE id = 13;
COMMIT;
SQL
comes(q{SELECT tableoid::regclass, id, note FROM pm.places ORDER BY id}, "pm.places_c|1|same place\npm.places_c|2|changed", 'rows moved');
comes(q{SELECT tableoid::regclass, * FROM pm.parts ORDER BY id}, "pm.parts_1|2|changed\npm.parts_2|12|kept", 'a row moved by its key');
is($cluster->sql('subscriber', 'SELECT what FROM pm.seen ORDER BY n') . "\n", <<'SEEN', 'a move is a DELETE and an INSERT');
BEFORE places {"type":"insert","newId":null} {"id":1,"place":"a","note":"one"}
AFTER places {"type":"insert","newId":null} {"id":1,"place":"a","note":"one"}
BEFORE places {"type":"insert","newId":null} {"place":"b","id":2}
AFTER places {"type":"insert","newId":null} {"place":"b","id":2}
BEFORE places {"type":"update","id":null} {"note":"same place"}
AFTER places {"type":"update","id":null} {"note":"same place"}
BEFORE places {"type":"delete","id":null} undefined
BEFORE places {"type":"insert","newId":null} {"place":"c","id":1,"note":"same place"}
AFTER places {"type":"delete","id":null} undefined
AFTER places {"type":"insert","newId":null} {"place":"c","id":1,"note":"same place"}
BEFORE places {"type":"delete","id":null} undefined
BEFORE places {"type":"insert","newId":null} {"place":"c","id":2,"note":"change"}
AFTER places {"type":"delete","id":null} undefined
AFTER places {"type":"insert","newId":null} {"place":"c","id":2,"note":"changed"}
BEFORE parts {"type":"delete","id":13} undefined
BEFORE parts {"type":"insert","newId":null} {"id":2,"note":"change"}
AFTER parts {"type":"delete","id":13} undefined
AFTER parts {"type":"insert","newId":2} {"id":2,"note":"changed"}
SEEN

# Skipping a half of a move would double the row, or lose it.
my $place = 'c';
for my $half ('delete', 'insert') {
    my $target = $half eq 'delete' ? 'a' : 'b';
    $cluster->sql('subscriber', "SELECT fundb.create_trigger('skip_half', 'pm.places', 'export default () => false', 'BEFORE', on_$half => true, priority => -1);"
        . ' ALTER SUBSCRIPTION pm SET (disable_on_error = true)');
    $cluster->sql('publisher', "UPDATE pm.places SET place = '$target' WHERE id = 1");
    comes(q{SELECT subenabled FROM pg_subscription}, 'f', "the half of a move for on_$half cannot be skipped");
    is($cluster->sql('subscriber', 'SELECT place FROM pm.places WHERE id = 1'), $place, 'the row is where it was, once');
    $cluster->sql('subscriber', q{DELETE FROM public.triggers WHERE name = 'skip_half'; ALTER SUBSCRIPTION pm ENABLE});
    comes('SELECT place FROM pm.places WHERE id = 1', $target, 'it moves when no rule holds it');
    $place = $target;
}
my $log = do { local (@ARGV, $/) = ($cluster->folder . '/log'); <> };
is(() = $log =~ /ERROR:  trigger "skip_half" of entity "pm.places" cannot skip this row\n.*DETAIL:  The row is on its way to another partition/g, 2, 'with an error that says why');
# DELETE and INSERT of the publisher may be skipped as ever.
$cluster->sql('subscriber', "SELECT fundb.create_trigger('keep', 'pm.places', 'export default (event) => false', 'BEFORE', on_delete => true, priority => -1)");
$cluster->sql('publisher', q{DELETE FROM pm.places WHERE id = 1; INSERT INTO pm.places VALUES (3, 'b', 'skip'), (4, 'b', 'last')});
comes(q{SELECT id FROM pm.places ORDER BY id}, "1\n2\n4", 'a DELETE and an INSERT are skipped');

$cluster->sql('subscriber', 'DROP SUBSCRIPTION pm');
done_testing();
$cluster->stop;
