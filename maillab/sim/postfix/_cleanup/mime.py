"""Where a line stands in a MIME message: headers of the message, of a part, of an attached message, or text (RFC 2045, RFC 2046).

Header checks depend on it: header_checks look at the message's own headers, mime_header_checks at MIME headers anywhere,
nested_header_checks at the headers of attached messages, body_checks at the rest, the first `body_checks_size_limit` bytes of
each part.
"""

from __future__ import annotations

import re

_BOUNDARY = re.compile(rb';\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;()]+))', re.IGNORECASE | re.DOTALL)
PRIMARY, PART, NESTED, BODY = "primary", "mime", "nested", "body"


class MimeState:
    """Follows the structure of a message, header by header and line by line."""

    def __init__(self, boundary_limit: int = 2048, nesting_limit: int = 100) -> None:
        self.where = PRIMARY
        self.boundaries: list[bytes] = []
        self.boundary_limit = boundary_limit
        self.nesting_limit = nesting_limit
        self.pending: bytes | None = None
        self.nested = False
        self.segment_size = 0

    def content_type(self, value: bytes) -> None:
        """A Content-Type header: remember what follows."""
        kind = value.strip().lower()
        self.pending, self.nested = None, False
        if kind.startswith(b"multipart/"):
            match = _BOUNDARY.search(value)
            if match:
                boundary = (match[1] if match[1] is not None else match[2])[: self.boundary_limit]
                self.pending = b"--" + boundary.replace(b"\\", b"")
        elif kind.startswith((b"message/rfc822", b"message/global")) and not kind.startswith((b"message/global-",)):
            self.nested = True

    def end_of_headers(self) -> None:
        """The blank line after headers."""
        self.segment_size = 0
        if self.nested:
            self.where = NESTED
        else:
            if self.pending is not None and len(self.boundaries) < self.nesting_limit:
                self.boundaries.append(self.pending)
            self.where = BODY
        self.pending, self.nested = None, False

    def body_line(self, line: bytes) -> bool:
        """Look for boundaries; True when the line is one (headers of a part may follow)."""
        if self.boundaries and line.startswith(b"--"):
            for index in range(len(self.boundaries) - 1, -1, -1):
                boundary = self.boundaries[index]
                if line.startswith(boundary):
                    rest = line[len(boundary) :]
                    del self.boundaries[index + 1 :]
                    if rest.startswith(b"--"):
                        del self.boundaries[index:]
                        self.where = BODY
                    else:
                        self.where = PART
                    self.segment_size = 0
                    return True
        return False
