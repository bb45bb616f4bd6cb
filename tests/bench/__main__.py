"""The command line of the benchmarks."""

from __future__ import annotations

import sys

import click

from tests.bench import cold, events, memory, messages, replay
from tests.bench.figures import Measurement, Options

MEASUREMENTS: dict[str, Measurement] = {
    "cold": cold.measure,
    "messages": messages.measure,
    "replay": replay.measure,
    "memory": memory.measure,
    "events": events.measure,
}


@click.command()
@click.option("--runs", default=5, help="How often each figure is measured.")
@click.option("--messages", "message_count", default=500, help="Messages of one run.")
@click.option("--hosts", default=20, help="Hosts of the memory figure.")
@click.option("--events", "event_count", default=200_000, help="Kernel events of one run.")
@click.argument("figures", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
def main(runs: int, message_count: int, hosts: int, event_count: int, figures: tuple[str, ...]) -> None:
    """Measure FIGURES (all of them when none is named): medians, with the least and the greatest value of the runs."""
    options = Options(max(1, runs), message_count, hosts, event_count)
    missed = False
    for name in figures or MEASUREMENTS:
        for figure in MEASUREMENTS[name](options):
            click.echo(figure.line())
            missed = missed or figure.reached() is False
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
