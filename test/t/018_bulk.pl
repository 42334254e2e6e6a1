# One statement over many rows needs no more memory for more rows, apart from PostgreSQL's own queue of AFTER triggers
# (some 11 bytes a row): what a rule was given is let go of.  bench/bulk.py has figures for a million rows.
#
#   FUNDB_BULK_ROWS=1000000   more rows
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $rows = $ENV{FUNDB_BULK_ROWS} // 200_000;
my $warm = 50_000;
# Few shared buffers: they count as memory of whoever touches them.
my $cluster = FundbCluster->start('bulk', 'client_min_messages=warning', 'shared_buffers=2MB', 'autovacuum=off');
$cluster->sql('postgres', 'CREATE DATABASE shop');
$cluster->sql('shop', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE t (id int, n int, doc jsonb, note text);
SELECT fundb.create_trigger('fill', 't', $js$
export default async (event, args) => { args.note = `n${args.n} ${event.new.doc.k}`; return args; }
$js$, 'BEFORE', true, '{n}', true, priority => 1);
SELECT fundb.create_trigger('see', 't', $js$
export default async (event, args) => { if (JSON.stringify(event.old ?? event.new).length < 5) throw new Error('odd'); }
$js$, 'AFTER', true, '{n}', true);
UPDATE public.triggers SET on_delete = false WHERE name = 'fill';
SQL

my $peak = q{SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')};
my $insert = sub { qq{INSERT INTO t SELECT i, i, '{"k": [1, 2, "three"]}' FROM generate_series(1, $_[0]) i} };
my $fill = sub { 'COPY t (n, doc) FROM PROGRAM $$' . qq{yes '1	{"k": 2}' | head -n $_[0]} . '$$' };
for my $case (['INSERT', '', $insert], ['COPY', '', $fill],
              ['UPDATE', $insert->($rows), sub { "UPDATE t SET n = n + 1 WHERE id <= $_[0]" }],
              ['DELETE', $insert->($rows + $warm), sub { $_[0] == $warm ? "DELETE FROM t WHERE id > $rows" : 'DELETE FROM t' }]) {
    my ($name, $prepare, $statement) = @$case;
    $cluster->sql('shop', "TRUNCATE t; SET fundb.enabled = off; $prepare");
    # The first statement grows the heap to what it needs.
    my ($before, $after) = split /\n/, $cluster->must('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', 'shop',
        map { ('-c', $_) } $statement->($warm), $peak, $statement->($rows), $peak);
    my $grown = ($after - $before) / 1024;
    my $allowed = 15 + $rows * 16 / 1024 / 1024;
    cmp_ok($grown, '<', $allowed, sprintf '%s of %d rows: %.1f MB more than of %d', $name, $rows, $grown, $warm);
}

done_testing();
$cluster->stop;
