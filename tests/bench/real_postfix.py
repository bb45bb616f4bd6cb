"""The Postfix of this machine, run from a configuration, a queue and mailboxes of its own in a temporary directory."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter, sleep
from types import TracebackType

MASTER_CF = (Path("/usr/share/postfix/master.cf.dist"), Path("/etc/postfix/master.cf"))
MAIN_CF = """compatibility_level = 3.6
queue_directory = {0}/spool
data_directory = {0}/data
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = b.ploplo.fr
mydestination = b.ploplo.fr, ploplo.fr
local_recipient_maps =
alias_maps =
mail_spool_directory = {0}/mail
mynetworks = 127.0.0.0/8
smtpd_client_connection_count_limit = 0
"""
USER = "nobody"
PATIENCE = 120.0


class RealPostfix:
    """Use with `with`. `problem` says why it cannot be measured here, "" when it can."""

    def __init__(self) -> None:
        self.problem = self._missing()
        self.folder = Path()
        self.port = 0

    @staticmethod
    def _missing() -> str:
        if os.geteuid() != 0:
            return "(not root: the real Postfix is not measured)"
        if not shutil.which("postfix") or not shutil.which("smtp-source") or not any(path.exists() for path in MASTER_CF):
            return "(no real Postfix on this machine)"
        return ""

    def __enter__(self) -> RealPostfix:
        if self.problem:
            return self
        self.folder = Path(tempfile.mkdtemp(prefix="bench-postfix-"))
        try:
            self._configure()
            self._postfix("start")
            self._await_banner()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.folder.name:
            self._postfix("stop")
            shutil.rmtree(self.folder, ignore_errors=True)

    def _configure(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder.chmod(0o755)
        for name in ("etc", "spool", "data", "mail"):
            (self.folder / name).mkdir()
        (self.folder / "mail").chmod(0o1777)
        shutil.chown(self.folder / "data", "postfix")
        text = next(path for path in MASTER_CF if path.exists()).read_text()
        text = re.sub(r"(?m)^smtp +inet .*$", f"{self.port} inet n - n - - smtpd", text)
        text = re.sub(r"(?m)^(\w+ +(?:unix|inet) +[-ny] +[-ny] +)y ", r"\1n ", text)
        (self.folder / "etc" / "master.cf").write_text(text)
        (self.folder / "etc" / "main.cf").write_text(MAIN_CF.format(self.folder))

    def _postfix(self, verb: str) -> None:
        subprocess.run(["postfix", "-c", str(self.folder / "etc"), verb], capture_output=True, check=False)

    def _await_banner(self) -> None:
        end = perf_counter() + 10
        while perf_counter() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
                    if client.recv(3) == b"220":
                        return
            except OSError:
                sleep(0.1)
        self.problem = "(the real Postfix does not start here)"

    def delivered(self) -> int:
        """The messages in the mailbox."""
        mailbox = self.folder / "mail" / USER
        return mailbox.read_bytes().count(b"\nFrom ") + 1 if mailbox.exists() else 0

    def run(self, count: int) -> float:
        """Send messages over five sessions; messages a second until the last is delivered."""
        before, start = self.delivered(), perf_counter()
        subprocess.run(
            ["smtp-source", "-s", "5", "-m", str(count), "-f", "x@titi.fr", "-t", f"{USER}@ploplo.fr", f"127.0.0.1:{self.port}"],
            check=True,
        )
        while self.delivered() - before < count:
            if perf_counter() - start > PATIENCE:
                raise TimeoutError(f"the real Postfix delivered {self.delivered() - before} of {count} messages")
            sleep(0.01)
        return count / (perf_counter() - start)
