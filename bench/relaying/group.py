"""What a group of figures is, and its run: every peer in turn, once each repetition."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median

from relaying.call import FailedError
from relaying.peers import Peer
from relaying.place import Place

FAILURES_MOST = 2
"""So often a peer may fail before it is left out: it cannot do it."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything; a smoke test wants little."""

    reps: int = 20
    out_mb: int = 10
    growth_mb: int = 50
    in_mb: int = 16
    pipe_mb: int = 100
    keys: int = 300
    calls: int = 200
    idle_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    key: str
    label: str
    unit: str


Measured = dict[str, float]
Measure = Callable[[Place, Peer, Sizes], Measured]
"""One repetition; a figure that a peer has not is left out. Raises FailedError when it cannot do it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that one measurement gives. ``share``: one repetition for so many that were asked for.

    ``only`` and ``more`` change who is compared.
    """

    name: str
    figures: tuple[Figure, ...]
    measure: Measure
    share: int = 1
    only: frozenset[str] = frozenset()
    more: tuple[Callable[[Place], Peer], ...] = ()

    def peers(self, place: Place, usual: list[Peer]) -> list[Peer]:
        """Who is compared here, of those that were asked for; what is added is always there."""
        extra = [peer for peer in (make(place) for make in self.more) if not peer.missing]
        return [peer for peer in usual if not self.only or peer.name in self.only] + extra


@dataclass(slots=True)
class Found:
    """Of one peer in one group: the repetitions, and why some failed."""

    measured: list[Measured] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def is_out(self) -> bool:
        """Whether it cannot do it: too often not, or never."""
        return len(self.failures) >= (FAILURES_MOST if self.measured else 1)

    def medians(self) -> Measured:
        """Of each figure; empty when it cannot do it."""
        keys = {key for one in self.measured for key in one}
        return {} if self.is_out else {key: median(one[key] for one in self.measured if key in one) for key in keys}


def run_group(group: Group, place: Place, usual: list[Peer], sizes: Sizes) -> dict[str, Found]:
    """Every repetition of every peer, in turn; the first of a cheap group only warms the caches."""
    peers = group.peers(place, usual)
    found = {peer.name: Found() for peer in peers}
    reps, warm = max(1, sizes.reps // group.share), int(group.share == 1 and sizes.reps > 1)
    for rep in range(reps + warm):
        for peer in (one for one in peers if len(found[one.name].failures) < FAILURES_MOST):
            try:
                measured = group.measure(place, peer, sizes)
            except (FailedError, OSError) as error:
                found[peer.name].failures.append(str(error))
                continue
            if rep >= warm:
                found[peer.name].measured.append(measured)
    for line in remarks(group.name, found):
        print(line, file=sys.stderr, flush=True)
    return found


def remarks(name: str, found: dict[str, Found]) -> Iterator[str]:
    """Who failed, how often, and the last reason."""
    for peer, what in found.items():
        if what.failures:
            verb = "fails" if what.is_out else f"failed once beside {len(what.measured)} times"
            yield f"relay: {name}: {peer} {verb}: {what.failures[-1]}"
