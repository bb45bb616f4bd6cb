"""man - an interface to the system reference manuals

SYNOPSIS
    man [-a] [-w] [-s LIST] [[SECTION] PAGE]...
    man -k REGEXP...
    man -f PAGE...

DESCRIPTION
    Shows manual pages through the pager ($MANPAGER, $PAGER or pager). -a shows all pages of a name, -w only where they are, -k searches
    names and descriptions as apropos does, -f is whatis. $MANWIDTH sets the width.

BUGS
    The pages of the lab's programs are their own texts; other pages have their name and description only. -K, -t, -H, -T and -Z are
    refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.man_db._pages import Page, find_pages, read_page
from maillab.shell.commands.man_db._render import module_of, render
from maillab.shell.commands.man_db.whatis import run_apropos, run_whatis
from maillab.shell.options import gnu
from maillab.sim.host.errno import SysError

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"man-db": "/usr/bin/man"}
OPTIONS = gnu(
    "-C,--config-file= -d,--debug -D,--default --warnings=? -f,--whatis -k,--apropos -K,--global-apropos -l,--local-file "
    "-w,--where,--path,--location "
    "-W,--where-cat -c,--catman -R,--recode= -L,--locale= -m,--systems= -M,--manpath= -S,-s,--sections= -e,--extension= -i,--ignore-case "
    "-I,--match-case --regex --wildcard --names-only -a,--all -u,--update --no-subpages -P,--pager= -r,--prompt= -7,--ascii -E,--encoding= "
    "--no-hyphenation --no-justification -p,--preprocessor= -t,--troff -T,--troff-device=? -H,--html=? -X,--gxditview=? -Z,--ditroff "
    "-?,--help --usage -V,--version"
)
REFUSED = ("global-apropos", "troff", "troff-device", "html", "gxditview", "ditroff", "catman", "local-file")
NOT_FOUND = 16


async def main(sys: Process, argv: list[str]) -> int:
    given = await OPTIONS.read(sys, argv, status=1)
    if given.has("version"):
        await sys.stdout.write("man 2.11.2\n")
        return 0
    for name in REFUSED:
        if given.has(name):
            await sys.stderr.write(f"man: option --{name} is not simulated\n")
            return 1
    sections = [part for text in given.values("sections") for part in text.replace(",", ":").split(":") if part]
    if given.has("apropos"):
        return await run_apropos(sys, "apropos", given.operands, sections)
    if given.has("whatis"):
        return await run_whatis(sys, "whatis", given.operands, sections)
    names = list(given.operands)
    if not names:
        if given.has("where"):
            await sys.stdout.write("/usr/local/man:/usr/local/share/man:/usr/share/man\n")
            return 0
        await sys.stderr.write("What manual page do you want?\nFor example, try 'man man'.\n")
        return 1
    if len(names) > 1 and not sections and (names[0][0].isdigit() or names[0] in ("n", "l")):
        sections = [names.pop(0)]
    status = 0
    for name in names:
        pages = find_pages(sys, name, sections)
        if not pages:
            status = NOT_FOUND
            await _missing(sys, name, sections)
            continue
        shown = pages if given.has("all") else pages[:1]
        if given.has("where"):
            await sys.stdout.write("".join(f"{page.path}\n" for page in shown))
        else:
            for page in shown:
                status = await _show(sys, page, given.last("pager")) or status
    return status


async def _missing(sys: Process, name: str, sections: list[str]) -> None:
    await sys.stdout.flush()
    where = f" in section {sections[0]}" if sections else ""
    await sys.stderr.write(f"No manual entry for {name}{where}\n")


def _width(sys: Process) -> int:
    for name in ("MANWIDTH", "COLUMNS"):
        if sys.env.get(name, "").isdigit():
            return int(sys.env[name])
    if sys.isatty(1):
        return sys.winsize(1)[1] or 80
    return 80


async def _show(sys: Process, page: Page, pager: str | None) -> int:
    try:
        source = read_page(sys, page.path)
    except SysError as error:
        await sys.stderr.write(f"man: can't open {page.path}: {error}\n")
        return 1
    if not module_of(source):
        sys.unsimulated(f"man {page.section} {page.name}")
    text = render(page.name, page.section, source, _width(sys)).encode("utf-8", "surrogateescape")
    if not sys.isatty(1):
        await sys.stdout.write(text)
        return 0
    command = pager or sys.env.get("MANPAGER") or sys.env.get("PAGER") or "pager"
    read_end, write_end = sys.pipe()
    env = sys.env | {"MAN_PN": f"{page.name}({page.section})"}
    pid = sys.spawn("/bin/sh", ["sh", "-c", command], env=env, fds={0: read_end, 1: 1, 2: 2})
    sys.close(read_end)
    try:
        await sys.write(write_end, text)
    except SysError as error:
        if error.name != "EPIPE":
            raise
    sys.close(write_end)
    await sys.waitpid(pid)
    return 0
