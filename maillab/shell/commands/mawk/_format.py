"""printf of awk: the directives of C, on awk's values (observed on mawk 1.3.4)."""

import re
from collections.abc import Sequence

from maillab.shell.commands.mawk._values import MAX_INT, AwkError, Value, float_text, num

DIRECTIVE = re.compile(r"%([-+ #0]*)(\*|[0-9]*)(\.(?:\*|[0-9]*))?([hlL]*)(.?)", re.DOTALL)
WIDEST = 1 << 20
MAX_UNSIGNED = 4294967295


class MissingArgument(AwkError):
    """The format asks for more values than there are; `done` is what was already formatted."""

    def __init__(self, form: str, done: str, function: str) -> None:
        super().__init__(f'not enough arguments passed to {function}("{form}")')
        self.done = done


def sprintf(form: str, values: Sequence[Value], function: str = "sprintf") -> str:
    """The formatted text; raises MissingArgument or AwkError."""
    out: list[str] = []
    at, used = 0, 0

    def following() -> Value:
        nonlocal used
        if used >= len(values):
            raise MissingArgument(form, "".join(out), function)
        used += 1
        return values[used - 1]

    while True:
        percent = form.find("%", at)
        if percent < 0:
            out.append(form[at:])
            return "".join(out)
        out.append(form[at:percent])
        if form.startswith("%%", percent):
            out.append("%")
            at = percent + 2
            continue
        found = DIRECTIVE.match(form, percent)
        assert found is not None
        at = found.end()
        flags, width, precision, _, letter = found.groups()
        if width == "*":
            wide = int(num(following()))
            flags, width = (flags + "-", str(-wide)) if wide < 0 else (flags, str(wide))
        if precision == ".*":
            precise = int(num(following()))
            precision = "" if precise < 0 else f".{precise}"
        if int(width or 0) > WIDEST or int((precision or ".")[1:] or 0) > WIDEST:
            raise AwkError("program limit exceeded: sprintf buffer")
        value = following()
        out.append(convert(form, flags, width, precision or "", letter, value, function))


def convert(form: str, flags: str, width: str, precision: str, letter: str, value: Value, function: str) -> str:
    """One directive applied to its value."""
    if letter in ("d", "i"):
        return integer(flags, width, precision, clamp(num(value), -int(MAX_INT) - 0, int(MAX_INT)))
    if letter in ("o", "x", "X", "u"):
        shown = clamp(num(value), 0, MAX_UNSIGNED)
        return f"%{flags}{width}{precision}{'d' if letter == 'u' else letter}" % shown if "#" not in flags else alternate(
            flags, width, precision, letter, shown
        )
    if letter in ("e", "E", "f", "F", "g", "G"):
        return float_text(num(value), f"%{flags}{width}{precision}{letter}")
    if letter == "s":
        from maillab.shell.commands.mawk._values import number_text

        text = number_text(value, "%.6g") if isinstance(value, float) else value or ""
        return f"%{flags}{width}{precision}s" % text
    if letter == "c":
        char = chr(int(value) & 255) if isinstance(value, float) and value == value else str(value or "\0")
        return f"%{flags}{width}s" % char[:1]
    raise AwkError(f'bad conversion in {function}("{form}")')


def clamp(number: float, lowest: int, highest: int) -> int:
    """A double as C's integer of limited width, held at its limits."""
    if number != number:
        return lowest
    return max(lowest, min(highest, int(max(-1e18, min(1e18, number)))))


def integer(flags: str, width: str, precision: str, number: int) -> str:
    """%d with C's rule that a precision cancels the 0 flag."""
    if precision:
        flags = flags.replace("0", "")
        if precision in (".", ".0") and number == 0:
            return f"%{flags}{width}s" % ""
    return f"%{flags}{width}{precision}d" % number


def alternate(flags: str, width: str, precision: str, letter: str, number: int) -> str:
    """The # flag: 0 before octal, 0x before hexadecimal, nothing before zero."""
    plain = flags.replace("#", "")
    if letter == "o":
        digits = f"%{precision}o" % number
        return f"%{plain}{width}s" % (digits if digits.startswith("0") else "0" + digits)
    form = f"%{plain if number == 0 else flags}{width}{precision}{letter}"
    return form % number
