"""COLD. Deleting sessions because a person says so."""

from collections.abc import Sequence

from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.store.dead import is_dead
from guardrail_proxy.store.live import live
from guardrail_proxy.store.removal import compact, remove_sessions


def delete(home: Home, ids: Sequence[str]) -> int:
    """Remove the sessions from every table and from the disk, and publish a file without them; return how many went.

    GuardrailError, and nothing is removed, when one of them is still being finished.
    """
    for name in ids:
        folder = home.sessions / name
        if (folder / "start.json").exists() and not is_dead(folder):
            raise GuardrailError(f"session {name} is still being finished: delete it when it is over")
    with live(home, wait=True) as con:
        assert con is not None
        count = remove_sessions(con, home, ids)
    compact(home)  # the file itself is written anew: removed rows would stay readable in its free blocks
    return count
