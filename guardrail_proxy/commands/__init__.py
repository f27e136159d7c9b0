"""COLD. ``guardrail-proxy <command>``: one file each, imported when typed.

A command module holds a click command named ``command``; its file name is its name. A new command is one new file.
"""

import sys
from contextlib import suppress

from guardrail_proxy import __version__


def main() -> None:
    """Run the command line; ends the process with its exit status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"guardrail-proxy {__version__}\n")
        return
    if sys.argv[1:3] == ["exec", "--"]:
        _become_wrapper(sys.argv[3:])
    from guardrail_proxy.commands._group import run  # noqa: PLC0415 # --version needs no click

    sys.exit(run(sys.argv[1:]))


def _become_wrapper(words: list[str]) -> None:
    """The short way to what a person waits for; what is wrong is said on the long one."""
    from guardrail_proxy.commands._home import existing_home  # noqa: PLC0415
    from guardrail_proxy.errors import GuardrailError  # noqa: PLC0415 # only for this command
    from guardrail_proxy.install.become_wrapper import become_wrapper  # noqa: PLC0415

    if words:
        with suppress(GuardrailError):
            become_wrapper(existing_home(), words)
