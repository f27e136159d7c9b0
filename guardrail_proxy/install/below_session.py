"""COLD. Commands that loosen the guard are refused below a guarded session, and the session is told."""

import contextlib
import json
import os
import socket

from guardrail_proxy.errors import RefusedError

TELL_TIMEOUT_S = 2.0


def refuse_below_session(command: str) -> None:
    """RefusedError when this process runs below a guarded session; ``command`` is how it was typed, without values."""
    folder = os.environ.get("GUARDRAIL_SESSION")
    if not folder:
        return
    with contextlib.suppress(OSError):
        _tell(folder, {"hook_event_name": "GuardCommandRefused", "command": command})
    raise RefusedError(
        f'"guardrail-proxy {command}" loosens the guard and is refused inside a guarded session: '
        "run it in a terminal of your own"
    )


def _tell(folder: str, event: dict[str, str]) -> None:
    """Send an event to the session's gate, as its hook client does, and wait for the answer."""
    payload = json.dumps(event).encode()
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as gate:
            gate.settimeout(TELL_TIMEOUT_S)
            os.chdir(folder)
            gate.connect("hook.sock")
            gate.sendall(len(payload).to_bytes(4, "little") + payload)
            gate.recv(4)
    finally:
        os.fchdir(here)
        os.close(here)
