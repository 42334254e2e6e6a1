# A private copy of the PostgreSQL installation, to which a test may add extension scripts.  Its programs are copies, since
# a server finds its files by where its program lies; all else are links.
package FundbInstallation;

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Copy qw(copy);
use File::Path qw(make_path);

my $root = dirname(dirname(dirname(abs_path(__FILE__))));

sub _link_all {
    my ($from, $to) = @_;
    make_path($to);
    for my $path (glob "$from/*") {
        my $name = basename($path);
        symlink $path, "$to/$name" or die "$to/$name: $!" if !-e "$to/$name";
    }
}

# Makes it in the folder, and clusters that are started from now on use it.
sub make {
    my ($class, $folder) = @_;
    chomp(my $bin = `$root/scripts/pg-bindir`);
    my %path = map { chomp(my $path = `$bin/pg_config --$_`); $_ => $path } qw(bindir sharedir pkglibdir);
    make_path("$folder$path{bindir}", dirname("$folder$path{pkglibdir}"));
    for my $program (glob "$path{bindir}/*") {
        my $to = "$folder$path{bindir}/" . basename($program);
        copy($program, $to) or die "$to: $!";
        chmod 0755, $to;
    }
    symlink $path{pkglibdir}, "$folder$path{pkglibdir}" or die "$folder$path{pkglibdir}: $!";
    _link_all("$path{sharedir}/extension", "$folder$path{sharedir}/extension");
    _link_all($path{sharedir}, "$folder$path{sharedir}");
    $ENV{PG_CONFIG} = "$folder$path{bindir}/pg_config";
    return bless { extension => "$folder$path{sharedir}/extension" }, $class;
}

sub read_script {
    my ($self, $name) = @_;
    open my $handle, '<:encoding(UTF-8)', "$self->{extension}/$name" or die "$name: $!";
    local $/;
    return <$handle>;
}

sub add_script {
    my ($self, $name, $text) = @_;
    open my $handle, '>:encoding(UTF-8)', "$self->{extension}/$name" or die "$name: $!";
    print $handle $text;
    close $handle;
}

1;
