"""command - delivery to a command: `|command` of an expansion, mailbox_command, with the environment of local(8)"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.mail.address import quote_local
from maillab.sim.postfix.lib import mail_copy, pipe_command
from maillab.sim.postfix.lib.mailbox_file import Owner
from maillab.sim.postfix.lib.pipe_command import Command
from maillab.sim.postfix.local import expand

if TYPE_CHECKING:
    from maillab.sim.postfix.local.attributes import Attributes
    from maillab.sim.postfix.local.delivery import Delivery

PATH = "/usr/bin:/bin"
PROBED, USER_PROBED = 1 << 8, 1 << 9
UNSAFE_NOTE = "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


async def deliver(delivery: Delivery, attributes: Attributes, text: str, owner: Owner | None = None) -> int:
    """Run a command with the message, with the rights of `owner`, of the expansion, or of default_privs (never root's)."""
    service, request = delivery.service, delivery.request
    params = service.params
    if not delivery.first_time("command", 0, f"{attributes.user} {text}"):
        return 0
    if request.flags & (PROBED | USER_PROBED):
        return await delivery.sent(attributes, f"delivers to command: {text}")
    owner = owner or attributes.privileges or delivery.agent.default_owner
    rights = owner if owner.uid else delivery.agent.default_owner
    flags = mail_copy.FROM_LINE | mail_copy.RETURN_PATH | mail_copy.ORIGINAL_TO
    if "command" in expand.words(params["prepend_delivered_header"]):
        flags |= mail_copy.DELIVERED_TO
    data = mail_copy.message(request, attributes.sender, attributes.recipient.original, attributes.delivered, flags,
                             service.sys.clock())
    folder = params.raw("command_execution_directory")
    command = Command(rights.uid, rights.gid, _environment(delivery, attributes, owner), data,
                      params.seconds("command_time_limit"), text,
                      folder=expand.expand(delivery, attributes, folder, owner).text if folder else "")
    shell = params["local_command_shell"]
    if shell:
        command.words = [*shell.split(), text]
    failure = await pipe_command.run(service, command)
    if failure is None:
        return await delivery.sent(attributes, f"delivered to command: {text}")
    return await delivery.failed(attributes, failure)


def _environment(delivery: Delivery, attributes: Attributes, owner: Owner) -> dict[str, str]:
    """What the command finds in its environment; client data is made harmless."""
    service = delivery.service
    params, request = service.params, delivery.request
    env = {"PATH": PATH}
    for word in expand.words(params["export_environment"]):
        name, equals, value = word.partition("=")
        if equals:
            env[name] = value
        elif name in service.sys.env:
            env[name] = service.sys.env[name]
    if owner.home:
        env["HOME"] = owner.home
    user = owner.name if owner.uid and owner.name else attributes.user
    env["LOGNAME"] = env["USER"] = user
    if owner.shell:
        env["SHELL"] = owner.shell
    env["DOMAIN"] = attributes.domain
    env["LOCAL"] = attributes.local
    env["RECIPIENT"] = quote_local(attributes.recipient.address)
    env["SENDER"] = quote_local(attributes.sender) if attributes.sender else "MAILER-DAEMON"
    if attributes.extension:
        env["EXTENSION"] = attributes.extension
    if attributes.recipient.original:
        env["ORIGINAL_RECIPIENT"] = attributes.recipient.original
    safe = params["command_expansion_filter"]
    names = {"CLIENT_HOSTNAME": "log_client_name", "CLIENT_ADDRESS": "log_client_address", "CLIENT_HELO": "log_helo_name",
             "CLIENT_PROTOCOL": "log_protocol_name", "SASL_METHOD": "sasl_method", "SASL_SENDER": "sasl_sender",
             "SASL_USERNAME": "sasl_username"}
    for name, attribute in names.items():
        if request.client.get(attribute):
            env[name] = request.client[attribute]
    plain = {"PATH", "HOME", "SHELL", "MAIL_CONFIG", "TZ"}
    return {name: value if name in plain else "".join(c if c in safe else "_" for c in value) for name, value in env.items()}
