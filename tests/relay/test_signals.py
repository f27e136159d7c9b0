"""Signals of ours: what was caught is forgotten where nobody sends any; who leaves early, and who leaves as the CLI."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from stand import Stand

from guardrail_proxy.run import descriptors
from guardrail_proxy.run.bystander import WATCHED, Bystander
from guardrail_proxy.run.descriptors import own_description
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.signals import FORWARDED, forget_all, pipe_of


def status_of(job: Callable[[], None]) -> int:
    """The exit status of a process that does this; minus the signal that ended it."""
    pid = os.fork()
    if not pid:
        try:
            job()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_after_forgetting_a_signal_is_one_again() -> None:
    def job() -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        pipe_of((signal.SIGTERM, signal.SIGCHLD))
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        forget_all()
        os.kill(os.getpid(), signal.SIGUSR1)  # ignored before us, and so still
        os.kill(os.getpid(), signal.SIGTERM)

    assert status_of(job) == -signal.SIGTERM


def test_what_waited_is_forgotten_too() -> None:
    def job() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        os.kill(os.getpid(), signal.SIGTERM)
        forget_all()
        os._exit(6)

    assert status_of(job) == 6


def test_after_forgetting_no_number_is_written_anywhere() -> None:
    def job() -> None:
        read_end, _ = pipe_of((signal.SIGCHLD,))
        forget_all()
        signal.signal(signal.SIGCHLD, lambda *_: None)
        os.kill(os.getpid(), signal.SIGCHLD)
        try:
            os.read(read_end, 1)
        except BlockingIOError:
            os._exit(5)

    assert status_of(job) == 5


@pytest.mark.parametrize(("is_awaited", "status"), [(True, 128 + signal.SIGTERM), (False, 4)])
def test_once_the_cli_is_gone_a_signal_ends_only_a_wait_for_the_verdict(is_awaited: bool, status: int) -> None:
    def job() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        bystander, recorder = Bystander(), Recorder(b"", b"", -1, b"")
        bystander.status, recorder.is_awaited = 0, is_awaited
        bystander.watch(os.getpid(), recorder)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.3)
        os._exit(4)

    assert status_of(job) == status


ENDS = "head -c 900000 /dev/zero\nexit 0\n"
LEAVES = "trap 'head -c 900000 /dev/zero; exit 5' TERM\necho\nwhile :; do sleep 0.1; done\n"
GOES_ON = "exec cat /dev/zero\n"


@pytest.mark.parametrize("cli", [ENDS, GOES_ON], ids=["ends", "goes on"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["to us", "to the group"])
def test_a_reader_that_does_not_read_keeps_nobody_who_is_to_go(
    make_stand: type[Stand], tmp_path: Path, cli: str, number: int, send: Callable[[int, int], None]
) -> None:
    stand = make_stand(tmp_path, "standard")
    stand.script(stand.bin / "claude", "#!/bin/sh\n" + cli)
    shim = subprocess.Popen(
        [stand.home / "shims/claude"], env=stand.env(), stdout=subprocess.PIPE, start_new_session=True
    )
    assert shim.stdout
    shim.stdout.read(1)
    time.sleep(0.5)
    send(shim.pid, number)
    status = shim.wait(20)
    shim.stdout.close()
    assert (status, stand.record("end")["signal"]) == (-number, number)
    assert last_frame(stand) == ("x", b"signal %d" % number)


def test_what_a_cli_that_left_by_itself_wrote_waits_for_its_reader(make_stand: type[Stand], tmp_path: Path) -> None:
    stand = make_stand(tmp_path, "standard")
    stand.script(stand.bin / "claude", "#!/bin/sh\n" + LEAVES)
    shim = subprocess.Popen([stand.home / "shims/claude"], env=stand.env(), stdout=subprocess.PIPE)
    assert shim.stdout
    first = shim.stdout.read(1)
    shim.send_signal(signal.SIGTERM)
    time.sleep(1.5)
    rest = b""
    while len(rest) < 900_000:
        rest += os.read(shim.stdout.fileno(), 1 << 16)
    assert (first, len(rest), shim.wait(20)) == (b"\n", 900_000, 5)


def last_frame(stand: Stand) -> tuple[str, bytes]:
    """What the sidecar was told last, once it is over."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = stand.frames() if list(stand.home.glob("sessions/*/frames")) else []
        if found and found[-1][0] == "x":
            return found[-1]
        time.sleep(0.01)
    return "", b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGALRM])
def test_a_reader_that_is_late_gets_all_of_it_though_we_are_gone(
    make_stand: type[Stand], tmp_path: Path, number: int
) -> None:
    stand = make_stand(tmp_path, "standard")
    stand.script(stand.bin / "claude", "#!/bin/sh\n" + ENDS)
    shim = subprocess.Popen([stand.home / "shims/claude"], env=stand.env(), stdout=subprocess.PIPE)
    assert shim.stdout
    first = shim.stdout.read(1)
    time.sleep(0.5)
    shim.send_signal(number)
    status, rest = shim.wait(20), shim.stdout.read()
    assert (len(first + rest), status, last_frame(stand)) == (900_000, -number, ("x", b"signal %d" % number))
    assert sum(len(data) for kind, data in stand.frames() if kind == "o") == 900_000


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_a_signal_that_the_user_ignores_ends_nothing(make_stand: type[Stand], tmp_path: Path, number: int) -> None:
    stand = make_stand(tmp_path, "standard")
    stand.script(stand.bin / "claude", "#!/bin/sh\n" + ENDS)
    before = signal.signal(number, signal.SIG_IGN)
    shim = subprocess.Popen(
        [stand.home / "shims/claude"], env=stand.env(), stdout=subprocess.PIPE, start_new_session=True
    )
    signal.signal(number, before)
    assert shim.stdout
    first = shim.stdout.read(1)
    time.sleep(0.5)
    os.killpg(shim.pid, number)
    time.sleep(0.5)
    assert (len(first + shim.stdout.read()), shim.wait(20)) == (900_000, 0)


def test_what_a_grandchild_says_later_arrives_though_the_cli_was_ended(make_stand: type[Stand], tmp_path: Path) -> None:
    stand = make_stand(tmp_path, "standard")
    stand.script(stand.bin / "claude", "#!/bin/sh\n(trap '' TERM; sleep 1; echo late) &\n" + GOES_ON)
    shim = subprocess.Popen([stand.home / "shims/claude"], env=stand.env(), stdout=subprocess.PIPE)
    assert shim.stdout
    time.sleep(0.5)
    shim.send_signal(signal.SIGTERM)
    status = shim.wait(20)
    assert (status, shim.stdout.read().strip(b"\0")) == (-signal.SIGTERM, b"late\n")


def test_a_grandchild_that_never_stops_writing_keeps_nobody(make_stand: type[Stand], tmp_path: Path) -> None:
    stand = make_stand(tmp_path, "standard")
    stand.script(stand.bin / "claude", "#!/bin/sh\ncat /dev/zero & exit 6\n")
    shim = subprocess.Popen([stand.home / "shims/claude"], env=stand.env(), stdout=subprocess.PIPE)
    assert shim.stdout
    while shim.poll() is None:
        os.read(shim.stdout.fileno(), 1 << 16)
    assert (shim.returncode, len(shim.stdout.read(1 << 20))) == (6, 1 << 20)
    shim.stdout.close()


def test_a_stop_is_seen_while_the_reader_does_not_read(make_stand: type[Stand], tmp_path: Path) -> None:
    stand = make_stand(tmp_path, "standard")
    stand.script(stand.bin / "claude", "#!/bin/sh\nhead -c 900000 /dev/zero\nkill -STOP $$\nexit 3\n")
    shim = subprocess.Popen([stand.home / "shims/claude"], env=stand.env(), stdout=subprocess.PIPE)
    assert shim.stdout
    shim.stdout.read(1)
    _, stopped = os.waitpid(shim.pid, os.WUNTRACED)
    shim.send_signal(signal.SIGCONT)
    rest = shim.stdout.read()
    assert (os.WIFSTOPPED(stopped), len(rest), shim.wait(20)) == (True, 899_999, 3)


def test_in_a_socket_that_nobody_reads_we_hang_no_longer_than_a_moment(make_stand: type[Stand], tmp_path: Path) -> None:
    stand = make_stand(tmp_path, "standard")
    module = stand.home / "hot/guardrail_proxy/run/bystander.py"
    text = module.read_text()
    assert "LEAVES_MOST_MS = 5000" in text
    module.write_text(text.replace("LEAVES_MOST_MS = 5000", "LEAVES_MOST_MS = 300"))
    stand.script(stand.bin / "claude", "#!/bin/sh\n" + ENDS)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        shim = subprocess.Popen([stand.home / "shims/claude"], env=stand.env(), stdout=theirs.fileno())
        ours.recv(1)
        time.sleep(0.5)
        shim.send_signal(signal.SIGTERM)
        assert shim.wait(20) == 128 + signal.SIGTERM


def test_a_pipe_that_cannot_be_opened_anew_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    read_end, write_end = os.pipe()
    anew = own_description(write_end)
    monkeypatch.setattr(descriptors, "OWN_DESCRIPTOR", "/nowhere/%d")
    same, no_pipe = own_description(write_end), own_description(2)
    assert (os.get_blocking(anew), os.get_blocking(write_end), same, no_pipe) == (False, True, write_end, 2)
    for fd in (read_end, write_end, anew):
        os.close(fd)
