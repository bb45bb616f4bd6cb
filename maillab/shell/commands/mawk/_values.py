"""awk's values, and the rules that turn one kind into another.

A number is a float, a string a str (one character a byte, latin-1), a variable never set is None, and text that came from
outside is an `Input`, a string that is also a number when it looks like one. Rules observed on mawk 1.3.4 (20200120).
"""

import math
import re

Value = float | str | None
MAX_INT = 2147483647.0
NUMBER_PREFIX = re.compile(
    r"[ \t\n\r\f\v]*([-+]?(?:0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*)|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|inf(?:inity)?|nan))",
    re.IGNORECASE | re.ASCII,
)
BLANKS = " \t\n\r\f\v"


class Input(str):
    """Text read from a record, a field, an element of split, ENVIRON or the command line."""

    __slots__ = ()


class AwkError(Exception):
    """A run time error; `text` is the message, to which the place is added."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def parse_number(text: str) -> float:
    """The number at the beginning of a text, 0 when there is none (strtod)."""
    found = NUMBER_PREFIX.match(text)
    return to_float(found.group(1)) if found else 0.0


def to_float(digits: str) -> float:
    """A spelled number's value."""
    lowered = digits.lower()
    if "x" in lowered:
        return float.fromhex(lowered)
    return float(lowered)


def looks_numeric(text: str) -> bool:
    """Is the whole text, blanks aside, one number?"""
    if not text or text[-1] in "abcghijklmopqrsuvwz:/@>])":
        found = NUMBER_PREFIX.match(text) if text else None
    else:
        found = NUMBER_PREFIX.match(text)
    return found is not None and not text[found.end() :].strip(BLANKS)


def num(value: Value) -> float:
    """A value as a number."""
    if isinstance(value, float):
        return value
    return parse_number(value) if value else 0.0


def truth(value: Value) -> bool:
    """A value as a condition."""
    if isinstance(value, float):
        return value != 0.0
    if value is None:
        return False
    if isinstance(value, Input) and looks_numeric(value):
        return parse_number(value) != 0.0
    return value != ""


def number_text(number: float, form: str) -> str:
    """A number as text: integers as they are, others by CONVFMT or OFMT."""
    if -MAX_INT <= number <= MAX_INT and number == int(number):
        return str(int(number))
    if form == "%.6g":
        return float_text(number, "%.6g")
    from maillab.shell.commands.mawk._format import sprintf

    return sprintf(form, [number])


def float_text(number: float, form: str) -> str:
    """C's printf of one double by a Python conversion, with the sign C gives to a not-a-number."""
    if number != number:
        text = "-nan" if math.copysign(1.0, number) < 0 else "nan"
        return (form[: form.index("%") + 1] + form[form.index("%") + 1 : -1].split(".")[0].replace("0", "") + "s") % text
    return form % number


def is_numeric(value: Value) -> bool:
    """Does the value compare as a number?"""
    if isinstance(value, str):
        return isinstance(value, Input) and looks_numeric(value)
    return True


def order(left: Value, right: Value, form: str) -> int:
    """-1, 0 or 1 as left is less than, equal to or more than right: numbers by value, anything else as text."""
    if is_numeric(left) and is_numeric(right):
        a, b = num(left), num(right)
        return -1 if a < b else 1 if a > b else 0
    first = number_text(left, form) if isinstance(left, float) else left or ""
    second = number_text(right, form) if isinstance(right, float) else right or ""
    return -1 if first < second else 1 if first > second else 0


def divide(left: float, right: float) -> float:
    """left / right as IEEE says it."""
    if right == 0.0:
        if left == 0.0 or left != left:
            return -math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right


def remainder(left: float, right: float) -> float:
    """fmod."""
    if right == 0.0 or math.isinf(left) or left != left:
        return -math.nan
    return math.fmod(left, right)


def power(left: float, right: float) -> float:
    """left ^ right."""
    try:
        result = math.pow(left, right)
    except OverflowError:
        return -math.inf if left < 0 and right % 2 == 1 else math.inf
    except ValueError:
        return math.inf if left == 0.0 else -math.nan
    return result


def truncate(number: float) -> float:
    """int()."""
    return number if math.isinf(number) or number != number else float(math.trunc(number)) + 0.0
