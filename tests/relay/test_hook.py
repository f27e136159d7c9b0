"""The hook client: it asks the session's gate, and strict blocks whenever no answer comes."""

import socket
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stand import Stand


def hook(stand: "Stand", mode: str, folder: Path | None, payload: bytes = b"{}") -> tuple[int, bytes, bytes]:
    env = stand.env(**({"GUARDRAIL_SESSION": str(folder)} if folder else {}))
    done = subprocess.run(
        [str(stand.home / "hook"), mode, "claude"], input=payload, env=env, capture_output=True, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def gate(folder: Path, answer: bytes, heard: list[bytes], monkeypatch: pytest.MonkeyPatch) -> threading.Thread:
    """A gate that answers one call."""
    folder.mkdir(parents=True, exist_ok=True)
    server = socket.socket(socket.AF_UNIX)
    monkeypatch.chdir(folder)
    server.bind("hook.sock")
    server.listen()

    def serve() -> None:
        with server, server.accept()[0] as client, client.makefile("rb") as stream:
            heard.append(stream.read(int.from_bytes(stream.read(4), "little")))
            client.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def framed(answer: bytes) -> bytes:
    return len(answer).to_bytes(4, "little") + answer


@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_the_gates_answer_is_the_clients(
    stand: "Stand", mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, heard = tmp_path / ("long" * 40), list[bytes]()
    payload = b'{"x": "' + b"y" * 300_000 + b'"}'
    serving = gate(folder, framed(b"\x02out\0why\xff"), heard, monkeypatch)
    assert hook(stand, mode, folder, payload) == (2, b"out", b"why\xff")
    serving.join()
    assert heard == [payload]


@pytest.mark.parametrize("answer", [b"", b"\x05\0\0\0\x00", framed(b""), b"\xff\xff\xff\xff"])
def test_a_gate_that_breaks_off_blocks_in_strict_only(
    stand: "Stand", answer: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    serving = gate(tmp_path / "s", answer, [], monkeypatch)
    status, out, err = hook(stand, "strict", tmp_path / "s")
    serving.join()
    assert (status, out, err.startswith(b"guardrail-proxy blocked this: the gate did not answer")) == (2, b"", True)


def test_without_a_session_strict_blocks_and_standard_says_nothing(stand: "Stand") -> None:
    assert hook(stand, "standard", None) == (0, b"", b"")
    status, out, err = hook(stand, "strict", None)
    assert (status, out, b"guardrail-proxy" in err) == (2, b"", True)


def test_a_session_that_is_over_is_not_waited_for(stand: "Stand", tmp_path: Path) -> None:
    (tmp_path / "over").mkdir()
    (tmp_path / "over/end.json").write_text("{}")
    assert hook(stand, "strict", tmp_path / "over")[0] == 2
    assert hook(stand, "standard", tmp_path / "over") == (0, b"", b"")


def test_a_hook_without_its_code_blocks_in_strict_only(stand: "Stand") -> None:
    (stand.home / "hot").rename(stand.home / "cold")
    assert hook(stand, "standard", None) == (0, b"", b"")
    assert hook(stand, "strict", None)[0] == 2
