"""sudo."""
