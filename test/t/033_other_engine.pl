# A server whose JavaScript engine is of another version than the one fundb was built with says so, and runs no rule: the layout of
# the engine's objects is compiled in.  A stand-in tells another version; the engine behind it is the right one.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('engine');
my $library = $cluster->file('version.so');
my $source = $cluster->file('version.c');
open my $file, '>', $source or die;
# v8::V8::GetVersion()
print $file qq(const char *_ZN2v82V810GetVersionEv(void); const char *_ZN2v82V810GetVersionEv(void) { return "10.2.999.1"; }\n);
close $file;
system('cc', '-shared', '-fPIC', '-o', $library, $source) == 0 or die 'no C compiler';

$cluster->sql('postgres', 'CREATE DATABASE app');
$cluster->sql('app', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE public.t (id int, note text);
SELECT fundb.create_trigger('mark', 'public.t', 'export default (e, args) => ({...args, note: "marked"})', 'BEFORE', true);
SQL
is($cluster->sql('app', 'INSERT INTO public.t VALUES (1) RETURNING note'), 'marked', 'the right version');

{
    local $ENV{LD_PRELOAD} = $library;
    $cluster->restart;
}
like($cluster->sql('app', 'SELECT fundb.version()'), qr/V8 10\.2\.999\.1$/, 'another one is loaded');
my ($status, $out, $err) = $cluster->program('psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', 'app',
    '-c', 'INSERT INTO public.t VALUES (2) RETURNING note', '-c', 'SELECT count(*) FROM public.t');
like($err, qr/ERROR:  58P01: JavaScript engine of version 10\.2\.999\.1 does not match version 10\.2\./, 'rules do not run');
like($err, qr/HINT:  Install the libnode package/, 'and it says what to do');
is($out, '1', 'the session goes on, and nothing was written');
($status, $out, $err) = $cluster->program('psql', '-XAtq', '-d', 'app', '-c',
    q[SELECT fundb.create_trigger('other', 'public.t', 'export default () => true', 'AFTER', true)]);
like($err, qr/does not match version/, 'nor can they be saved');
$cluster->restart;
is($cluster->sql('app', 'INSERT INTO public.t VALUES (3) RETURNING note'), 'marked', 'with the right one again they do');
is(scalar $cluster->complaints, 0, 'nothing crashed');
$cluster->stop;
done_testing();
