# A throwaway cluster for a TAP test, made by scripts/cluster and removed at the end.
package FundbCluster;

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempfile);
use FundbSession;

my $root = dirname(dirname(dirname(abs_path(__FILE__))));
my $script = "$root/scripts/cluster";

# FundbCluster->start(name, 'setting=value', ...)
sub start {
    my ($class, $name, @settings) = @_;
    # Short: the path of a unix socket has room for some 100 bytes only.
    my $folder = "/tmp/fundb-tap-$$-$name";
    my $self = bless { folder => $folder, files => "$folder.files", owner => $$ }, $class;
    $self->_run($script, 'start', $folder, @settings);
    make_path($self->{files});
    chomp(my @lines = `$script env $folder`);
    $self->{env} = { map { split /=/, $_, 2 } @lines };
    chomp($self->{bin} = `@{[ $script =~ s/cluster$/pg-bindir/r ]}`);
    return $self;
}

# A path for a file of the test; removed with the cluster.
sub file { my ($self, $name) = @_; return "$self->{files}/$name"; }

# Runs one of PostgreSQL's programs against the cluster: (status, stdout, stderr).
sub program {
    my ($self, $program, @arguments) = @_;
    local %ENV = (%ENV, %{ $self->{env} });
    my ($out_handle, $out) = tempfile(UNLINK => 1);
    my ($err_handle, $err) = tempfile(UNLINK => 1);
    my $pid = fork() // die "could not fork: $!";
    if ($pid == 0) {
        open STDIN, '<', '/dev/null' or die;
        open STDOUT, '>&', $out_handle or die;
        open STDERR, '>&', $err_handle or die;
        exec { "$self->{bin}/$program" } $program, @arguments;
        die "could not run $program: $!";
    }
    waitpid $pid, 0;
    my $status = $? >> 8;
    my @texts = map {
        local $/;
        open my $handle, '<:encoding(UTF-8)', $_ or die;
        my $text = <$handle> // '';
        $text;
    } ($out, $err);
    chomp @texts;
    return ($status, @texts);
}

# The same, for what must succeed; gives stdout.
sub must {
    my ($self, $program, @arguments) = @_;
    my ($status, $out, $err) = $self->program($program, @arguments);
    die "$program @arguments failed:\n$err\n" if $status != 0;
    return $out;
}

# Runs SQL as the superuser; dies when it fails.
sub sql {
    my ($self, $database, $sql) = @_;
    return $self->must('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $database, '-c', $sql);
}

# Lets a database in which the extension was created use the library that FUNDB_LIBRARY names (a build for tests) instead
# of the installed one; from the next connection on.
sub use_library {
    my ($self, $database) = @_;
    my $library = $ENV{FUNDB_LIBRARY} or return;
    $self->sql($database, "UPDATE pg_proc SET probin = '$library' WHERE probin LIKE '%/fundb'");
}

# A connection that stays open; see FundbSession.
sub session { my ($self, $database, @settings) = @_; return FundbSession->open($self, $database, @settings); }

# Lines of the server's log that no test may leave: a process that crashed, and what PostgreSQL says when a resource (a
# buffer pin, a snapshot, a lock, a plan) was not given back.
sub complaints {
    my ($self) = @_;
    open my $log, '<:encoding(UTF-8)', "$self->{folder}/log" or die "no log: $!";
    return grep {
        /terminated by signal|all server processes terminated|PANIC:|TRAP:|Assertion|AddressSanitizer|runtime error:/
            || /leak: |leaked|still referenced|transaction left non-empty|snapshot \S+ still active/
            || /subtransaction left|SetUserIdAndSecContext|AbortSubTransaction while|AbortTransaction while/
    } <$log>;
}

sub folder { return $_[0]{folder}; }
sub restart { my ($self, $mode) = @_; $self->_run($script, 'restart', $self->{folder}, $mode // 'fast'); }

sub stop {
    my ($self) = @_;
    return if $self->{stopped}++;
    $self->_run($script, 'stop', $self->{folder});
    remove_tree($self->{files});
}

sub _run {
    my ($self, @command) = @_;
    system(@command) == 0 or die "@command failed";
}

# Also when the test dies, but not in a child of it.
sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    eval { $self->stop } if $self->{owner} == $$;
}

1;
