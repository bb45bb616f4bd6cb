"""Programs of the Debian package sysvinit-utils."""
