"""The doors: the commands of `maillab`. Each is thin and calls the rooms below."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from maillab.lessons.errors import MaillabError


class _Doors(click.Group):
    """Shows the error of a person at the keyboard as one line."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MaillabError as error:
            click.echo(f"maillab: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Doors)
def main() -> None:
    """A mail server course in one process."""


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a step.")
@click.argument("file", type=click.Path(path_type=Path))
def replay(as_json: bool, file: Path) -> None:
    """Replay a recording in a fresh lab and compare the screens."""
    from maillab.lessons.recording import read_recording
    from maillab.lessons.recording import replay as play

    different = 0
    for number, (step, actual) in enumerate(play(read_recording(file)), 1):
        if as_json:
            click.echo(json.dumps({"step": number, "host": step.host, "input": step.text, "actual": actual}))
            continue
        same = actual == "\n".join(step.expected)
        different += not same
        click.echo(f"{'  ' if same else '! '}{step.text}")
        if not same:
            for line in step.expected:
                click.echo(f"    - {line}")
            for line in actual.split("\n"):
                click.echo(f"    + {line}")
    if different:
        sys.exit(1)


@main.command(context_settings={"ignore_unknown_options": True})
@click.option("--world", type=click.Path(path_type=Path), help="World file (TOML).")
@click.option("--image", default="", help="A named image instead of a world file.")
@click.option("--host", default="", help="The host to run on (default: the first).")
@click.option("--put", multiple=True, metavar="LOCAL:/PATH", help="Copy a file into the host first.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def run(world: Path | None, image: str, host: str, put: tuple[str, ...], command: tuple[str, ...]) -> None:
    """Run COMMAND (or the script on standard input) in a fresh lab; its stdout, stderr and status become ours."""
    from maillab.lessons.script import run_script

    sys.exit(run_script(world, image, host, put, command))


if __name__ == "__main__":
    main()
