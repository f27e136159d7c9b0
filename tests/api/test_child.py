"""The CLI as a child: what it writes, how it ends, and how it is ended."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from guardrail_proxy.api.call import Command
from guardrail_proxy.api.child import Child, Halt

LONG_S = 60.0


def forget(data: bytes) -> None:
    del data


def child(script: str, folder: Path) -> Child:
    env = {b"PATH": b"/usr/bin:/bin"}
    return Child(Command(b"/bin/sh", [b"-c", script.encode()], env, os.fsencode(folder)))


def test_stdout_and_stderr_are_kept_apart_byte_for_byte(tmp_path: Path) -> None:
    one, heard = child(r"printf 'a\r\n\0b'; printf c >&2; cat", tmp_path), bytearray()
    why = one.read(LONG_S, heard.extend, Halt())
    assert (why, one.close(), bytes(one.output), bytes(one.errors), bytes(heard)) == (
        "",
        0,
        b"a\r\n\0b",
        b"c",
        b"a\r\n\0b",
    )


def test_it_has_no_terminal_and_nothing_to_read(tmp_path: Path) -> None:
    one = child(
        "for fd in 0 1 2; do test -t $fd && echo tty; done; wc -c; (: </dev/tty) 2>/dev/null && echo tty", tmp_path
    )
    one.read(LONG_S, forget, Halt())
    one.close()
    assert one.output.split() == [b"0"]


@pytest.mark.parametrize(("script", "status"), [("exit 3", 3 << 8), ("kill -9 $$", 9)])
def test_its_wait_status_is_as_it_left(script: str, status: int, tmp_path: Path) -> None:
    one = child(script, tmp_path)
    assert (one.read(LONG_S, forget, Halt()), one.close()) == ("", status)


def test_more_than_a_pipe_holds_on_both_streams(tmp_path: Path) -> None:
    one = child("head -c 3000000 /dev/zero & head -c 3000000 /dev/zero >&2; wait", tmp_path)
    one.read(LONG_S, forget, Halt())
    one.close()
    assert (len(one.output), len(one.errors)) == (3000000, 65536)


def test_closing_stdout_early_is_no_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "late")
    one = child("exec 1>&-; read x < late; exit 4", tmp_path)
    threading.Thread(target=lambda: (tmp_path / "late").write_text("go\n")).start()
    assert (one.read(LONG_S, forget, Halt()), one.close()) == ("", 4 << 8)


def test_a_grandchild_that_goes_on_does_not_hold_us(tmp_path: Path, fifo: Path) -> None:
    one = child(f"read x < '{fifo}' & echo done", tmp_path)
    assert (one.read(LONG_S, forget, Halt()), one.close(), bytes(one.output)) == ("", 0, b"done\n")
    fifo.write_text("go\n")  # returns because the grandchild still listens


ALIVE = "exec 3> '{fifo}'; echo started >&3; {before} sleep 600 & sleep 600"


@pytest.mark.parametrize("before", ["", "trap '' TERM;"], ids=["ends when told", "does not listen"])
@pytest.mark.slow
def test_a_word_of_the_caller_ends_the_whole_group(before: str, tmp_path: Path, fifo: Path) -> None:
    halt, ended = Halt(), []
    one = child(ALIVE.format(fifo=fifo, before=before), tmp_path)
    reader = threading.Thread(target=lambda: ended.append(one.read(LONG_S, forget, halt)))
    reader.start()
    with fifo.open() as alive:
        alive.readline()
        halt.say()
        assert alive.read() == ""  # nobody holds the other end any more
    reader.join()
    assert (ended, os.WIFSIGNALED(one.close())) == (["halted"], True)


@pytest.mark.slow
def test_a_timeout_ends_the_whole_group(tmp_path: Path, fifo: Path) -> None:
    ended: list[str] = []
    one = child(ALIVE.format(fifo=fifo, before=""), tmp_path)
    reader = threading.Thread(target=lambda: ended.append(one.read(0.2, forget, Halt())))
    reader.start()
    with fifo.open() as alive:
        assert alive.read() == "started\n"
    reader.join()
    assert (ended, os.WIFSIGNALED(one.close())) == (["timeout"], True)


def test_a_word_before_the_start_ends_it_at_once(tmp_path: Path) -> None:
    halt = Halt()
    halt.say()
    one = child("sleep 600", tmp_path)
    assert (one.read(LONG_S, forget, halt), os.WIFSIGNALED(one.close())) == ("halted", True)


def test_what_cannot_be_started_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Child(Command(b"/nonexistent", [], {}, os.fsencode(tmp_path)))
