# One connection that stays open over many statements: a psql that reads them from a pipe.
# What it prints, errors included, comes back in the order in which it came.
package FundbSession;

use strict;
use warnings;
use IO::Handle;
use IO::Select;
use Time::HiRes qw(time);

# FundbSession->open(cluster, database, 'setting=value', ...): see FundbCluster->session.
sub open {
    my ($class, $cluster, $database, @settings) = @_;
    local %ENV = (%ENV, %{ $cluster->{env} }, PGOPTIONS => join(' ', map { "-c $_" } @settings));
    pipe(my $stdin, my $in) or die "could not make a pipe: $!";
    pipe(my $out, my $stdout) or die "could not make a pipe: $!";
    my $pid = fork() // die "could not fork: $!";
    if ($pid == 0) {
        CORE::open(STDIN, '<&', $stdin) or die;
        CORE::open(STDOUT, '>&', $stdout) or die;
        CORE::open(STDERR, '>&', $stdout) or die;
        close $_ for $in, $out, $stdin, $stdout;
        exec { "$cluster->{bin}/psql" } 'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $database;
        die "could not run psql: $!";
    }
    close $_ for $stdin, $stdout;
    # A lost connection shows when its answer is read.
    $SIG{PIPE} = 'IGNORE';
    $in->autoflush(1);
    my $self = bless { in => $in, out => $out, psql => $pid, text => '', asked => 0, owner => $$ }, $class;
    $self->{pid} = $self->query('SELECT pg_backend_pid()');
    return $self;
}

# The backend's process.
sub pid { return $_[0]{pid}; }

# Sends SQL and does not wait.  One at a time.
sub send {
    my ($self, $sql) = @_;
    my $mark = ++$self->{asked};
    print { $self->{in} } "$sql\n;\n\\echo -- end $mark\n";
    return;
}

# What was printed until the SQL sent last was done, or the connection was lost; dies after `timeout` seconds, and ends psql.
sub wait {
    my ($self, $timeout) = @_;
    my $until = time + ($timeout // 120);
    my $end = "-- end $self->{asked}\n";
    my $select = IO::Select->new($self->{out});
    while (1) {
        my $at = index($self->{text}, $end);
        if ($at >= 0) {
            my $text = substr($self->{text}, 0, $at);
            $self->{text} = substr($self->{text}, $at + length $end);
            chomp $text;
            return $text;
        }
        my $left = $until - time;
        if ($left <= 0) {
            # Nothing may wait for it any more, the end of the test least of all.
            kill 'KILL', $self->{psql};
            die "no answer within " . ($timeout // 120) . " s; so far: $self->{text}";
        }
        next unless $select->can_read($left);
        my $count = sysread($self->{out}, $self->{text}, 65536, length $self->{text});
        if (!$count) {
            $self->{lost} = 1;
            my $text = $self->{text};
            $self->{text} = '';
            chomp $text;
            return $text;
        }
    }
}

sub query { my ($self, $sql, $timeout) = @_; $self->send($sql); return $self->wait($timeout); }

# Asks psql to cancel what runs, as Ctrl-C does; psql then leaves.
sub interrupt { my ($self) = @_; kill 'INT', $self->{psql}; return; }

# psql leaves when its connection is lost.
sub is_lost { return $_[0]{lost}; }

sub close {
    my ($self) = @_;
    return if $self->{closed}++;
    CORE::close $self->{in};
    CORE::close $self->{out};
    waitpid $self->{psql}, 0;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    $self->close if $self->{owner} == $$;
}

1;
