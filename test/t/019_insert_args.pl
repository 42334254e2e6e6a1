# Which columns an INSERT assigns, by chance: random columns, values and NULLs, written in every way into plain and
# partitioned tables.  Each row says itself which columns its statement names, and the rules check that args has
# these, those that hold a value, and no others.
#
#   FUNDB_ARGS_STEPS=20000 FUNDB_ARGS_SEED=7   more statements, others
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $steps = $ENV{FUNDB_ARGS_STEPS} // 1500;
srand($ENV{FUNDB_ARGS_SEED} // 1);
my $cluster = FundbCluster->start('args', 'client_min_messages=warning');
$cluster->sql('postgres', 'CREATE DATABASE shop');
$cluster->sql('shop', <<'SQL');
CREATE EXTENSION fundb;
CREATE SCHEMA app;
CREATE TABLE app.plain (named text, part int, a text, b int DEFAULT 5, c text, d timestamptz DEFAULT now(), e text);
CREATE TABLE app.root (LIKE app.plain INCLUDING DEFAULTS) PARTITION BY LIST (part);
CREATE TABLE app.leaf_0 PARTITION OF app.root FOR VALUES IN (0);
CREATE TABLE app.leaf_1 (e text, gone int, d timestamptz DEFAULT now(), c text, b int DEFAULT 5, x int, a text, part int, named text);
ALTER TABLE app.leaf_1 DROP COLUMN gone, DROP COLUMN x;
ALTER TABLE app.root ATTACH PARTITION app.leaf_1 FOR VALUES IN (1);
CREATE TABLE app.middle (b int DEFAULT 5, a text, named text, part int, e text, d timestamptz DEFAULT now(), c text) PARTITION BY RANGE (part);
CREATE TABLE app.leaf_2 (c text, gone int, named text, part int, a text, d timestamptz DEFAULT now(), e text, b int DEFAULT 5);
ALTER TABLE app.leaf_2 DROP COLUMN gone;
ALTER TABLE app.middle ATTACH PARTITION app.leaf_2 FOR VALUES FROM (2) TO (3);
ALTER TABLE app.root ATTACH PARTITION app.middle FOR VALUES IN (2);
CREATE VIEW app.plain_view AS SELECT e, a, named, c, b, part, d FROM app.plain;
CREATE VIEW app.root_view AS SELECT e, a, named, c, b, part, d FROM app.root;
CREATE FUNCTION app.run(text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE $1; END $$;
CREATE TABLE app.calls (statement text);
CREATE FUNCTION app.call() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE NEW.statement; RETURN NEW; END $$;
CREATE TRIGGER call AFTER INSERT ON app.calls FOR EACH ROW EXECUTE FUNCTION app.call();
SELECT fundb.create_trigger('check_' || w, r, $js$
export default (event, args) => {
  const named = args.named.split(' ');
  const row = event.new;
  const expected = Object.keys(row).filter((name) => named.includes(name) || row[name] !== null).join();
  const found = Object.keys(args).join();
  if (found !== expected) throw new Error(`${event.time}: ${found} instead of ${expected}`);
  return true;
}
$js$, w, true) FROM (VALUES ('BEFORE'), ('AFTER')) AS w (w), unnest('{app.plain,app.root}'::regclass[]) AS r;
SQL

my %types = (a => 'text', b => 'int', c => 'text', d => 'timestamptz', e => 'text');
my $prepared = 0;

# A statement; COPY with its data.
sub statement {
    my @optional = grep { rand() < 0.5 } sort keys %types;
    my @columns = sort { rand() <=> 0.5 } 'named', 'part', @optional;
    my $table = rand() < 0.4 ? 'plain' : 'root';
    my $named = join ' ', @columns;
    my @rows = map {
        my %row = (named => $named, part => int rand 3);
        for my $name (@optional) {
            $row{$name} = rand() < 0.5 ? undef : $types{$name} eq 'int' ? 7 : $types{$name} eq 'text' ? 'x' : '2024-01-01';
        }
        \%row;
    } 1 .. 1 + int rand 3;
    # One row of one partition can go straight to it.
    if ($table eq 'root' && rand() < 0.2) {
        $table = 'leaf_' . ($rows[0]{part});
        @rows = @rows[0 .. 0];
    }
    my $list = join ', ', @columns;
    my $literal = sub { defined $_[0] ? "'$_[0]'" : 'NULL' };
    my $tuples = join ', ', map { my $row = $_; '(' . join(', ', map { $literal->($row->{$_}) } @columns) . ')' } @rows;
    my $select = join ' UNION ALL ', map { my $row = $_; 'SELECT ' . join ', ', map { $literal->($row->{$_}) . '::' . ($types{$_} // ($_ eq 'part' ? 'int' : 'text')) } @columns } @rows;
    my $insert = "INSERT INTO app.$table ($list)";
    my $way = int rand 9;
    return "$insert VALUES $tuples;" if $way == 0;
    return "$insert $select;" if $way == 1;
    return "COPY app.$table ($list) FROM stdin;\n"
        . join('', map { my $row = $_; join("\t", map { $row->{$_} // '\\N' } @columns) . "\n" } @rows) . '\\.' if $way == 2;
    return "INSERT INTO app.${table}_view ($list) VALUES $tuples;" if $way == 3 && $table !~ /leaf/;
    return "SELECT app.run(\$s\$$insert VALUES $tuples\$s\$);" if $way == 4;
    return "INSERT INTO app.calls VALUES (\$s\$$insert VALUES $tuples\$s\$);" if $way == 5;
    return "WITH i AS ($insert VALUES $tuples RETURNING part) SELECT count(*) FROM i;" if $way == 6;
    return "MERGE INTO app.$table AS t USING ($select) AS s ($list) ON false WHEN NOT MATCHED THEN INSERT ($list) VALUES ("
        . join(', ', map { "s.$_" } @columns) . ');' if $way == 7;
    my $name = 'p' . ++$prepared;
    return "PREPARE $name AS $insert VALUES (" . join(', ', map { "\$$_" } 1 .. @columns) . ");\n"
        . join('', map { my $row = $_; "EXECUTE $name (" . join(', ', map { $literal->($row->{$_}) } @columns) . ");\n" } @rows)
        . "DEALLOCATE $name;";
}

my $file = $cluster->file('statements.sql');
open my $handle, '>', $file or die;
for (1 .. $steps) {
    my $statement = statement();
    print $handle rand() < 0.2 ? "BEGIN;\n$statement\nROLLBACK;\n" : "$statement\n";
}
close $handle;
my ($status, $out, $err) = $cluster->program('psql', '-XAtq', '-d', 'shop', '-f', $file);
is($status, 0, 'the session lives');
is(join("\n", grep { /ERROR/ } split /\n/, $err), '', 'args has what each statement assigns');
my $written = $cluster->sql('shop', 'SELECT (SELECT count(*) FROM app.plain) + (SELECT count(*) FROM app.root)');
cmp_ok($written, '>', $steps, "rows were written ($written)");

done_testing();
$cluster->stop;
