package main

import "crypto/tls"

var settings = &tls.Config{MinVersion: tls.VersionTLS10}
