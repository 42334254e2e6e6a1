# Dumps bring rules, modules, views, events and native triggers back, in every format; restoring
# data fires no rule; afterwards everything works and fundb.sync() finds nothing to change.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

binmode $_, ':encoding(UTF-8)' for map { Test::More->builder->$_ } qw(output failure_output todo_output);

my $cluster = FundbCluster->start('dump', 'client_min_messages=warning');

$cluster->sql('postgres', $_)
    for ('CREATE ROLE author', 'CREATE ROLE reader', 'CREATE DATABASE source');
$cluster->sql('source', <<'SQL');
CREATE EXTENSION fundb;
CREATE SCHEMA pm;
CREATE SCHEMA zoo;
CREATE TABLE pm.first_name (id integer PRIMARY KEY, subject text, amount numeric);
CREATE TABLE zoo.animals (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
CREATE TABLE pm.log (id integer, region text, note text) PARTITION BY LIST (region);
CREATE TABLE pm.log_n PARTITION OF pm.log FOR VALUES IN ('n');
CREATE TABLE pm.log_s PARTITION OF pm.log FOR VALUES IN ('s');
CREATE TABLE pm.base (id integer, note text);
CREATE TABLE pm.child () INHERITS (pm.base);
CREATE TABLE public."Odd name, Ж" (id integer, note text);
CREATE VIEW pm.list AS SELECT * FROM pm.first_name;
INSERT INTO pm.first_name VALUES (1, 'as it was', 1), (2, 'as it was', 2);
INSERT INTO zoo.animals (name) VALUES ('as it was');
INSERT INTO pm.log VALUES (1, 'n', 'as it was'), (2, 's', 'as it was');
INSERT INTO pm.base VALUES (1, 'as it was');
INSERT INTO pm.child VALUES (2, 'as it was');
INSERT INTO public."Odd name, Ж" VALUES (1, 'as it was');
INSERT INTO public.modules (schema_id, path, source)
    VALUES (fundb.schema_id('admin'), 'z/util.mjs', 'import "admin/a"; export const mark = "fired";'),
           (fundb.schema_id('admin'), 'a.mjs', 'export const a = 1;');
SELECT fundb.create_trigger('mark', 'pm.first_name', $$
    import { mark } from 'admin/z/util';
    export default (event, args) => ({...args, subject: mark}); $$, 'BEFORE',
    on_insert => true, on_update_fields => '{amount}', priority => 3, schema => 'admin');
SELECT fundb.create_trigger('see', 'pm.first_name', 'export default () => true', 'AFTER',
    on_delete => true);
SELECT fundb.create_trigger('mark', 'zoo.animals',
    'export default (event, args) => ({...args, name: "fired"})', 'BEFORE', on_insert => true);
SELECT fundb.create_trigger('mark', relation, 
    'export default (event, args) => ({...args, note: "fired"})', 'BEFORE', on_insert => true)
    FROM unnest(ARRAY['pm.log', 'pm.log_s', 'pm.base', 'public."Odd name, Ж"']::regclass[]) AS relation;
SELECT fundb.create_trigger('broken', 'zoo.animals', 'export default (', 'AFTER',
    on_insert => true, allow_broken => true);
INSERT INTO public.user_views (schema_id, name, query)
    VALUES (fundb.schema_id('pm'), 'all', 'SELECT id FROM pm.first_name');
UPDATE public.entities SET main_field = 'subject', description = 'what is done'
    WHERE id = fundb.entity_id('pm.first_name');
SELECT fundb.entity_id('pm.list');
INSERT INTO fundb.events (user_name, source, details) VALUES ('someone', '{"a": 1}', '{"b": [2]}');
ALTER TABLE pm.first_name RENAME TO actions;
ALTER TABLE pm.actions ENABLE ALWAYS TRIGGER zz_fundb_before;
ALTER TABLE zoo.animals DISABLE TRIGGER zz_fundb_after;
GRANT SELECT, INSERT ON public.triggers TO author;
GRANT TRIGGER ON pm.actions TO author;
UPDATE public.triggers SET owner = 'author' WHERE name = 'see';
-- Gaps in the keys, so that a sequence that starts anew would be seen.
SELECT setval(pg_get_serial_sequence('public.triggers', 'id'), 1000);
SELECT setval(pg_get_serial_sequence('fundb.events', 'id'), 2000);
SQL

# Everything that must be the same, without object ids.
my $snapshot = <<'SQL';
SELECT 'schema', to_jsonb(s) FROM public.schemas s ORDER BY 2;
SELECT 'entity', to_jsonb(e) FROM public.entities e ORDER BY 2;
SELECT 'trigger', to_jsonb(t) FROM public.triggers t ORDER BY 2;
SELECT 'module', to_jsonb(m) FROM public.modules m ORDER BY 2;
SELECT 'view', to_jsonb(v) FROM public.user_views v ORDER BY 2;
SELECT 'event', to_jsonb(e) FROM fundb.events e ORDER BY 2;
SELECT 'mapped', entity_id, relation::regclass FROM fundb.relations ORDER BY 2;
SELECT 'namespace', s.name, n.namespace::regnamespace
    FROM fundb.namespaces n JOIN public.schemas s ON s.id = n.schema_id ORDER BY 2;
SELECT 'native', tgrelid::regclass, tgname, tgenabled, tgparentid <> 0 FROM pg_trigger
    WHERE tgfoid = 'fundb.run_rules()'::regprocedure
    ORDER BY tgrelid::regclass::text COLLATE "C", tgname;
SELECT 'sequence', nextval(pg_get_serial_sequence('public.triggers', 'id')) >= 1001,
       nextval(pg_get_serial_sequence('fundb.events', 'id')) >= 2001;
SELECT 'grant', grantee, privilege_type FROM information_schema.role_table_grants
    WHERE table_schema = 'public' AND table_name = 'triggers' ORDER BY 2, 3;
SELECT 'broken', kind, schema, entity, name FROM fundb.broken ORDER BY 2, 3, 4, 5;
SELECT 'row', to_jsonb(a) FROM pm.actions a ORDER BY 2;
SELECT 'row', to_jsonb(a) FROM zoo.animals a ORDER BY 2;
SELECT 'row', to_jsonb(a) FROM pm.log a ORDER BY 2;
SELECT 'row', a.tableoid::regclass, to_jsonb(a) FROM pm.base a ORDER BY 2, 3;
SELECT 'row', to_jsonb(a) FROM public."Odd name, Ж" a ORDER BY 2;
SQL

# Rules run, and renamed tables are followed.
my $works = <<'SQL';
BEGIN;
INSERT INTO pm.actions VALUES (10, 'x', 1) RETURNING subject;
INSERT INTO zoo.animals (name) VALUES ('x') RETURNING name;
INSERT INTO pm.log VALUES (10, 'n', 'x') RETURNING note;
INSERT INTO pm.child VALUES (10, 'x') RETURNING note;
INSERT INTO public."Odd name, Ж" VALUES (10, 'x') RETURNING note;
ALTER TABLE pm.actions RENAME TO deeds;
ALTER SCHEMA pm RENAME TO project;
SELECT s.name || '.' || e.name FROM public.entities e JOIN public.schemas s ON s.id = e.schema_id
    WHERE e.id = fundb.entity_id('project.deeds');
INSERT INTO project.deeds VALUES (11, 'x', 1) RETURNING subject;
DELETE FROM public.triggers WHERE name = 'mark' AND schema_id = fundb.schema_id('admin');
INSERT INTO project.deeds VALUES (12, 'x', 1) RETURNING subject;
DROP SCHEMA zoo CASCADE;
SELECT count(*) FROM public.schemas WHERE name = 'zoo';
ROLLBACK;
SQL
my $works_expected = join "\n", ('fired') x 5, 'project.deeds', 'fired', 'x', '0';

my $expected = $cluster->sql('source', $snapshot);
is($cluster->sql('source', $works), $works_expected, 'rules work before the dump');
is($cluster->sql('source', 'SELECT fundb.sync()'), '', 'nothing to synchronize before the dump');

my $number = 0;

sub new_database {
    my $name = 'restored_' . ++$number;
    $cluster->sql('postgres', "CREATE DATABASE $name");
    return $name;
}

sub is_whole {
    my ($database, $what, $forget) = @_;
    my ($got, $wanted) = ($cluster->sql($database, $snapshot), $expected);
    s/$forget//mg for $forget ? ($got, $wanted) : ();
    is($got, $wanted, "$what: everything is back, no rule fired");
    is($cluster->sql($database, 'SELECT fundb.sync()'), '', "$what: nothing to synchronize");
    is($cluster->sql($database, $works), $works_expected, "$what: rules work");
}

# psql for scripts, pg_restore for archives; nothing may be reported on the way.
sub restore {
    my ($program, @arguments) = @_;
    my ($status, $out, $err) = $cluster->program($program, @arguments);
    is("$status:$err", '0:', "$program @arguments: without complaint");
}

my @psql = ('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null');

# Scripts, with COPY and with INSERT.
for my $options ([], ['--inserts'], ['--column-inserts', '--rows-per-insert=2'],
                 ['--use-set-session-authorization'], ['--enable-row-security']) {
    my $file = $cluster->file('dump.sql');
    $cluster->must('pg_dump', @$options, '-f', $file, 'source');
    my $database = new_database();
    restore(@psql, '-d', $database, '-f', $file);
    is_whole($database, "script @$options");
}

# Archives.
for my $format (['c'], ['t'], ['d', '-j2']) {
    my ($letter, @jobs) = @$format;
    my $file = $cluster->file("dump.$letter");
    $cluster->must('pg_dump', "-F$letter", @jobs, '-f', $file, 'source');
    my $database = new_database();
    restore('pg_restore', @jobs, '-d', $database, $file);
    is_whole($database, "archive $letter @jobs");
}
my $archive = $cluster->file('dump.c');
{
    my $database = new_database();
    restore('pg_restore', '-1', '-d', $database, $archive);
    is_whole($database, 'archive in one transaction');
    # Over what is there.
    restore('pg_restore', '--clean', '--if-exists', '-d', $database, $archive);
    is_whole($database, 'archive over an existing database');
}
{
    my $database = new_database();
    restore('pg_restore', "--section=$_", '-d', $database, $archive)
        for ('pre-data', 'data', 'post-data');
    is_whole($database, 'archive in sections');
}

# The schema first, then the data: native triggers are there when the rows come.
for my $options ([], ['--disable-triggers'], ['--inserts']) {
    my ($schema, $data) = map { $cluster->file($_) } ('schema.sql', 'data.sql');
    $cluster->must('pg_dump', '--schema-only', '-f', $schema, 'source');
    $cluster->must('pg_dump', '--data-only', @$options, '-f', $data, 'source');
    my $database = new_database();
    restore(@psql, '-d', $database, '-f', $schema);
    is($cluster->sql($database, 'SELECT count(*) FROM public.triggers'), '0',
       'the schema alone has no rules');
    # Native triggers without rules do nothing.
    is($cluster->sql($database,
       q{BEGIN; INSERT INTO pm.actions VALUES (1, 'x') RETURNING subject; ROLLBACK}), 'x',
       'the schema alone: native triggers run nothing');
    restore(@psql, '-d', $database, '-f', $data);
    # --disable-triggers enables all triggers of a table in the end, whatever they were.
    my $forget = "@$options" eq '--disable-triggers' ? qr/(?<=\|)[OAD](?=\|[ft]$)/m : undef;
    is_whole($database, "schema, then data @$options", $forget);
}
{
    my $database = new_database();
    restore('pg_restore', '--schema-only', '-d', $database, $archive);
    restore('pg_restore', '--data-only', '-j2', '-d', $database, $archive);
    # Which entity is which table is found when it is first needed: each load saw half of it.
    is_whole($database, 'schema, then data from an archive in parallel', qr/^mapped.*\n/m);
}

# Whoever goes on to work in the session of a restore works as always.
{
    my $file = $cluster->file('dump.sql');
    $cluster->must('pg_dump', '-f', $file, 'source');
    my $database = new_database();
    is($cluster->must('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $database, '-c', '\\o /dev/null',
                      '-f', $file, '-c', '\\o', '-c', q{INSERT INTO pm.actions VALUES (3, 'x', 1)
            RETURNING subject; SELECT fundb.create_trigger('new', 'pm.actions', 'export default (event, args) =>
            ({...args, subject: "new"})', 'BEFORE', on_insert => true, priority => 9) > 0;
            INSERT INTO pm.actions VALUES (4, 'x', 1) RETURNING subject}),
       "fired\nt\nnew", 'the session of a restore goes on');
    # The schema and then the data in one session.
    my ($schema, $data) = map { $cluster->file($_) } ('schema.sql', 'data.sql');
    $cluster->must('pg_dump', '--schema-only', '-f', $schema, 'source');
    $cluster->must('pg_dump', '--data-only', '-f', $data, 'source');
    $database = new_database();
    restore(@psql, '-d', $database, '-f', $schema, '-f', $data);
    is_whole($database, 'schema, then data in one session');
}

# A single table: its rules stay behind.
{
    my $file = $cluster->file('table.sql');
    $cluster->must('pg_dump', '-t', 'pm.actions', '-f', $file, 'source');
    my $database = new_database();
    $cluster->sql($database, 'CREATE EXTENSION fundb; CREATE SCHEMA pm');
    restore(@psql, '-d', $database, '-f', $file);
    is($cluster->sql($database, q{INSERT INTO pm.actions VALUES (3, 'x', 1) RETURNING subject}), 'x',
       'a single table: no rules');
    is($cluster->sql($database, 'SELECT fundb.sync()'),
       qq{removed trigger "zz_fundb_before" on table "pm.actions"\n}
       . qq{removed trigger "zz_fundb_after" on table "pm.actions"},
       'a single table: needless native triggers go');
}

# With the rows of the registry, before it or after it, its rules are there again; so they are where a table is put back
# into the database that it was dumped from.
my @registry = map { ('-t', "public.$_") } qw(schemas entities triggers modules);
my $one_works = q{BEGIN; INSERT INTO pm.actions VALUES (3, 'x', 1) RETURNING subject; UPDATE pm.actions SET amount = 7 WHERE id = 1 RETURNING subject; ROLLBACK};
for my $order (['table', 'registry'], ['registry', 'table']) {
    my %file = map { $_ => $cluster->file("$_.sql") } 'table', 'registry';
    $cluster->must('pg_dump', '-t', 'pm.actions', '-f', $file{table}, 'source');
    $cluster->must('pg_dump', '--data-only', @registry, '-f', $file{registry}, 'source');
    my $database = new_database();
    $cluster->sql($database, 'CREATE EXTENSION fundb; CREATE SCHEMA pm; CREATE SCHEMA zoo');
    restore(@psql, '-d', $database, '-f', $file{$_}) for @$order;
    is($cluster->sql($database, 'SELECT id, subject FROM pm.actions ORDER BY id'), "1|as it was\n2|as it was", "@$order: no rule fired");
    is($cluster->sql($database, $one_works), "fired\nfired", "@$order: its rules run");
    is($cluster->sql($database, 'SELECT fundb.sync()'), '', "@$order: nothing to synchronize");
}
{
    my $database = new_database();
    restore('pg_restore', '-d', $database, $archive);
    my $file = $cluster->file('rows.sql');
    $cluster->must('pg_dump', '--data-only', '-t', 'pm.actions', '-f', $file, 'source');
    $cluster->sql($database, 'TRUNCATE pm.actions');
    restore(@psql, '-d', $database, '-f', $file);
    is_whole($database, 'the rows of a single table, put back');
    $cluster->sql($database, 'DROP VIEW pm.list');
    # Dropped and made anew it is another table: its rules went with the old one.
    restore('pg_restore', '--clean', '-t', 'actions', '-n', 'pm', '-d', $database, $archive);
    is($cluster->sql($database, $one_works), "x\nas it was", 'a table that was dropped took its rules along');
    is($cluster->sql($database, q{SELECT count(*) FROM public.entities WHERE name = 'actions'}), '0', 'and left the registry');
}

# A copy of a database on the same server.
$cluster->sql('postgres', 'CREATE DATABASE copy TEMPLATE source');
is_whole('copy', 'CREATE DATABASE ... TEMPLATE');

# Ordinary work is not taken for a restore: each mark of one alone changes nothing.
for my $setting ('SET check_function_bodies = off', "SET search_path = ''") {
    is($cluster->sql('copy', "BEGIN; $setting;"
        . q{ INSERT INTO pm.actions VALUES (20, 'x', 1) RETURNING subject; ROLLBACK}), 'fired',
       "$setting alone leaves rules on");
}

done_testing();
$cluster->stop;
