"""COLD. Runs a launcher's shell: on a terminal, without one, or in tmux, and never without an end.

A start-up file may read its input, sleep, or start another shell.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from guardrail_proxy.install.doctor.launchers import Input

START_UP_S = 8.0
"""How long start-up files may take."""
TIMEOUT_S = 30.0
"""How long the calls after them may take: a CLI that is not our shim prints its version."""
END_OF_INPUT = b"\x04" * 8
"""For start-up files that read from the terminal, or start another shell there."""

TAKE_TERMINAL = (
    "import fcntl, os, signal, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "signal.signal(signal.SIGPIPE, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])"
)
"""In a session of its own: have the terminal control it, then become the shell."""
Begun = Callable[[], bool]


def run(words: list[str], env: Mapping[str, str], stdin: Input, has_begun: Begun) -> str:
    """Run it in an empty folder; why it did not come to its end, "" when it did. ``has_begun``: past its start-up."""
    how = {"terminal": _on_terminal, "tmux": _in_tmux, "socket": _on_socket, "null": _on_null}[stdin]
    with tempfile.TemporaryDirectory(prefix="guardrail-canary-", ignore_cleanup_errors=True) as folder:
        try:
            return how(words, dict(env), folder, has_begun)
        except OSError as error:
            return f"{words[0]} does not start ({error})"


def _on_terminal(words: list[str], env: dict[str, str], folder: str, has_begun: Begun) -> str:
    master, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    os.write(master, END_OF_INPUT)
    own = [sys.executable, "-I", "-S", "-c", TAKE_TERMINAL, *words]
    child = subprocess.Popen(
        own, env=env, cwd=folder, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
    )
    os.close(terminal)
    threading.Thread(target=_drain, args=(master,), daemon=True).start()
    return _bounded(child, words[0], has_begun)


def _drain(master: int) -> None:
    """Read what is shown until nobody is left to show anything: a full terminal would stop them."""
    with contextlib.suppress(OSError):
        while os.read(master, 65536):
            pass
    os.close(master)


def _on_socket(words: list[str], env: dict[str, str], folder: str, has_begun: Begun) -> str:
    """As below sshd, by which bash knows that it should read .bashrc."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.shutdown(socket.SHUT_WR)
        return _without_terminal(words, env, folder, theirs.fileno(), has_begun)


def _on_null(words: list[str], env: dict[str, str], folder: str, has_begun: Begun) -> str:
    return _without_terminal(words, env, folder, subprocess.DEVNULL, has_begun)


def _without_terminal(words: list[str], env: dict[str, str], folder: str, stdin: int, has_begun: Begun) -> str:
    null = subprocess.DEVNULL
    child = subprocess.Popen(words, env=env, cwd=folder, stdin=stdin, stdout=null, stderr=null, start_new_session=True)
    return _bounded(child, words[0], has_begun)


def _bounded(child: subprocess.Popen[bytes], shell: str, has_begun: Begun) -> str:
    try:
        return "" if _ends(child, has_begun) else _waits(child.pid, shell, is_begun=has_begun())
    finally:
        with contextlib.suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _in_tmux(words: list[str], env: dict[str, str], folder: str, has_begun: Begun) -> str:
    """A server of our own, without the user's tmux.conf: plug-ins in it may bring old sessions back to life."""
    lines = Path(folder, "lines")
    lines.write_text(words[-1] + "\n")
    tmux = ["tmux", "-L", Path(folder).name, "-f", "/dev/null"]

    def tell(*order: str) -> None:
        subprocess.run([*tmux, *order], env=env, capture_output=True, timeout=TIMEOUT_S, check=False)

    try:
        tell("new-session", "-d", "-c", folder)
        for _ in range(2):  # a start-up file may read the first
            tell("send-keys", f". '{lines}'; exit", "Enter")
        null, pipe = subprocess.DEVNULL, subprocess.PIPE
        with subprocess.Popen([*tmux, "-C", "attach"], env=env, stdin=pipe, stdout=null, stderr=null) as watching:
            try:
                is_done = _ends(watching, has_begun)  # with the server, which ends with the shell
            finally:
                watching.kill()
                tell("kill-server")
    except subprocess.TimeoutExpired:
        return "tmux does not answer"
    return "" if is_done else _too_long(is_begun=has_begun())


def _ends(child: subprocess.Popen[bytes], has_begun: Begun) -> bool:
    """Wait for its end, longer once it is past its start-up files."""
    for seconds in (START_UP_S, TIMEOUT_S):
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
            return True
        if not has_begun():
            break
    return False


def _waits(pid: int, shell: str, *, is_begun: bool) -> str:
    name = _command(pid)
    return _too_long(is_begun=is_begun) + (
        f", and are {name} by now" if name and name != os.path.basename(shell) else ""
    )


def _too_long(*, is_begun: bool) -> str:
    if is_begun:
        return f"a CLI's version call did not end in {TIMEOUT_S:g} s"
    return f"its start-up files did not end in {START_UP_S:g} s"


def _command(pid: int) -> str:
    """What a process is called now; "" where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
