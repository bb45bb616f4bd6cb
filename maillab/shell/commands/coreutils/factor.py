"""factor - factor numbers

Usage: factor [NUMBER]...
  or:  factor OPTION
Print the prime factors of each specified integer NUMBER.  If none
are specified on the command line, read them from standard input.

      --help        display this help and exit
      --version     output version information and exit
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.shell.commands.coreutils._command import Command
from maillab.shell.options import gnu
from maillab.sim.host.stdio import decode

if TYPE_CHECKING:
    from maillab.sim.host.process import Process

INSTALLED = {"coreutils": "/usr/bin/factor"}
AUTHORS = "Paul Rubin, Torbjorn Granlund, and Niels Moller"
OPTIONS = gnu("")
BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)


async def main(sys: Process, argv: list[str]) -> int:
    command = Command(sys, argv, __doc__, AUTHORS)
    given = await command.read(OPTIONS)
    words = given.operands
    if not words:
        words = [word async for line in command.lines(0) for word in decode(line).split()]
    for word in words:
        number = word.strip().removeprefix("+")
        if not number.isdigit():
            await command.complain(f"{command.q(word)} is not a valid positive integer")
            continue
        await sys.stdout.print(f"{int(number)}:" + "".join(f" {prime}" for prime in factors(int(number))))
    return command.status


def is_prime(number: int) -> bool:
    """Miller and Rabin's test with bases enough for 64 bits and more."""
    if number < 2:
        return False
    for base in BASES:
        if number % base == 0:
            return number == base
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in BASES:
        x = pow(base, odd, number)
        if x in (1, number - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % number
            if x == number - 1:
                break
        else:
            return False
    return True


def factors(number: int) -> list[int]:
    """The prime factors, ascending."""
    found: list[int] = []
    for prime in (*BASES, *range(41, 1000, 2)):
        while number > 1 and number % prime == 0:
            found.append(prime)
            number //= prime
    todo = [number] if number > 1 else []
    while todo:
        part = todo.pop()
        if is_prime(part):
            found.append(part)
            continue
        divisor = _divisor(part)
        todo += [divisor, part // divisor]
    return sorted(found)


def _divisor(number: int) -> int:
    """Pollard's rho: a proper divisor of a composite number."""
    from math import gcd

    for step in range(1, 1000):
        slow = fast = 2
        divisor = 1
        while divisor == 1:
            slow = (slow * slow + step) % number
            fast = (fast * fast + step) % number
            fast = (fast * fast + step) % number
            divisor = gcd(abs(slow - fast), number)
        if divisor != number:
            return divisor
    return number
