# Many clients write while others edit the rules and modules that run, and connections come and go: no row escapes its rule,
# no client meets an error, nothing crashes and the log stays clean.
#
# FUNDB_LOAD=full: a minute of load and 5,000 connections instead of some seconds and 200.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $full = ($ENV{FUNDB_LOAD} // '') eq 'full';
my ($seconds, $connections) = $full ? (60, 5000) : (5, 200);

my $cluster = FundbCluster->start('load', 'client_min_messages=error');
$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
CREATE SEQUENCE public.versions;
CREATE TABLE public.work (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, client int, note text);
CREATE TABLE public.log (work bigint, note text);
CREATE TABLE public.other (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
INSERT INTO public.modules (schema_id, path, source) VALUES (fundb.schema_id('public'), 'version.mjs', 'export const version = 0;');
SELECT fundb.create_trigger('mark', 'public.work', $js$
import { version } from 'public/version';
export default (event, args) => ({...args, note: `rule 0 module ${version}`});
$js$, 'BEFORE', true, '{client}');
SELECT fundb.create_trigger('log', 'public.work', $js$
export default async (event, args) => {
  await FunDB.insertEntity({schema: 'public', name: 'log'}, {work: event.source.newId ?? event.source.id, note: event.new.note});
  const view = await FunDB.getUserView({type: 'anonymous', query: 'SELECT count(*) AS n FROM public.modules'});
  if (view.result.rows[0].values[0].value !== 1) throw new Error('modules are missing');
}
$js$, 'AFTER', true, '{client}');
SQL

my %scripts = (
    write => <<'PGBENCH',
INSERT INTO public.work (client) VALUES (:client_id);
UPDATE public.work SET client = client + 1000 WHERE id = (SELECT max(id) FROM public.work WHERE client = :client_id);
INSERT INTO public.work (client) SELECT :client_id FROM generate_series(1, 5);
PGBENCH
    rule => <<'PGBENCH',
UPDATE public.triggers SET procedure = regexp_replace(procedure, 'rule \d+', 'rule ' || nextval('public.versions')) WHERE name = 'mark';
PGBENCH
    module => <<'PGBENCH',
UPDATE public.modules SET source = 'export const version = ' || nextval('public.versions') || ';';
PGBENCH
    # The native triggers of a table come and go with its rules.
    other => <<'PGBENCH',
INSERT INTO public.other (note) VALUES ('x');
BEGIN;
DELETE FROM public.triggers WHERE name = 'coming';
SELECT fundb.create_trigger('coming', 'public.other', 'export default (e, args) => ({...args, note: "came"})', 'BEFORE', true);
COMMIT;
INSERT INTO public.other (note) VALUES ('x');
PGBENCH
);
my %files;
for my $name (keys %scripts) {
    $files{$name} = $cluster->file("$name.sql");
    open my $file, '>', $files{$name} or die;
    print $file $scripts{$name};
    close $file;
}

# Writers and editors side by side.  Two that save the same rule may meet each other: one editor of each kind.
my @running;
for my $part (['write', 8], ['rule', 1], ['module', 1], ['other', 1]) {
    my ($name, $clients) = @$part;
    my $pid = fork() // die;
    if ($pid == 0) {
        my ($status, $out, $err) = $cluster->program('pgbench', '-n', '-f', $files{$name}, '-c', $clients, '-j', '1', '-T', $seconds, 'app');
        open my $file, '>', $cluster->file("$name.result") or die;
        print $file "$status\n$out\n$err\n";
        close $file;
        require POSIX;
        POSIX::_exit(0);
    }
    push @running, $pid;
}
waitpid $_, 0 for @running;
for my $name (sort keys %scripts) {
    open my $file, '<', $cluster->file("$name.result") or die;
    my ($status, @text) = <$file>;
    my ($done) = join('', @text) =~ /number of transactions actually processed: (\d+)/;
    is($status + 0, 0, "$name: no client met an error") or diag @text;
    cmp_ok($done // 0, '>', 0, "$name: " . ($done // 0) . ' transactions');
}
is($cluster->sql('app', q[SELECT count(*) FROM public.work WHERE note !~ '^rule \d+ module \d+$' OR note IS NULL]), '0', 'no row escaped its rule');
is($cluster->sql('app', 'SELECT count(*) FROM public.work w WHERE NOT EXISTS (SELECT FROM public.log l WHERE l.work = w.id AND l.note = w.note)'),
    '0', 'each has its log');
cmp_ok($cluster->sql('app', 'SELECT count(DISTINCT note) FROM public.work'), '>', 1, 'edits were seen while rows were written');
is($cluster->sql('app', 'SELECT count(*) FROM fundb.broken'), '0', 'no rule is broken');

# Each connection starts an engine, runs rules and ends.
my $begun = time;
my $each = int($connections / 8);
my ($status, $out, $err) = $cluster->program('pgbench', '-n', '-C', '-f', $files{write}, '-c', 8, '-j', '1', '-t', $each, 'app');
is($status, 0, 'connections come and go') or diag $err;
like($out, qr{number of transactions actually processed: @{[8 * $each]}/}, 8 * $each . ' connections in ' . (time - $begun) . ' s');
is($cluster->sql('app', q[SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()]), '0', 'none is left');

my @complaints = $cluster->complaints;
is(scalar @complaints, 0, 'the log is clean') or diag @complaints;
open my $log, '<', $cluster->folder . '/log' or die;
my @errors = grep { /ERROR|FATAL|WARNING/ } <$log>;
is(scalar @errors, 0, 'no error and no warning was logged') or diag @errors[0 .. ($#errors < 10 ? $#errors : 10)];
$cluster->stop;
done_testing();
