"""Accounts: the programs of Debian's passwd package (shadow 4.13)."""
