"""Addresses in standard form: source routes dropped, `a!b` and `a%b` turned into `user@domain`, missing domains added.

Works on external (quoted) addresses. Observed in Postfix 3.7.11 by asking its rewrite service.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.sim.mail.tok822 import ADDRESS, ATOM, LITERAL, QUOTED, Token, externalize, scan

if TYPE_CHECKING:
    from maillab.sim.postfix.lib.params import Params

_COMPLETE = re.compile(r"[\w+=/-]+(?:\.[\w+=/-]+)*@[\w-]+(?:\.[\w-]+)+")


def last(tokens: list[Token], kind: str) -> int:
    """The index of the last token of a kind, -1 without one."""
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index].kind == kind:
            return index
    return -1


def first(tokens: list[Token], kind: str) -> int:
    """The index of the first token of a kind, -1 without one."""
    return next((index for index, token in enumerate(tokens) if token.kind == kind), -1)


def strip_final_dot(tokens: list[Token]) -> None:
    """Remove one dot at the end of a domain, but neither `..` nor `@.`."""
    if len(tokens) >= 2 and tokens[-1].kind == "." and tokens[-2].kind not in ".@":
        tokens.pop()


class Rewriter:
    """The rules of main.cf for addresses of the mail system's own users (`local`) and of strangers (`remote`)."""

    def __init__(self, params: Params) -> None:
        self.swap_bangpath = params.boolean("swap_bangpath")
        self.percent_hack = params.boolean("allow_percent_hack")
        self.append_origin = params.boolean("append_at_myorigin")
        dot = params["append_dot_mydomain"]
        self.append_domain = dot == "yes"
        implied = params.version >= (3, 0) and params.compat_level < (1, 0) and "append_dot_mydomain" not in params.settings
        self.log = params.log if implied else None
        remote = params["remote_header_rewrite_domain"]
        self.origins = {"local": (params["myorigin"], params["mydomain"]), "remote": (remote, remote)}

    def rewrite(self, rule: str, address: str) -> str:
        """The standard form of an external address."""
        if address == "" or _COMPLETE.fullmatch(address):
            return address
        tokens = scan(address)
        if not tokens:
            return address
        self.rewrite_tokens(tokens, rule)
        return externalize([Token(ADDRESS, tokens=tokens)])

    def rewrite_tokens(self, tokens: list[Token], rule: str = "local") -> None:
        """Rewrite in place."""
        origin, domain = self.origins.get(rule, self.origins["local"])
        self._source_route(tokens)
        if last(tokens, "@") < 0:
            self._add_domain(tokens, origin)
        at = last(tokens, "@")
        if at >= 0 and at + 1 < len(tokens):
            part = tokens[at + 1 :]
            bare = part[0].kind != LITERAL and first(part, ".") < 0
            if bare and domain and (self.append_domain or rule == "remote"):
                if self.log is not None and rule == "local":
                    short = externalize([Token(ADDRESS, tokens=part)])
                    self.log.info(
                        "using backwards-compatible default setting append_dot_mydomain=yes to rewrite "
                        f'"{short}" to "{short}.{domain}"'
                    )
                tokens += [Token("."), *scan(domain)]
            strip_final_dot(tokens)

    def _source_route(self, tokens: list[Token]) -> None:
        if tokens and tokens[0].kind == "@":
            colon = first(tokens, ":")
            if colon >= 0:
                del tokens[: colon + 1]
            else:
                tokens.insert(0, Token(QUOTED, ""))

    def _add_domain(self, tokens: list[Token], origin: str) -> None:
        if not self.routing(tokens) and self.append_origin and origin:
            tokens += [Token("@"), *(scan(origin) or [Token(ATOM, origin)])]

    def routing(self, tokens: list[Token]) -> bool:
        """Turn `a!b` into `b@a`, else `a%b` into `a@b`; False when there is nothing to turn."""
        bang = first(tokens, "!")
        if self.swap_bangpath and bang >= 0:
            tokens[:] = [*tokens[bang + 1 :], Token("@"), *tokens[:bang]]
            return True
        percent = last(tokens, "%")
        if self.percent_hack and percent >= 0:
            tokens[percent] = Token("@")
            return True
        return False
