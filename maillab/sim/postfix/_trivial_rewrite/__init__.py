"""The parts of trivial-rewrite(8)."""
