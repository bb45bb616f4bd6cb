"""cidr - a text file of networks (`192.0.2.0/24`, `2001:db8::/32`) or addresses and results; the first that holds the address
wins (cidr_table(5))

`!network` matches what is outside, `if network ... endif` guards rules. A table may be written in main.cf:
`cidr:{{192.0.2.0/24 ok}}`.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from maillab.sim.postfix.lib.readlline import BLANK
from maillab.sim.postfix.lib.table import FileStamp, Spec, Table
from maillab.sim.postfix.tables._patterns import ENDIF, IF, RULE, rule_lines
from maillab.sim.wire.network import parse_ip

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadRule(Exception):
    """A rule that is refused; the sentence after `cidr map NAME, line N: `."""


@dataclass
class CidrRule:
    """One line of the table."""

    kind: str
    line: int
    negated: bool = False
    network: Network | None = None
    result: str = ""
    block_end: int = 0


def parse_network(text: str) -> Network:
    """A network or an address. Raises BadRule."""
    bare = text[1:].partition("]")[0] + text.partition("]")[2] if text.startswith("[") else text
    address, slash, mask = bare.partition("/")
    parsed = parse_ip(address)
    if parsed is None:
        raise BadRule(f'bad address pattern: "{text}": skipping this rule')
    bits = parsed.max_prefixlen
    if slash and (not mask.isdigit() or int(mask) > bits):
        raise BadRule(
            f'bad mask length in "{text}": skipping this rule'
            if mask.isdigit()
            else f'bad mask value in "{text}": skipping this rule'
        )
    network = ipaddress.ip_network(f"{parsed}/{mask or bits}", strict=False)
    if network.network_address != parsed:
        raise BadRule(f'non-null host address bits in "{text}", perhaps you should use "{network}" instead: skipping this rule')
    return network


class CidrTable(Table):
    """An open table of networks."""

    pattern = True
    flags = "lock|pattern"

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec)
        self.name = spec.name
        self.stamp = None if spec.name.startswith("{") else FileStamp(spec.sys, spec.name)
        self.rules: list[CidrRule] = []
        waiting: list[int] = []
        for number, text in rule_lines(spec):
            try:
                rule = self._rule(number, text)
                if rule.kind == ENDIF and not waiting:
                    raise BadRule("ignoring ENDIF without matching IF")
            except BadRule as error:
                self._warn(number, str(error))
                continue
            if rule.kind == ENDIF:
                self.rules[waiting.pop()].block_end = len(self.rules)
                continue
            if rule.kind == IF:
                waiting.append(len(self.rules))
            self.rules.append(rule)
        for index in reversed(waiting):
            self._warn(self.rules[index].line, "IF has no matching ENDIF")
            self.rules[index].block_end = len(self.rules)

    def _warn(self, number: int, text: str) -> None:
        self.log.warning(f"cidr map {self.name}, line {number}: {text}")

    def _rule(self, number: int, text: str) -> CidrRule:
        word, _, rest = text.replace("\t", " ").partition(" ")
        if word.lower() == ENDIF:
            return CidrRule(ENDIF, number)
        kind = RULE
        if word.lower() == IF:
            kind, text = IF, text[len(IF) :].strip(BLANK)
        negated = False
        while text.startswith("!"):
            negated, text = not negated, text[1:].lstrip(BLANK)
        end = next((index for index, char in enumerate(text) if char in BLANK), len(text))
        network, rest = text[:end], text[end:].strip(BLANK)
        if kind == RULE and not rest:
            raise BadRule("no lookup result: skipping this rule")
        return CidrRule(kind, number, negated, parse_network(network), rest)

    async def lookup(self, key: str) -> str | None:
        address = parse_ip(key)
        if address is None:
            return None
        at = 0
        while at < len(self.rules):
            rule = self.rules[at]
            at += 1
            inside = rule.network is not None and address.version == rule.network.version and address in rule.network
            if inside == rule.negated:
                at = rule.block_end if rule.kind == IF else at
            elif rule.kind == RULE:
                return rule.result
        return None

    def changed(self) -> bool:
        return self.stamp is not None and self.stamp.changed()


def open_table(spec: Spec) -> Table:
    """Read the rules. Raises Unavailable."""
    return CidrTable(spec)
