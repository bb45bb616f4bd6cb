"""postconf - Postfix configuration utility

SYNOPSIS
    postconf [-dfhHnopvx] [-C class] [-c config_dir] [parameter...]
    postconf [-e] parameter=value...      postconf -X parameter...      postconf -# parameter...
    postconf -M [-fox] [service[/type]...]      postconf -F [-fhHox] [service[/type[/field]]...]      postconf -P [-fhHox]
    [service[/type[/parameter]]...]
    postconf -M -e service/type=entry...  -M -X, -M -# service/type...  -F -e service/type/field=value...  -P -e, -P -X
    service/type/parameter[=value]...
    postconf -a | -A | -l | -m | -b [file] | -t [file] | -T mode

DESCRIPTION
    Shows and changes the parameters of main.cf and the services of master.cf: -d built-in defaults, -n only what main.cf sets,
    -e sets, -X removes,
    -# comments out, -x expands $names, -h values only, -H names only, -f folds long lines, -o overrides a parameter, -C a class of
    parameters (builtin, service, user, all). -m lists table types, -l lock types, -a and -A the SASL types of server and
    client, -b and -t
    bounce templates, -T versions of TLS. Postfix before 2.9 knows only -a -A -b -c -d -e -h -l -m -n -v.

BUGS
    -v says nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.postfix._postconf import display, edit, master_edit
from maillab.sim.postfix._postconf.options import CLASSES, Request
from maillab.sim.postfix._postconf.space import Space
from maillab.sim.postfix.lib import compat_level, master_cf
from maillab.sim.postfix.lib.command import run_command
from maillab.sim.postfix.lib.mac_expand import Expander, MacroError
from maillab.sim.postfix.lib.main_cf import SettingError, split_setting
from maillab.sim.postfix.lib.master_cf import FIELDS, MasterCf, MasterEntry
from maillab.sim.postfix.lib.params import CONFIG_ENV, Params, config_directory_of, cool_down, read_main_cf
from maillab.sim.postfix.lib.table import supported_types
from maillab.sim.postfix.lib.version import version_of

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix.lib.msg import Msg

INSTALLED = {"postfix": "/usr/sbin/postconf"}
MODERN = (2, 9)
HOST_NAMES = ("mydomain", "myhostname")
LOCK_TYPES = ("flock", "fcntl", "dotlock")
TLS = {
    "compile-version": "OpenSSL 3.0.11 19 Sep 2023",
    "run-version": "OpenSSL 3.0.20 7 Apr 2026",
    "public-key-algorithms": "dsa\necdsa\nrsa",
}


async def main(sys: Process, argv: list[str]) -> int:
    async def body(log: Msg) -> int:
        modern = version_of(sys) >= MODERN
        request = Request(log, argv, modern)
        directory = request.value("c")
        if directory is not None:
            sys.env[CONFIG_ENV] = directory
        return await Postconf(sys, log, request, modern).run()

    return await run_command(sys, argv, body, logs=False, whole_name=True)


class Postconf:
    """One run of the command."""

    def __init__(self, sys: Process, log: Msg, request: Request, modern: bool) -> None:
        self.sys = sys
        self.log = log
        self.request = request
        self.modern = modern
        self.directory = config_directory_of(sys, log)
        self.path = f"{self.directory}/main.cf"
        self.master_path = f"{self.directory}/master.cf"
        self.params = Params(sys, log, self.directory, {})
        self.out: list[str] = []

    async def run(self) -> int:
        """Do what was asked for. Raises Fatal."""
        request = self.request
        if request.edit:
            return await self.edit()
        if request.has("a") or request.has("A"):
            return await self.sasl_types()
        if request.has("l"):
            return await self.lines(*LOCK_TYPES)
        if request.has("T"):
            return await self.tls(request.value("T") or "")
        if request.has("b") or request.has("t"):
            return await self.templates()
        if not request.has("d"):
            await self.read_main_cf()
        if request.has("m"):
            return await self.lines(*supported_types(self.params))
        if request.space != "p":
            return await self.show_master()
        return await self.show_main()

    # --- reading -----------------------------------------------------------------------------------------------------

    async def read_main_cf(self) -> None:
        """The settings of main.cf with those of -o over them. Raises Fatal."""
        await cool_down(self.sys, self.log, self.path)
        settings = dict(read_main_cf(self.sys, self.log, self.path))
        if not self.modern or self.directory != "/etc/postfix":
            settings["config_directory"] = self.directory
        for text in self.request.all("o"):
            try:
                name, value = split_setting(text)
            except SettingError as error:
                self.log.fatal(f"invalid parameter override: {text}: {error}")
            settings[name] = value
        self.params = Params(self.sys, self.log, self.directory, settings)
        if self.modern:
            for name in HOST_NAMES:
                if f"${name}" in settings.get(name, ""):
                    self.params[name]

    def read_master_cf(self, needed: bool = False) -> MasterCf:
        """The services of master.cf; a missing file is only worth a warning. Raises Fatal."""
        try:
            text = self.sys.slurp(self.master_path).decode("utf-8", "surrogateescape")
        except SysError as error:
            if needed:
                self.log.fatal(f"open {self.master_path}: {error.strerror}")
            self.log.warning(f"open {self.master_path}: {error.strerror}")
            return MasterCf()
        master = master_cf.parse(text, self.master_path)
        for warning in master.warnings:
            self.log.warning(warning)
        return master

    # --- small answers -----------------------------------------------------------------------------------------------

    async def lines(self, *words: str) -> int:
        """Print words, one a line."""
        for word in words:
            await self.sys.stdout.print(word)
        return 0

    async def sasl_types(self) -> int:
        """The SASL implementations that are compiled in."""
        if not self.params.table.packaged:
            return 0
        return await self.lines(*(("cyrus", "dovecot") if self.request.has("a") else ("cyrus",)))

    async def tls(self, mode: str) -> int:
        """What -T asks for."""
        if mode not in TLS:
            self.log.warning(f"unknown 'postconf -T' mode: {mode}")
            return 1
        return await self.lines(TLS[mode])

    async def templates(self) -> int:
        """The bounce templates, with -b expanded."""
        from maillab.sim.postfix._postconf.templates import shown

        await self.read_main_cf()
        name = self.request.operands[0] if self.request.operands else self.params["bounce_template_file"]
        await self.sys.stdout.write(shown(self.sys, self.log, self.params, name, expanded=self.request.has("b")))
        return 0

    # --- main.cf -----------------------------------------------------------------------------------------------------

    async def show_main(self) -> int:
        """The parameters asked for, or all. Raises Fatal."""
        if not self.modern:
            return await self.show_old()
        master = self.read_master_cf()
        space = Space(self.params.table, {} if self.request.has("d") else self.params.settings, master.entries, self.log, self.path)
        self._check_values()
        if self.request.operands:
            self._show_named(space)
        else:
            for name in self._listed(space):
                self._show(name)
        await self.print_all()
        if not self.request.has("d"):
            for name in space.unused():
                self.log.warning(f"{self.path}: unused parameter: {name}={self.params.settings[name]}")
            self._unused_overrides(master, space)
        return 0

    def _check_values(self) -> None:
        """What every default depends on must expand: the level and the names of this host. Raises Fatal."""
        if self.request.has("d"):
            return
        level = self.params.settings.get("compatibility_level")
        if level is not None and "$" not in level and compat_level.parse(level) is None:
            self.log.warning(compat_level.malformed(level))
            self.log.fatal("macro processing error")
        for name, value in self.params.settings.items():
            if "$" in value and ("level" in value or name in HOST_NAMES):
                self._expand(f"${name}" if name in HOST_NAMES else value)

    async def print_all(self) -> None:
        """Warnings go out at once, what was found when all of it is known."""
        await self.log.flush()
        if self.out:
            await self.sys.stdout.write("\n".join(self.out) + "\n")
            self.out.clear()
        await self.sys.stdout.flush()

    def _listed(self, space: Space) -> list[str]:
        """The names to print when none was given, sorted."""
        classes = {word for text in self.request.all("C") for word in text.replace(",", " ").split()} or {"all"}
        for text in self.request.all("C"):
            for word in text.replace(",", " ").split():
                if word not in CLASSES:
                    self.log.fatal(f'unknown -C option value "{word}" in "{text}"')
        names: set[str] = set()
        for name, members in (("builtin", space.builtin), ("service", space.service), ("user", space.user)):
            if "all" in classes or name in classes:
                names.update(members)
        return [name for name in sorted(names) if not self.request.has("n") or name in self.params.settings]

    def _show_named(self, space: Space) -> None:
        self._listed(space)
        for name in self.request.operands:
            if not space.known(name):
                self.log.warning(f"{name}: unknown parameter")
            elif not self.request.has("n") or name in self.params.settings:
                self._show(name)

    def _show(self, name: str) -> None:
        value = self._value(name)
        if self.request.has("x"):
            value = self._expand(value)
        has = self.request.has
        line = display.setting(name, value, hide_name=has("h"), hide_value=has("H"), folded=has("f"))
        self.out.append(line)

    def _value(self, name: str) -> str:
        if self.request.has("d"):
            value = self.params.default(name)
        else:
            value = self.params.raw(name)
        return value or ""

    def _expand(self, value: str) -> str:
        lookup = self.params.default if self.request.has("d") else self.params.raw
        try:
            return Expander(lookup).expand(value)
        except MacroError as error:
            for sentence in error.sentences:
                self.log.warning(sentence)
            self.log.fatal("macro processing error")

    def _unused_overrides(self, master: MasterCf, space: Space) -> None:
        for entry in master.entries:
            mentioned = " ".join(entry.arguments)
            for name, value in entry.overrides().items():
                if not space.known(name) and f"${name}" not in mentioned and f"${{{name}" not in mentioned:
                    self.log.warning(f"{self.master_path}: unused parameter: {name}={value}")

    async def show_old(self) -> int:
        """As before Postfix 2.9: every setting of main.cf counts, values as they are written, warnings in their place."""
        has, table = self.request.has, self.params.table
        names = table.names() + [name for name in table_services(self.params) if table.get(name) is None]
        if not self.request.operands:
            listed = sorted(names) if not has("n") else sorted(name for name in names if name in self.params.settings)
            for name in listed:
                self._print_old(name)
            await self.print_all()
            return 0
        for name in self.request.operands:
            if name not in names:
                self.log.warning(f"{name}: unknown parameter")
            elif not has("n") or name in self.params.settings:
                self._print_old(name)
        await self.print_all()
        return 0

    def _print_old(self, name: str) -> None:
        value = (self.params.default(name) if self.request.has("d") else self.params.raw(name)) or ""
        self.out.append(value if self.request.has("h") else f"{name} = {value}")

    # --- master.cf ---------------------------------------------------------------------------------------------------

    async def show_master(self) -> int:
        """Services, fields or -o parameters of master.cf. Raises Fatal."""
        master = self.read_master_cf(needed=True)
        space = Space(self.params.table, self.params.settings, master.entries, self.log, self.path)
        patterns = self.request.operands or ["*"]
        for pattern in patterns:
            parts = pattern.split("/")
            if len(parts) > (2 if self.request.space == "M" else 3):
                names = {"M": "", "F": "[/field]", "P": "[/parameter]"}[self.request.space]
                self.log.fatal(f"-{self.request.space} option requires service_name[/type{names}]")
            if self.request.space == "F" and len(parts) == 3 and parts[2] not in (*FIELDS, "*"):
                self.log.fatal(f'invalid service attribute name: "{parts[2]}"')
            found = False
            for entry in master.matching(parts[0], parts[1] if len(parts) > 1 else "*"):
                found = self._show_entry(entry, parts[2] if len(parts) > 2 else "*") or found
            if not found and self.request.operands:
                self.log.warning(f'unmatched request: "{pattern}"')
        await self.print_all()
        self._unused_overrides(master, space)
        return 0

    def _show_entry(self, entry: MasterEntry, attribute: str) -> bool:
        """Print what is asked of one entry; False when there is nothing."""
        if self.request.space == "M":
            self.out.append(entry.show(self.request.has("f")))
            return True
        if self.request.space == "F":
            values = dict(zip(FIELDS, [*entry.fields[:7], entry.whole_command()], strict=True))
        else:
            values = entry.overrides()
        has = self.request.has
        found = False
        for name, value in values.items():
            if attribute not in ("*", name):
                continue
            found = True
            text = self._expand_for(entry, value) if has("x") else value
            line = display.setting(f"{entry.pattern}/{name}", text, hide_name=has("h"), hide_value=has("H"), folded=has("f"))
            self.out.append(line)
        return found

    def _expand_for(self, entry: MasterEntry, value: str) -> str:
        own = {"service_name": entry.name, **entry.overrides()}
        try:
            return Expander(lambda name: own.get(name, self.params.raw(name))).expand(value)
        except MacroError as error:
            for sentence in error.sentences:
                self.log.warning(sentence)
            self.log.fatal("macro processing error")

    # --- editing -----------------------------------------------------------------------------------------------------

    async def edit(self) -> int:
        """-e, -X or -#. Raises Fatal."""
        request, log = self.request, self.log
        if request.space == "p":
            wanted = edit.requests(log, request.edit, request.operands, self.modern)
            await edit.replace_file(self.sys, log, self.path, lambda text: edit.rewrite(text, wanted, request.edit, self.path, log))
            return 0
        changes = master_edit.requests(log, request.space, request.edit, request.operands)
        await edit.replace_file(
            self.sys,
            log,
            self.master_path,
            lambda text: master_edit.rewrite(text, changes, request.space, request.edit, self.master_path, log),
        )
        return 0


def table_services(params: Params) -> list[str]:
    """The parameters of the transports that Postfix before 2.9 lists without looking at master.cf."""
    suffixes = [suffix for suffix in params.table.suffixes() if "destination" in suffix]
    return [f"{transport}{suffix}" for transport in ("lmtp", "local", "relay", "smtp", "virtual") for suffix in suffixes]
