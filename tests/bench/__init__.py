"""Benchmarks: `./lab bench`, or `python -m tests.bench`. They print figures; no test depends on the clock on the wall."""
