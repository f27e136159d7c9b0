"""COLD. Fills a shim's template: the CLI's name, the home, the mode, and where its first line looks for a python3."""

import os
import re
import sys
from pathlib import Path

from guardrail_proxy.errors import ConfigError

LINE_BYTES_MOST = 255
"""The kernel reads no more of a first line (BINPRM_BUF_SIZE less its end); a cut one does not start."""
SYSTEM_FOLDERS = {"darwin": ("/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/bin")}.get(
    sys.platform, ("/usr/bin", "/bin", "/usr/local/bin")
)
"""Where a python3 of the system may be. On macOS the one in /usr/bin may only offer to install one: it comes last."""
SPECIAL = frozenset(" \t\n\r\v\f\"'\\$#:")
"""What `env -S` or a PATH would read as something else."""
CLI_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def render_shim(template: str, cli: str, home: Path, mode: str) -> str:
    """The text of one shim (write it with ``surrogateescape``). Raises ConfigError for what no shim can carry.

    Where the first line cannot name our own interpreter's folder (too long, or a character that it would read as
    something else) only the system's python3 is used; the home itself may hold any character.
    """
    check(cli, home, mode)
    body = template.replace("@CLI@", repr(cli)).replace("@HOME@", repr(os.fsencode(home))).replace("@MODE@", repr(mode))
    shim = body.replace("@PATH@", search_path(home), 1)
    if len(os.fsencode(shim.split("\n", 1)[0])) > LINE_BYTES_MOST:
        return body.replace("@PATH@", ":".join(SYSTEM_FOLDERS), 1)
    return shim


def uses_own_interpreter(shim: str, home: Path) -> bool:
    """Whether the shim's first line names the home's own python3 before the system's."""
    return f"{home}/env/bin:" in shim.split("\n", 1)[0]


def check(cli: str, home: Path, mode: str) -> None:
    """Raise ConfigError for a name, home or mode that no shim can carry."""
    if not CLI_NAME.fullmatch(cli):
        raise ConfigError(f"'{cli}' cannot be a command's name: letters, digits, '.', '_' and '-' only")
    if not home.is_absolute() or "\0" in str(home):
        raise ConfigError(f"guardrail home '{home}' is not an absolute path: set GUARDRAIL_HOME to one")
    if mode not in {"standard", "strict"}:
        raise ConfigError(f"mode '{mode}' is neither 'standard' nor 'strict'")


def search_path(home: Path) -> str:
    """Our own interpreter's folder first, where a first line can name it; then the system's."""
    own = str(home / "env/bin")
    nameable = not SPECIAL & set(own) and own.isprintable()
    return ":".join((own, *SYSTEM_FOLDERS) if nameable else SYSTEM_FOLDERS)
