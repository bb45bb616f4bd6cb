"""Installing and removing one package: files, accounts, links, alternatives, services, and what dpkg prints while it does so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.dpkg._database import CONFIG_STATE, INFO, INSTALLED_STATE, Database
from maillab.sim.host.accounts import getgrnam, getpwnam, parse_group, parse_passwd, parse_shadow
from maillab.sim.host.errno import SysError
from maillab.sim.releases import Release, package_entries
from maillab.sim.releases.archive import parse_stanza
from maillab.sim.releases.database import status_stanza, write_list
from maillab.sim.releases.index import programs
from maillab.sim.releases.manual import manual_index
from maillab.sim.releases.package import Entry, PackageFiles
from maillab.sim.releases.system_accounts import Accounts

if TYPE_CHECKING:
    from maillab.sim.host.process import Process


def simulated(release: Release, name: str) -> bool:
    """Whether a package does something in the lab: programs or files of its own, or none to be expected (libraries, data)."""
    known_as = release.facts.program_packages.get(name, name)
    if known_as in programs().by_package or (release.folder / "packages" / name).is_dir():
        return True
    stanza = release.archive.get(name) or {}
    return name.startswith("lib") or stanza.get("Section", "") in ("libs", "perl", "python", "doc", "oldlibs", "fonts")


class Installer:
    """dpkg at work on one system."""

    def __init__(self, sys: Process, database: Database, release: Release):
        self.sys = sys
        self.database = database
        self.release = release

    async def say(self, text: str) -> None:
        """A line of progress."""
        await self.sys.stdout.write(text + "\n")
        await self.sys.stdout.flush()

    # --- unpacking --------------------------------------------------------------------------------------------------

    def unpack(self, name: str) -> None:
        """Lay the files of a package; edited configuration files stay as they are."""
        package = self.release.package(name)
        entries = list(package_entries(self.release, name, programs()))
        conffiles = package.conffiles()
        for entry in entries:
            if entry.path not in conffiles or not self.sys.exists(entry.path):
                self.lay(entry)
        self.sys.spew(f"{INFO}/{name}.list", write_list(entries), mode=0o644)
        if conffiles:
            self.sys.spew(f"{INFO}/{name}.conffiles", "".join(f"{path}\n" for path in conffiles).encode(), mode=0o644)
        if not simulated(self.release, name):
            self.sys.unsimulated(f"package {name}")

    def lay(self, entry: Entry) -> None:
        """One file, directory or link, with its owner and mode; directories above are made."""
        sys = self.sys
        parts = entry.path.split("/")
        for depth in range(2, len(parts)):
            above = "/".join(parts[:depth])
            if not sys.exists(above):
                sys.mkdir(above, 0o755)
        if entry.kind == "d":
            if not sys.isdir(entry.path):
                sys.mkdir(entry.path, 0o755)
            elif entry.mode == 0o755 and entry.owner == "root":
                return
        else:
            if self._there(entry.path):
                sys.unlink(entry.path)
            if entry.kind == "l":
                sys.symlink(entry.data.decode(), entry.path)
                return
            sys.spew(entry.path, entry.data, mode=0o600)
        user, group = getpwnam(sys, entry.owner), getgrnam(sys, entry.group)
        sys.chown(entry.path, user.uid if user else 0, group.gid if group else 0)
        sys.chmod(entry.path, entry.mode)

    def _there(self, path: str) -> bool:
        try:
            return self.sys.lstat(path).kind != "d"
        except SysError:
            return False

    # --- configuring ------------------------------------------------------------------------------------------------

    async def configure(self, name: str) -> None:
        """What the postinst does: accounts, files, links of run levels, alternatives, the package's script, starting daemons."""
        package = self.release.package(name)
        await self._accounts(package)
        for entry in package_entries(self.release, name, programs()):
            if entry.owner != "root" or entry.group != "root":
                self.lay(entry)
        for entry in package.configured():
            if entry.kind == "d" or not self.sys.exists(entry.path):
                if entry.path == "/etc/aliases":
                    await self.say("/etc/aliases does not exist, creating it.")
                self.lay(entry)
        for path, lines in package.toml.appended.items():
            if self.sys.exists(path):
                known = self.sys.slurp(path).decode().splitlines()
                self.sys.spew(path, "".join(f"{line}\n" for line in lines if line not in known).encode(), flags="a")
        for choice in package.toml.alternatives:
            slaves = [word for slave, (link, path) in choice.slaves.items() for word in ("--slave", link, slave, path)]
            await self._run(["update-alternatives", "--install", choice.link, choice.name, choice.path, str(choice.priority), *slaves])
        await self._postinst(name, package)
        for script in package.toml.init:
            await self._run(["update-rc.d", script.split()[0], "defaults"])
            await self._run(["invoke-rc.d", script.split()[0], "start"])
        stanza = parse_stanza(status_stanza(self.release, name, INSTALLED_STATE))
        if package.toml.description:
            stanza["Description"] += "".join(f"\n {line or '.'}" for line in package.toml.description.strip().splitlines())
        self.database.put(stanza)
        self.database.save()

    async def _postinst(self, name: str, package: PackageFiles) -> None:
        script = package.script("postinst")
        if script:
            path = f"{INFO}/{name}.postinst"
            self.sys.spew(path, script, mode=0o755)
            self.sys.chmod(path, 0o755)
            await self._run([path, "configure"])

    async def _accounts(self, package: PackageFiles) -> None:
        sys, toml = self.sys, package.toml
        before = _read_accounts(sys)
        accounts = _read_accounts(sys)
        accounts.today = sys.clock() // 86_400_000_000
        accounts.add_for(toml)
        for group in accounts.groups[len(before.groups) :]:
            await self.say(f"Adding group `{group.name}' (GID {group.gid}) ...\nDone.")
        for user in accounts.users[len(before.users) :]:
            owner = next((group.name for group in accounts.groups if group.gid == user.gid), str(user.gid))
            await self.say(f"Adding system user `{user.name}' (UID {user.uid}) ...")
            await self.say(f"Adding new user `{user.name}' (UID {user.uid}) with group `{owner}' ...")
            await self.say(f"Not creating home directory `{user.home}'.")
        for path, mode, _, data in accounts.files():
            if sys.exists(path) and sys.slurp(path) != data and path != "/etc/gshadow":
                sys.spew(path, data, mode=mode)

    async def _run(self, words: list[str]) -> int:
        """Run a program of the system, as a maintainer script would; 127 when it is missing."""
        path = words[0] if words[0].startswith("/") else next(
            (f"{folder}/{words[0]}" for folder in ("/usr/sbin", "/usr/bin", "/sbin", "/bin") if self.sys.exists(f"{folder}/{words[0]}")), ""
        )  # fmt: skip
        await self.sys.stdout.flush()
        try:
            pid = self.sys.spawn(path or words[0], words)
        except SysError:
            return 127
        _, status = await self.sys.waitpid(pid)
        return status.code or 0 if status and status.exited else 1

    # --- removing ---------------------------------------------------------------------------------------------------

    async def remove(self, name: str, purge: bool) -> None:
        """Stop the package's daemons and remove its files; configuration files only with `purge`."""
        package = self.release.package(name)
        if self.database.installed(name):
            for script in package.toml.init:
                await self._run(["invoke-rc.d", script.split()[0], "stop"])
            for choice in package.toml.alternatives:
                await self._run(["update-alternatives", "--remove", choice.name, choice.path])
            keep = package.conffiles()
            self._remove_files([path for path in self.database.files(name) if path not in keep], name)
        conffiles = package.conffiles()
        if purge or not conffiles:
            await self._purge(name, package, conffiles)
        else:
            stanza = dict(self.database.get(name) or {})
            stanza["Status"] = CONFIG_STATE
            self.database.put(stanza)
        self.database.save()

    async def _purge(self, name: str, package: PackageFiles, conffiles: list[str]) -> None:
        configured = [entry.path for entry in package.configured() if entry.kind == "f"]
        directories = [entry.path for entry in package.configured() if entry.kind == "d"]
        self._remove_files([*conffiles, *configured, *package.toml.configured_directories, *directories, *self.database.files(name)], name)
        for script in package.toml.init:
            await self._run(["update-rc.d", "-f", script.split()[0], "remove"])
        for suffix in ("list", "conffiles", "postinst"):
            if self.sys.exists(f"{INFO}/{name}.{suffix}"):
                self.sys.unlink(f"{INFO}/{name}.{suffix}")
        self.database.forget(name)

    def _remove_files(self, paths: list[str], name: str) -> None:
        shared = {path for other in self.database.all_installed() if other != name for path in self.database.files(other)}
        for path in sorted(paths, key=lambda path: path.count("/"), reverse=True):
            if path in ("/.", "/") or path in shared:
                continue
            try:
                if self.sys.lstat(path).kind == "d":
                    self.sys.rmdir(path)
                else:
                    self.sys.unlink(path)
            except SysError:
                continue

    def update_manual(self) -> None:
        """The trigger of man-db: the whatis database follows the installed packages."""
        self.sys.spew("/var/cache/man/index.db", manual_index(self.release, self.database.all_installed()), mode=0o644)


def _read_accounts(sys: Process) -> Accounts:
    return Accounts(parse_passwd(sys.slurp("/etc/passwd")), parse_group(sys.slurp("/etc/group")), parse_shadow(sys.slurp("/etc/shadow")))
