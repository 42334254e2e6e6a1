# ALTER EXTENSION fundb UPDATE from every version that was ever released gives what CREATE EXTENSION gives, object by
# object, and rules that were there go on to run.  Two made-up versions, one whose update script is complete and one whose
# is not, show that the test finds what it is for.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Temp 'tempdir';
use FundbCluster;
use FundbInstallation;
use Test::More;

my $folder = tempdir(CLEANUP => 1);
chmod 0755, $folder;
my $installation = FundbInstallation->make($folder);
my ($current) = $installation->read_script('fundb.control') =~ /^default_version = '(.*)'/m;
my $schema = $installation->read_script("fundb--$current.sql");
my ($function) = $schema =~ /^(CREATE FUNCTION fundb\.reset\(\).*?;\n)/ms;
my ($comment) = $schema =~ /^(COMMENT ON FUNCTION fundb\.reset\(\).*?;\n)/ms;
my ($made_up, $incomplete) = ('0.0.0.whole', '0.0.0.lacking');
for my $version ($made_up, $incomplete) {
    $installation->add_script("fundb--$version.sql", "$schema\nDROP FUNCTION fundb.reset(); ALTER TABLE public.triggers ALTER COLUMN priority SET DEFAULT 7;\n");
}
my $update = $function . 'ALTER TABLE public.triggers ALTER COLUMN priority SET DEFAULT 0;';
$installation->add_script("fundb--$made_up--$current.sql", "$update\n$comment");
$installation->add_script("fundb--$incomplete--$current.sql", $update);

my $cluster = FundbCluster->start('update', 'client_min_messages=warning');

# Everything that the extension consists of, without object ids.
my $members = <<'SQL';
CREATE TEMP VIEW member AS SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
    WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'fundb';
SELECT 'object', pg_describe_object(classid, objid, 0), obj_description(objid, classid::regclass::name) FROM member ORDER BY 2;
SELECT 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
       pg_get_expr(a.adbin, a.adrelid), col_description(attrelid, attnum)
    FROM pg_attribute LEFT JOIN pg_attrdef AS a ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid IN (SELECT objid FROM member WHERE classid = 'pg_class'::regclass) AND attnum > 0 AND NOT attisdropped ORDER BY attrelid::regclass::text, attnum;
SELECT 'relation', oid::regclass, relkind, relrowsecurity, reloptions, CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) END,
       (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(relacl) AS x)
    FROM pg_class WHERE oid IN (SELECT objid FROM member WHERE classid = 'pg_class'::regclass) ORDER BY oid::regclass::text;
SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid IN (SELECT objid FROM member) ORDER BY conrelid::regclass::text, 3;
SELECT 'index', pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN (SELECT objid FROM member) ORDER BY 2;
SELECT 'trigger', pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE tgrelid IN (SELECT objid FROM member) AND NOT tgisinternal ORDER BY 2;
SELECT 'function', pg_get_functiondef(oid), (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(proacl) AS x)
    FROM pg_proc WHERE oid IN (SELECT objid FROM member WHERE classid = 'pg_proc'::regclass) ORDER BY 2;
SELECT 'event trigger', evtname, evtevent, evtfoid::regproc, evtenabled, evttags FROM pg_event_trigger ORDER BY 2;
SELECT 'dumped', c.oid::regclass, c.condition FROM pg_extension, unnest(extconfig, extcondition) AS c (oid, condition)
    WHERE extname = 'fundb' ORDER BY c.oid::regclass::text;
SELECT 'extension', extversion, extnamespace::regnamespace, extrelocatable FROM pg_extension WHERE extname = 'fundb';
SQL

$cluster->sql('postgres', 'CREATE DATABASE fresh');
$cluster->sql('fresh', 'CREATE EXTENSION fundb');
my $expected = $cluster->sql('fresh', $members);
like($expected, qr/^extension\|/m, 'the catalogs are compared to their end');

# The comparison sees small things.
for my $change (q{ALTER TABLE public.triggers ALTER COLUMN priority SET DEFAULT 1}, q{COMMENT ON FUNCTION fundb.reset() IS 'x'},
                q{GRANT SELECT ON public.modules TO PUBLIC}, q{ALTER TABLE public.user_views DROP CONSTRAINT user_views_name_check},
                q{ALTER EXTENSION fundb DROP FUNCTION fundb.reset()}, q{ALTER FUNCTION fundb.version() IMMUTABLE},
                q{ALTER EVENT TRIGGER fundb_follow_drop DISABLE}) {
    isnt($cluster->sql('fresh', "BEGIN; $change; $members ROLLBACK"), $expected, "seen: $change");
}

my @older = grep { $_ ne $current } split /\n/, $cluster->sql('postgres', q{SELECT version FROM pg_available_extension_versions WHERE name = 'fundb' ORDER BY 1});
note "current version $current, older ones: @older";
is(scalar(grep { $_ eq $made_up || $_ eq $incomplete } @older), 2, 'the made-up versions are there');
for my $old (@older) {
    my $database = "from_$old" =~ s/\W/_/gr;
    $cluster->sql('postgres', "CREATE DATABASE $database");
    $cluster->sql($database, qq{CREATE EXTENSION fundb VERSION '$old'; CREATE TABLE t (id int PRIMARY KEY, note text);
        SELECT fundb.create_trigger('mark', 't', 'export default (event, args) => ({...args, note: "fired"})', 'BEFORE', on_insert => true)});
    is($cluster->sql($database, 'INSERT INTO t VALUES (1) RETURNING note'), 'fired', "$old: rules run before the update");
    isnt($cluster->sql($database, $members), $expected, "$old: it differs before the update");
    is($cluster->must('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $database, '-c', 'INSERT INTO t VALUES (2) RETURNING note',
                      '-c', 'ALTER EXTENSION fundb UPDATE', '-c', 'INSERT INTO t VALUES (3) RETURNING note'),
       "fired\nfired", "$old: in the session of the update, too");
    if ($old eq $incomplete) {
        isnt($cluster->sql($database, $members), $expected, "$old: what its update script forgets is found");
        next;
    }
    is($cluster->sql($database, $members), $expected, "$old: updated, it is as if newly installed");
    is($cluster->sql($database, 'SELECT fundb.sync()'), '', "$old: nothing to synchronize");
    is($cluster->sql($database, 'INSERT INTO t VALUES (4) RETURNING note'), 'fired', "$old: rules run afterwards");
}

# With the newest version there, an update says so and changes nothing.
$cluster->sql('fresh', 'SET client_min_messages = notice; ALTER EXTENSION fundb UPDATE');
is($cluster->sql('fresh', $members), $expected, 'an update to the same version changes nothing');

done_testing();
$cluster->stop;
