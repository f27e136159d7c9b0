"""HOT. Keys typed before we took over: their echo was seen already, a ctrl-C among them must become a signal."""

import posix
from select import POLLIN, poll

from guardrail_proxy.run import tty
from guardrail_proxy.run.terminal import Terminal

SIGNALLING = (tty.VINTR, tty.VQUIT, tty.VSUSP)
SETTLE_MS = 20


def take_early_keys(terminal: Terminal, master: int, inner: int) -> bytes:
    """Move what was typed ahead into the inner terminal, without a second echo.

    Returns what must wait until the program runs: from the first signalling key on.
    """
    try:
        typed = posix.read(terminal.input, 4096)
    except (OSError, tty.error):
        return b""
    typed, later = split_at_signal(typed, terminal.modes)
    if typed:
        quiet = list(terminal.modes)
        quiet[3] &= ~(tty.ECHO | tty.ECHONL | tty.ISIG)
        tty.tcsetattr(inner, tty.TCSANOW, quiet)
        posix.write(master, typed)
        arrived = poll()
        arrived.register(inner, POLLIN)
        incomplete = terminal.modes[3] & tty.ICANON and b"\n" not in typed
        arrived.poll(0 if incomplete else SETTLE_MS)
        tty.tcsetattr(inner, tty.TCSANOW, terminal.modes)
    return later


def split_at_signal(typed: bytes, modes: "tty.Modes") -> "tuple[bytes, bytes]":
    """What came before the first key that the terminal would have turned into a signal, and the rest."""
    if not modes[3] & tty.ISIG:
        return typed, b""
    places = [typed.find(modes[6][key]) for key in SIGNALLING if modes[6][key] != b"\0"]
    first = min((place for place in places if place >= 0), default=len(typed))
    return typed[:first], typed[first:]
