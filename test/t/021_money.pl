# money under other settings of lc_monetary, which decides how its text looks and how many digits of it are fractions:
# the bytes stay when a rule hands a value on, and a number means the same amount everywhere.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use FundbCluster;
use File::Temp 'tempdir';
use Test::More;

# The server looks for locales there.
my $locales = tempdir(CLEANUP => 1);
chmod 0755, $locales;
for my $locale ('de_DE', 'ja_JP') {
    system('localedef', '-i', $locale, '-f', 'UTF-8', "$locales/$locale.UTF-8") == 0 or die "no locale $locale: Debian's package locales is missing";
}
$ENV{LOCPATH} = $locales;
my $cluster = FundbCluster->start('money', 'client_min_messages=warning');
$cluster->sql('postgres', 'CREATE DATABASE shop');
$cluster->sql('shop', <<'SQL');
CREATE EXTENSION fundb;
CREATE TABLE t (id int PRIMARY KEY, what text, a money, b money, many money[]);
SELECT fundb.create_trigger('pay', 't', $js$
const amounts = {number: 1234.56, bigint: 1234n, whole: 1234, exponent: 1e21, text: '1.234,56', point: '12.50', wrong: 'x', nan: NaN};
export default (event, args) => {
  if (args.what === 'keep') return {...args, b: args.a, many: [args.a, null, 0.5]};
  return {...args, a: amounts[args.what]};
}
$js$, 'BEFORE', true);
CREATE FUNCTION cents(money) RETURNS bigint LANGUAGE sql AS $$ SELECT ('x' || encode(cash_send($1), 'hex'))::bit(64)::bigint $$;
SQL
sub refused { my ($settings, $what) = @_; my ($status, $out, $err) = $cluster->program('psql', '-XAtq', '-d', 'shop', '-c', "$settings; INSERT INTO t VALUES (9, '$what')"); return $err; }

# The fraction's digits, and what is read of the text that is written in the German way.
for (['C', 100, undef], ['de_DE.UTF-8', 100, 123456], ['ja_JP.UTF-8', 1, undef]) {
    my ($locale, $unit, $german) = @$_;
    my $set = "SET lc_monetary = '$locale'";
    my $is = sub { my ($what, $amount) = @_; is($cluster->sql('shop', "$set; TRUNCATE t; INSERT INTO t VALUES (1, '$what') RETURNING cents(a)"), $amount, "$locale: $what") };
    $is->('number', $unit == 1 ? 1235 : 123456);
    $is->('bigint', 1234 * $unit);
    $is->('whole', 1234 * $unit);
    $is->('text', $german) if defined $german;
    $is->('point', $german ? 125000 : 1250) if $unit == 100;
    # The greatest and the least.
    for my $amount ('9223372036854775807', '-9223372036854775808', '-1', '5') {
        my $money = '(' . ($unit == 1 ? "'$amount'::numeric" : "'$amount'::numeric * 0.01") . ')::money';
        is($cluster->sql('shop', "$set; TRUNCATE t; INSERT INTO t VALUES (1, 'keep', $money)"
            . ' RETURNING cents(a), cents(b), cents(many[1]), many[2] IS NULL, cents(many[3])'),
           "$amount|$amount|$amount|t|" . ($unit == 1 ? 1 : 50), "$locale: $amount is kept and copied");
    }
    like(refused($set, $_), qr/^ERROR:  column "a" of type money cannot take .*\n(DETAIL:  .*\n)?HINT:  Accepted are numbers, BigInts and strings that PostgreSQL reads as money\./, "$locale: $_")
        for 'wrong', 'exponent', 'nan';
}

done_testing();
$cluster->stop;
