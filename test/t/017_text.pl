# Long text of one byte and of several bytes a character: read, assigned again, added to and written anew; and long bytea.
#
#   FUNDB_TEXT_MB=100   longer texts; the default needs little memory
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $million = 1_000_000;
my $size = ($ENV{FUNDB_TEXT_MB} // 4) * $million;
my $cluster = FundbCluster->start('text', 'client_min_messages=warning');
$cluster->sql('postgres', 'CREATE DATABASE shop');
$cluster->sql('shop', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE t (id int PRIMARY KEY, what text, a text, b bytea);
ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET STORAGE EXTERNAL;
SELECT fundb.create_trigger('long', 't', $js$
export default (event, args) => {
  switch (event.new.what) {
    case 'read': return {...args, what: `${event.new.a.length} ${event.new.a.charCodeAt(event.new.a.length - 1)}`};
    case 'same': return {...event.new, what: 'the same'};
    case 'add': return {...args, a: event.new.a + 'é€😀'};
    case 'bytes': args.b[args.b.length - 1] ^= 255; return args;
  }
  return true;
}
$js$, 'BEFORE', true, '{what}');
SQL

for my $case (['a', 1], ['é', 2], ['€', 3], ['😀', 4]) {
    my ($character, $bytes) = @$case;
    my $count = int($size / $bytes);
    my $units = $bytes == 4 ? 2 * $count : $count;
    my $last = $cluster->sql('shop', qq{TRUNCATE t; INSERT INTO t VALUES (1, 'fill', repeat('$character', $count)); SELECT md5(a) FROM t});
    my $step = sub { $cluster->sql('shop', "UPDATE t SET what = '$_[0]'; SELECT what, md5(a) FROM t") };
    is($step->('read') =~ s/ \d+\|/|/r, "$units|$last", "$bytes bytes a character: read");
    is($step->('same'), "the same|$last", "$bytes bytes a character: assigned again");
    is($cluster->sql('shop', qq{UPDATE t SET what = 'add'; SELECT a = repeat('$character', $count) || 'é€😀' FROM t}), 't',
       "$bytes bytes a character: added to");
    is($cluster->sql('shop', qq{INSERT INTO t VALUES (2, 'add', repeat('$character', $count)); SELECT octet_length(a) FROM t WHERE id = 2}),
       $count * $bytes + 9, "$bytes bytes a character: added to while inserted");
}
is($cluster->sql('shop', qq{INSERT INTO t VALUES (3, 'bytes', '', decode(repeat('00', $size), 'hex'));
    SELECT octet_length(b), md5(b) = md5(decode(repeat('00', $size - 1) || 'ff', 'hex')) FROM t WHERE id = 3}), "$size|t", 'bytes');

done_testing();
$cluster->stop;
