"""The doors: the commands of `maillab`. Each is thin and calls the rooms below."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from maillab import __version__
from maillab.lessons.errors import MaillabError


class _Doors(click.Group):
    """Shows the error of a person at the keyboard as one line."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MaillabError as error:
            click.echo(f"maillab: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Doors, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__version__, prog_name="maillab")
@click.pass_context
def main(context: click.Context) -> None:
    """A mail server course in one process. Without a command: opens the course where you stopped."""
    if context.invoked_subcommand is None:
        from maillab.ui.app import run_app

        run_app()


@main.command("open")
@click.argument("lesson_name", metavar="LESSON")
def open_lesson(lesson_name: str) -> None:
    """Open the course at one lesson."""
    from maillab.lessons.lesson import load_lesson
    from maillab.ui.app import run_app

    load_lesson(lesson_name)
    run_app(lesson_name)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a step.")
@click.argument("file", type=click.Path(path_type=Path))
def replay(as_json: bool, file: Path) -> None:
    """Replay a recording in a fresh lab and compare the screens."""
    from maillab.lessons.recording import compare, read_recording
    from maillab.lessons.recording import replay as play

    recording = read_recording(file)
    screens = []
    for number, (step, actual) in enumerate(play(recording), 1):
        screens.append(actual)
        if as_json:
            click.echo(json.dumps({"step": number, "host": step.host, "input": step.text, "actual": actual}))
    if as_json:
        return
    compared = compare(recording, screens)
    for item in compared:
        click.echo(f"{'! ' if item.verdict == 'differs' else '  '}{item.step.text}")
        if item.verdict == "differs":
            for line in item.step.expected:
                click.echo(f"    - {line}")
            for line in item.actual.split("\n"):
                click.echo(f"    + {line}")
    same = sum(item.verdict == "same" for item in compared)
    different = sum(item.verdict == "differs" for item in compared)
    click.echo(f"{file}: {same} of {same + different} screens as recorded")
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


@main.command()
@click.option("--world", type=click.Path(path_type=Path), help="World file (TOML).")
@click.option("--image", default="", help="A named image instead of a world file.")
@click.option("--host", default="", help="The host to begin on (default: the first).")
@click.option("--fast", is_flag=True, help="Answer at once, without pacing the lab to the wall clock.")
@click.argument("lesson_name", metavar="[LESSON]", default="")
def shell(world: Path | None, image: str, host: str, fast: bool, lesson_name: str) -> None:
    """Work in a lab in the plain terminal, where you stopped (a lesson, a world, or the free lab).

    When standard input is no terminal, its lines are typed in a fresh lab and only the answers are printed.
    """
    from maillab.ui.shell import open_shell

    sys.exit(open_shell(lesson_name, world, image, host, fast))


@main.command()
@click.option("--host", default="localhost", show_default=True, help="The address to serve on.")
@click.option("--port", default=8000, show_default=True)
def web(host: str, port: int) -> None:
    """Serve the course to browsers (needs the extra [web])."""
    from maillab.ui.web import serve

    serve(host, port)


@main.group()
def lesson() -> None:
    """Write and prove lessons."""


@lesson.command("list")
def lesson_list() -> None:
    """All lessons, in the order of the course."""
    from maillab.lessons.lesson import lesson_names, load_lesson

    for name in lesson_names():
        click.echo(f"{name:44s} {load_lesson(name).texts['en'].title}")


@lesson.command("show")
@click.option("--lang", default="en", type=click.Choice(["fr", "en"]))
@click.argument("name")
def lesson_show(lang: str, name: str) -> None:
    """The prose and the checks of a lesson."""
    from maillab.lessons.lesson import load_lesson

    text = load_lesson(name).texts[lang]
    click.echo(f"# {text.title}\n\n{text.prose}\n")
    for check, sentence in text.checks.items():
        click.echo(f"[ ] {check}: {sentence}")


@lesson.command("new")
@click.argument("name")
def lesson_new(name: str) -> None:
    """Lay out the folder of a new lesson, CHAPTER/SLUG."""
    from maillab.lessons.authoring import lay_out

    for path in lay_out(name):
        click.echo(path)


@lesson.command("check")
@click.option("-j", "jobs", default=1, help="Processes at once (-1: one a processor).")
@click.argument("names", nargs=-1)
def lesson_check(jobs: int, names: tuple[str, ...]) -> None:
    """Prove lessons (all of them when none is named)."""
    from maillab.lessons.authoring import prove_all
    from maillab.lessons.lesson import lesson_names

    bad = 0
    for name, problems in prove_all(list(names) or lesson_names(), jobs):
        click.echo(f"{'ok ' if not problems else 'NO '} {name}")
        for problem in problems:
            click.echo(f"    {problem}")
        bad += bool(problems)
    if bad:
        sys.exit(1)


@main.command()
@click.option("--lesson", "lesson_name", default="", help="Accept only submissions of this lesson.")
@click.option("-j", "jobs", default=-1, help="Processes at once (-1: one a processor).")
@click.option("--format", "form", default="table", type=click.Choice(["table", "json", "junit", "csv", "gradescope"]))
@click.option("--lang", default="en", type=click.Choice(["fr", "en"]))
@click.option("--backend", default="loky", type=click.Choice(["loky", "dask"]))
@click.option("--scheduler", default="", help="Address of a dask scheduler.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def grade(lesson_name: str, jobs: int, form: str, lang: str, backend: str, scheduler: str, paths: tuple[Path, ...]) -> None:
    """Grade journals: files, or folders of them."""
    from maillab.lessons.grading import find_submissions
    from maillab.lessons.grading import grade as run_grading
    from maillab.lessons.reports import FORMATS

    found = find_submissions(list(paths))
    if not found:
        raise MaillabError(str(paths[0]), 0, "there is nothing to grade", "name journals, or a folder of them")
    click.echo(FORMATS[form](run_grading(found, lesson_name, jobs, lang, backend, scheduler)), nl=False)


@main.command()
@click.option("--lang", default="en", type=click.Choice(["fr", "en"]))
@click.argument("journal", type=click.Path(path_type=Path))
def check(lang: str, journal: Path) -> None:
    """Grade one journal and say why each point was given."""
    from maillab.lessons.grading import grade as run_grading
    from maillab.lessons.reports import reasons

    result = run_grading([journal], language=lang)[0]
    click.echo(reasons(result), nl=False)
    if not result.passed():
        sys.exit(1)


if __name__ == "__main__":
    main()
