"""Programs of the Debian package python3-minimal."""
