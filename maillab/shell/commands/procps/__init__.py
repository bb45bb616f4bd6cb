"""Programs of the Debian package procps."""
