# What a session keeps of the registry is bounded, whoever filled it: the texts of rules, once for all partitions and of some
# tables only, and the names of modules and user views that scripts ask for.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('memory', 'client_min_messages=warning', 'autovacuum=off');
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
-- None of them ever runs here.
CREATE FUNCTION long_rule(name text, entity text) RETURNS int LANGUAGE sql AS $f$
    SELECT fundb.create_trigger(name, entity, 'export default () => true; //' || name || entity || repeat('x', 1000000), 'AFTER', on_delete => true) $f$;
CREATE FUNCTION short_rule(entity text) RETURNS int LANGUAGE sql AS $f$
    SELECT fundb.create_trigger('short', entity, 'export default () => true', 'BEFORE', on_insert => true) $f$;

CREATE TABLE parts (id int) PARTITION BY LIST (id);
DO $$ BEGIN FOR i IN 1..100 LOOP EXECUTE format('CREATE TABLE part%s PARTITION OF parts FOR VALUES IN (%1$s)', i); END LOOP; END $$;
SELECT long_rule('long' || i, 'parts') FROM generate_series(1, 3) i;
SELECT short_rule('parts');

DO $$ BEGIN FOR i IN 1..300 LOOP EXECUTE format('CREATE TABLE many%s (id int)', i); END LOOP; END $$;
SELECT long_rule('long', 'many' || i), short_rule('many' || i) FROM generate_series(1, 300) i;

CREATE TABLE asks (kind text);
SELECT fundb.create_trigger('asks', 'asks', $js$
export default async (event, args) => {
  const name = 'a'.repeat(1e6);
  for (let i = 0; i < 200; i++) {
    try {
      if (args.kind === 'modules') await import(name + i);
      if (args.kind === 'views') await FunDB.getUserView({type: 'named', schema: 'public', name: name + i});
    } catch {}
  }
  return true;
}
$js$, 'BEFORE', on_insert => true);

CREATE TABLE crowded (id int);
SELECT long_rule('long' || i, 'crowded') FROM generate_series(1, 40) i;
SQL

my $rss = q{SELECT substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+)')};
for my $case (['100 partitions with 3 rules of a megabyte', 'INSERT INTO parts SELECT i FROM generate_series(1, 100) i', 40],
              ['300 tables with a rule of a megabyte', join(';', map { "INSERT INTO many$_ VALUES (1)" } 1 .. 300), 200],
              ['200 names of modules', "INSERT INTO asks VALUES ('modules')", 120],
              ['200 names of user views', "INSERT INTO asks VALUES ('views')", 120]) {
    my ($name, $statement, $allowed) = @$case;
    my ($before, $after) = split /\n/, $cluster->must('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', 'app',
        map { ('-c', $_) } "INSERT INTO asks VALUES ('nothing')", $rss, $statement, $rss);
    my $grown = ($after - $before) / 1024;
    cmp_ok($grown, '<', $allowed, sprintf '%s: %.1f MB more', $name, $grown);
}

# More than that is refused for one table.
my ($status, $out, $error) = $cluster->program('psql', '-XAtq', '-d', 'app', '-c', 'INSERT INTO crowded VALUES (1)');
like($error, qr/ERROR:  rules of entity "public\.crowded" take more than 32 MB\nHINT:  Delete rows of public\.triggers/, 'rules of more than 32 MB');

# What is known of a table goes with it, sooner or later.
my $shapes = "SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'fundb row shape'";
my $kept = $cluster->sql('app', <<"SQL");
CREATE TABLE root (id int);
SELECT short_rule('root') > 0;
DO \$\$ BEGIN
  FOR i IN 1..700 LOOP
    CREATE TEMPORARY TABLE passing () INHERITS (root);
    INSERT INTO passing VALUES (i);
    DROP TABLE passing;
  END LOOP;
END \$\$;
$shapes;
SQL
cmp_ok($kept =~ s/.*\n//sr, '<', 300, 'shapes of tables that were dropped');

# The rows of a table take memory for as long as they are written to, not for each table that was.
$cluster->sql('app', 'CREATE TABLE spread (id int) PARTITION BY LIST (id)');
for my $first (0, 500, 1000, 1500) {
    $cluster->sql('app', 'DO $$ BEGIN FOR i IN ' . ($first + 1) . '..' . ($first + 500)
        . q{ LOOP EXECUTE format('CREATE TABLE spread%s PARTITION OF spread FOR VALUES IN (%1$s)', i); END LOOP; END $$});
}
$cluster->sql('app', q{SELECT fundb.create_trigger('each', 'spread',
    'export default async (event, args) => { await null; return args.id > 0 }', 'BEFORE', on_insert => true)});
is($cluster->sql('app', 'SET fundb.heap_limit = 24; INSERT INTO spread SELECT i FROM generate_series(1, 2000) i; SELECT count(*) FROM spread'),
    2000, '2,000 partitions with a small heap');

is_deeply([$cluster->complaints], [], 'nothing in the log');
done_testing();
$cluster->stop;
