"""COLD. ``guardrail-proxy exec`` becomes ``guardrail-exec``: the CLI gets what we were given."""

import os
from pathlib import Path

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home

GIVEN = Path("/proc/self/environ")
"""The environment before our interpreter added to it (PEP 538); only Linux tells."""


def become_wrapper(home: Home, words: list[str]) -> None:
    """Run the program in ``words`` behind the guard. Does not return; ConfigError when nothing is installed."""
    env = dict(os.environb)
    if is_added(b"LC_CTYPE"):
        del env[b"LC_CTYPE"]
    try:
        os.execve(home.wrapper, [os.fsencode(word) for word in (str(home.wrapper), *words)], env)  # noqa: S606 # no shell
    except OSError as error:
        why = f"{home.wrapper} does not start ({error.strerror})"
        raise ConfigError(f"{why}: run guardrail-proxy install") from error


def is_added(name: bytes) -> bool:
    """Whether a variable of ours was not given to us; False where that cannot be known."""
    try:
        given = GIVEN.read_bytes()
    except OSError:
        return False
    return name in os.environb and b"\0" + name + b"=" not in b"\0" + given
