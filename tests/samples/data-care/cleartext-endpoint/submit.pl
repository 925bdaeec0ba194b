#!/usr/bin/perl
use strict;
use IO::Socket::INET;

my $url = $ARGV[0] || "http://reports.vendor-host.net/cgi-bin/submit.cgi";
my ($host) = $url =~ m%//([^/]+)%;
my $remote = IO::Socket::INET->new(PeerAddr => $host, PeerPort => 80) or die;
print $remote "POST $url HTTP/1.0\r\n\r\n";
