"""Programs of the Debian package psmisc."""
