"""Programs of the Debian package iputils-ping."""
