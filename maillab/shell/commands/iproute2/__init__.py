"""Programs of the Debian package iproute2."""
