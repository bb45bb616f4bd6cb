"""The parts of postconf(1)."""
