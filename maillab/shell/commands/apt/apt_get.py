"""apt-get - APT package handling utility

SYNOPSIS
    apt-get [-y] [-s] [-q] [--no-install-recommends] [--purge] install|remove|purge|autoremove|reinstall PACKAGE...
    apt-get update|upgrade|dist-upgrade|clean|check
    apt ... (the same words, and list, search, show)

DESCRIPTION
    Installs packages of the release that /etc/apt/sources.list names, with what they depend on and recommend, and removes them. Files,
    accounts, run level links and daemons really come and go. The archive is always at hand: no network is needed.

BUGS
    There is one version of each package, so nothing is ever upgraded. Source packages, pinning and downloads to a directory are refused.
    A package whose programs the lab does not have is installed empty; the lab says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from maillab.shell.commands.apt import _help, apt_cache
from maillab.shell.commands.apt._automatic import automatic, mark, superfluous
from maillab.shell.commands.apt._plan import Planner
from maillab.shell.commands.apt._text import count_text, package_list, size_text
from maillab.shell.commands.debconf._questions import ask_questions
from maillab.shell.commands.dpkg._database import Database, multiarch_name, release_of, sources
from maillab.shell.commands.dpkg._install import Installer
from maillab.shell.commands.dpkg.dpkg import announce_removal, count_files
from maillab.shell.conversation import ask
from maillab.shell.options import Given, UsageError, gnu
from maillab.sim.releases import Release

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"apt": ["/usr/bin/apt-get", "/usr/bin/apt"]}
OPTIONS = gnu(
    "-h,--help -v,--version -q,--quiet=? -s,--simulate,--just-print,--dry-run,--recon,--no-act -y,--yes,--assume-yes "
    "--assume-no -d,--download-only "
    "-f,--fix-broken -m,--ignore-missing -V,--verbose-versions -u,--show-upgraded --purge --reinstall --no-install-recommends "
    "--install-recommends --install-suggests --allow-unauthenticated --force-yes --auto-remove,--autoremove --no-remove --fix-missing "
    "--no-upgrade --only-upgrade --trivial-only -t,--target-release= -o,--option= -c,--config-file= --installed "
    "--upgradable -a,--all-versions",
    standard=False,
)
REFUSED = ("source", "build-dep", "download", "changelog", "dselect-upgrade", "satisfy")
CACHE_COMMANDS = ("search", "show", "policy", "depends", "rdepends", "list", "showsrc", "madison")


async def main(sys: Process, argv: list[str]) -> int:
    called = argv[0].rpartition("/")[2]
    try:
        given = OPTIONS.parse(argv)
    except UsageError as error:
        text = str(error)
        letter = text.split("'")[1] if "'" in text else ""
        await sys.stderr.write(
            f"E: Command line option {repr(letter) + ' [from -' + letter + ']' if len(letter) == 1 else letter} is not "
            f"{'known.' if len(letter) == 1 else 'understood in combination with the other options'}\n"
        )
        return 100
    if given.has("help") or not given.operands or given.has("version"):
        text = _help.APT if called == "apt" else _help.APT_GET
        await sys.stdout.write(text.split("\n")[0] + "\n" if given.has("version") else text)
        return 0 if given.found else 1
    command = given.operands[0]
    if called == "apt":
        if not sys.isatty(1):
            await sys.stderr.write("\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n")
        if command in CACHE_COMMANDS:
            return await apt_cache.run(sys, command, given.operands[1:], as_apt=True, only_installed=given.has("installed"))
    return await _Run(sys, given, called).run(command, given.operands[1:])


class _Run:
    """One call of apt-get."""

    def __init__(self, sys: Process, given: Given, called: str):
        self.sys = sys
        self.given = given
        self.called = called
        self.old = sys.program.version < (0, 8)
        self.width = sys.winsize(1)[1] if sys.isatty(1) else 80
        self.database = Database(sys)

    async def say(self, text: str) -> None:
        """Text on stdout, at once."""
        await self.sys.stdout.write(text)
        await self.sys.stdout.flush()

    async def die(self, *texts: str) -> NoReturn:
        """Error lines and status 100."""
        await self.sys.stdout.flush()
        for text in texts:
            await self.sys.stderr.write(f"E: {text}\n")
        self.sys.exit(100)

    async def run(self, command: str, names: list[str]) -> int:
        """The commands."""
        simple = {
            "update": self.update,
            "upgrade": self.upgrade,
            "dist-upgrade": self.upgrade,
            "full-upgrade": self.upgrade,
            "check": self.check,
        }
        if command in ("clean", "autoclean", "auto-clean"):
            return 0
        if command in simple:
            return await simple[command]()
        if command in ("install", "reinstall", "remove", "purge", "autoremove", "auto-remove"):
            if not self.given.has("simulate"):
                await self._lock()
            return await self._change(command, names)
        if command in REFUSED:
            await self.die(f"{command} is not simulated in the lab")
        return await self.die(f"Invalid operation {command}")

    async def _lock(self) -> None:
        if self.sys.euid:
            await self.die(
                "Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)",
                "Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?",
            )

    async def _read_lists(self, state: bool = True) -> None:
        done = " Done" if self.sys.isatty(1) or self.old else ""
        await self.say(f"Reading package lists...{done}\n")
        if state:
            await self.say(f"Building dependency tree{'       ' if self.old else '...' + done}\n")
            await self.say(f"Reading state information...{done}\n")

    def _release(self) -> Release | None:
        return release_of(self.sys)

    async def update(self) -> int:
        """apt-get update: the lists are always the newest."""
        if self.sys.euid:
            await self._read_lists(state=False)
            await self.die(
                "Could not open lock file /var/lib/apt/lists/lock - open (13: Permission denied)",
                "Unable to lock directory /var/lib/apt/lists/",
            )
        paths = ["/etc/apt/sources.list"]
        if self.sys.isdir("/etc/apt/sources.list.d"):
            paths += [f"/etc/apt/sources.list.d/{name}" for name in sorted(self.sys.listdir("/etc/apt/sources.list.d"))]
        for number, (_, address, suite, _) in enumerate(sources(self.sys, paths), 1):
            await self.sys.sleep(0.1)
            await self.say(f"Hit:{number} {address} {suite} InRelease\n" if not self.old else f"Hit {address} {suite} Release.gpg\n")
        await self._read_lists(state=False)
        return 0

    async def upgrade(self) -> int:
        """apt-get upgrade: there is one version of each package."""
        await self._read_lists()
        await self.say(("" if self.old else "Calculating upgrade...\n") + count_text(0, 0, 0))
        return 0

    async def check(self) -> int:
        """apt-get check."""
        await self._read_lists()
        return 0

    async def _change(self, command: str, names: list[str]) -> int:
        release = self._release()
        await self._read_lists()
        if release is None:
            await self.die(*[f"Unable to locate package {name}" for name in names])
        given = self.given
        recommends = not given.has("no-install-recommends") and (not self.old or given.has("install-recommends"))
        planner = Planner(release.archive, self.database, recommends)
        purge = command == "purge" or given.has("purge")
        for text in names:
            name, wants_removal = _direction(text, command)
            await self._one(release, planner, name, wants_removal, command)
        if command in ("autoremove", "auto-remove") or given.has("auto-remove"):
            for name in superfluous(self.sys, self.database, planner.plan.remove):
                planner.drop(name)
        if planner.plan.broken:
            await self._broken(planner)
        return await _Work(self, release, planner, purge).run()

    async def _one(self, release: Release, planner: Planner, name: str, wants_removal: bool, command: str) -> None:
        archive, database, plan = release.archive, self.database, planner.plan
        if name not in archive and not database.state(name):
            providers = archive.providers(name)
            if len(providers) == 1 and not wants_removal:
                await self.say(f"Note, selecting '{providers[0]}' instead of '{name}'\n")
                name = providers[0]
            elif providers and not wants_removal:
                listed = "".join(f"  {provider} {archive.version(provider)}\n" for provider in providers)
                await self.say(
                    f"Package {name} is a virtual package provided by:\n{listed}You should explicitly select one to install.\n\n"
                )
                await self.die(f"Package '{name}' has no installation candidate")
            else:
                await self.die(f"Couldn't find package {name}" if self.old else f"Unable to locate package {name}")
        if wants_removal:
            if not database.installed(name) and not (command == "purge" and database.state(name)):
                await self.say(
                    f"Package '{name}' is not installed, so not removed\n"
                    if not self.old
                    else f"Package {name} is not installed, so not removed\n"
                )
                return
            plan.asked.append(name)
            planner.drop(name) if database.installed(name) else plan.remove.append(name)
            return
        plan.asked.append(name)
        if database.installed(name):
            if command == "reinstall" or self.given.has("reinstall"):
                plan.install.append(name)
                return
            await self.say(f"{name} is already the newest version" + (".\n" if self.old else f" ({database.version(name)}).\n"))
            marked = automatic(self.sys)
            if name in marked and not self.given.has("simulate"):
                mark(self.sys, [other for other in marked if other != name], release.facts.architecture)
                await self.say(f"{name} set to manually installed.\n")
            return
        planner.add(name)

    async def _broken(self, planner: Planner) -> NoReturn:
        text = (
            "Some packages could not be installed. This may mean that you have\n"
            "requested an impossible situation or if you are using the unstable\n"
            "distribution that some required packages have not yet been created\n"
            "or been moved out of Incoming.\n"
            "The following information may help to resolve the situation:\n\n"
            "The following packages have unmet dependencies:\n"
        )
        for name, what in planner.plan.broken:
            text += f" {name} : Depends: {what} but it is not installable\n"
        await self.say(text)
        await self.die("Unable to correct problems, you have held broken packages.")


def _direction(text: str, command: str) -> tuple[str, bool]:
    """A name with its version or sign (`name=1.0`, `name-`, `name+`), and whether it shall go."""
    removal = command in ("remove", "purge", "autoremove", "auto-remove")
    name = text.split("=")[0].split("/")[0].split(":")[0]
    if name.endswith("-"):
        return name[:-1], True
    return name.removesuffix("+") if not name.endswith("++") else name, removal


class _Work:
    """Showing and carrying out a plan."""

    def __init__(self, run: _Run, release: Release, planner: Planner, purge: bool):
        self.run_ = run
        self.sys = run.sys
        self.release = release
        self.planner = planner
        self.plan = planner.plan
        self.purge = purge
        self.new = [name for name in self.plan.install if not run.database.installed(name)]

    async def run(self) -> int:
        """Show the plan, ask, and do it."""
        given, plan = self.run_.given, self.plan
        await self._show()
        if not plan.install and not plan.remove:
            return 0
        if given.has("simulate"):
            return await self._simulate()
        await self._sizes()
        extra = any(name not in plan.asked for name in [*plan.install, *plan.remove]) or bool(plan.remove)
        if given.has("download-only"):
            return 0
        if extra and not await self._agreed():
            await self.run_.say("Abort.\n")
            return 1
        await self._fetch()
        await ask_questions(self.sys, self.release, self.new, preconfigure=True)
        await self._do()
        return 0

    async def _show(self) -> None:
        run, plan = self.run_, self.plan
        names = sorted(plan.install)
        superfluous_now = [name for name in superfluous(self.sys, run.database, plan.remove) if name not in plan.remove]
        if superfluous_now:
            one = len(superfluous_now) == 1
            nouns, verb, them = ("package was", "is", "it") if one else ("packages were", "are", "them")
            tool = "apt-get" if run.old else "apt"
            await run.say(
                f"The following {nouns} automatically installed and {verb} no longer required:\n"
                f"{package_list(superfluous_now, run.width)}Use '{tool} autoremove' to remove {them}.\n"
            )
        additional = [name for name in names if name not in plan.asked]
        await self._section(
            "The following additional packages will be installed:" if not run.old else "The following extra packages will be installed:",
            additional,
        )
        await self._section("Suggested packages:", self.planner.suggestions())
        await self._section("The following packages will be REMOVED:", sorted(plan.remove), "*" if self.purge else "")
        await self._section("The following NEW packages will be installed:", sorted(self.new))
        again = len(plan.install) - len(self.new)
        text = count_text(0, len(self.new), len(plan.remove))
        await run.say(text.replace(" newly installed, ", f" newly installed, {again} reinstalled, ") if again else text)

    async def _section(self, title: str, names: list[str], mark_: str = "") -> None:
        if names:
            await self.run_.say(title + "\n" + package_list(names, self.run_.width, mark_))

    def _number(self, name: str, field: str) -> int:
        stanza = self.release.archive.get(name) or self.run_.database.get(name) or {}
        return int(stanza.get(field, "0"))

    async def _sizes(self) -> None:
        fetched = sum(self._number(name, "Size") for name in self.plan.install)
        grown = sum(self._number(name, "Installed-Size") for name in self.new) - sum(
            self._number(name, "Installed-Size") for name in self.plan.remove
        )
        if fetched:
            text = size_text(fetched)
            await self.run_.say(f"Need to get {text.replace(' ', '') if self.run_.old else text} of archives.\n")
        space = size_text(abs(grown) * 1024)
        what = "additional disk space will be used" if grown >= 0 else "disk space will be freed"
        await self.run_.say(f"After this operation, {space.replace(' ', '') if self.run_.old else space} {what}.\n" if grown else "")

    async def _agreed(self) -> bool:
        given = self.run_.given
        if given.has("yes", "force-yes"):
            return True
        if given.has("assume-no"):
            return False
        answer = await ask(self.sys, "Do you want to continue? [Y/n] " if not self.run_.old else "Do you want to continue [Y/n]? ")
        return answer is not None and (answer.strip().lower() in ("", "y", "yes"))

    async def _simulate(self) -> int:
        origin = self.release.facts.title.split(" (")[0]
        for name in self.plan.remove:
            await self.run_.say(f"{'Purg' if self.purge else 'Remv'} {name} [{self.run_.database.version(name)}]\n")
        for word in ("Inst", "Conf"):
            for name in self.plan.install:
                stanza = self.release.archive.get(name) or {}
                await self.run_.say(f"{word} {name} ({stanza.get('Version', '')} {origin} [{stanza.get('Architecture', '')}])\n")
        return 0

    async def _fetch(self) -> None:
        run = self.run_
        found = sources(self.sys, ["/etc/apt/sources.list"])
        address, suite = (found[0][1], found[0][2]) if found else ("", "")
        architecture = self.release.facts.architecture
        total = 0
        for number, name in enumerate(self.plan.install, 1):
            stanza = self.release.archive.get(name) or {}
            size = self._number(name, "Size")
            total += size
            await self.sys.sleep(0.02)
            words = (
                f"{name} {stanza.get('Architecture', '')} {stanza.get('Version', '')}"
                if not run.old
                else f"{name} {stanza.get('Version', '')}"
            )
            middle = f"{suite}/main {architecture}" if not run.old else f"{suite}/main"
            shown = size_text(size).replace(" ", "") if run.old else size_text(size)
            await run.say(f"Get:{number} {address} {middle} {words} [{shown}]\n")
        if total:
            shown, speed = size_text(total), size_text(total * 4)
            await run.say(
                f"Fetched {shown.replace(' ', '')} in 0s ({speed.replace(' ', '')}/s)\n"
                if run.old
                else f"Fetched {shown} in 0s ({speed}/s)\n"
            )

    async def _do(self) -> None:
        """Removals first, then all is unpacked, then all is configured."""
        database, plan = self.run_.database, self.plan
        installer = Installer(self.sys, database, self.release)
        for name in plan.remove:
            await announce_removal(self.sys, installer, name, self.purge)
            await installer.remove(name, self.purge)
        total = count_files(database)
        for place, name in enumerate(plan.install):
            stanza = self.release.archive.get(name) or {}
            shown, version = multiarch_name(stanza), stanza.get("Version", "")
            if name in self.new:
                await installer.say(f"Selecting previously {'de' if self.run_.old else 'un'}selected package {shown}.")
            if place == 0:
                await installer.say(f"(Reading database ... {total} files and directories currently installed.)")
            archive = stanza.get("Filename", name).rpartition("/")[2]
            await installer.say(f"Unpacking {name} (from .../{archive}) ..." if self.run_.old else f"Preparing to unpack .../{archive} ...")
            if not self.run_.old:
                await installer.say(f"Unpacking {shown} ({version}) ...")
            installer.unpack(name)
        for name in plan.install:
            stanza = self.release.archive.get(name) or {}
            await installer.say(f"Setting up {multiarch_name(stanza)} ({stanza.get('Version', '')}) ...")
            await installer.configure(name)
        if database.installed("man-db"):
            if not self.run_.old:
                await installer.say(f"Processing triggers for man-db ({database.version('man-db')}) ...")
            installer.update_manual()
        marked = [name for name in automatic(self.sys) if name not in plan.remove]
        marked += [name for name in self.new if name not in plan.asked and name not in marked]
        mark(self.sys, marked, self.release.facts.architecture)
