"""maillab: a mail server course that runs in one Python process."""

__version__ = "0.1.0"
