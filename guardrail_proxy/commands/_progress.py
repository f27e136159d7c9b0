"""COLD. A progress bar on stderr, where that is a terminal and there is something to wait for."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(label: str, length: int, shown_from: int = 1000) -> Iterator[Callable[[int], object]]:
    """What to tell how many more are done; below ``shown_from`` nothing is drawn."""
    hidden = length < shown_from or not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden) as bar:
        yield bar.update


@contextmanager
def slow_progress(label: str, length: int, after_s: float = 1.0) -> Iterator[Callable[[int], object]]:
    """The same for what is mostly over at once: drawn when it has taken that long."""
    shown_at = time.monotonic() + after_s
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=True) as bar:

        def said(more: int) -> None:
            bar.hidden = time.monotonic() < shown_at or not sys.stderr.isatty()
            bar.update(more)

        yield said
