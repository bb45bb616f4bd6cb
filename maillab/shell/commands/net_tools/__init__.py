"""Programs of the Debian package net-tools."""
