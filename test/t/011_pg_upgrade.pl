# pg_upgrade in link mode: rules work afterwards, and renamed tables and schemas are followed although
# schemas have other object ids then.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('upgrade');
my $folder = $cluster->folder;
my $bin = $cluster->{bin};
# pg_upgrade and the server refuse to run as root.
my @as_owner = $> == 0 ? ('runuser', '-u', 'postgres', '--') : ();
chdir '/';

sub owner_runs {
    my (@command) = @_;
    my $log = $cluster->file('owner.log');
    open my $saved_out, '>&', \*STDOUT or die;
    open my $saved_err, '>&', \*STDERR or die;
    open STDOUT, '>', $log or die;
    open STDERR, '>&', \*STDOUT or die;
    my $status = system @as_owner, @command;
    open STDOUT, '>&', $saved_out or die;
    open STDERR, '>&', $saved_err or die;
    return 1 if $status == 0;
    diag "@command failed:";
    open my $handle, '<', $log or die;
    diag $_ while <$handle>;
    return 0;
}

$cluster->sql('postgres', 'CREATE DATABASE shop');
# More schemas than the registry knows, so that object ids of schemas shift.
$cluster->sql('shop', "CREATE SCHEMA before_$_") for 1 .. 5;
$cluster->sql('shop', 'DROP SCHEMA before_2; DROP SCHEMA before_4');
$cluster->sql('shop', <<'SQL');
CREATE EXTENSION fundb;
CREATE ROLE pm_owner;
CREATE SCHEMA pm AUTHORIZATION pm_owner;
CREATE TABLE pm.first_name (id integer, note text);
CREATE TABLE pm.log (id integer, note text) PARTITION BY RANGE (id);
CREATE TABLE pm.log_1 PARTITION OF pm.log FOR VALUES FROM (0) TO (1000);
INSERT INTO public.modules (schema_id, path, source)
    VALUES (fundb.schema_id('admin'), 'word.mjs', 'export const word = "fired";'),
           (fundb.schema_id('pm'), 'own.mjs', 'export const own = 1;');
SELECT fundb.create_trigger('mark', relation, $$
    import { word } from 'admin/word';
    export default (event, args) => ({...args, note: word}); $$, 'BEFORE', on_insert => true)
    FROM unnest(ARRAY['pm.first_name', 'pm.log']::regclass[]) AS relation;
ALTER TABLE pm.first_name RENAME TO actions;
ALTER TABLE pm.actions ENABLE ALWAYS TRIGGER zz_fundb_before;
SQL

ok(owner_runs("$bin/pg_ctl", '-s', '-w', '-D', "$folder/data", 'stop'), 'the old cluster stops');
ok(owner_runs("$bin/initdb", '-D', "$folder/new", '-U', 'postgres', '-A', 'trust', '-E', 'UTF8',
              '--locale=C.UTF-8', '--no-sync'), 'a new cluster');
# pg_upgrade writes its files where it runs.
ok(owner_runs('sh', '-c', "mkdir $folder/work && cd $folder/work && exec $bin/pg_upgrade --link"
              . " -b $bin -B $bin -d $folder/data -D $folder/new -s $folder/socket -U postgres"),
   'pg_upgrade');
# Under the name that is stopped and removed at the end.
ok(owner_runs('sh', '-c', "mv $folder/data $folder/old && mv $folder/new $folder/data && echo"
              . qq{ "port = 5432\nlisten_addresses = ''\nunix_socket_directories = '$folder/socket'"}
              . " >> $folder/data/postgresql.conf"), 'the new cluster takes the place');
$cluster->restart;

is($cluster->sql('shop', 'SELECT fundb.sync()'), '', 'nothing to synchronize');
is($cluster->sql('shop', q{BEGIN; INSERT INTO pm.actions VALUES (1, 'x') RETURNING note;
        INSERT INTO pm.log VALUES (1, 'x') RETURNING note; ROLLBACK}), "fired\nfired", 'rules work');
is($cluster->sql('shop', q{SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger
        WHERE tgfoid = 'fundb.run_rules()'::regprocedure ORDER BY tgrelid::regclass::text, 2}),
   "pm.actions|zz_fundb_before|A\npm.log|zz_fundb_root_before|O\npm.log_1|zz_fundb_root_before|O",
   'native triggers are what they were');
for my $schema ('before_5', 'before_3', 'before_1', 'pm') {
    $cluster->sql('shop', "ALTER SCHEMA $schema RENAME TO ${schema}_renamed");
}
$cluster->sql('shop', 'ALTER TABLE pm_renamed.actions RENAME TO deeds');
is($cluster->sql('shop', q{SELECT s.name, e.name FROM public.entities e
        JOIN public.schemas s ON s.id = e.schema_id ORDER BY 1, 2}),
   "pm_renamed|deeds\npm_renamed|log", 'renamed tables and schemas are followed');
is($cluster->sql('shop', q{SELECT s.name, m.path FROM public.modules m
        JOIN public.schemas s ON s.id = m.schema_id ORDER BY 1}),
   "admin|word.mjs\npm_renamed|own.mjs", 'and the modules of a schema');
is($cluster->sql('shop', q{SELECT name FROM public.schemas ORDER BY 1}), "admin\npm_renamed",
   'no schema is taken for another');
is($cluster->sql('shop', q{INSERT INTO pm_renamed.deeds VALUES (2, 'x') RETURNING note}), 'fired',
   'rules still work');

done_testing();
$cluster->stop;
