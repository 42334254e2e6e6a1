# What one call of FunDB takes while it works through many rows is in proportion to what it was given and gives back: no result
# of a statement stays behind for each row, and rows that are too many are not all read before they are refused.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

# Few shared buffers: they count as memory of whoever touches them.
my $cluster = FundbCluster->start('calls', 'client_min_messages=warning', 'shared_buffers=2MB', 'autovacuum=off');
$cluster->sql('postgres', 'CREATE DATABASE shop');
$cluster->sql('shop', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE run (id int);
CREATE TABLE keyed (id int PRIMARY KEY, code text UNIQUE, v int);
INSERT INTO keyed SELECT i, 'c' || i, 0 FROM generate_series(1, 20000) i;
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE middle (id int PRIMARY KEY, parent int REFERENCES parent);
CREATE TABLE many (id int PRIMARY KEY, parent int REFERENCES parent);
INSERT INTO parent VALUES (1), (2);
INSERT INTO middle SELECT i, 1 FROM generate_series(1, 3000) i;
INSERT INTO many SELECT i, 2 FROM generate_series(1, 500000) i;
CREATE INDEX ON middle (parent);
CREATE TABLE fork (id int PRIMARY KEY);
CREATE TABLE tines (id int PRIMARY KEY, fork int REFERENCES fork);
INSERT INTO fork VALUES (1);
INSERT INTO tines SELECT i, 1 FROM generate_series(1, 20000) i;
CREATE TABLE comb (id int PRIMARY KEY);
CREATE TABLE kept (id int PRIMARY KEY, comb int REFERENCES comb);
INSERT INTO comb VALUES (1);
INSERT INTO kept SELECT i, 1 FROM generate_series(1, 10000) i;
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER keep BEFORE DELETE ON kept FOR EACH ROW EXECUTE FUNCTION keep();
CREATE TRIGGER keep BEFORE DELETE ON comb FOR EACH ROW EXECUTE FUNCTION keep();
DO $$ BEGIN
  FOR i IN 1 .. 10 LOOP EXECUTE format('CREATE TABLE leaf_%s (id int PRIMARY KEY, middle int REFERENCES middle)', i); END LOOP;
END $$;
ANALYZE;
SQL

my $peak = q{SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')};
for my $case (
    ['writes by another key', 40, q{await FunDB.updateEntries({schema: 'public', name: 'keyed'},
        Array.from({length: 20000}, (_, i) => ({id: {alt: 'keyed_code_key', keys: {code: `c${i + 1}`}}, v: i})))}],
    ['a tree of rows', 40, q{await FunDB.getRelatedEntries({schema: 'public', name: 'parent'}, 1)}],
    ['its deletion', 60, q{await FunDB.recursiveDeleteEntry({schema: 'public', name: 'fork'}, 1)}],
    ['a deletion that triggers keep', 60, q{await FunDB.recursiveDeleteEntry({schema: 'public', name: 'comb'}, 1)}],
    ['too large a tree', 80, q{try { await FunDB.getRelatedEntries({schema: 'public', name: 'parent'}, 2); }
        catch (e) { if (e.sqlstate !== '54000') throw e; }}]) {
    my ($name, $allowed, $body) = @$case;
    $cluster->sql('shop', 'DELETE FROM public.triggers');
    $cluster->sql('shop', qq{SELECT fundb.create_trigger('body', 'run', \$js\$ export default async (event, args) => {
        if (args.id > 0) { $body; } return true; } \$js\$, 'BEFORE', true)});
    my ($before, $after) = split /\n/, $cluster->must('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', 'shop',
        map { ('-c', $_) } 'INSERT INTO run VALUES (0)', $peak, 'INSERT INTO run VALUES (1)', $peak);
    my $grown = ($after - $before) / 1024;
    cmp_ok($grown, '<', $allowed, sprintf '%s: %.1f MB', $name, $grown);
}

done_testing();
$cluster->stop;
