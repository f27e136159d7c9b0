"""COLD. root with another user's HOME, as `sudo -E` leaves it: nothing of root's is written into that user's home."""

import os
from collections.abc import Mapping
from pathlib import Path

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home


def refuse_for_other_user(home: Home, env: Mapping[str, str]) -> None:
    """ConfigError when we are root and the guardrail home is another user's, or below sudo would be made in his."""
    owner = owner_of(home.root, env) if os.geteuid() == 0 else 0
    if owner:
        raise ConfigError(
            f"{home.root} belongs to user {owner} and this runs as root: run it as that user, without sudo, "
            "or choose another GUARDRAIL_HOME"
        )


def owner_of(folder: Path, env: Mapping[str, str]) -> int:
    """The user id that the home has; of one that is not there yet, the one that sudo was called by where he owns it."""
    try:
        return folder.stat().st_uid
    except OSError:
        pass
    nearest = next((parent for parent in folder.parents if parent.exists()), Path("/"))
    uid = nearest.stat().st_uid
    return uid if env.get("SUDO_UID") == str(uid) else 0
