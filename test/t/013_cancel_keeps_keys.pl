# Rules that skip rows, put old references back and write at random never leave a foreign key violated:
# a workload of random statements over foreign keys with every action, over several levels, onto themselves,
# deferred and between partitioned tables.  Afterwards every key of the database is checked.
#
#   FUNDB_CANCEL_SEEDS=100 FUNDB_CANCEL_STEPS=2000   more of it; FUNDB_CANCEL_FIRST=7 begins with seed 7
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $seeds = $ENV{FUNDB_CANCEL_SEEDS} // 5;
my $steps = $ENV{FUNDB_CANCEL_STEPS} // 1200;
my $first = $ENV{FUNDB_CANCEL_FIRST} // 1;
my $cluster = FundbCluster->start('cancel', 'client_min_messages=error');

my $schema = <<'SQL';
CREATE EXTENSION fundb;
CREATE SCHEMA app;
CREATE TABLE app.a (id int PRIMARY KEY, v int);
CREATE TABLE app.b (id int PRIMARY KEY, a int REFERENCES app.a ON DELETE CASCADE ON UPDATE CASCADE, v int);
CREATE TABLE app.c (id int PRIMARY KEY, b int REFERENCES app.b ON DELETE SET NULL ON UPDATE CASCADE,
    a int REFERENCES app.a ON DELETE SET NULL ON UPDATE SET NULL, v int);
CREATE TABLE app.d (id int PRIMARY KEY, c int DEFAULT 0 REFERENCES app.c ON DELETE SET DEFAULT ON UPDATE SET DEFAULT,
    b int NOT NULL REFERENCES app.b ON DELETE CASCADE ON UPDATE CASCADE, v int);
CREATE TABLE app.e (id int PRIMARY KEY, d int REFERENCES app.d ON DELETE RESTRICT ON UPDATE NO ACTION, v int);
CREATE TABLE app.tree (id int PRIMARY KEY, up int REFERENCES app.tree ON DELETE CASCADE ON UPDATE CASCADE, v int);
CREATE TABLE app.ring (id int PRIMARY KEY, up int DEFAULT 0 REFERENCES app.ring ON DELETE SET DEFAULT ON UPDATE SET NULL, v int);
CREATE TABLE app.late (id int PRIMARY KEY, a int REFERENCES app.a ON DELETE CASCADE ON UPDATE CASCADE
    DEFERRABLE INITIALLY DEFERRED, v int);
-- Two columns, one table partitioned by one of them, the other by the other, in another order.
CREATE TABLE app.place (x int, y int, v int, PRIMARY KEY (x, y)) PARTITION BY RANGE (x);
CREATE TABLE app.place_1 PARTITION OF app.place FOR VALUES FROM (MINVALUE) TO (5);
CREATE TABLE app.place_2 (v int, gone int, y int NOT NULL, x int NOT NULL);
ALTER TABLE app.place_2 DROP COLUMN gone;
ALTER TABLE app.place ATTACH PARTITION app.place_2 FOR VALUES FROM (5) TO (MAXVALUE);
CREATE TABLE app.visit (id int, x int, y int, v int, FOREIGN KEY (x, y) REFERENCES app.place ON DELETE SET NULL (y) ON UPDATE CASCADE)
    PARTITION BY RANGE (x);
CREATE TABLE app.visit_1 PARTITION OF app.visit FOR VALUES FROM (MINVALUE) TO (3);
CREATE TABLE app.visit_2 (y int, v int, x int, id int);
ALTER TABLE app.visit ATTACH PARTITION app.visit_2 FOR VALUES FROM (3) TO (MAXVALUE);
CREATE TABLE app.stay (id int PRIMARY KEY, x int, y int, v int, FOREIGN KEY (x, y) REFERENCES app.place ON DELETE CASCADE ON UPDATE CASCADE);
INSERT INTO app.c VALUES (0);
INSERT INTO app.ring VALUES (0, 0);
SQL

# What a BEFORE and an AFTER rule do is a matter of chance, but the same for the same seed.
my $rule = <<'JS';
let state = %d;
const random = (n) => { state = (Math.imul(state, 1664525) + 1013904223) | 0; return (state >>> 8) %% n; };
export default async (event, args) => {
  const {type} = event.source;
  const references = ['a', 'b', 'c', 'd', 'up', 'x', 'y'].filter((name) => name in (event.new ?? {}));
  if (event.time === 'BEFORE') {
    const choice = random(20);
    if (choice < 2) return false;
    if (type === 'delete' || choice > 9) return true;
    if (choice === 2) return type === 'update' ? {} : true;
    if (choice === 3) return {...args, v: random(10)};
    if (references.length > 0) {
      const name = references[random(references.length)];
      if (choice === 4) return {...args, [name]: event.old?.[name] ?? null};
      if (choice === 5) return {...args, [name]: random(10)};
      if (choice === 6) { delete args[name]; return args; }
    }
    if (choice > 7) return args;
  }
  const name = ['a', 'b', 'c', 'tree', 'ring', 'late'][random(6)];
  const entity = {schema: 'app', name};
  const column = {b: 'a', c: 'b', late: 'a', tree: 'up', ring: 'up'}[name] ?? 'v';
  const write = async () => {
    const kind = random(event.time === 'BEFORE' ? 8 : 12);
    if (kind === 0) await FunDB.deleteEntity(entity, random(10));
    if (kind === 1) await FunDB.updateEntity(entity, random(10), {[column]: random(10)});
    if (kind === 2) await FunDB.insertEntity(entity, {id: random(10), [column]: random(10)});
    if (kind === 3) throw new Error('by chance');
  };
  if (random(2) === 0) await write(); else await write().catch(() => 0);
  return true;
};
JS

my @tables = qw(a b c d e tree ring late visit stay place);
my %columns = (a => ['id'], b => ['id', 'a'], c => ['id', 'b', 'a'], d => ['id', 'c', 'b'], e => ['id', 'd'],
               tree => ['id', 'up'], ring => ['id', 'up'], late => ['id', 'a'], visit => ['id', 'x', 'y'],
               stay => ['id', 'x', 'y'], place => ['x', 'y']);

sub value { return int rand 10; }

sub statement {
    my $table = rand() < 0.3 ? (qw(a b c tree ring place))[int rand 6] : $tables[int rand @tables];
    my @names = @{ $columns{$table} };
    my $name = $names[int rand @names];
    my $where = rand() < 0.8 ? "WHERE $name = " . value() : "WHERE $name IN (" . join(', ', value(), value(), value()) . ')';
    my $kind = int rand 10;
    if ($kind < 4) {
        my @rows = map { [map { value() } @names] } 1 .. 1 + int rand 3;
        my $list = join ', ', @names;
        return join "\n", "COPY app.$table ($list) FROM stdin;", (map { join "\t", @$_ } @rows), '\\.' if rand() < 0.2;
        my $values = join ', ', map { '(' . join(', ', @$_) . ')' } @rows;
        my $conflict = $table ne 'visit' && rand() < 0.5 ? 'ON CONFLICT DO NOTHING' : '';
        return "INSERT INTO app.$table ($list) VALUES $values $conflict";
    }
    return "DELETE FROM app.$table $where" if $kind < 6;
    my $to = rand() < 0.2 && $name ne 'id' ? 'NULL' : rand() < 0.3 ? "$name + 1" : value();
    return "UPDATE app.$table SET $name = $to $where" if $kind < 9;
    return "MERGE INTO app.$table AS t USING (VALUES (@{[value()]}), (@{[value()]})) AS s (k) ON t.$name = s.k"
        . " WHEN MATCHED AND s.k < 5 THEN DELETE WHEN MATCHED THEN UPDATE SET $name = @{[value()]}";
}

# Rows whose key is complete and refers to nothing; rows in a partition that is not theirs.
my $violations = <<'SQL';
CREATE FUNCTION app.violations() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE key record; found bigint;
BEGIN
  FOR key IN SELECT c.conname, c.conrelid::regclass AS own, c.confrelid::regclass AS other,
      (SELECT string_agg(format('o.%I = f.%I', a.attname, b.attname), ' AND ')
       FROM unnest(c.conkey, c.confkey) AS k (own, other)
       JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.own
       JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = k.other) AS same,
      (SELECT string_agg(format('o.%I IS NOT NULL', a.attname), ' AND ')
       FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)) AS complete
      FROM pg_constraint AS c WHERE c.contype = 'f' AND c.conparentid = 0 AND c.connamespace = 'app'::regnamespace LOOP
    EXECUTE format('SELECT count(*) FROM %s AS o WHERE %s AND NOT EXISTS (SELECT FROM %s AS f WHERE %s)',
                   key.own, key.complete, key.other, key.same) INTO found;
    IF found > 0 THEN RETURN NEXT format('%s: %s rows', key.conname, found); END IF;
  END LOOP;
  RETURN QUERY SELECT format('%s in %s', p, p.tableoid::regclass) FROM app.place AS p WHERE (x < 5) <> (tableoid = 'app.place_1'::regclass);
  RETURN QUERY SELECT format('%s in %s', v, v.tableoid::regclass) FROM app.visit AS v WHERE (x < 3) <> (tableoid = 'app.visit_1'::regclass);
END $$;
SQL

my %codes;
my $done = 0;
for my $seed ($first .. $first + $seeds - 1) {
    srand $seed;
    my $database = "seed_$seed";
    $cluster->sql('postgres', "CREATE DATABASE $database");
    $cluster->sql($database, $schema);
    $cluster->sql($database, $violations);
    my $body = sprintf $rule, $seed;
    $cluster->sql($database, "SELECT fundb.create_trigger('chance_' || w, ('app.' || r)::regclass, \$js\$$body\$js\$, w, true, '{*}', true)"
        . " FROM (VALUES ('BEFORE'), ('AFTER')) AS w (w), unnest('{" . join(',', @tables) . "}'::text[]) AS r");
    # A third of the statements stand in transactions of three.
    my $file = $cluster->file("$database.sql");
    open my $handle, '>', $file or die;
    print $handle "\\set VERBOSITY sqlstate\n\\set ON_ERROR_ROLLBACK on\n";
    for my $step (1 .. $steps) {
        # A row that refers to nothing may be gone by the end.
        print $handle "SELECT 'violated by $step: ' || v FROM app.violations() AS v;\n" if $step % 10 == 0;
        my @statements = map { statement() } 1 .. (rand() < 0.15 ? 3 : 1);
        print $handle join('', map { /^COPY/ ? "$_\n" : "$_;\n" } @statements > 1 ? ('BEGIN', @statements, 'COMMIT') : @statements);
    }
    close $handle;
    # Without -q: each command that went well is counted by its tag.
    my ($status, $out, $err) = $cluster->program('psql', '-XAt', '-d', $database, '-f', $file);
    is($status, 0, "seed $seed: the session lives");
    $codes{$_}++ for $err =~ /ERROR:  (\w+)/g;
    $done++ for $out =~ /^(?:INSERT 0|COPY|UPDATE|DELETE|MERGE) [1-9]/mg;
    my ($violation) = $out =~ /^violated by .*/mg;
    is($violation // $cluster->sql($database, 'SELECT * FROM app.violations()'), '', "seed $seed: no key is violated");
    $cluster->sql('postgres', "DROP DATABASE $database") if $seeds > 10;
}

# The workload does what it is for.
note join ' ', map { "$_: $codes{$_}" } sort keys %codes;
cmp_ok($done, '>', $seeds * $steps / 20, "many statements did something ($done)");
cmp_ok($codes{27000} // 0, '>', 0, 'rules that would break a key were refused');
cmp_ok($codes{23503} // 0, '>', 0, 'so were statements');
is_deeply([grep { !/^(27000|23503|23505|23502|38000|P0002|09000|21000|54001|23514|0A000)$/ } sort keys %codes], [],
          'nothing else went wrong');

done_testing();
$cluster->stop;
