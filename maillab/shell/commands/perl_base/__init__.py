"""Programs of the Debian package perl-base."""
