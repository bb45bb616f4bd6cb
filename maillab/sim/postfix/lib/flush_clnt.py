"""flush_clnt - the client of flush(8): mail waiting for one site, or in one file, is tried again

The policy is here: only sites of fast_flush_domains are remembered and flushed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib import attr
from maillab.sim.postfix.lib.match_list import MatchFailure, MatchList

if TYPE_CHECKING:
    from maillab.sim.host.process import Process
    from maillab.sim.postfix._server import Service
    from maillab.sim.postfix.lib.msg import Msg
    from maillab.sim.postfix.lib.params import Params

OK, FAIL, BAD, UNKNOWN, DENY = 0, 1, 2, 3, 4


async def ask(sys: Process, params: Params, **request: attr.Value) -> int:
    """Send one request to the service; its status, FAIL when it cannot be reached."""
    service = params["flush_service_name"] or "flush"
    client = attr.Client(sys, f"public/{service}", params.seconds("ipc_timeout"), tries=1)
    answer = await client.ask(**request)
    client.close()
    return FAIL if answer is None else int(answer.get("status", FAIL))


async def open_domains(service: Service) -> None:
    """Read fast_flush_domains as an agent that may defer mail does at its start. Raises Fatal."""
    MatchList(service.sys, service.log, service.params, "fast_flush_domains")


async def served(sys: Process, log: Msg, params: Params, site: str) -> bool:
    """Whether mail for a site is remembered."""
    domains = MatchList(sys, log, params, "fast_flush_domains", params["fast_flush_domains"])
    try:
        return await domains.match(site.strip("[]"))
    except MatchFailure:
        return False


async def add(sys: Process, log: Msg, params: Params, site: str, queue_id: str) -> int:
    """Remember that a message waits for a site."""
    if not params["fast_flush_domains"] or not await served(sys, log, params, site):
        return DENY
    return await ask(sys, params, request="add", site=site, queue_id=queue_id)


async def send_site(sys: Process, log: Msg, params: Params, site: str) -> int:
    """Try the mail of a site again."""
    if not await served(sys, log, params, site):
        return DENY
    return await ask(sys, params, request="send_site", site=site)


async def send_file(sys: Process, params: Params, queue_id: str) -> int:
    """Try one message again."""
    return await ask(sys, params, request="send_file", queue_id=queue_id)
