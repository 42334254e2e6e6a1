# Which columns an INSERT assigns, by chance: random columns, values, NULLs and DEFAULTs, written in every way into plain
# and partitioned tables, by rewrite rules too.  Each row says itself which columns are given to it, and BEFORE and AFTER rules check that args has
# these, those that hold a value, and no others.  Rows that only move to another partition beside them name no column.
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
my $cluster = FundbCluster->start('args', 'client_min_messages=warning', 'autovacuum=off');
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
CREATE TABLE app.source_0 (n int DEFAULT 1, m int);
CREATE TABLE app.source_1 (m int, n int DEFAULT 2);
CREATE VIEW app.source_view AS SELECT m, n FROM app.source_0;
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

my @ways = qw(values select copy view function trigger with merge merge_actions prepared ctes move merge_move rules);

sub one { $_[rand @_] }

# An action of a rewrite rule that inserts; its rows may depend on the row that sets it off.
sub action {
    my ($row) = @_;
    my $table = one(qw(plain plain plain_view root root_view));
    my @optional = grep { rand() < 0.6 } sort keys %types;
    my @columns = sort { rand() <=> 0.5 } 'named', 'part', @optional;
    my $depends = rand() < 0.6;
    my %of_row = (part => ["$row.n", "($row.n + 1) % 3"], b => ["$row.m", "$row.n + 1"], a => ["nullif($row.m, 1)::text"]);
    my $is_select = rand() < 0.1;
    my @tuples = map {
        my %value = map { $_ => $_ eq 'part' ? int rand 3 : one($is_select ? () : 'DEFAULT', 'NULL', $types{$_} eq 'int' ? 7 : "'2024-01-01'") } 'part', @optional;
        for my $name (grep { $depends && $of_row{$_} && rand() < 0.5 } keys %value) { $value{$name} = one(@{$of_row{$name}}) }
        $value{named} = "'" . join(' ', grep { $_ eq 'named' || $value{$_} ne 'DEFAULT' } @columns) . "'";
        join ', ', map { $is_select ? $value{$_} . '::' . ($types{$_} // ($_ eq 'part' ? 'int' : 'text')) : $value{$_} } @columns;
    } 1 .. 1 + int rand 3;
    return "INSERT INTO app.$table (" . join(', ', @columns) . ') ' . ($is_select ? "SELECT $tuples[0]" : 'VALUES ' . join ', ', map { "($_)" } @tuples);
}

# A statement that sets off rules, some of which set off others.  Plans are those for tables without statistics: what
# PostgreSQL joins in other ways it may not tell.
sub rules {
    my %write = (
        INSERT => ['(n, m) VALUES (0, NULL), (DEFAULT, 1), (2, DEFAULT)', '(n) VALUES (1)', '(m, n) SELECT nullif(i, 2), i % 3 FROM generate_series(1, 5) AS i'],
        UPDATE => ['SET m = n', 'SET n = (n + 1) % 3, m = NULL WHERE n < 2', 'SET m = NULL', 'SET m = v FROM generate_series(0, 1) AS g (v) WHERE n = v'],
        DELETE => ['WHERE n < 2', 'WHERE m IS NULL', '', 'USING generate_series(0, 1) AS g (v) WHERE n = v']);
    my %words = (INSERT => 'INSERT INTO app.%s %s', UPDATE => 'UPDATE app.%s %s', DELETE => 'DELETE FROM app.%s %s');
    my $write = sub { my ($event, $table) = @_; sprintf $words{$event}, $table, one(@{$write{$event}}) };
    my @rules = map {
        my ($number, $table) = ($_, 'source_' . int rand 2);
        my $event = one(qw(INSERT INSERT UPDATE DELETE));
        my $row = $event eq 'DELETE' ? 'OLD' : $event eq 'INSERT' ? 'NEW' : one(qw(NEW OLD));
        my @actions = map { $table eq 'source_0' && rand() < 0.2 ? $write->(one(qw(INSERT UPDATE DELETE)), 'source_1') : action($row) } 1 .. 1 + int rand 3;
        push @actions, 'SELECT 1' if rand() < 0.1;
        [one('a' .. 'z') . "_$number", "ON $event TO app.$table" . one('', '', " WHERE $row.n > 0", " WHERE $row.m IS NULL") . ' DO ' . one(qw(ALSO INSTEAD))
            . ' (' . join('; ', @actions) . ')', "app.$table"];
    } 1 .. 1 + int rand 4;
    my $event = one(qw(INSERT INSERT UPDATE DELETE));
    my $statement = $write->($event, one(qw(source_0 source_0 source_0 source_1)));
    $statement =~ s/source_0/source_view/ if rand() < 0.2;
    my $run = one(
        sub { "$statement;" },
        sub { "SELECT app.run(\$s\$$statement\$s\$);" },
        sub { "INSERT INTO app.calls VALUES (\$s\$$statement\$s\$);" },
        sub { "DO \$d\$ BEGIN FOR round IN 1 .. 2 LOOP $statement; END LOOP; END \$d\$;" },
        sub { "PREPARE r AS $statement;\nEXECUTE r;\nEXECUTE r;\nDEALLOCATE r;" },
        sub { "CREATE FUNCTION app.sql() RETURNS void LANGUAGE sql AS \$s\$ SELECT 1; $statement; $statement \$s\$;\nSELECT app.sql();\nDROP FUNCTION app.sql;" },
        sub { "CREATE FUNCTION app.sql() RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT 1; $statement; $statement; END;\nSELECT app.sql();\nDROP FUNCTION app.sql;" });
    return 'TRUNCATE app.source_0, app.source_1; INSERT INTO app.source_0 SELECT i % 3, nullif(i % 2, 0) FROM generate_series(1, 7) AS i; INSERT INTO app.source_1 SELECT m, n FROM app.source_0;' . "\n"
        . join('', map { "CREATE RULE $_->[0] AS $_->[1];\n" } @rules)
        . $run->() . "\n"
        . join('', map { "DROP RULE $_->[0] ON $_->[2];\n" } @rules);
}

# A statement; COPY with its data.
sub statement {
    my $way = $ways[rand @ways];
    return rules() if $way eq 'rules';
    my @optional = grep { rand() < 0.5 } sort keys %types;
    my @columns = sort { rand() <=> 0.5 } 'named', 'part', @optional;
    my $table = rand() < 0.4 ? 'plain' : 'root';
    # DEFAULT is for lists of values; where these belong to no row it stands in all rows.
    my $per_row = $way =~ /values|view|function|trigger|with|actions|ctes|move/;
    my %default = $way eq 'merge' || $way eq 'prepared' ? map { $_ => rand() < 0.3 } @optional : ();
    my @rows = map {
        my %row = (part => int rand 3);
        for my $name (@optional) {
            my $value = $types{$name} eq 'int' ? 7 : $types{$name} eq 'text' ? 'x' : '2024-01-01';
            $row{$name} = $default{$name} || $per_row && rand() < 0.3 ? 'DEFAULT' : rand() < 0.5 ? undef : $value;
        }
        \%row;
    } 1 .. 1 + int rand 3;
    # One row of one partition can go straight to it.
    if ($table eq 'root' && rand() < 0.2) {
        $table = 'leaf_' . ($rows[0]{part});
        @rows = @rows[0 .. 0];
    }
    my $given = sub { my ($row) = @_; grep { ($row->{$_} // '') ne 'DEFAULT' } @columns };
    $_->{named} = join ' ', $given->($_) for @rows;

    my $list = join ', ', @columns;
    my $literal = sub { !defined $_[0] ? 'NULL' : $_[0] eq 'DEFAULT' ? $_[0] : "'$_[0]'" };
    my $tuple = sub { my ($row) = @_; '(' . join(', ', map { $literal->($row->{$_}) } @columns) . ')' };
    my $tuples = join ', ', map { $tuple->($_) } @rows;
    my $insert = "INSERT INTO app.$table ($list)";
    return "$insert VALUES $tuples;" if $way eq 'values' || $way eq 'view' && $table =~ /leaf/;
    return "INSERT INTO app.${table}_view ($list) VALUES $tuples;" if $way eq 'view';
    return "SELECT app.run(\$s\$$insert VALUES $tuples\$s\$);" if $way eq 'function';
    return "INSERT INTO app.calls VALUES (\$s\$$insert VALUES $tuples\$s\$);" if $way eq 'trigger';
    return "WITH i AS ($insert VALUES $tuples RETURNING part) SELECT count(*) FROM i;" if $way eq 'with';
    return "COPY app.$table ($list) FROM stdin;\n"
        . join('', map { my $row = $_; join("\t", map { $row->{$_} // '\\N' } @columns) . "\n" } @rows) . '\\.' if $way eq 'copy';
    # The columns of one row are not those of another.
    if ($way eq 'ctes') {
        my @inserts = map {
            my $row = $_;
            my @own = grep { $_ eq 'named' || $_ eq 'part' || rand() < 0.7 } @columns;
            $row->{named} = join ' ', grep { ($row->{$_} // '') ne 'DEFAULT' } @own;
            my $into = $table eq 'root' && rand() < 0.3 ? "leaf_$row->{part}" : rand() < 0.3 && $table !~ /leaf/ ? "${table}_view" : $table;
            "INSERT INTO app.$into (" . join(', ', @own) . ') VALUES (' . join(', ', map { $literal->($row->{$_}) } @own) . ')';
        } @rows;
        my $last = pop @inserts;
        return (@inserts ? 'WITH ' . join(', ', map { "i$_ AS ($inserts[$_])" } 0 .. $#inserts) . ' ' : '') . "$last;";
    }
    # Rows that are there move.
    my $moving = $literal->($rows[0]{named});
    return "WITH u AS (UPDATE app.root SET part = (part + 1) % 3, named = '' WHERE named = $moving AND part = $rows[0]{part}) $insert VALUES $tuples;"
        if $way eq 'move';
    return "MERGE INTO app.root AS t USING generate_series(0, $#rows) AS s (row) ON s.row = 0 AND t.named = $moving AND t.part = $rows[0]{part}"
        . "\nWHEN MATCHED THEN UPDATE SET part = (part + 1) % 3, named = ''"
        . join('', map { "\nWHEN NOT MATCHED AND s.row = $_ THEN INSERT ($list) VALUES " . $tuple->($rows[$_]) } 0 .. $#rows) . ';'
        if $way eq 'merge_move';
    # An action for each row.
    return "MERGE INTO app.$table AS t USING generate_series(0, $#rows) AS s (row) ON false"
        . join('', map { "\nWHEN NOT MATCHED AND s.row = $_ THEN INSERT ($list) VALUES " . $tuple->($rows[$_]) } 0 .. $#rows) . ';'
        if $way eq 'merge_actions';

    my @taken = grep { !$default{$_} } @columns;
    my $select = join ' UNION ALL ', map {
        my $row = $_;
        'SELECT ' . join ', ', map { $literal->($row->{$_}) . '::' . ($types{$_} // ($_ eq 'part' ? 'int' : 'text')) } @taken;
    } @rows;
    return "$insert $select;" if $way eq 'select';
    return "MERGE INTO app.$table AS t USING ($select) AS s (" . join(', ', @taken) . ') ON false WHEN NOT MATCHED THEN INSERT '
        . "($list) VALUES (" . join(', ', map { $default{$_} ? 'DEFAULT' : "s.$_" } @columns) . ');' if $way eq 'merge';
    my $name = 'p' . ++$prepared;
    my $number = 0;
    return "PREPARE $name AS $insert VALUES (" . join(', ', map { $default{$_} ? 'DEFAULT' : '$' . ++$number } @columns) . ");\n"
        . join('', map { my $row = $_; "EXECUTE $name (" . join(', ', map { $literal->($row->{$_}) } @taken) . ");\n" } @rows)
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
my $moved = $cluster->sql('shop', "SELECT count(*) FROM app.root WHERE named = ''");
cmp_ok($moved, '>', $steps / 50, "rows were moved ($moved)");

done_testing();
$cluster->stop;
