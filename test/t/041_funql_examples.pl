# Every example of docs/funql.md and every good golden query runs on a server.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('examples');
local %ENV = (%ENV, %{ $cluster->{env} }, PGDATABASE => 'postgres');
$ENV{PATH} = "$cluster->{bin}:$ENV{PATH}";
my @output = `python3 $FindBin::Bin/../differential/examples.py 2>&1`;
is($?, 0, 'all examples run') or diag(@output);
note($output[-1]);

$cluster->stop;
done_testing();
