"""The builtin commands of the shells, one module each, found by name."""
