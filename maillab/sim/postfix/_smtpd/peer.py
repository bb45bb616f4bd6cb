"""Who is the client? Its address, and its name when name and address point to each other (RFC 5321, smtpd_peer_lookup)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.host.errno import SysError
from maillab.sim.host.resolver import ResolverError, getaddrinfo, lookup_address
from maillab.sim.mail.address import valid_hostname
from maillab.sim.postfix._smtpd.session import Client

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service

TEXTS = {
    "nxdomain": "Name or service not known",
    "nodata": "No address associated with hostname",
    "again": "Temporary failure in name resolution",
    "fail": "Non-recoverable failure in name resolution",
}


async def find_client(service: Service, fd: int) -> Client:
    """The client at the other end of a socket."""
    sys = service.sys
    try:
        remote, local = sys.getpeername(fd), sys.getsockname(fd)
    except SysError:
        return Client("localhost", "localhost", "127.0.0.1", "0", 2, 2)
    if isinstance(remote, str) or isinstance(local, str):
        return Client("localhost", "localhost", "127.0.0.1", "0", 2, 2)
    client = Client(address=remote[0].removeprefix("::ffff:"), port=str(remote[1]), server_address=local[0], server_port=str(local[1]))
    if service.params.boolean("smtpd_peername_lookup"):
        await find_name(service, client)
    return client


async def find_name(service: Service, client: Client) -> None:
    """Fill in the names; a name whose addresses do not hold the client's is not believed."""
    log = service.log
    try:
        entry = await lookup_address(service.sys, client.address)
    except ResolverError as error:
        client.name_code = client.reverse_code = 4 if error.kind == "again" else 5
        return
    name = entry.name if entry else ""
    if not name or not valid_hostname(name):
        if name:
            log.warning(
                f"numeric domain name in resource data of domain lookup: {name}"
                if name.replace(".", "").isdigit()
                else f"malformed domain name in resource data: {name}"
            )
        return
    client.reverse, client.reverse_code = name, 2
    try:
        addresses = await getaddrinfo(service.sys, name)
    except ResolverError as error:
        log.warning(f"hostname {name} does not resolve to address {client.address}: {TEXTS[error.kind]}")
        client.name_code = 4 if error.kind == "again" else 5
        return
    if client.address not in addresses:
        log.warning(f"hostname {name} does not resolve to address {client.address}")
        return
    client.name, client.name_code = name, 2
