"""AUTH: the dialogue of SASL authentication. Passwords are verified by whoever `maillab.sim.services` offers for it.

Without an authentication service every attempt fails as it does in a chroot without saslauthd (observed in 3.7.11 with cyrus SASL 2.1.28).
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail.smtp_grammar import Word
from maillab.sim.postfix._smtpd.dialogue import Dialogue
from maillab.sim.postfix._smtpd.session import PROTOCOL, Reject, Session

if TYPE_CHECKING:
    from maillab.sim.postfix._smtpd.commands import Commands

MECHANISMS = "SCRAM-SHA-512 SCRAM-SHA-384 SCRAM-SHA-256 SCRAM-SHA-224 SCRAM-SHA-1 DIGEST-MD5 CRAM-MD5 NTLM PLAIN LOGIN"
OLD_MECHANISMS = "DIGEST-MD5 CRAM-MD5 NTLM LOGIN PLAIN"
CONFIGURATION = ("/etc/postfix/sasl/smtpd.conf", "/usr/lib/sasl2/smtpd.conf")
ANONYMOUS = "noanonymous"


class Auth:
    """Authentication of one session."""

    def __init__(self, commands: Commands) -> None:
        self.commands = commands
        self.session = commands.session
        self.log = commands.service.log
        self.settings = self._settings()

    def _settings(self) -> dict[str, str]:
        """cyrus SASL's smtpd.conf, as it was readable at the start."""
        sys = self.commands.service.sys
        for path in CONFIGURATION:
            try:
                text = sys.slurp(path).decode("utf-8", "replace")
            except SysError:
                continue
            return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in text.splitlines()) if value}
        return {}

    def offered(self, session: Session) -> bool:
        """Whether AUTH is announced to this client."""
        return not (self.commands.params.boolean("smtpd_tls_auth_only") and self.commands.config.tls)

    async def mechanisms(self) -> str:
        """The mechanisms announced."""
        listed = self.settings.get("mech_list", "").upper()
        return listed or (MECHANISMS if self.commands.params.version >= (3, 0) else OLD_MECHANISMS)

    async def do_auth(self, dialogue: Dialogue, words: list[Word]) -> bool:
        """AUTH mechanism [initial response]."""
        commands, session = self.commands, self.session
        if not commands.config.sasl:
            return commands.bad(dialogue, "503 5.5.1 Error: authentication not enabled")
        if session.transaction.sender is not None:
            return commands.bad(dialogue, "503 5.5.1 Error: MAIL transaction in progress")
        if session.sasl_username:
            return commands.bad(dialogue, "503 5.5.1 Error: already authenticated")
        if not self.offered(session):
            return commands.bad(dialogue, "538 5.7.11 Encryption required for requested authentication mechanism")
        if len(words) not in (2, 3):
            return commands.bad(dialogue, "501 5.5.4 Syntax: AUTH mechanism")
        mechanism = str(words[1])
        name = mechanism.upper()
        if name not in (await self.mechanisms()).split():
            self.log.warning(f"SASL authentication failure: Couldn't find mech {mechanism}")
            return self._fail(dialogue, mechanism, "no mechanism available", "(unavailable)")
        initial = str(words[2]) if len(words) > 2 else None
        if name == "PLAIN":
            user, password = await self._plain(dialogue, mechanism, initial)
        elif name == "LOGIN":
            user, password = await self._login(dialogue, mechanism, initial)
        else:
            commands.service.sys.unsimulated(f"AUTH {name}")
            return self._fail(dialogue, mechanism, "authentication failure", "(unavailable)")
        return await self._verify(dialogue, mechanism, user, password)

    async def _challenge(self, dialogue: Dialogue, mechanism: str, text: str) -> str:
        """Send a challenge and read the response, decoded. Raises Reject."""
        encoded = base64.b64encode(text.encode()).decode()
        dialogue.reply(f"334 {encoded}")
        await dialogue.stream.flush()
        line = await dialogue.read_line()
        self.session.history.append(f"In:  {line}")
        if line == "*":
            self.log.warning(f"{self.session.client.shown}: SASL {mechanism} authentication aborted")
            self.session.error_mask.add(PROTOCOL)
            raise Reject("501 5.7.0 Authentication aborted")
        return self._decode(dialogue, mechanism, line)

    def _decode(self, dialogue: Dialogue, mechanism: str, text: str) -> str:
        try:
            return base64.b64decode("" if text == "=" else text, validate=True).decode("utf-8", "surrogateescape")
        except (binascii.Error, ValueError):
            self.session.error_mask.add(PROTOCOL)
            self._note(mechanism, "Invalid base64 data in initial response", "(unavailable)")
            raise Reject("535 5.7.8 Error: authentication failed: Invalid base64 data in initial response") from None

    async def _plain(self, dialogue: Dialogue, mechanism: str, initial: str | None) -> tuple[str, str]:
        text = self._decode(dialogue, mechanism, initial) if initial is not None else await self._challenge(dialogue, mechanism, "")
        parts = re.split("\0", text)
        if len(parts) != 3:
            self._note(mechanism, "bad protocol / cancel", "(unavailable)")
            raise Reject("535 5.7.8 Error: authentication failed: bad protocol / cancel")
        return parts[1] or parts[0], parts[2]

    async def _login(self, dialogue: Dialogue, mechanism: str, initial: str | None) -> tuple[str, str]:
        user = (
            self._decode(dialogue, mechanism, initial) if initial is not None else await self._challenge(dialogue, mechanism, "Username:")
        )
        return user, await self._challenge(dialogue, mechanism, "Password:")

    async def _verify(self, dialogue: Dialogue, mechanism: str, user: str, password: str) -> bool:
        """Ask the password verifier."""
        checker = await self._checkpass(user, password)
        if not checker:
            self.log.warning("SASL authentication failure: Password verification failed")
            return self._fail(dialogue, mechanism, "authentication failure", user)
        self.session.sasl_username, self.session.sasl_method = user, mechanism.upper()
        dialogue.reply("235 2.7.0 Authentication successful")
        return True

    async def _checkpass(self, user: str, password: str) -> bool:
        """saslauthd, reached over its socket (`pwcheck_method: saslauthd`), in the chroot if there is one."""
        if self.settings.get("pwcheck_method", "auxprop").split()[0] != "saslauthd":
            return False
        sys = self.commands.service.sys
        fd = sys.socket("unix")
        try:
            await sys.connect(fd, self.settings.get("saslauthd_path", "/var/run/saslauthd/mux"))
            realm = user.partition("@")[2]
            fields = (user.partition("@")[0], password, "smtp", realm)
            await sys.write(
                fd, b"".join(len(data).to_bytes(2, "big") + data for data in (text.encode("utf-8", "surrogateescape") for text in fields))
            )
            return (await sys.read(fd, 1024))[2:4] == b"OK"
        except SysError as error:
            self.log.warning(f"SASL authentication failure: cannot connect to saslauthd server: {error.strerror}")
            return False
        finally:
            sys.close(fd)

    def _note(self, mechanism: str, reason: str, user: str) -> None:
        shown = f", sasl_username={user}" if self.commands.params.version >= (3, 7) else ""
        self.log.warning(f"{self.session.client.shown}: SASL {mechanism} authentication failed: {reason}{shown}")

    def _fail(self, dialogue: Dialogue, mechanism: str, reason: str, user: str) -> bool:
        self._note(mechanism, reason, user)
        return self.commands.bad(dialogue, f"535 5.7.8 Error: authentication failed: {reason}")
