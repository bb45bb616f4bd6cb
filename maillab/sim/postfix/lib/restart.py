"""Daemons end when a table has changed, so that the next process reads the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.maps import changed_table

if TYPE_CHECKING:
    from maillab.sim.postfix._server import Service


async def when_tables_change(service: Service) -> None:
    """Ask the skeleton to end the process when a table it has open was changed since."""
    name = changed_table(service.params)
    if name is not None:
        service.log.info(f"table {name} has changed -- restarting")
        service.restart = True
