"""Programs of the Debian package bsd-mailx."""
