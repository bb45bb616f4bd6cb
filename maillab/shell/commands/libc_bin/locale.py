"""locale - what the locale of this shell says

SYNOPSIS
    locale
    locale -a
    locale [-c] [-k] NAME...

DESCRIPTION
    Without arguments prints the variables LANG, LANGUAGE, LC_* and what each category comes to. -a lists the installed locales: C, C.utf8
    and POSIX. NAME is a category (LC_TIME) or a keyword (charmap, decimal_point); -k prints keywords with their names, -c categories.

BUGS
    -m is refused; LC_MONETARY, LC_COLLATE, LC_CTYPE and the further categories have no keywords here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.locale import is_utf8
from maillab.shell.options import gnu

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"libc-bin": "/usr/bin/locale", "libc6": "/usr/bin/locale"}

OPTIONS = gnu("-a,--all-locales -m,--charmaps -c,--category-name -k,--keyword-name -v,--verbose -?,--help --usage -V,--version", standard=False)
HINT = "Try `{prog} --help' or `{prog} --usage' for more information.\n"
VERSION = """locale (Debian GLIBC 2.36-9+deb12u14) 2.36
Copyright (C) 2022 Free Software Foundation, Inc.
This is free software; see the source for copying conditions.  There is NO
warranty; not even for MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.
Written by Ulrich Drepper.
"""
HELP = """Usage: locale [OPTION...] NAME
  or:  locale [OPTION...] [-a|-m]
Get locale-specific information.

 System information:
  -a, --all-locales          Write names of available locales
  -m, --charmaps             Write names of available charmaps

 Modify output format:
  -c, --category-name        Write names of selected categories
  -k, --keyword-name         Write names of selected keywords
  -v, --verbose              Print more information

  -?, --help                 Give this help list
      --usage                Give a short usage message
  -V, --version              Print program version

For bug reporting instructions, please see:
<http://www.debian.org/Bugs/>.
"""
CATEGORIES = ("CTYPE", "NUMERIC", "TIME", "COLLATE", "MONETARY", "MESSAGES", "PAPER", "NAME", "ADDRESS", "TELEPHONE", "MEASUREMENT",
              "IDENTIFICATION")  # fmt: skip
INSTALLED_LOCALES = ("c", "posix", "c.utf8", "c.utf-8")
KEYWORDS: dict[str, dict[str, str]] = {
    "LC_NUMERIC": {
        "decimal_point": '"."', "thousands_sep": '""', "grouping": "-1", "numeric-decimal-point-wc": "46",
        "numeric-thousands-sep-wc": "0", "numeric-codeset": '"{charmap}"',
    },
    "LC_MESSAGES": {"yesexpr": '"^[yY]"', "noexpr": '"^[nN]"', "yesstr": '""', "nostr": '""', "messages-codeset": '"{charmap}"'},
    "LC_TIME": {
        "abday": '"Sun;Mon;Tue;Wed;Thu;Fri;Sat"', "day": '"Sunday;Monday;Tuesday;Wednesday;Thursday;Friday;Saturday"',
        "abmon": '"Jan;Feb;Mar;Apr;May;Jun;Jul;Aug;Sep;Oct;Nov;Dec"',
        "mon": '"January;February;March;April;May;June;July;August;September;October;November;December"', "am_pm": '"AM;PM"',
        "d_t_fmt": '"%a %b %e %H:%M:%S %Y"', "d_fmt": '"%m/%d/%y"', "t_fmt": '"%H:%M:%S"', "t_fmt_ampm": '"%I:%M:%S %p"',
        "era": "", "era_year": '""', "era_d_fmt": '""', "alt_digits": "", "era_d_t_fmt": '""', "era_t_fmt": '""',
        "time-era-num-entries": "0", "time-era-entries": '"S"', "week-ndays": "7", "week-1stday": "19971130", "week-1stweek": "4",
    },
    "LC_CTYPE": {"charmap": '"{charmap}"'},
}  # fmt: skip


async def main(sys: Process, argv: list[str]) -> int:
    """locale."""
    given = await OPTIONS.read(sys, argv, help=HELP, version=VERSION, status=64, hint=HINT)
    await _check(sys)
    if given.has("all-locales"):
        await sys.stdout.write("C\nC.utf8\nPOSIX\n")
        return 0
    if given.has("charmaps"):
        await sys.stderr.write("locale: [error] cannot read character map directory `/usr/share/i18n/charmaps': No such file or directory\n")
        return 1
    if not given.operands:
        await _variables(sys)
        return 0
    status = 0
    for name in given.operands:
        if not await _one(sys, name, category=given.has("category-name"), keyword=given.has("keyword-name")):
            await sys.stdout.flush()
            await sys.stderr.write(f'locale: unknown name "{name}"\n')
            status = 1
    return status


def _value(env: dict[str, str], name: str) -> str:
    return env.get("LC_ALL") or env.get(name) or env.get("LANG") or "POSIX"


async def _check(sys: Process) -> None:
    """setlocale(3) fails for a locale that is not installed."""
    categories = [f"LC_{name}" for name in CATEGORIES]
    for name, concerned in (("LC_CTYPE", ["LC_CTYPE"]), ("LC_MESSAGES", ["LC_MESSAGES"]), ("LC_ALL", categories)):
        if any(_value(sys.env, category).lower() not in INSTALLED_LOCALES for category in concerned):
            await sys.stderr.write(f"locale: Cannot set {name} to default locale: No such file or directory\n")


async def _variables(sys: Process) -> None:
    env = sys.env
    lines = [f"LANG={env.get('LANG', '')}", f"LANGUAGE={env.get('LANGUAGE', '')}"]
    for name in (f"LC_{category}" for category in CATEGORIES):
        own = env.get(name) and not env.get("LC_ALL")
        lines.append(f"{name}={env[name]}" if own else f'{name}="{_value(env, name)}"')
    lines.append(f"LC_ALL={env.get('LC_ALL', '')}")
    await sys.stdout.write("".join(line + "\n" for line in lines))


async def _one(sys: Process, name: str, *, category: bool, keyword: bool) -> bool:
    """Print a category or a keyword; False when there is no such name."""
    charmap = "UTF-8" if is_utf8(sys.env) else "ANSI_X3.4-1968"
    for owner, table in KEYWORDS.items():
        if name != owner and name not in table:
            continue
        if category:
            await sys.stdout.write(f"{owner}\n")
        for word, text in table.items() if name == owner else [(name, table[name])]:
            value = text.replace("{charmap}", charmap)
            await sys.stdout.write(f"{word}={value}\n" if keyword else f"{value.strip(chr(34))}\n")
        return True
    return name in {f"LC_{category_name}": None for category_name in CATEGORIES}
