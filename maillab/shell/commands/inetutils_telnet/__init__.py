"""Programs of the Debian package inetutils-telnet."""
