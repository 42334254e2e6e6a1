# The hostile scripts of test/abuse as rules in a server: each ends as its first line says (see the README there), the same
# session runs an ordinary rule afterwards, and the server is never restarted.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

# As in the unit tests: a small heap for what grows, a short time for what runs for ever.
my ($small_heap, $large_heap) = (32, 512);
my ($short, $long) = ('150ms', '120s');

my $cluster = FundbCluster->start('abuse', 'client_min_messages=error', "fundb.heap_limit=$small_heap");
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE public.victim (id int, note text);
CREATE TABLE public.witness (id int, note text);
CREATE TABLE public.names (id int PRIMARY KEY, name text);
INSERT INTO public.names VALUES (1, 'one');
SELECT fundb.create_trigger('ordinary', 'public.witness', $js$
export default async (event, args) => {
  const view = await FunDB.getUserView({type: 'anonymous', query: 'SELECT name FROM public.names'});
  return {...args, note: [1, 2].map((x) => x + 1).join() + view.result.rows[0].values[0].value};
}
$js$, 'BEFORE', true);
SQL
my $started = $cluster->sql('app', 'SELECT pg_postmaster_start_time()');
my $bystander = $cluster->session('app');
is($bystander->query('INSERT INTO public.witness VALUES (1) RETURNING note'), '2,3one', 'a session that goes on all the time');

my $session = $cluster->session('app');
my %count = (attacks => 0, errors => 0, fatals => 0, unharmed => 0);

# The SQLSTATE of a statement that fails, "ok" of one that does not.
sub outcome {
    my ($sql) = @_;
    my $answer = $session->query($sql, 300);
    return $1 if $answer =~ /(?:ERROR|FATAL):  ([0-9A-Z]{5}):/;
    return $session->is_lost ? 'lost' : 'ok';
}

# Saving comes first, and evaluates the top level: what is wrong there is refused.
sub attack {
    my ($text, $timeout) = @_;
    $session->query('DELETE FROM public.triggers WHERE name = $$attack$$');
    $session->query("SET statement_timeout = '$timeout'");
    my $state = outcome("SELECT fundb.create_trigger('attack', 'public.victim', \$attack\$$text\$attack\$, 'BEFORE', true)");
    $state = outcome("INSERT INTO public.victim VALUES (1, 'x')") if $state eq 'ok';
    $session->query('RESET statement_timeout') unless $session->is_lost;
    ++$count{attacks};
    return $state;
}

sub settle {
    my ($name, $state, @expected) = @_;
    ok((grep { $_ eq $state } @expected), "$name: $state") or diag "expected @expected";
    if ($session->is_lost) {
        ++$count{fatals};
        $session->close;
        $session = $cluster->session('app');
    } elsif ($state eq 'ok') {
        ++$count{unharmed};
    } else {
        ++$count{errors};
    }
    is($session->query('INSERT INTO public.witness VALUES (1) RETURNING note'), '2,3one', "$name: an ordinary rule still runs");
}

my $folder = "$FindBin::Bin/../abuse";
for my $path (sort glob "$folder/*.js") {
    open my $file, '<:encoding(UTF-8)', $path or die "no $path: $!";
    my $text = do { local $/; <$file> };
    my ($name) = $path =~ m{([^/]+)\.js$};
    my ($expected) = $text =~ m{^// expect: (.*)\n} or die "$name expects nothing";
    if ($expected eq '57014,53200') {
        $session->query("SET fundb.heap_limit = $large_heap; SELECT fundb.reset()");
        settle("$name, by time", attack($text, $short), '57014');
        $session->query('RESET fundb.heap_limit; SELECT fundb.reset()');
        $expected = '53200';
    }
    my @expected = split /\|/, $expected;
    # A value that is no SQLSTATE is an answer that a BEFORE rule may not give, but for true.
    push @expected, 'ok', '39P01' if grep { !/^[0-9A-Z]{5}$/ } @expected;
    # What cannot even be saved keeps the state of what was wrong, or is refused as such.
    push @expected, '22023' if grep { $_ eq '38000' } @expected;
    settle($name, attack($text, $expected eq '57014' ? $short : $long), @expected);
}
cmp_ok($count{attacks}, '>=', 80, 'many attacks were tried');
note sprintf '%d attacks tried: %d clean errors, %d did no harm, %d ended their session', @count{qw(attacks errors unharmed fatals)};
is($bystander->query('INSERT INTO public.witness VALUES (1) RETURNING note'), '2,3one', 'the other session noticed nothing');
is($cluster->sql('app', 'SELECT pg_postmaster_start_time()'), $started, 'the server was not restarted');
is($cluster->sql('app', 'SELECT count(*) FROM pg_locks WHERE relation = $$public.victim$$::regclass'), '0', 'no lock is left');
my @complaints = $cluster->complaints;
is(scalar @complaints, 0, 'the log is clean') or diag @complaints;
$_->close for $session, $bystander;
$cluster->stop;
done_testing();
