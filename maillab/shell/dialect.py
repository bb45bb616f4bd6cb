"""What differs between the shells that this engine can be: bash and dash."""

from __future__ import annotations

from dataclasses import dataclass

RESERVED_POSIX = (
    "if", "then", "elif", "else", "fi", "do", "done", "case", "esac", "while", "until", "for", "{", "}", "!", "in",
)  # fmt: skip
RESERVED_BASH = (*RESERVED_POSIX, "select", "function", "time", "coproc", "[[", "]]")


@dataclass(frozen=True)
class Dialect:
    """The language's facts. `name` is "bash" or "dash"; the flags say which constructs exist."""

    name: str
    arrays: bool
    brace_expansion: bool
    process_substitution: bool
    conditional: bool  # [[ ]] and (( ))
    ansi_quotes: bool  # $'..' and $".."
    here_strings: bool
    extended_redirections: bool  # &> &>> |& {fd}>
    function_keyword: bool
    reserved: tuple[str, ...]

    @property
    def is_dash(self) -> bool:
        """The texts of dash are wanted."""
        return self.name == "dash"


BASH = Dialect("bash", True, True, True, True, True, True, True, True, RESERVED_BASH)
DASH = Dialect("dash", False, False, False, False, False, False, False, False, RESERVED_POSIX)
