"""dpkg and its helpers."""
