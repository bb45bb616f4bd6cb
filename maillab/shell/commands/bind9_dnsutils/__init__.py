"""Programs of the Debian package bind9-dnsutils."""
