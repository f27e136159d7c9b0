"""COLD. Shows a recording on a screen of cells and has a finder look at every row that changes, before it is lost."""

import time
from functools import partial

from guardrail_proxy.painted.cells import Cells
from guardrail_proxy.painted.sequences import TOKEN, apply
from guardrail_proxy.painted.shown import Shown
from guardrail_proxy.painted.visible import Finder

RENDERED_MOST = 16 << 20
"""Characters of one recording that are rendered: the first ones."""


def render(shown: Shown, text: str, finder: Finder, until: float) -> str:
    """What was not rendered, and why; '' when everything was. Stops at a time of ``time.monotonic``."""
    screen = Cells(*shown.size)
    screen.changed = partial(finder.look, screen)
    finder.forget_rows()
    sizes, starts = [*shown.sizes, (shown.length + 1, 0, 0)], [*shown.starts[1:], shown.length]
    size_at, event = 0, 0
    for token in TOKEN.finditer(text):
        at, end = token.span()
        while sizes[size_at][0] <= at:
            screen.window(*sizes[size_at][1:])
            size_at += 1
        apply(screen, token.lastgroup, token[0], at)
        if end < starts[event]:
            continue
        screen.look()
        while event < len(starts) - 1 and starts[event] <= end:
            event += 1
        if end >= RENDERED_MOST or time.monotonic() > until:
            return "" if end >= shown.length else f"the screen was rendered up to character {end} of {shown.length}"
    screen.look()
    return ""
