"""The parameters of a running Postfix program: main.cf over the built-in defaults, expanded, converted and checked.

    params = await Params.read(sys, log)            as the real programs do: waits for a file that is being edited, resolves
    inet_interfaces
    params = Params.load(sys, log, overrides)       the same without waiting
    params["myorigin"]                              a text, with its $names expanded
    params.integer("smtpd_recipient_limit")   params.boolean("biff")   params.seconds("queue_run_delay")
    params.integer(f"{transport}_destination_concurrency_limit")       parameters that every transport has need no declaration
    params.raw("forward_path")                      not expanded        params.expand("$myhostname ESMTP", {"user": "toto"})
    params.explicit("biff")                         was it set in main.cf or with -o?
    params.check("smtpd")                           convert all that smtpd reads at its start

Every getter raises Fatal with the sentence of the real program when the value is no number, no boolean, out of bounds or too short.
Source: postconf(5) and the programs of 2.5.1 and 3.7.11 observed with bad values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn

from maillab.sim.host.errno import SysError
from maillab.sim.postfix.lib import compat_level, main_cf
from maillab.sim.postfix.lib.mac_expand import Expander, MacroError
from maillab.sim.postfix.lib.msg import Fatal, Msg
from maillab.sim.postfix.lib.param_table import Param, table_of
from maillab.sim.postfix.lib.valid_hostname import valid_hostname
from maillab.sim.postfix.lib.version import SOURCE, dotted, flavour_of, version_of

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.own_addresses import OwnAddresses

CONFIG_DIRECTORY = "/etc/postfix"
CONFIG_ENV = "MAIL_CONFIG"
COOL_DOWN = 0.3
MILLION = 1_000_000
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
INT_MAX = (1 << 31) - 1
LONG_MAX = (1 << 63) - 1
PROTOCOLS = {"ipv4": ("inet",), "ipv6": ("inet6",), "all": ("inet", "inet6")}

Overrides = Mapping[str, str] | Iterable[tuple[str, str]]


class Params:
    """The parameters of one process. `settings` are the raw values of main.cf and -o."""

    def __init__(self, sys: Process, log: Msg, config_directory: str, settings: dict[str, str]) -> None:
        self.sys = sys
        self.log = log
        self.version = version_of(sys)
        self.table = table_of(self.version, flavour_of(sys))
        self.settings = settings
        self.config_directory = config_directory
        self._values: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._expander = Expander(self.raw, modern=self.version >= (3, 0))
        self._own: OwnAddresses | None = None

    # --- reading -----------------------------------------------------------------------------------------------------

    @classmethod
    def load(cls, sys: Process, log: Msg, overrides: Overrides = (), config_directory: str | None = None) -> Params:
        """Read main.cf now. Raises Fatal."""
        directory = config_directory or config_directory_of(sys, log)
        path = f"{directory}/main.cf"
        params = cls(sys, log, directory, dict(read_main_cf(sys, log, path)))
        params.settings["config_directory"] = directory
        params.settings.update(dict(overrides))
        params.initialize()
        return params

    @classmethod
    async def read(cls, sys: Process, log: Msg, overrides: Overrides = (), config_directory: str | None = None) -> Params:
        """Read main.cf as the real programs do: again while it is younger than a second, and find the addresses of
        inet_interfaces."""
        directory = config_directory or config_directory_of(sys, log)
        path = f"{directory}/main.cf"
        await cool_down(sys, log, path)
        params = cls.load(sys, log, overrides, directory)
        await params.own_addresses()
        return params

    def initialize(self) -> None:
        """Convert the parameters that every program reads. Raises Fatal."""
        level = compat_level.parse(self["compatibility_level"]) if self.version >= (3, 0) else (0, 0, 0)
        if level is None:
            self.log.fatal(compat_level.malformed(self["compatibility_level"]))
        self.compat_level = level
        self.protocols()
        self._check_myhostname()
        self._read_myorigin()
        self.check("*")

    def check(self, program: str) -> None:
        """Convert the parameters that a program reads at its start, in its order. Raises Fatal."""
        for name in self.table.program(program):
            param = self.table.get(name)
            if param is not None and name in self.settings:
                self._convert(param)

    def _convert(self, param: Param) -> None:
        if param.type == "bool":
            self.boolean(param.name)
        elif param.type == "time":
            self.seconds(param.name)
        elif param.type in ("int", "long"):
            self.integer(param.name)
        elif param.type == "str":
            self[param.name]

    def _check_myhostname(self) -> None:
        for name in ("myhostname", "mydomain"):
            value = self[name]
            if not valid_hostname(value, self.log.warning):
                self.log.fatal(f"file {self.config_directory}/main.cf: parameter {name}: bad parameter value: {value}")

    def _read_myorigin(self) -> None:
        """As distributions compile it, a myorigin that is a path stands for the first line of that file. Raises Fatal."""
        path = self["myorigin"]
        if not path.startswith("/") or flavour_of(self.sys) == SOURCE:
            return
        try:
            line = self.sys.slurp(path).partition(b"\n")[0]
        except SysError as error:
            self.log.fatal(f"{path}: cannot open file: {error.strerror}")
        origin = line.decode("utf-8", "surrogateescape").strip()
        if not origin:
            self.log.fatal(f"myorigin file {path} is empty")
        self._values["myorigin"] = origin

    # --- values ------------------------------------------------------------------------------------------------------

    def raw(self, name: str) -> str | None:
        """The value as written, or the built-in default; None for a name that is nowhere defined."""
        value = self.settings.get(name)
        return value if value is not None else self.default(name)

    def default(self, name: str) -> str | None:
        """The built-in default, None when there is no such parameter."""
        if name in COMPUTED:
            return COMPUTED[name](self)
        param = self.table.get(name) or self.table.service(name)
        return None if param is None else param.default

    def explicit(self, name: str) -> bool:
        """Whether main.cf or -o sets the parameter."""
        return name in self.settings

    def __getitem__(self, name: str) -> str:
        """The expanded value; "" for a name that is nowhere defined. Raises Fatal."""
        value = self._values.get(name)
        if value is None:
            value = self._expanded(self.raw(name) or "")
            param = self.table.get(name)
            if param is not None and param.type == "str" and param.low is not None and len(value) < param.low:
                self.log.fatal(f"bad string length {len(value)} < {param.low}: {name} = {value}")
            self._values[name] = value
        return value

    def integer(self, name: str) -> int:
        """A number. Raises Fatal."""
        if name not in self._numbers:
            param = self.table.get(name) or self.table.service(name)
            text = self[name]
            limit = LONG_MAX if param is not None and param.type == "long" else INT_MAX
            digits = text.lstrip(" \t")
            unsigned = digits[1:] if digits[:1] in ("+", "-") else digits
            if not (unsigned.isascii() and unsigned.isdigit()) or not -limit - 1 <= int(digits) <= limit:
                self.log.fatal(f"bad numerical configuration: {name} = {text}")
            self._numbers[name] = self._within(param, int(digits), "invalid {0} parameter value {1} {2} {3}")
        return self._numbers[name]

    def seconds(self, name: str) -> int:
        """A time in seconds. Raises Fatal."""
        if name not in self._numbers:
            param = self.table.get(name) or self.table.service(name)
            text = self[name]
            unit = text[-1:] if text[-1:].isalpha() else (param.unit if param is not None else "s")
            number = text[:-1] if text[-1:].isalpha() else text
            if (
                not (number.isascii() and number.isdigit())
                or unit.lower() not in UNITS
                or int(number) * UNITS[unit.lower()] > INT_MAX
            ):
                self.log.fatal(f"parameter {name}: bad time value or unit: {text}")
            value = int(number) * UNITS[unit.lower()]
            if param is not None and param.low is not None and value < param.low:
                self.log.fatal(f"invalid {name}: {value} (min {param.low})")
            if param is not None and param.high is not None and value > param.high:
                self.log.fatal(f"invalid {name}: {value} (max {param.high})")
            self._numbers[name] = value
        return self._numbers[name]

    def boolean(self, name: str) -> bool:
        """yes or no. Raises Fatal."""
        text = self[name].lower()
        if text not in ("yes", "no"):
            self.log.fatal(f"bad boolean configuration: {name} = {self[name]}")
        return text == "yes"

    get_str = __getitem__
    get_int = integer
    get_time = seconds
    get_bool = boolean

    def words(self, name: str) -> list[str]:
        """The elements of a list separated by commas and blanks."""
        return self[name].replace(",", " ").split()

    def _within(self, param: Param | None, value: int, sentence: str) -> int:
        if param is not None and param.low is not None and value < param.low:
            self.log.fatal(sentence.format(param.name, value, "<", param.low))
        if param is not None and param.high is not None and value > param.high:
            self.log.fatal(sentence.format(param.name, value, ">", param.high))
        return value

    def expand(self, text: str, more: Mapping[str, str] | None = None, allowed: str | None = None) -> str:
        """Expand a text with `more` names first. `allowed`: the characters that the values of `more` may hold. Raises Fatal."""
        if more is None:
            return self._expanded(text)
        local = Expander(lambda name: more.get(name, self.raw(name)), modern=self.version >= (3, 0), allowed=allowed)
        try:
            return local.expand(text)
        except MacroError as error:
            self._macro_error(error)

    def _expanded(self, text: str) -> str:
        if "$" not in text:
            return text
        try:
            return self._expander.expand(text)
        except MacroError as error:
            self._macro_error(error)

    def _macro_error(self, error: MacroError) -> NoReturn:
        for sentence in error.sentences:
            self.log.warning(sentence)
        self.log.fatal("dictionary mail_dict: macro processing error")

    def override(self, name: str, value: str) -> None:
        """Change a parameter of this process, as the programs do with their command line options."""
        self.settings[name] = value
        self._values.clear()
        self._numbers.clear()

    # --- this host ---------------------------------------------------------------------------------------------------

    def protocols(self) -> tuple[str, ...]:
        """The families of inet_protocols: "inet", "inet6". Raises Fatal."""
        text = self["inet_protocols"]
        found: list[str] = []
        for word in self.words("inet_protocols"):
            if word.lower() not in PROTOCOLS:
                self.log.fatal(f'unknown inet_protocols value "{word}" in "{text}"')
            found += PROTOCOLS[word.lower()]
        return tuple(family for family in ("inet", "inet6") if family in found)

    async def own_addresses(self) -> OwnAddresses:
        """The addresses this mail system listens on and those of its host. Raises Fatal."""
        if self._own is None:
            from maillab.sim.postfix.lib.own_addresses import find_own_addresses

            self._own = await find_own_addresses(self)
            self._values.pop("mynetworks", None)
        return self._own

    def default_mynetworks(self) -> str:
        """The networks of mynetworks_style. Raises Fatal."""
        from maillab.sim.postfix.lib.own_addresses import mynetworks

        return mynetworks(self, self._own)


def _default_myhostname(params: Params) -> str:
    name = params.sys.hostname()
    return name if "." in name else f"{name}.{params.settings.get('mydomain', 'localdomain')}"


def _default_mydomain(params: Params) -> str:
    _, dot, domain = params["myhostname"].partition(".")
    return domain if dot else "localdomain"


COMPUTED: dict[str, Callable[[Params], str]] = {
    "myhostname": _default_myhostname,
    "mydomain": _default_mydomain,
    "mynetworks": Params.default_mynetworks,
    "mail_version": lambda params: dotted(params.version),
    "config_directory": lambda params: params.config_directory,
    "process_id": lambda params: str(params.sys.pid),
    "process_name": lambda params: params.log.program,
}


def config_directory_of(sys: Process, log: Msg) -> str:
    """MAIL_CONFIG, when the user may use it, or the built-in directory. Raises Fatal."""
    directory = sys.env.get(CONFIG_ENV, "")
    if not directory or directory == CONFIG_DIRECTORY:
        return CONFIG_DIRECTORY
    if sys.uid != 0 and (sys.uid != sys.euid or sys.gid != sys.egid):
        settings = read_main_cf(sys, log, f"{CONFIG_DIRECTORY}/main.cf")
        known = [settings.get(name, "") for name in ("alternate_config_directories", "multi_instance_directories")]
        if directory not in ",".join(known).replace(",", " ").split():
            log.error(f"unauthorized configuration directory name: {directory}")
            log.error(f'specify "alternate_config_directories = {directory}" in {CONFIG_DIRECTORY}/main.cf to authorize it')
            log.fatal(f"untrusted configuration directory name: {directory}")
    return directory


def read_main_cf(sys: Process, log: Msg, path: str) -> dict[str, str]:
    """The settings of a main.cf; complaints go to the log. Raises Fatal."""
    try:
        data = sys.slurp(path)
    except SysError as error:
        verb = "read" if error.name == "EISDIR" else "open"
        raise Fatal(f"{verb} {path}: {error.strerror}") from error
    parsed = main_cf.parse(path, data.decode("utf-8", "surrogateescape"))
    for warning in parsed.warnings:
        log.warning(warning)
    if parsed.error:
        log.fatal(parsed.error)
    return parsed.settings


async def cool_down(sys: Process, log: Msg, path: str) -> None:
    """Wait until a file has not changed for a second; each look at it repeats the complaints, as in the real programs. Raises
    Fatal."""
    before = sys.clock() // MILLION
    while True:
        try:
            changed = sys.stat(path).mtime // MILLION
        except SysError:
            return
        if changed < before - 1 or changed > sys.clock() // MILLION:
            return
        read_main_cf(sys, log, path)
        await sys.sleep(COOL_DOWN)
        before = sys.clock() // MILLION
