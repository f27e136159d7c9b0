"""COLD. ``python -I -m guardrail_proxy.store.ingest HOME``: loads the spool into the private database and publishes it.

At most one at a time, elected by a lock; the others leave at once: what they brought is visible in the spool anyway.
It can be killed at any moment: a batch is one transaction, and the next one goes on where it stopped.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.priority import give_way
from guardrail_proxy.store.dead import finish_dead
from guardrail_proxy.store.generation import note_current, publish, sweep
from guardrail_proxy.store.live import live
from guardrail_proxy.store.load import is_due, load

MOST_ROUNDS = 3
"""Under constant load an ingester still ends."""


Refresh = Callable[[duckdb.DuckDBPyConnection], object]


def ingest(home: Home, *, wait: bool = False, refresh: Sequence[Refresh] = ()) -> int:
    """Finish dead sessions, load what is due, publish, sweep; return the number of sessions loaded.

    0 also when another ingester is at work; with ``wait`` this one waits for its turn instead. ``refresh`` brings what
    follows from the sessions up to date, so that one publication carries both.
    """
    with live(home, wait=wait) as con:
        if con is None:
            return 0
        finish_dead(home)
        return _ingest(con, home, refresh)


def ensure_published(home: Home) -> None:
    """Make sure that there is a generation that can be opened now: the first one, or another where one is held."""
    with live(home, wait=True) as con:
        assert con is not None
        _ingest(con, home)


def _ingest(con: duckdb.DuckDBPyConnection, home: Home, refresh: Sequence[Refresh] = ()) -> int:
    note_current(con, home)
    total = 0
    for _ in range(MOST_ROUNDS):
        if not is_due(con, home):
            break
        count, generation = load(con, home)
        total += count
        for make in refresh:
            make(con)
        publish(con, home, generation)
        note_current(con, home)
    sweep(con, home)
    return total


def main() -> int:
    """Ingest the home named on the command line; return the exit status."""
    home = Home(Path(sys.argv[1]).absolute())
    give_way(0)
    if not home.root.is_dir():
        return 0  # taken away since we were started: it is not to come back by us
    try:
        ingest(home)
    except (GuardrailError, OSError, duckdb.Error) as error:
        sys.stderr.write(f"guardrail-proxy: cannot ingest: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
