"""STARTTLS. No key exchange is simulated: a server without certificate says so, one with a certificate fails in the handshake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.mail.smtp_grammar import Word
from maillab.sim.postfix._smtpd.dialogue import Dialogue
from maillab.sim.postfix._smtpd.session import PROTOCOL, RESOURCE, Disconnect

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix._smtpd.commands import Commands

MISSING = "No server certs available. TLS won't be enabled"


def certificates(service: Service) -> bool:
    """Whether the server has a certificate and its key; complaints go to the log, as at the start of a process."""
    params, sys, log = service.params, service.sys, service.log
    level = params["smtpd_tls_security_level"].lower()
    if level not in ("may", "encrypt") and not params.boolean("smtpd_use_tls"):
        return False
    if not params["smtpd_tls_cert_file"] or params["smtpd_tls_cert_file"] == "none":
        if params.version >= (3, 4) and params["smtpd_tls_chain_files"]:
            sys.unsimulated("smtpd_tls_chain_files")
        log.warning(MISSING)
        return False
    certificate, key = params["smtpd_tls_cert_file"], params["smtpd_tls_key_file"] or params["smtpd_tls_cert_file"]
    for path, what in ((certificate, "certificate"), (key, "private key")):
        try:
            sys.slurp(path)
        except SysError as error:
            return _unreadable(service, certificate, path, what, error)
    return True


def _unreadable(service: Service, certificate: str, path: str, what: str, error: SysError) -> bool:
    log = service.log
    log.warning(f'cannot get RSA {what} from file "{path}": disabling TLS support')
    log.warning(
        f"TLS library problem: error:80000002:system library::{error.strerror}:../crypto/bio/bss_file.c:297:calling fopen({path}, r):"
    )
    log.warning("TLS library problem: error:10080002:BIO routines::system lib:../crypto/bio/bss_file.c:300:")
    log.warning(f"TLS library problem: error:0A080002:SSL routines::system lib:../ssl/ssl_rsa.c:{368 if what != 'certificate' else 433}:")
    return False


async def do_starttls(commands: Commands, dialogue: Dialogue, words: list[Word]) -> bool:
    """STARTTLS."""
    session = commands.session
    if len(words) != 1:
        return commands.bad(dialogue, "501 5.5.4 Syntax: STARTTLS")
    if not commands.config.tls:
        return commands.bad(dialogue, "502 5.5.1 Error: command not implemented")
    if session.transaction.sender is not None:
        return commands.bad(dialogue, "503 5.5.1 Error: MAIL transaction in progress")
    if not commands.certificates:
        return commands.bad(dialogue, "454 4.7.0 TLS not available due to local problem", RESOURCE)
    dialogue.reply("220 2.0.0 Ready to start TLS")
    await dialogue.stream.flush()
    dialogue.stream.take_ready(1 << 20)
    await dialogue.stream.more()
    log = commands.service.log
    log.info(f"SSL_accept error from {session.client.shown}: -1")
    log.warning("TLS library problem: error:0A00010B:SSL routines::wrong version number:../ssl/record/ssl3_record.c:350:")
    session.error_mask.add(PROTOCOL)
    raise Disconnect("lost connection")
