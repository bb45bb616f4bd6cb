"""`maillab web`: the course in a browser, one process a visitor (textual-serve)."""

from __future__ import annotations

import shlex
import sys

from maillab.lessons.errors import MaillabError


def serve(host: str, port: int) -> None:
    """Serve until interrupted. Raises MaillabError when textual-serve is not installed."""
    try:
        from textual_serve.server import Server
    except ImportError:
        remedy = f"install it: {shlex.quote(sys.executable)} -m pip install 'textual-serve>=1.1'"
        raise MaillabError("maillab web", 0, "textual-serve is not installed", remedy) from None
    Server(f"{shlex.quote(sys.executable)} -m maillab", host=host, port=port, title="maillab").serve()
