"""The parts of master(8)."""
