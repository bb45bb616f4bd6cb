"""Programs of the C library's package."""
