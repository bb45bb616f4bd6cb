"""The command line of postconf: its letters, which of them exclude one another, and the usage texts of both generations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillab.sim.postfix.lib.command import options_or_usage

if TYPE_CHECKING:
    from maillab.sim.postfix.lib.msg import Msg

LETTERS = "aAbc:C:deEfFhHlmMno:pPtT:vxX#"
LETTERS_OLD = "aAbc:dehlmnv"
USAGE = (
    "usage: {0} [-a (server SASL types)] [-A (client SASL types)] [-b (bounce templates)] [-c config_dir] "
    "[-c param_class] [-d (parameter defaults)] [-e (edit configuration)] [-f (fold lines)] [-F (master.cf fields)] "
    "[-h (no names)] [-H (no values)] [-l (lock types)] [-m (map types)] [-M (master.cf)] [-n (non-default parameters)] "
    "[-o name=value (override parameter value)] [-p (main.cf, default)] [-P (master.cf parameters)] "
    "[-t (bounce templates)] [-T compile-version|run-version|public-key-algorithms] [-v (verbose)] "
    "[-x (expand parameter values)] [-X (exclude)] [-# (comment-out)] [name...]"
)
USAGE_OLD = (
    "usage: {0} [-a (server SASL types)] [-A (client SASL types)] [-b (bounce templates)] [-c config_dir] [-d (defaults)] "
    "[-e (edit)] [-h (no names)] [-l (lock types)] [-m (map types)] [-n (non-defaults)] [-v] [name...]"
)
EXCLUSIVE = ("aAbtlmFMPpT", "deX#", "dn", "do", "neX#", "xeX#", "oX#", "hH")
ORDER = "aAbdeFhHlmMnopPtTxX#"
ALLOWED = {
    **dict.fromkeys("aAlmTbt", "vc"),
    "M": "eX#foxCvc",
    "F": "efhHoxCvc",
    "P": "eXfhHoxCvc",
}
CLASSES = ("builtin", "service", "user", "all")


class Request:
    """What the command line asks for."""

    def __init__(self, log: Msg, argv: list[str], modern: bool) -> None:
        usage = (USAGE if modern else USAGE_OLD).format(argv[0])
        found, self.operands = options_or_usage(log, argv, LETTERS if modern else LETTERS_OLD, usage)
        self.letters = {letter for letter, _ in found}
        self.values = found
        if "E" in self.letters:
            log.fatal(usage)
        if modern:
            self._check(log)
        elif len(self.letters & set("aAbdemln")) > 1:
            log.fatal("specify one of -a, -A, -b, -d, -e, -m, -l and -n")

    def has(self, letter: str) -> bool:
        """Was the option given?"""
        return letter in self.letters

    def value(self, letter: str) -> str | None:
        """The argument of the last such option."""
        return next((value for found, value in reversed(self.values) if found == letter), None)

    def all(self, letter: str) -> list[str]:
        """The arguments of such options."""
        return [value for found, value in self.values if found == letter]

    @property
    def space(self) -> str:
        """M, F, P (master.cf) or p (main.cf)."""
        return next((letter for letter in "MFP" if letter in self.letters), "p")

    @property
    def edit(self) -> str:
        """e, X, # or "" for no change."""
        return next((letter for letter in "eX#" if letter in self.letters), "")

    def _check(self, log: Msg) -> None:
        if (not self.letters & set("aAbtlmFMPT") and any("=" in word for word in self.operands)) or (
            self.letters & set("MFP") and any("=" in word for word in self.operands) and not self.letters & set("eX#")
        ):
            self.letters.add("e")
        for group in EXCLUSIVE:
            chosen = [letter for letter in ORDER if letter in group and letter in self.letters]
            edits = [letter for letter in chosen if letter in "eX#"]
            others = [letter for letter in chosen if letter not in "eX#"]
            if group in ("neX#", "xeX#", "oX#"):
                chosen = chosen if edits and others else []
            if len(chosen) > 1:
                joint = " and " if set(chosen) == {"b", "t"} else " "
                log.fatal("specify one of " + joint.join(f"-{letter}" for letter in chosen[:2]))
        mode = next((letter for letter in "aAlmTbtMFP" if letter in self.letters), "")
        if mode:
            for letter in ORDER:
                if letter in self.letters and letter != mode and letter not in ALLOWED[mode]:
                    log.fatal(f"with option -{mode}, do not specify -{letter}")
        if self.letters & set("X#") and not self.operands:
            log.fatal("missing service argument")
        if "e" in self.letters and not self.operands:
            log.fatal("-e requires name=value argument")
