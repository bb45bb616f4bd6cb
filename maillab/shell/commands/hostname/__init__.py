"""hostname and its other names."""
