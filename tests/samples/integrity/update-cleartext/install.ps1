iwr -UseBasicParsing http://get.vendor-host.net/install.ps1 | iex
