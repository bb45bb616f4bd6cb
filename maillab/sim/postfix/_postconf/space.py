"""Which parameter names postconf knows: built in, per service of master.cf, and made by the user's own main.cf.

A name of main.cf is the user's when something that is in use mentions it: `$name` in the value of a known parameter,
smtpd_restriction_classes,
a legacy name that built-in defaults mention, or the settings of a database table (`ldapx_server_host` with `ldap:ldapx`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.mac_expand import MacroError, parse, parse_reference

if TYPE_CHECKING:
    from maillab.sim.postfix.lib.master_cf import MasterEntry
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.param_table import Param, ParamTable

TRANSPORTS = ("smtp", "lmtp", "local", "pipe", "virtual", "error")
TIME_LIMITED = ("pipe", "spawn")
TIME_LIMIT = "_time_limit"
DATABASES = ("ldap", "mysql", "pgsql", "sqlite", "memcache")
DATABASE_SUFFIXES = (
    "additional_conditions", "backup", "bind", "bind_dn", "bind_pw", "cache", "chase_referrals", "charset", "data_size_limit",
    "dbname", "debuglevel", "dereference", "domain", "encoding", "expansion_limit", "hosts", "key_format",
    "leaf_result_attribute", "line_size_limit", "max_try", "memcache", "password", "query", "query_filter",
    "require_result_set", "result_attribute", "result_filter", "result_format", "retry_pause", "scope", "search_base",
    "search_timeout", "select_field", "select_function", "server_host", "server_port", "size_limit",
    "special_result_attribute", "start_tls", "table", "terminal_result_attribute", "timeout", "tls_ca_cert_dir",
    "tls_ca_cert_file", "tls_cert", "tls_cipher_suite", "tls_key", "tls_random_file", "tls_require_cert", "ttl", "user",
    "version", "where_field", "dbpath",
)  # fmt: skip


def references(text: str) -> Iterator[str]:
    """The names that a value mentions, also in the branches of its conditionals. Raises MacroError."""
    for piece in parse(text):
        if not piece.macro:
            continue
        what = parse_reference(piece.text)
        inner = [part for part in (what.if_true, what.if_false) if part]
        if what.comparison is not None:
            inner += [what.comparison[0], what.comparison[3]]
        else:
            yield what.name
        for part in inner:
            yield from references(part)


@cache
def builtin_names(table: ParamTable) -> dict[str, Param]:
    """The parameters of this version."""
    return {name: param for name in table.names() if (param := table.get(name)) is not None}


@cache
def legacy_names(table: ParamTable) -> list[str]:
    """The names that built-in defaults mention and that are no parameters (any more)."""
    builtin = builtin_names(table)
    return [
        name
        for param in builtin.values()
        if "$" in param.default and param.type != "raw"
        for name in references(param.default)
        if name not in builtin
    ]


def service_names(table: ParamTable, entries: Iterable[MasterEntry]) -> dict[str, Param]:
    """The parameters of the delivery transports that master.cf names."""
    found: dict[str, Param] = {}
    for entry in entries:
        program = entry.command.rpartition("/")[2]
        for suffix in table.suffixes():
            wanted = program in TIME_LIMITED if suffix == TIME_LIMIT else program in TRANSPORTS
            if wanted and entry.type == "unix":
                param = table.service_param(entry.name, suffix)
                found[param.name] = param
    return found


class Space:
    """The names that are known, given what main.cf and master.cf say."""

    def __init__(self, table: ParamTable, settings: dict[str, str], entries: list[MasterEntry], log: Msg, path: str) -> None:
        self.table = table
        self.settings = settings
        self.log = log
        self.path = path
        self.builtin = builtin_names(table)
        self.service = {name: param for name, param in service_names(table, entries).items() if name not in self.builtin}
        self.user: dict[str, str] = {}
        self.legacy = legacy_names(table)
        self._gather(entries)

    def known(self, name: str) -> bool:
        """Whether the name is a parameter."""
        return name in self.builtin or name in self.service or name in self.user

    def unused(self) -> list[str]:
        """Names of main.cf that nothing uses."""
        return [name for name in self.settings if not self.known(name)]

    def _gather(self, entries: list[MasterEntry]) -> None:
        classes = self.settings.get("smtpd_restriction_classes", "").replace(",", " ").split()
        for word in classes:
            if word not in self.settings and not self.known(word):
                self.log.warning(f"{self.path}: undefined parameter: {word}")
        for word in classes:
            self._adopt(word)
        for name in self.legacy:
            self._adopt(name)
        for entry in entries:
            for value in entry.overrides().values():
                for name in references(value):
                    self._adopt(name)
        for name, value in list(self.settings.items()):
            param = self.builtin.get(name) or self.service.get(name)
            if param is not None and param.type != "raw":
                self._scan(value)
                self._databases(value)

    def _adopt(self, name: str) -> bool:
        """Make a name of main.cf a known one, and look at its value; False when main.cf does not set it."""
        if self.known(name):
            return True
        if name not in self.settings:
            return False
        self.user[name] = self.settings[name]
        self._scan(self.settings[name])
        return True

    def _scan(self, value: str) -> None:
        try:
            names = list(references(value))
        except MacroError as error:
            for sentence in error.sentences * 2:
                self.log.warning(sentence)
            self.log.fatal("macro processing error")
        for name in names:
            if not self._adopt(name) and name not in self.legacy:
                self.log.warning(f"{self.path}: undefined parameter: {name}")

    def _databases(self, value: str) -> None:
        """The legacy form of table settings: parameters that start with the table's name."""
        for word in value.replace(",", " ").split():
            kind, _, name = word.removeprefix("proxy:").partition(":")
            if kind in DATABASES and name and not name.startswith(("/", ".", "{")):
                for suffix in DATABASE_SUFFIXES:
                    self._adopt(f"{name}_{suffix}")
