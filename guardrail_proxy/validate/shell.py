"""WARM. A shell line as the commands it would run: nested shells opened, wrappers taken off, data left alone."""

from functools import lru_cache

from guardrail_proxy.validate._shell_types import Redirect, SimpleCommand, Word

__all__ = ["Redirect", "SimpleCommand", "Word", "parse_command"]

LONGEST_CHARACTERS = 100_000
"""Beyond it a line is cut: no person or model writes such a command, and rules must not wait for it."""


@lru_cache(maxsize=256)
def parse_command(line: str) -> tuple[SimpleCommand, ...]:
    """Every command in the line, in the order they stand; broken syntax yields what can be made out."""
    if not line.strip():
        return ()
    from guardrail_proxy.validate._shell_walk import walk  # noqa: PLC0415 # loads the parser: only when a command came

    return walk(line[:LONGEST_CHARACTERS])
