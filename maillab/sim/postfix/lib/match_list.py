"""Lists of patterns in main.cf: `mydestination`, `mynetworks`, `relay_domains` and their like.

An element is a word, `/file/name` (its lines are elements), `type:table` (a match when the key is found), or `!` and one of
these. Words are compared without case. In lists of domains a word matches subdomains too when parent_domain_matches_subdomains
names the parameter, otherwise only `.word` does. In lists of hosts a word may be an address, a network `net/mask`, and brackets
go around IPv6 addresses. An `exact` list (mydestination, virtual_alias_domains) knows no subdomains at all.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib.maps import LookupFailure, shared_table, split_maps
from maillab.sim.postfix.lib.table import Spec, Surrogate, Table, TableError
from maillab.sim.wire.network import parse_ip

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MAX_DEPTH = 10


class MatchFailure(LookupFailure):
    """A table of the list could not be asked, or the list holds a malformed network; the reason is in the log."""


class Element:
    """One pattern. `table` is set for `type:name`."""

    __slots__ = ("negated", "network", "table", "word")

    def __init__(self, word: str, negated: bool, table: Table | None = None) -> None:
        self.word = word
        self.negated = negated
        self.table = table
        self.network: Network | None = None


class MatchList:
    """The elements of one list, read once. `text` defaults to the value of the parameter `title`."""

    def __init__(
        self,
        sys: Process,
        log: Msg,
        params: Params,
        title: str,
        text: str | None = None,
        *,
        subdomains: bool | None = None,
        exact: bool = False,
        addresses: bool = False,
    ) -> None:
        self.sys = sys
        self.log = log
        self.params = params
        self.title = title
        if subdomains is None:
            subdomains = title in params.words("parent_domain_matches_subdomains")
        self.subdomains = subdomains and not exact
        self.exact = exact
        self.addresses = addresses
        self.elements: list[Element] = []
        self._parse(params[title] if text is None else text, False, 0)
        plain = not any(element.negated or element.table for element in self.elements) and not addresses
        self.words = frozenset(element.word for element in self.elements) if plain else None

    def __bool__(self) -> bool:
        return bool(self.elements)

    def _parse(self, text: str, negated: bool, depth: int) -> None:
        for item in split_maps(text):
            inverse = negated
            while item.startswith("!"):
                inverse, item = not inverse, item[1:]
            if item.startswith("/") and depth < MAX_DEPTH:
                self._take_file(item, inverse, depth)
            elif ":" in item and not item.startswith("[") and not self._is_address(item):
                self.elements.append(Element(item, inverse, shared_table(self.sys, self.log, self.params, item)))
            elif item:
                self.elements.append(Element(item.lower(), inverse))

    def _is_address(self, item: str) -> bool:
        try:
            ipaddress.ip_network(item, strict=False)
        except ValueError:
            return False
        return True

    def _take_file(self, path: str, inverse: bool, depth: int) -> None:
        """The patterns of a file; one that cannot be read makes lookups fail since Postfix 2.9. Raises Fatal before."""
        try:
            lines = self.sys.slurp(path).decode("utf-8", "surrogateescape").split("\n")
        except SysError as error:
            reason = f"open file {path}: {error.strerror}"
            if self.params.version < (2, 9):
                self.log.fatal(reason)
            self.log.error(reason)
            spec = Spec(self.sys, self.log, self.params, "non-existent", path)
            self.elements.append(Element(path, inverse, Surrogate(spec, reason)))
            return
        self._parse(" ".join(line for line in lines if not line.lstrip().startswith("#")), inverse, depth + 1)

    async def match(self, key: str) -> bool:
        """Whether a domain or a word is in the list. Raises MatchFailure."""
        key = key.lower()
        if self.words is not None:
            return key in self.words or (not self.exact and self._parents(key))
        for element in self.elements:
            if await self._matches(element, key):
                return not element.negated
        return False

    def _parents(self, key: str) -> bool:
        assert self.words is not None
        at = key.find(".")
        while at >= 0:
            if (key[at + 1 :] if self.subdomains else key[at:]) in self.words:
                return True
            at = key.find(".", at + 1)
        return False

    async def _matches(self, element: Element, key: str) -> bool:
        if element.table is not None:
            return await self._find(element, key)
        word = element.word
        if word == key:
            return True
        return key.endswith("." + word) if self.subdomains else not self.exact and word.startswith(".") and key.endswith(word)

    async def _find(self, element: Element, key: str) -> bool:
        assert element.table is not None
        keys = [key]
        at = key.find(".")
        while self.subdomains and at >= 0:
            keys.append(key[at + 1 :])
            at = key.find(".", at + 1)
        for each in keys:
            try:
                if await element.table.lookup(each) is not None:
                    return True
            except TableError as error:
                self.log.warning(f"{self.title}: {element.word}: table lookup problem")
                raise MatchFailure(self.title) from error
        return False

    async def match_client(self, name: str, address: str) -> bool:
        """Whether a host is in the list, by its name or its address. Raises MatchFailure."""
        name = name.lower()
        for element in self.elements:
            if await self._matches(element, name) or await self._matches_address(element, address):
                return not element.negated
        return False

    async def _matches_address(self, element: Element, address: str) -> bool:
        if element.table is not None:
            return await self._find(element, address)
        word = element.word
        if word.startswith("["):
            inside, bracket, rest = word[1:].partition("]")
            if not bracket:
                return False
            word = inside + rest
        elif ":" in word and not self.addresses:
            return False
        if word == address:
            return True
        if "/" not in word:
            return ":" in word and self._same(word, address)
        return self._in_network(element, word, address)

    @staticmethod
    def _same(word: str, address: str) -> bool:
        found = parse_ip(word)
        return found is not None and found == parse_ip(address)

    def _in_network(self, element: Element, word: str, address: str) -> bool:
        if element.network is None:
            try:
                element.network = ipaddress.ip_network(word)
            except ValueError:
                self._bad_network(element.word, word)
        found = parse_ip(address)
        return found is not None and element.network is not None and found in element.network

    def _bad_network(self, shown: str, word: str) -> None:
        try:
            right = ipaddress.ip_network(word, strict=False)
        except ValueError:
            self.log.warning(f'{self.title}: bad net/mask pattern: "{shown}"')
        else:
            self.log.warning(f'{self.title}: non-null host address bits in "{shown}", perhaps you should use "{right}" instead')
        raise MatchFailure(self.title)
