# A physical standby: tables and the registry can be read, no rule runs, what would write is refused in
# PostgreSQL's words, and rules run once it is promoted.  Prepared transactions keep what rules wrote and
# changes of rules over a restart.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('standby', 'max_prepared_transactions=5', 'client_min_messages=warning');
my $folder = $cluster->folder;
my $bin = $cluster->{bin};
my @as_owner = $> == 0 ? ('runuser', '-u', 'postgres', '--') : ();
chdir '/';

sub owner_runs { return system(@as_owner, 'sh', '-c', "@_ >> $folder/owner.log 2>&1") == 0; }

# On the standby, which has a port of its own: (status, stdout, stderr).
sub standby {
    my ($sql) = @_;
    return $cluster->program('psql', '-XAtq', '-p', '5433', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=sqlstate',
                             '-d', 'shop', '-c', $sql);
}
sub standby_is { my ($sql, $expected, $what) = @_; my ($status, $out, $err) = standby($sql); is("$out$err", $expected, $what); }

$cluster->sql('postgres', 'CREATE DATABASE shop');
$cluster->sql('shop', <<'SQL');
CREATE EXTENSION fundb;
CREATE SCHEMA pm;
CREATE TABLE pm.actions (id integer PRIMARY KEY, note text);
CREATE TABLE pm.log (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
SELECT fundb.create_trigger('mark', 'pm.actions', $$
    export default async (event, args) => {
      await FunDB.insertEntity({schema: 'pm', name: 'log'}, {note: `${event.source.type} ${args.note}`});
      return {...args, note: 'fired'};
    } $$, 'BEFORE', on_insert => true, on_update_fields => '{note}');
SELECT fundb.create_trigger('mark_after', 'pm.actions', $$
    export default async (event, args) => {
      await FunDB.insertEntity({schema: 'pm', name: 'log'}, {note: `after ${event.source.type} ${event.source.newId} ${args.note}`});
    } $$, 'AFTER', on_insert => true);
INSERT INTO public.user_views (schema_id, name, query) VALUES (fundb.schema_id('pm'), 'all', 'SELECT id FROM pm.actions');
INSERT INTO pm.actions VALUES (1, 'x');
SQL

# Two-phase commit: over a restart, committed and rolled back; with rows, and with a rule.
$cluster->sql('shop', q{BEGIN; INSERT INTO pm.actions VALUES (2, 'two'); PREPARE TRANSACTION 'kept'});
$cluster->sql('shop', q{BEGIN; INSERT INTO pm.actions VALUES (3, 'three'); PREPARE TRANSACTION 'undone'});
$cluster->sql('shop', q{BEGIN; CREATE TABLE pm.late (id integer, note text);
    SELECT fundb.create_trigger('late', 'pm.late', 'export default (event, args) => ({...args, note: "late"})', 'BEFORE', on_insert => true);
    PREPARE TRANSACTION 'rule'});
$cluster->restart;
is($cluster->sql('shop', q{SELECT count(*) FROM pm.actions}), '1', 'a prepared transaction is not seen');
$cluster->sql('shop', "COMMIT PREPARED 'kept'");
$cluster->sql('shop', "ROLLBACK PREPARED 'undone'");
$cluster->sql('shop', "COMMIT PREPARED 'rule'");
is($cluster->sql('shop', q{SELECT id, note FROM pm.actions ORDER BY id}), "1|fired\n2|fired", 'what was prepared is there');
is($cluster->sql('shop', q{SELECT note FROM pm.log ORDER BY id}), "insert x\nafter insert 1 fired\ninsert two\nafter insert 2 fired", 'so is what its rules wrote, BEFORE and AFTER');
is($cluster->sql('shop', q{INSERT INTO pm.late VALUES (1, 'x') RETURNING note}), 'late', 'a rule that was prepared runs');
# A session that knows the rule sees the change that another one prepared and commits.
is($cluster->must('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', 'shop',
        '-c', q{INSERT INTO pm.late VALUES (2, 'x') RETURNING note},
        '-c', q{BEGIN}, '-c', q{UPDATE public.triggers SET procedure = replace(procedure, '"late"', '"later"') WHERE name = 'late'},
        '-c', q{INSERT INTO pm.late VALUES (3, 'x') RETURNING note}, '-c', q{PREPARE TRANSACTION 'edit'},
        '-c', q{INSERT INTO pm.late VALUES (4, 'x') RETURNING note}, '-c', q{COMMIT PREPARED 'edit'},
        '-c', q{INSERT INTO pm.late VALUES (5, 'x') RETURNING note}),
   "late\nlater\nlate\nlater", 'an edit counts from its commit on');

ok(owner_runs("$bin/pg_basebackup -h $folder/socket -p 5432 -U postgres -D $folder/standby -R -c fast --no-sync"), 'a base backup');
if (!ok(owner_runs("$bin/pg_ctl -s -w -D $folder/standby -l $folder/standby.log -o '-p 5433 -c max_standby_streaming_delay=0' start"), 'the standby starts')) {
    diag `cat $folder/owner.log $folder/standby.log`;
    die 'no standby';
}
# Also when a check in between dies.
sub stop_standby { return owner_runs("$bin/pg_ctl -s -w -m immediate -D $folder/standby stop") }
END { local $?; stop_standby() if $folder && -d $folder && $$ == $cluster->{owner} && !$cluster->{stopped} }

# What happens on the primary arrives.
$cluster->sql('shop', q{INSERT INTO pm.actions VALUES (4, 'four')});
my $target = $cluster->sql('shop', 'SELECT pg_current_wal_insert_lsn()');
for (1 .. 300) {
    my (undef, $reached) = standby("SELECT pg_last_wal_replay_lsn() >= '$target'");
    last if $reached eq 't';
    select undef, undef, undef, 0.2;
}
standby_is('SELECT id, note FROM pm.actions ORDER BY id', "1|fired\n2|fired\n4|fired", 'rows are read');
standby_is('SELECT name, "time" FROM public.triggers ORDER BY id', "mark|BEFORE\nmark_after|AFTER\nlate|BEFORE", 'the registry is read');
standby_is('SELECT count(*) FROM fundb.broken', '0', 'fundb.broken is read');
standby_is(q{SELECT fundb.entity_id('pm.actions') > 0, fundb.schema_id('pm') > 0}, 't|t', 'ids are read');
standby_is('SELECT fundb.version() <> $$$$', 't', 'so is the version');
for my $write (q{INSERT INTO pm.actions VALUES (5, 'x')}, q{UPDATE pm.actions SET note = 'y'}, 'DELETE FROM pm.actions',
               q{SELECT fundb.create_trigger('new', 'pm.actions', 'export default () => true', 'BEFORE', on_insert => true)},
               q{SELECT fundb.schema_id('none')}, q{UPDATE public.triggers SET priority = 1}, 'SELECT fundb.sync()') {
    standby_is($write, 'ERROR:  25006', "$write: PostgreSQL's own error");
}
standby_is('SELECT count(*) FROM pm.log', '6', 'nothing was written');

# JavaScript runs on a standby only where a rule's text is checked.  Rows that its snapshot needs are
# removed on the primary meanwhile: PostgreSQL's own error ends it.
sub conflict {
    local %ENV = (%ENV, %{ $cluster->{env} });
    open my $loop, '-|', "$bin/psql -XAtq -p 5433 -v VERBOSITY=verbose -d shop"
        . q{ -c "SELECT fundb.check_rule('loop', 'for (;;); export default () => true', 0)" -c "SELECT 'next'" 2>&1}
        or die "could not start psql: $!";
    for (1 .. 100) {
        my (undef, $running) = standby(q{SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%check_rule%' AND pid <> pg_backend_pid() AND state = 'active'});
        last if $running eq '1';
        select undef, undef, undef, 0.1;
    }
    $cluster->sql('shop', q{CREATE TABLE pm.gone AS SELECT i FROM generate_series(1, 1000) i});
    $cluster->sql('shop', 'DELETE FROM pm.gone');
    $cluster->sql('shop', 'VACUUM pm.gone');
    $cluster->sql('shop', 'DROP TABLE pm.gone');
    my $said = do { local $/; <$loop> };
    close $loop;
    return $said;
}

# PostgreSQL 15 sends the signal again every 5 ms until the transaction is gone.  One that comes while
# it is being rolled back, as on a busy machine, ends the session, whatever it was running.
my $said = '';
for (1 .. 5) {
    $said = conflict();
    last if $said !~ /FATAL:  40001: terminating connection due to conflict with recovery/;
}
like($said, qr/ERROR:  40001: canceling statement due to conflict with recovery/, 'a recovery conflict stops a script');
like($said, qr/^next$/m, 'and the session goes on') or diag($said);

# The primary stops for good; the standby takes over.
ok(owner_runs("$bin/pg_ctl -s -w -D $folder/data -m fast stop"), 'the primary stops');
ok(owner_runs("$bin/pg_ctl -s -w -D $folder/standby promote"), 'the standby is promoted');
standby_is(q{INSERT INTO pm.actions VALUES (6, 'six') RETURNING note}, 'fired', 'rules run after the promotion');
standby_is(q{UPDATE pm.actions SET id = 8, note = 'x' WHERE id = 1 RETURNING note}, 'fired', 'of every kind');
standby_is('SELECT fundb.sync()', '', 'nothing to synchronize');

ok(stop_standby(), 'the promoted server stops');
done_testing();
$cluster->stop;
