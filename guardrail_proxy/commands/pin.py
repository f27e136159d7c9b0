"""Keep a session, whatever its age."""

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.store.lookup import find_session
from guardrail_proxy.store.marks import pin
from guardrail_proxy.store.settle import settle


@click.command("pin")
@click.argument("session", metavar="ID|last")
@click.option("--off", is_flag=True, help="No longer.")
def command(session: str, *, off: bool) -> None:
    """Keep a session whatever its age: the daily clean-up leaves it alone.

    Exit status: 0 done, 1 there is no such session, 2 several sessions begin with it.
    """
    home = existing_home()
    settle(home)
    pin(home, str(find_session(home, session)["session_id"]), pinned=not off)
