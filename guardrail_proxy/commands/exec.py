"""Run an AI CLI that is named by its path behind the guard: `exec -- /path/to/claude ARGUMENT...`."""

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.install.become_wrapper import become_wrapper


@click.command("exec", context_settings={"allow_interspersed_args": False})
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- PROGRAM [ARGUMENT...]")
def command(words: tuple[str, ...]) -> None:
    """Run an AI CLI that is named by its path behind the guard: `exec -- /path/to/claude ARGUMENT...`.

    For launchers that take a program to put before the CLI. One that takes a single path, such as VS Code's
    claudeCode.claudeProcessWrapper, gets bin/guardrail-exec of the guardrail home: the same, and it starts faster.

    Exit status: the CLI's own, 77 and 78 as for its shim; 127 when there is no such program, 126 when it cannot be
    executed. A program that is no known AI CLI runs after one line; where any CLI is in strict it is refused with 78.
    """
    become_wrapper(existing_home(), list(words))
