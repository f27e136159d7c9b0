"""COLD. The daemon as a service of the user: a systemd unit on Linux, a launchd agent on macOS."""

import os
import plistlib
import subprocess
import sys
from pathlib import Path

from guardrail_proxy.config.replace_file import replace_file
from guardrail_proxy.home import Home

UNIT = "guardrail-proxy.service"
LABEL = "guardrail-proxy.workers"
SECONDS = 30
UNIT_TEXT = """\
[Unit]
Description=guardrail-proxy: background workers

[Service]
ExecStart={command}
ExecReload=/bin/kill -HUP $MAINPID
Nice=10
UMask=0077
Restart=on-failure
RestartSec=60
TimeoutStopSec=300

[Install]
WantedBy=default.target
"""


def command_of(home: Home) -> list[str]:
    """The command line of the daemon; where install.sh made our environment, by the name that outlives an upgrade."""
    steady = home.root / "env" / "bin" / "python3"
    is_ours = steady.exists() and Path(sys.prefix).resolve() == (home.root / "env").resolve()
    return [str(steady) if is_ours else sys.executable, "-I", "-m", "guardrail_proxy.workers._host", str(home.root)]


def install_service(home: Home) -> tuple[Path, str]:
    """Write the service's file and start it; return the file, and why it could not be started ("" when it was)."""
    path = service_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, _content(home), 0o644)
    return path, _say(_starting(path))


def uninstall_service() -> Path | None:
    """End the service and remove its file; None when there is none."""
    path = service_path()
    if not path.exists():
        return None
    _say(_ending())
    path.unlink()
    return path


def is_service_of(home: Home, path: Path) -> bool:
    """Whether the service's file runs the daemon of this home, and not of another one."""
    try:
        return path.read_bytes() == _content(home)
    except OSError:
        return False


def service_path() -> Path:
    """Where the service's file is."""
    if sys.platform == "darwin":
        return Path.home() / "Library/LaunchAgents" / f"{LABEL}.plist"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd/user" / UNIT


def unit(command: list[str]) -> str:
    """The systemd unit that runs a command."""
    return UNIT_TEXT.format(command=" ".join(map(_quoted, command)))


def agent(command: list[str]) -> bytes:
    """The launchd agent that runs a command."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": command,
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ProcessType": "Background",
            "Nice": 10,
            "Umask": 0o077,
        }
    )


def _content(home: Home) -> bytes:
    command = command_of(home)
    return agent(command) if sys.platform == "darwin" else unit(command).encode()


def _starting(path: Path) -> list[list[str]]:
    if sys.platform == "darwin":
        return [["launchctl", "bootstrap", f"gui/{os.getuid()}", str(path)]]
    return [["systemctl", "--user", "daemon-reload"], ["systemctl", "--user", "enable", "--now", UNIT]]


def _ending() -> list[list[str]]:
    if sys.platform == "darwin":
        return [["launchctl", "bootout", f"gui/{os.getuid()}/{LABEL}"]]
    return [["systemctl", "--user", "disable", "--now", UNIT]]


def _say(commands: list[list[str]]) -> str:
    """Run them; why the first that failed did."""
    for words in commands:
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"'{' '.join(words)}' failed: {error}"
        if done.returncode:
            return f"'{' '.join(words)}' failed: {done.stderr.strip()}"
    return ""


def _quoted(word: str) -> str:
    """One word of ExecStart: quoted, with what systemd replaces doubled."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
