# Random FunQL queries give what plain SQL gives that says the same: test/differential/funql.py.
# FUNDB_DIFFERENTIAL_QUERIES and FUNDB_DIFFERENTIAL_SEED ask for more, or for others.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('differential');
local %ENV = (%ENV, %{ $cluster->{env} }, PGDATABASE => 'postgres');
$ENV{FUNDB_DIFFERENTIAL_QUERIES} //= 600;
$ENV{PATH} = "$cluster->{bin}:$ENV{PATH}";
my @output = `python3 $FindBin::Bin/../differential/funql.py 2>&1`;
is($?, 0, "$ENV{FUNDB_DIFFERENTIAL_QUERIES} queries and commands agree with SQL") or diag(@output);
like("@output", qr/row counts of \d\d? tables with all arrows: 0 differ/, 'arrows never change the number of rows');
note($output[-1]);

$cluster->stop;
done_testing();
