"""Below a guarded session a loosening command is refused, and the session's gate is told."""

import json
import os
import socket
import threading
from pathlib import Path

import pytest

from guardrail_proxy.errors import ExitCode, RefusedError
from guardrail_proxy.install.below_session import refuse_below_session


def test_outside_a_session_nothing_is_refused() -> None:
    refuse_below_session("pause")


def test_a_session_that_is_gone_still_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUARDRAIL_SESSION", "/nowhere")
    with pytest.raises(RefusedError) as raised:
        refuse_below_session("pause")
    assert raised.value.exit_code == ExitCode.COULD_NOT_GUARD


def test_the_gate_hears_of_it_even_at_the_end_of_a_long_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    here = Path.cwd()
    gate = socket.socket(socket.AF_UNIX)
    os.chdir(folder)
    gate.bind("hook.sock")
    os.chdir(here)
    gate.listen()
    heard: list[bytes] = []

    def listen() -> None:
        peer, _ = gate.accept()
        size = int.from_bytes(peer.recv(4), "little")
        heard.append(peer.recv(size))
        peer.sendall((2).to_bytes(4, "little") + b"\0\0")
        peer.close()

    listener = threading.Thread(target=listen)
    listener.start()
    monkeypatch.setenv("GUARDRAIL_SESSION", str(folder))
    with pytest.raises(RefusedError):
        refuse_below_session("config set")
    listener.join(5)
    gate.close()
    assert json.loads(heard[0]) == {"hook_event_name": "GuardCommandRefused", "command": "config set"}
    assert Path.cwd() == here
