"""COLD. The guardrail home of commands that need one to be there: a mistyped one is told, not made."""

import os

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home, default_home


def existing_home() -> Home:
    """The home that commands use. ConfigError where nothing is at its place."""
    home = default_home()
    if not os.path.lexists(home.root):
        raise ConfigError(
            f"there is no guardrail home at '{home.root}': check GUARDRAIL_HOME, or run guardrail-proxy install first"
        )
    return home
