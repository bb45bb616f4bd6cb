"""The parts of cleanup(8)."""
