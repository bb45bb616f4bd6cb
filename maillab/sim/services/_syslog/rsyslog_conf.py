"""rsyslog.conf(5): the statements that are simulated, checked when read.

Simulated: selectors and property filters with files, `stop`, users and remote hosts as actions, the directives for owners, modes,
sockets, templates and included files, `module(...)` and `input(type="imudp")`. The rest is either an error (as rsyslogd says it) or,
where rsyslogd would know it, told to the lab as not simulated.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from maillab.sim.host.accounts import getgrnam, getpwnam
from maillab.sim.host.errno import SysError
from maillab.sim.services._syslog.files import Creation
from maillab.sim.services._syslog.message import Message
from maillab.sim.services._syslog.selector import Selector, SelectorError, parse_selector

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

_MODULES: Final = frozenset(
    ["imuxsock", "imklog", "immark", "imudp", "imtcp", "imfile", "imjournal", "imkmsg", "impstats", "ommail", "omprog", "omuxsock", "lmnet"]
)
_QUIET_DIRECTIVES: Final = frozenset(
    [
        "workdirectory",
        "privdroptouser",
        "privdroptogroup",
        "maxmessagesize",
        "umask",
        "mainmsgqueuesize",
        "actionfileenablesync",
        "abortonuncleanconfig",
        "systemlogusesystimestamp",
        "systemlogratelimitinterval",
        "systemlogratelimitburst",
        "imuxsockratelimitinterval",
        "imuxsockratelimitburst",
        "klogpermitnonkernelfacility",
        "omitlocallogging",
        "systemlogsocketname",
        "systemlogsocketignoremsgtimestamp",
        "preservefqdn",
        "escapecontrolcharactersonreceive",
        "optimizeforuniprocessor",
        "actionqueuetype",
        "resetconfigvariables",
    ]
)
_PROPERTIES: Final[dict[str, Callable[[Message], str]]] = {
    "msg": lambda m: m.body,
    "programname": lambda m: m.programname,
    "syslogtag": lambda m: m.tag,
    "rawmsg": lambda m: m.text.decode("utf-8", "surrogateescape"),
}
_FILTER = re.compile(r':([\w-]+),\s*(!?)(contains|isequal|startswith|regex|ereregex),\s*"((?:[^"\\]|\\.)*)"\s+(.+)', re.I)
_PARAMETER = re.compile(r'([\w.]+)\s*=\s*"([^"]*)"')


class ConfError(Exception):
    """What rsyslogd prints about a configuration it cannot use; `fatal` when it does not start."""

    def __init__(self, text: str, fatal: bool = False):
        super().__init__(text)
        self.fatal = fatal


@dataclass(frozen=True)
class Action:
    """One line: which messages, and what to do. `kind`: file, stop, users, forward, pipe."""

    matches: Callable[[Message], bool]
    kind: str
    target: str = ""
    creation: Creation = field(default_factory=Creation)
    precise: bool = False


@dataclass
class Conf:
    """The configuration as read, with what was wrong in it."""

    actions: list[Action] = field(default_factory=list)
    sockets: list[str] = field(default_factory=lambda: ["/dev/log"])
    udp_ports: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    unsimulated: list[str] = field(default_factory=list)
    reads_dev_log: bool = False


class _Reader:
    def __init__(self, sys: Process):
        self.sys = sys
        self.conf = Conf()
        self.uid: int | None = None
        self.gid: int | None = None
        self.mode = 0o644
        self.directory_mode = 0o700
        self.precise = True
        self.previous: Callable[[Message], bool] | None = None

    def read(self, path: str) -> None:
        text = self.sys.slurp(path).decode("utf-8", "surrogateescape")
        pending = ""
        for number, raw in enumerate(text.split("\n"), 1):
            line = pending + raw.strip()
            if line.endswith("\\"):
                pending = line[:-1]
                continue
            pending = ""
            if line and not line.startswith("#"):
                self._line(line, path, number)

    def _line(self, line: str, path: str, number: int) -> None:
        try:
            if line.startswith("$"):
                self._directive(line, path, number)
            elif re.match(r"[a-z]+\(", line):
                self._object(line)
            elif line.startswith(":") and not line.startswith(":omusrmsg"):
                self._property_filter(line, path, number)
            elif line.startswith("&"):
                if self.previous:
                    self._action(self.previous, line[1:].strip())
            elif line.startswith(("if ", "if(")):
                self.conf.unsimulated.append("rsyslog.conf: if")
            else:
                self._selector_line(line, path, number)
        except SelectorError as error:
            self.conf.errors.append(f"{error} [v8.2302.0]")
        except ConfError as error:
            self.conf.errors.append(str(error))

    def _directive(self, line: str, path: str, number: int) -> None:
        name, _, value = line[1:].partition(" ")
        value = value.strip()
        match name.lower():
            case "fileowner":
                user = getpwnam(self.sys, value)
                self.uid = user.uid if user else None
            case "filegroup":
                group = getgrnam(self.sys, value)
                self.gid = group.gid if group else None
            case "filecreatemode":
                self.mode = int(value, 8)
            case "dircreatemode":
                self.directory_mode = int(value, 8)
            case "includeconfig":
                self._include(value, path, number)
            case "addunixlistensocket":
                self.conf.sockets.append(value)
            case "actionfiledefaulttemplate":
                self.precise = value != "RSYSLOG_TraditionalFileFormat"
            case "modload":
                self._load_module(value)
            case "udpserverrun":
                self.conf.udp_ports.append(int(value))
            case "repeatedmsgreduction":
                if value.lower() == "on":
                    self.conf.unsimulated.append("rsyslog.conf: $RepeatedMsgReduction")
            case "template" | "inputtcpserverrun" | "actionqueuefilename":
                self.conf.unsimulated.append(f"rsyslog.conf: ${name}")
            case other if other not in _QUIET_DIRECTIVES:
                raise ConfError(
                    f"invalid or yet-unknown config file command '{name}' - have you forgotten to load a module? "
                    "[v8.2302.0 try https://www.rsyslog.com/e/3003 ]"
                )

    def _include(self, pattern: str, path: str, number: int) -> None:
        folder, _, base = pattern.rpartition("/")
        if not any(char in pattern for char in "*?["):
            if not self.sys.exists(pattern):
                raise ConfError(
                    f"error during parsing file {path}, on or before line {number}: error accessing config file or directory '{pattern}' "
                    f"[cwd: {self.sys.getcwd()}]: No such file or directory [v8.2302.0 try https://www.rsyslog.com/e/2207 ]"
                )
            self.read(pattern)
        elif self.sys.isdir(folder):
            for name in sorted(self.sys.listdir(folder)):
                if fnmatch.fnmatchcase(name, base) and not name.startswith("."):
                    self.read(f"{folder}/{name}")

    def _object(self, line: str) -> None:
        kind = line.partition("(")[0]
        parameters = {name.lower(): value for name, value in _PARAMETER.findall(line)}
        if kind == "module":
            self._load_module(parameters.get("load", ""))
        elif kind == "include":
            self._include(parameters.get("file", ""), "", 0)
        elif kind == "input" and parameters.get("type") == "imudp":
            self.conf.udp_ports.append(int(parameters.get("port", "514")))
        elif kind == "input" and parameters.get("type") == "imuxsock":
            self.conf.sockets.append(parameters.get("socket", ""))
        elif kind != "global":
            self.conf.unsimulated.append(f"rsyslog.conf: {kind}()")

    def _load_module(self, name: str) -> None:
        if name not in _MODULES:
            where = f"/usr/lib/x86_64-linux-gnu/rsyslog/{name}.so"
            raise ConfError(
                f"could not load module '{name}', errors: trying to load module {where}: {where}: cannot open shared object file: "
                "No such file or directory [v8.2302.0 try https://www.rsyslog.com/e/2066 ]"
            )
        if name == "imuxsock":
            self.conf.reads_dev_log = True

    def _property_filter(self, line: str, path: str, number: int) -> None:
        found = _FILTER.match(line)
        if not found or found[1].lower() not in _PROPERTIES:
            raise _syntax_error(path, number, line)
        self._action(_comparison(found[1].lower(), bool(found[2]), found[3].lower(), found[4]), found[5])

    def _selector_line(self, line: str, path: str, number: int) -> None:
        parts = line.split(None, 1)
        if "." not in parts[0]:
            self.conf.errors.append(
                f"error during parsing file {path}, on or before line {number}: warnings occurred in file '{path}' around line {number} "
                "[v8.2302.0 try https://www.rsyslog.com/e/2207 ]"
            )
            return
        if len(parts) < 2:
            raise _syntax_error(path, number + 1, "")
        selector = parse_selector(parts[0])
        self._action(_selected(selector), parts[1].strip())

    def _action(self, matches: Callable[[Message], bool], text: str) -> None:
        self.previous = matches
        target, semicolon, template = text.partition(";")
        precise = self.precise if not semicolon else template != "RSYSLOG_TraditionalFileFormat"
        creation = Creation(self.uid, self.gid, self.mode, self.directory_mode)
        if target.startswith(("/", "-/")):
            self.conf.actions.append(Action(matches, "file", target.removeprefix("-"), creation, precise))
        elif target in ("stop", "~"):
            self.conf.actions.append(Action(matches, "stop"))
        elif target.startswith("@"):
            self.conf.actions.append(Action(matches, "forward", target.lstrip("@")))
            if target.startswith("@@"):
                self.conf.unsimulated.append("rsyslog.conf: @@host (TCP)")
        elif target.startswith("|"):
            self.conf.actions.append(Action(matches, "pipe", target[1:]))
        else:
            self.conf.actions.append(Action(matches, "users", target.removeprefix(":omusrmsg:")))


def _syntax_error(path: str, number: int, token: str) -> ConfError:
    return ConfError(
        f"error during parsing file {path}, on or before line {number}: syntax error on token '{token}' "
        "[v8.2302.0 try https://www.rsyslog.com/e/2207 ]",
        fatal=True,
    )


def _selected(selector: Selector) -> Callable[[Message], bool]:
    return lambda message: bool(selector[message.facility] >> message.priority & 1)


def _comparison(name: str, inverted: bool, operation: str, value: str) -> Callable[[Message], bool]:
    read = _PROPERTIES[name]
    pattern = re.compile(value) if operation in ("regex", "ereregex") else None
    compare: dict[str, Callable[[str], bool]] = {
        "contains": lambda text: value in text,
        "isequal": lambda text: text == value,
        "startswith": lambda text: text.startswith(value),
    }
    test = (lambda text: bool(pattern.search(text))) if pattern else compare[operation]
    return lambda message: test(read(message)) != inverted


def read_conf(sys: Process, path: str) -> Conf:
    """Read a configuration with what it includes. Raises ConfError when the file cannot be opened."""
    reader = _Reader(sys)
    try:
        reader.read(path)
    except SysError as error:
        raise ConfError(
            f"could not open config file '{path}': {error} [v8.2302.0 try https://www.rsyslog.com/e/2104 ]", fatal=True
        ) from None
    return reader.conf
