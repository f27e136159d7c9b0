"""Give a session tags, words of your own to find it by."""

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.store.lookup import find_session
from guardrail_proxy.store.marks import tag
from guardrail_proxy.store.settle import settle


@click.command("tag")
@click.argument("session", metavar="ID|last")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--remove", is_flag=True, help="Take the tags away.")
def command(session: str, names: tuple[str, ...], *, remove: bool) -> None:
    """Give a session tags: "guardrail-proxy sessions --tag NAME" and the table marks find it by them.

    Exit status: 0 done, 1 there is no such session, 2 wrong usage.
    """
    home = existing_home()
    settle(home)
    tag(home, str(find_session(home, session)["session_id"]), names, remove=remove)
