"""COLD. ``python -I -m guardrail_proxy.workers._due HOME``: runs every worker that is due, once, after a session."""

import sys
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.config import load
from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.priority import give_way
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.workers._manager import worker_kinds


@dataclass(frozen=True, slots=True)
class AtHome:
    """A guardrail home as workers want it."""

    home: Home


def run_due(home: Home) -> list[str]:
    """Load what is due, then run the due workers one after the other; return the names of those that ran."""
    config = load(home)
    workers = [kind(config, AtHome(home)) for kind in worker_kinds().values()]
    ran = [worker.name for worker in workers if worker.run_due()]
    if workers[0].name not in ran:
        ingest(home)
    return ran


def main() -> int:
    """Run the due workers of the home named on the command line; return the exit status."""
    home = Home(Path(sys.argv[1]).absolute())
    give_way(0)
    if not home.root.is_dir():
        return 0  # taken away since we were started: it is not to come back by us
    try:
        run_due(home)
    except (GuardrailError, OSError) as error:
        sys.stderr.write(f"guardrail-proxy: cannot run the workers: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
