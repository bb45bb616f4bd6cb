"""The programs of Debian's login package: sessions of other users."""
