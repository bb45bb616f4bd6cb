"""The formats of the builtin printf."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillab.shell import escapes, quoting
from maillab.shell.ansi import byte_char, rejoin_bytes, unicode_char
from maillab.shell.nesting import check_size
from maillab.sim.kernel import calendar

if TYPE_CHECKING:
    from maillab.shell.shell import Shell

DIRECTIVE = re.compile(r"%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|j|z|t)?(\([^)]*\)T|.)?", re.DOTALL)
ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|(.))", re.DOTALL)
NUMBER = re.compile(r"[ \t]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")
FLOAT = re.compile(r"[ \t]*[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|0[xX][0-9a-fA-F]+|inf(?:inity)?|nan)", re.IGNORECASE)
REPEAT_MAX = 1_000_000


class Formatter:
    """One call of printf; `errors` and `status` tell what was wrong."""

    def __init__(self, sh: Shell, template: str, arguments: list[str]) -> None:
        self.sh = sh
        self.template = template
        self.arguments = arguments
        self.index = 0
        self.errors: list[str] = []
        self.status = 0
        self.stopped = False
        self.out: list[str] = []

    def run(self) -> str:
        """The whole output."""
        while True:
            before = self.index
            self.once()
            if self.stopped or self.index >= len(self.arguments) or self.index == before:
                return rejoin_bytes("".join(self.out))

    def once(self) -> None:
        """The format one time."""
        template, position = self.template, 0
        while position < len(template) and not self.stopped:
            ch = template[position]
            if ch == "\\":
                position = self.escape(position)
            elif ch == "%":
                position = self.directive(position)
            else:
                stop = min((at for at in (template.find("\\", position), template.find("%", position)) if at >= 0), default=len(template))
                self.out.append(template[position:stop])
                position = stop

    def escape(self, position: int) -> int:
        found = ESCAPE.match(self.template, position)
        if not found:
            self.out.append("\\")
            return position + 1
        octal, hexa, short, long, letter = found.groups()
        if octal is not None:
            self.out.append(byte_char(int(octal, 8) & 0xFF))
        elif hexa is not None and not self.sh.dialect.is_dash:
            self.out.append(byte_char(int(hexa, 16)))
        elif (short or long) and not self.sh.dialect.is_dash:
            self.out.append(unicode_char(int(short or long, 16), self.sh.utf8))
        elif letter == "c":
            self.stopped = True
        elif letter in ('"', "'", "?") and not self.sh.dialect.is_dash:
            self.out.append(letter)
        else:
            self.out.append(escapes.SIMPLE.get(letter or "", found.group()))
        return found.end()

    def next(self) -> str | None:
        if self.index >= len(self.arguments):
            return None
        self.index += 1
        return self.arguments[self.index - 1]

    def directive(self, position: int) -> int:
        """One % directive."""
        if self.template.startswith("%%", position):
            self.out.append("%")
            return position + 2
        found = DIRECTIVE.match(self.template, position)
        assert found is not None
        flags, width, precision, letter = found.groups()
        if letter is None:
            self.invalid(found.group(), "")
            return len(self.template)
        wide = self.size(width)
        exact = None if precision is None else self.size(precision or "0")
        if wide is not None and wide < 0:
            flags, wide = flags + "-", -wide
        if exact is not None and exact < 0:
            exact = None
        check_size((wide or 0) + (exact or 0))
        if letter in "diouxX":
            self.out.append(self.integer(letter, flags, wide, exact))
        elif letter in "eEfFgGaA":
            self.out.append(self.real(letter, flags, wide, exact))
        elif letter in "scbqQ" and (letter not in "qQ" or not self.sh.dialect.is_dash):
            self.out.append(self.text(letter, flags, wide, exact))
        elif letter.endswith(")T") and not self.sh.dialect.is_dash:
            self.out.append(pad(self.time(letter[1:-2]), flags, wide))
        else:
            self.invalid(found.group(), letter)
            return len(self.template)
        return found.end()

    def invalid(self, source: str, letter: str) -> None:
        if self.sh.dialect.is_dash:
            self.fail(f"{source}: invalid directive", 2)
        elif not letter:
            self.fail(f"`{source}': missing format character")
        else:
            self.fail(f"`{letter}': invalid format character")

    def fail(self, message: str, status: int = 1) -> None:
        self.errors.append(message)
        self.status = status
        self.stopped = True

    def size(self, text: str | None) -> int | None:
        if text is None:
            return None
        if text == "*":
            return min(self.number(self.next() or "0"), REPEAT_MAX)
        return min(int(text), REPEAT_MAX)

    # --- conversions ------------------------------------------------------------------------------------------------

    def number(self, text: str) -> int:
        """An integer argument: C's notations, or a quote and a character."""
        if text[:1] in ("'", '"'):
            return character_code(self.sh, text[1:2])
        found = NUMBER.match(text)
        rest = text[found.end() :] if found else text
        value = 0
        if found:
            digits = found[2]
            base = 16 if digits[:2].lower() == "0x" else 8 if digits[0] == "0" and len(digits) > 1 else 10
            value = int(digits, base) * (-1 if found[1] == "-" else 1)
        if rest or not found:
            if text or not self.sh.dialect.is_dash:
                self.complain(text, bool(found))
        limit = 1 << 63
        if not -limit <= value < limit * 2:
            self.status = 1
            warning = "" if self.sh.dialect.is_dash else "warning: "
            self.errors.append(f"{warning}{text}: Numerical result out of range")
            value = limit - 1 if value > 0 else -limit
        return value

    def complain(self, text: str, partly: bool) -> None:
        if not text:
            return
        if self.sh.dialect.is_dash:
            self.errors.append(f"{text}: {'not completely converted' if partly else 'expected numeric value'}")
        elif partly and text.startswith("0") and text[:2].lower() != "0x" and text.isdigit():
            self.errors.append(f"{text}: invalid octal number")
        else:
            self.errors.append(f"{text}: invalid number")
        self.status = 1

    def integer(self, letter: str, flags: str, width: int | None, precision: int | None) -> str:
        argument = self.next()
        value = 0 if argument is None else self.number(argument)
        sign = ""
        if letter in "di":
            value = (value + (1 << 63)) % (1 << 64) - (1 << 63)
            sign = "-" if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
            digits = str(abs(value))
        else:
            value %= 1 << 64
            digits = {"o": f"{value:o}", "u": str(value), "x": f"{value:x}", "X": f"{value:X}"}[letter]
            if "#" in flags and value:
                sign = {"x": "0x", "X": "0X"}.get(letter, "")
                digits = "0" + digits if letter == "o" else digits
        if precision is not None:
            digits = digits.rjust(precision, "0")
        elif "0" in flags and "-" not in flags and width:
            digits = digits.rjust(width - len(sign), "0")
        return pad(sign + digits, flags, width)

    def real(self, letter: str, flags: str, width: int | None, precision: int | None) -> str:
        argument = self.next()
        text = argument or "0"
        if text[:1] in ("'", '"'):
            value = float(character_code(self.sh, text[1:2]))
        else:
            found = FLOAT.match(text)
            if found is None or found.end() != len(text):
                self.complain(text, found is not None)
            source = found.group().strip() if found else "0"
            value = float(int(source, 16)) if "x" in source.lower() else float(source)
        kind = letter if letter in "eEfFgG" else "e"
        size = ("" if width is None else str(width)) + ("" if precision is None else f".{precision}")
        return f"%{flags.replace(chr(39), '')}{size}{kind}" % value

    def text(self, letter: str, flags: str, width: int | None, precision: int | None) -> str:
        argument = self.next()
        text = argument or ""
        if letter == "c":
            text, precision = text[:1], None
        elif letter == "b":
            text, self.stopped = escapes.decode(text, dash=self.sh.dialect.is_dash, utf8=self.sh.utf8)
        elif letter in "qQ":
            if letter == "Q" and precision is not None:
                text, precision = text[:precision], None
            text = quoting.backslashed(text)
        if precision is not None:
            text = text[:precision]
        return pad(text, flags, width)

    def time(self, layout: str) -> str:
        argument = self.next()
        seconds = -1 if argument is None else self.number(argument)
        if seconds == -2:
            when = self.sh.state.started
        else:
            when = self.sh.sys.clock() if seconds == -1 else seconds * 1_000_000
        return calendar.strftime(layout or "%X", when)


def character_code(sh: Shell, text: str) -> int:
    """The number of the character after a quote."""
    if not text:
        return 0
    return ord(text) - 0xDC00 if "\udc80" <= text <= "\udcff" else ord(text)


def pad(text: str, flags: str, width: int | None) -> str:
    """Fill up to the width."""
    if width is None:
        return text
    return text.ljust(width) if "-" in flags else text.rjust(width)
