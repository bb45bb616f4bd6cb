"""Recordings of real software, replayed."""
