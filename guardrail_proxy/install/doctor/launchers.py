"""COLD. The ways in which a CLI's name gets run: each shell as terminals, tools, cron and sshd start it.

``LAUNCHERS`` is the table; a row says how to start the shell and which start-up files it thereby reads, nothing more.
"""

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from guardrail_proxy.home import Home

Input = Literal["terminal", "null", "socket", "tmux"]
LOGIN_PATH = "/usr/local/bin:/usr/bin:/bin"
"""What login(1) and sshd begin with, about."""
CRON_PATH = "/usr/bin:/bin"
GONE = ("SHLVL", "TMUX")
"""What tells a shell, or tmux, that it runs inside another one."""
KEPT = ("HOME", "USER", "LOGNAME", "SHELL", "LANG", "TERM", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Launcher:
    """One way to start a CLI by its name."""

    name: str
    shell: str
    flags: tuple[str, ...]
    start: Literal["session", "login", "cron", "empty"]
    """The environment: the caller's without our folder on PATH, that of a fresh login, cron's, or none."""
    stdin: Input = "null"
    is_set_up: bool = True
    """Whether it reads a start-up file that install writes to; else nothing we do reaches it."""
    more: Mapping[str, str] | None = None
    needs: tuple[str, ...] = ()
    """Programs beside the shell."""


SSH = {"SSH_CLIENT": "::1 40000 22", "SSH_CONNECTION": "::1 40000 ::1 22"}
LAUNCHERS = (
    *(
        launcher
        for shell in ("bash", "zsh", "fish")
        for launcher in (
            Launcher(f"{shell}: terminal", shell, ("-i", "-c"), "session", "terminal"),
            Launcher(f"{shell}: login terminal", shell, ("-l", "-i", "-c"), "login", "terminal"),
            Launcher(f"{shell} -lc: tools, su -", shell, ("-l", "-c"), "login"),
        )
    ),
    Launcher("bash: ssh HOST COMMAND", "bash", ("-c",), "login", "socket", more=SSH),
    Launcher("zsh -c: ssh, scripts", "zsh", ("-c",), "login", "socket", more=SSH),
    Launcher("fish -c: ssh, scripts", "fish", ("-c",), "login", "socket", more=SSH),
    Launcher("sh -lc: desktop session", "sh", ("-l", "-c"), "login"),
    Launcher("VS Code: terminal", "", ("-i", "-c"), "session", "terminal", more={"TERM_PROGRAM": "vscode"}),
    Launcher("tmux: new window", "", (), "session", "tmux", needs=("tmux",)),
    Launcher("bash -c: scripts", "bash", ("-c",), "login", is_set_up=False),
    Launcher("sh -c: cron", "sh", ("-c",), "cron", is_set_up=False),
    Launcher("env -i sh -c: services", "sh", ("-c",), "empty", is_set_up=False),
)
"""A shell of "" is the user's own."""


def user_shell(env: Mapping[str, str]) -> str:
    """The user's shell; bash where it is one that we do not set up."""
    shell = env.get("SHELL") or pwd.getpwuid(os.getuid()).pw_shell
    return shell if os.path.basename(shell) in ("bash", "zsh", "fish") else "bash"


def environment(launcher: Launcher, home: Home, env: Mapping[str, str]) -> dict[str, str]:
    """What the launcher starts its shell with; our folder is on no PATH of it."""
    if launcher.start == "empty":
        return {}
    path = {"login": LOGIN_PATH, "cron": CRON_PATH}.get(launcher.start) or without_shims(home, env.get("PATH", ""))
    kept = env if launcher.start == "session" else {name: env[name] for name in KEPT if name in env}
    ours = {name: value for name, value in kept.items() if not name.startswith("GUARDRAIL_") and name not in GONE}
    return {**ours, "PATH": path, **(launcher.more or {})}


def without_shims(home: Home, path: str) -> str:
    """A PATH without our folder, by whatever name."""
    own = os.path.realpath(home.shims)
    return os.pathsep.join(folder for folder in path.split(os.pathsep) if os.path.realpath(folder or ".") != own)


def shell_of(launcher: Launcher, env: Mapping[str, str]) -> str:
    """The shell's program."""
    return launcher.shell or user_shell(env)


def family(shell: str) -> str:
    """bash, zsh, fish or sh, of a program's path."""
    return Path(shell).name
