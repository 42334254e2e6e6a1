# A text of getUserView is compiled, analyzed and planned once per session, however often it is asked.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use Test::More;

my $cluster = FundbCluster->start('plans', 'client_min_messages=warning');
$cluster->sql('postgres', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE public.groups (id int PRIMARY KEY, name text);
CREATE TABLE public.things (id int PRIMARY KEY, g int REFERENCES public.groups);
CREATE TABLE public.run (times int);
INSERT INTO public.groups VALUES (1, 'one');
INSERT INTO public.things SELECT i, 1 FROM generate_series(1, 1000) AS i;
ANALYZE;
SELECT fundb.create_trigger('run', 'public.run', $$
  export default async (event, {times}) => {
    for (let i = 0; i < times; ++i) {
      const view = {type: 'anonymous', query: '{ $id int }: SELECT id AS thing_id, g=>name AS name FROM public.things WHERE id = $id'};
      const {result} = await FunDB.getUserView(view, {id: i});
      if (result.rows.length !== (i > 0 ? 1 : 0)) throw new Error('wrong rows');
      await FunDB.runCommand('{ $id int }: UPDATE public.things SET g = g=>id WHERE id = $id', {id: i});
    }
    return true;
  };
$$, 'BEFORE', true);
SQL

# How many trees PostgreSQL's analyzer and planner made that hold the name of our column.
sub counts {
    my ($times) = @_;
    my $log = $cluster->folder . '/log';
    my $before = -s $log;
    $cluster->sql('postgres', "SET debug_print_parse = on; SET debug_print_plan = on; INSERT INTO public.run VALUES ($times)");
    open my $handle, '<', $log or die "no log: $!";
    seek $handle, $before, 0;
    local $/;
    my $text = <$handle>;
    my %count = (parse => 0, plan => 0);
    $count{$1 eq 'plan' ? 'plan' : 'parse'}++ while $text =~ /LOG:  (parse tree|plan):/g;
    return \%count;
}

my ($few, $many) = (counts(10), counts(60));
cmp_ok($few->{parse}, '>=', 2, 'the queries were analyzed');
is($many->{parse}, $few->{parse}, 'no more of them for more calls');
is($many->{plan}, $few->{plan}, 'and no more plans, once PostgreSQL has settled for a generic one');

$cluster->stop;
done_testing();
