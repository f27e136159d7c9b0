"""The sidecar as the relay starts it: a process with frames, replies and the lock; hook calls come on its socket."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import stat
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guardrail_proxy import hook
from guardrail_proxy.home import Home
from guardrail_proxy.run.sidecar_process import Link, spawn

pytestmark = pytest.mark.slow
ID = "019ab000-0000-7000-8000-0000000000aa"
KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
TOKEN = "abcD1234" + "efGh5678ijKl"
DANGER = {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "rm -rf /"}}
HARMLESS = {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "ls"}}
UNREADABLE = {
    "empty": b"",
    "torn": b"{",
    "no object": b"[]",
    "no text": b"\xff\xfe\x00",
    "no event": b"{}",
    "an event that is no text": b'{"hook_event_name": ["PreToolUse"]}',
    "no tool": b'{"hook_event_name": "PreToolUse", "tool_input": {"command": "ls"}}',
    "a shell without a command": b'{"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"x": "ls"}}',
    "too deep to be read": b"[" * 100_000,
    "too deep to be written": b'{"hook_event_name": "PreToolUse", "tool_name": "x", "tool_input": '
    + b"[" * 700 + b"]" * 700 + b"}",
}  # fmt: skip


class Sidecar:
    """One session's sidecar, and the test as its relay."""

    def __init__(self, root: Path, mode: str = "standard") -> None:
        self.root, self.mode, self.home = root, mode, Home(root / "home")
        self.folder, self.project = self.home.sessions / ID, root / "project"
        for path in (self.folder, self.project, root / "user"):
            path.mkdir(parents=True)
        for path in (self.home.root, self.home.sessions, self.folder):
            path.chmod(0o700)
        start = {"session_id": ID, "cli": "claude", "mode": mode, "pid": os.getpid(), "started_at": time.time() - 1}
        (self.folder / "start.json").write_text(json.dumps({**start, "bypassed": False, "kind": "pty"}))
        self.lock = os.open(self.folder / "start.json", os.O_RDWR | os.O_CLOEXEC)
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.no_ingester = os.open(self.home.root / "ingest.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.no_ingester, fcntl.LOCK_EX)  # the spool is read here
        self.env = {**os.environb, b"HOME": os.fsencode(root / "user")}
        self.link = Link(-1, -1, -1)
        self.starts, self.clients = 0, list[socket.socket]()

    def start(self, *facts: str) -> "Sidecar":
        """Start it, and say the first frame."""
        self.link = spawn(os.fsencode(sys.executable), os.fsencode(self.folder), self.lock, self.env)
        os.set_blocking(self.link.down, True)
        os.set_blocking(self.link.up, True)
        usual = {"session": ID, "cli": "claude", "mode": self.mode, "kind": "pty", "cwd": str(self.project)}
        usual |= {"home": str(self.root / "user"), "guard": str(self.home.root), "size": "80x24", "term": "xterm"}
        pairs = [*(f"{name}={value}" for name, value in usual.items()), *facts, f"restarted={int(self.starts > 0)}"]
        self.starts += 1
        self.send(b"m", "\0".join(pairs).encode())
        return self

    def send(self, kind: bytes, data: bytes, at: float = 0.5) -> None:
        os.write(self.link.down, kind + int(at * 1e6).to_bytes(7, "little") + len(data).to_bytes(4, "little") + data)

    def ask(self, payload: object) -> bytes:
        """What the hook client gets."""
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return hook.ask(os.fsencode(self.folder), data)

    def connect(self) -> socket.socket:
        """A hook client of the test's own making."""
        client = socket.socket(fileno=hook.connect(os.fsencode(self.folder)).detach())
        self.clients.append(client)
        return client

    def calls(self) -> list[tuple[str, str]]:
        lines = (self.folder / "hooks.jsonl").read_text().splitlines()
        return [(line["event"], line["decision"]) for line in map(json.loads, lines)]

    def gone(self) -> int:
        """Its status, once it has ended by itself or by a signal."""
        os.close(self.link.down)
        _, status = os.waitpid(self.link.pid, 0)
        os.close(self.link.up)
        self.link = Link(-1, -1, -1)
        return os.waitstatus_to_exitcode(status)

    def end(self, how: bytes = b"exit 0") -> tuple[list[str], dict[str, object]]:
        """End the session as the relay does, or die like it with ``how`` empty; (lines said, the final record)."""
        if how:
            (self.folder / "end.json").write_text(json.dumps({"exit_code": 0, "signal": None, "ended_at": time.time()}))
            self.send(b"x", how)
        os.close(self.link.down)
        with os.fdopen(self.link.up, "rb") as up:
            said = up.read().decode().splitlines()
        os.waitpid(self.link.pid, 0)
        self.link = Link(-1, -1, -1)
        return said, self.record()

    def record(self) -> dict[str, object]:
        (path,) = self.home.spool.glob(f"*/{ID}.json")
        found: dict[str, object] = json.loads(path.read_bytes())
        return found

    def written(self) -> bytes:
        """Every byte that is on disk below the home, unpacked."""
        files = [path for path in self.home.root.rglob("*") if path.is_file()]
        return b"\n".join(
            zlib.decompressobj(31).decompress(d) if d[:2] == b"\x1f\x8b" else d for d in map(Path.read_bytes, files)
        )

    def close(self) -> None:
        for client in self.clients:
            client.close()
        if self.link.pid > 0:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.link.pid, signal.SIGKILL)
            self.gone()
        os.close(self.lock)
        os.close(self.no_ingester)


MakeSidecar = Callable[..., Sidecar]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeSidecar]:
    monkeypatch.chdir(tmp_path)  # the hook client changes into the session's folder
    made: list[Sidecar] = []

    def one(mode: str = "standard") -> Sidecar:
        made.append(Sidecar(tmp_path / mode, mode))
        return made[-1]

    yield one
    for sidecar in made:
        sidecar.close()


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_socket_and_the_files_are_their_owners_alone(make: MakeSidecar) -> None:
    sidecar = make().start()
    sidecar.ask(HARMLESS)
    names = ("hook.sock", "hooks.jsonl", "recording.cast.gz")
    assert [permissions(sidecar.folder / name) for name in names] == [0o600] * 3


def test_a_hook_that_calls_before_there_is_a_sidecar_gets_its_answer(make: MakeSidecar) -> None:
    sidecar, heard = make("strict"), list[bytes]()
    early = threading.Thread(target=lambda: heard.append(sidecar.ask(DANGER)))
    early.start()
    sidecar.start()
    early.join()
    assert b"recursive-delete" in heard[0]


@pytest.mark.parametrize(("mode", "decision"), [("standard", "allow"), ("strict", "deny")])
def test_a_dangerous_call_is_denied_in_strict_and_recorded_in_both(make: MakeSidecar, mode: str, decision: str) -> None:
    sidecar = make(mode).start()
    answer = sidecar.ask(DANGER)
    assert (b'"deny"' in answer, answer[0], sidecar.calls()) == (decision == "deny", 0, [("PreToolUse", decision)])


@pytest.mark.parametrize(("mode", "status"), [("standard", 0), ("strict", 2)])
def test_what_cannot_be_read_is_denied_in_strict_only_and_ends_nothing(
    make: MakeSidecar, mode: str, status: int
) -> None:
    sidecar = make(mode).start()
    answers = {name: sidecar.ask(payload)[0] for name, payload in UNREADABLE.items()}
    sidecar.ask({**HARMLESS, "note": "\ud800"})
    assert answers == dict.fromkeys(UNREADABLE, status)
    assert sidecar.calls()[-1] == ("PreToolUse", "allow")
    assert [call[0] for call in sidecar.calls()].count("unreadable") == len(UNREADABLE)


@pytest.mark.parametrize(("mode", "status"), [("standard", 0), ("strict", 2)])
def test_a_payload_that_is_too_large_is_answered_by_its_size_alone(make: MakeSidecar, mode: str, status: int) -> None:
    sidecar = make(mode).start()
    client = sidecar.connect()
    client.sendall((17 << 20).to_bytes(4, "little"))
    size = int.from_bytes(hook.receive(client, 4), "little")
    assert (hook.receive(client, size)[0], sidecar.calls()[0][0]) == (status, "unreadable")


def test_a_client_that_hangs_keeps_neither_other_calls_nor_the_end_waiting(make: MakeSidecar) -> None:
    sidecar = make("strict").start()
    silent, torn, gone = sidecar.connect(), sidecar.connect(), sidecar.connect()
    torn.sendall(b"\x40\0\0\0{")
    gone.close()
    answer = sidecar.ask(HARMLESS)
    said, _ = sidecar.end()
    assert (answer[0], said, silent.recv(1)) == (0, ["verdict approved"], b"")


def test_more_clients_than_are_served_at_once_cost_the_oldest_its_place(make: MakeSidecar) -> None:
    sidecar = make("strict").start()
    clients = [sidecar.connect() for _ in range(60)]
    sidecar.ask(HARMLESS)
    clients += [sidecar.connect() for _ in range(20)]
    assert (sidecar.ask(HARMLESS)[0], clients[0].recv(1)) == (0, b"")


def test_a_call_is_answered_while_git_does_not_answer(make: MakeSidecar) -> None:
    sidecar = make("strict")
    tools, gate = sidecar.root / "bin", sidecar.root / "gate"
    tools.mkdir()
    os.mkfifo(gate)
    (tools / "git").write_text(f"#!/bin/sh\n[ -e {gate}.open ] || read line <{gate}\nexit 1\n")
    (tools / "git").chmod(0o755)
    sidecar.env[b"PATH"] = os.fsencode(f"{tools}:/usr/bin:/bin")
    (sidecar.project / ".git").mkdir(parents=True)
    sidecar.start()
    answer, is_written = sidecar.ask(HARMLESS), (sidecar.folder / "meta.json").exists()
    (sidecar.root / "gate.open").touch()
    opened = os.open(gate, os.O_RDWR)
    os.write(opened, b"\n" * 9)
    said, _ = sidecar.end()
    os.close(opened)
    assert (answer[0], is_written, said) == (0, False, ["verdict approved"])


def test_garbage_in_the_frames_ends_the_sidecar_and_the_next_one_goes_on(make: MakeSidecar) -> None:
    sidecar = make().start()
    sidecar.ask(HARMLESS)
    os.write(sidecar.link.down, b"\xff" * 64)
    status = sidecar.gone()
    sidecar.start().ask(HARMLESS)
    _, record = sidecar.end()
    calls = record["tool_calls"]
    assert isinstance(calls, list)
    assert (status, len(calls), record["decision"]) == (1, 2, "approved")


def test_a_killed_sidecar_is_followed_by_one_that_keeps_what_was_seen(make: MakeSidecar) -> None:
    sidecar = make("strict").start()
    sidecar.send(b"o", b"first words\r\n" * 200)
    sidecar.ask(DANGER)
    os.kill(sidecar.link.pid, signal.SIGKILL)
    status = sidecar.gone()
    sidecar.start().ask(HARMLESS)
    sidecar.send(b"o", b"last words\r\n")
    said, record = sidecar.end()
    assert (status, said) == (-signal.SIGKILL, ["verdict approved"])
    assert b"last words" in sidecar.written()
    assert [(v["rule_id"], v["denied"]) for v in _rows(record, "violations")] == [("commands/recursive-delete", True)]


@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_how_it_began_is_known_though_the_sidecar_is_killed(make: MakeSidecar, mode: str) -> None:
    sidecar = make(mode).start("arg=-p", f"arg=use {KEY}")
    sidecar.ask(HARMLESS)
    os.kill(sidecar.link.pid, signal.SIGKILL)
    sidecar.gone()
    meta, until = sidecar.folder / "meta.json", time.monotonic() + 20
    while not meta.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert json.loads(meta.read_text())["argv"] == ["-p", "use [redacted:aws-access-key]"]


def _rows(record: dict[str, object], table: str) -> list[dict[str, object]]:
    rows = record[table]
    assert isinstance(rows, list)
    return rows


@pytest.mark.parametrize(("mode", "said"), [("standard", []), ("strict", ["verdict blocked "])])
def test_the_end_of_the_frames_without_a_word_is_a_relay_that_died(
    make: MakeSidecar, mode: str, said: list[str]
) -> None:
    sidecar = make(mode).start()
    sidecar.ask(HARMLESS)
    lines, record = sidecar.end(how=b"")
    assert (lines, record["decision"], record["outcome"], record["success"]) == (said, "aborted", "interrupted", False)


def test_strict_tells_its_verdict_and_leaves_the_record_before(make: MakeSidecar) -> None:
    sidecar = make("strict").start()
    (line,), record = sidecar.end()
    assert line == f"verdict blocked guard/hooks-silent; see: guardrail-proxy explain {ID[:18]}"
    assert (record["decision"], sidecar.folder.exists()) == ("blocked", False)


def test_a_secret_on_the_screen_in_argv_and_in_a_hook_is_noted_and_nowhere_on_disk(make: MakeSidecar) -> None:
    sidecar = make().start(f"arg=--api-key\0arg={TOKEN}\0arg=key {KEY}", f"env.CLAUDE_CONFIG_DIR=/x/{KEY}")
    sidecar.send(b"o", f"key {KEY}\r\n".encode() + b"more words\r\n" * 200)
    sidecar.ask({**HARMLESS, "tool_input": {"command": f"echo {KEY}"}, "api_key": TOKEN})
    during = sidecar.written()
    said, record = sidecar.end()
    after = sidecar.written()
    assert said[0] == "note found secrets/aws-access-key; see: guardrail-proxy explain last"
    assert [word for word in (KEY.encode(), TOKEN.encode()) if word in during + after] == []
    assert record["argv"] == ["--api-key", "[redacted:generic-secret]", "key [redacted:aws-access-key]"]


def test_of_an_excluded_folder_only_the_verdict_and_the_rules_are_kept(make: MakeSidecar) -> None:
    sidecar = make("strict")
    sidecar.home.config.write_text(f'[record]\nexclude = ["{sidecar.root}/proj*"]\n')
    sidecar.start("arg=swordfish")
    sidecar.send(b"o", b"swordfish\r\n" * 300)
    sidecar.ask({**DANGER, "tool_input": {"command": "rm -rf / swordfish"}})
    sidecar.ask({**HARMLESS, "tool_input": {"command": "echo swordfish"}})
    during, is_marked = sidecar.written(), (sidecar.folder / "excluded").exists()
    _, record = sidecar.end()
    assert b"swordfish" not in during + sidecar.written()
    assert (record["argv"], record["events"], record["commands"]) == ([], [], [])
    assert (record["decision"], is_marked) == ("approved", True)


def test_a_protocol_call_is_not_recorded_but_its_hooks_are(make: MakeSidecar) -> None:
    sidecar = make("strict").start("kind=protocol")
    sidecar.send(b"o", b"{}\n")
    sidecar.ask(HARMLESS)
    has_recording = (sidecar.folder / "recording.cast.gz").exists()
    said, record = sidecar.end()
    assert (has_recording, said, record.get("output_ref")) == (False, ["verdict approved"], None)
