"""Programs of the Debian package netcat-openbsd."""
