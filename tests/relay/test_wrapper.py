"""`guardrail-exec`, started as an editor starts it: which CLI a program is, and that it runs behind the same guard."""

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from guardrail_proxy.wrapper import script_at, stem

if TYPE_CHECKING:
    from stand import Ended, Stand

NODE = '#!/bin/sh\nwhile case "$1" in -*) true ;; *) false ;; esac; do shift; done\nexec sh "$@"\n'


def wrap(stand: "Stand", *words: str | Path, **env: str) -> "Ended":
    return stand.start("bin/guardrail-exec", *map(str, words), **env)


def place(stand: "Stand", path: str) -> Path:
    """The fake CLI at a path below the stand's root."""
    file = stand.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    return stand.script(file, (stand.bin / "claude").read_text())


def test_a_cli_named_by_its_path_is_recorded_like_its_shim(stand: "Stand") -> None:
    ended = wrap(stand, stand.bin / "claude", "a b", "c")
    assert (ended.status, ended.out, ended.err) == (3, b"out:a b c\n", b"err\n")
    assert (stand.record("start")["cli"], stand.record("end")["exit_code"]) == ("claude", 3)
    assert stand.child_env()["GUARDRAIL_SESSION"] == str(stand.folders()[0])
    assert stand.child_env()["PATH"] == stand.env()["PATH"]


def test_our_words_come_before_the_users_and_after_an_interpreters_script(stand: "Stand") -> None:
    stand.plan("arg [plugin] --ours", "known-path /@anthropic-ai/claude-code/")
    node = stand.script(stand.bin / "node", NODE)
    script = place(stand, "lib/@anthropic-ai/claude-code/cli.js")
    ended = wrap(stand, node, "--no-warnings", script, "-p", "hi")
    assert (ended.status, ended.out) == (3, b"out:--ours -p hi\n")
    assert stand.record("start")["cli"] == "claude"


def test_on_a_terminal_it_is_relayed_through_one(stand: "Stand") -> None:
    words = [str(stand.bin / "claude"), "x"]
    child = pexpect.spawn(
        str(stand.home / "bin/guardrail-exec"), words, env=stand.env(), cwd=str(stand.root), timeout=60
    )
    assert child.read() == b"out:x\r\nerr\r\n"
    child.close()
    assert (child.exitstatus, stand.record("start")["kind"]) == (3, "pty")


def test_housekeeping_leaves_no_trace(stand: "Stand") -> None:
    stand.plan("housekeeping --version")
    assert wrap(stand, stand.bin / "claude", "--version").status == 3
    assert stand.folders() == []


@pytest.mark.parametrize(
    "path", ["x/claude", "x/claude.exe", "x/claude.js", ".e/extensions/anthropic.claude-code-2.1/n/run"]
)
def test_a_program_is_known_by_its_name_or_place(stand: "Stand", path: str) -> None:
    stand.plan("known-path /anthropic.claude-code-")
    assert wrap(stand, place(stand, path), "x").out == b"out:x\n"
    assert stand.record("start")["cli"] == "claude"


def test_a_renamed_link_is_known_by_what_it_points_to(stand: "Stand") -> None:
    (stand.root / "ai").symlink_to("bin/claude")
    assert wrap(stand, stand.root / "ai", "x").out == b"out:x\n"
    assert stand.record("start")["cli"] == "claude"


def test_a_bare_name_is_found_behind_the_shim(stand: "Stand") -> None:
    assert wrap(stand, "claude", "x").out == b"out:x\n"
    assert len(stand.folders()) == 1


@pytest.mark.parametrize("shim", ["shims/claude", "bin/guardrail-exec"])
def test_a_shim_behind_it_is_one_session(stand: "Stand", shim: str) -> None:
    words = [str(stand.home / shim), *([str(stand.bin / "claude")] if "exec" in shim else []), "x"]
    assert wrap(stand, *words).out == b"out:x\n"
    assert len(stand.folders()) == 1


def test_an_unknown_program_runs_untouched_after_one_line(stand: "Stand") -> None:
    other = place(stand, "bin/other")
    ended = wrap(stand, other, "x")
    assert (ended.status, ended.out, stand.folders()) == (3, b"out:x\n", [])
    assert ended.err == b"guardrail-proxy: %s is no AI CLI known here: running it unguarded\nerr\n" % bytes(other)


def test_strict_refuses_an_unknown_program(strict: "Stand") -> None:
    ended = wrap(strict, place(strict, "bin/other"), "x")
    assert (ended.status, ended.out, ended.err.count(b"\n")) == (78, b"", 1)


def test_strict_withholds_what_is_blocked(strict: "Stand") -> None:
    strict.plan(mode="strict")
    strict.reply("verdict blocked secrets/aws-access-key in the answer\n")
    ended = wrap(strict, strict.bin / "claude", "x")
    assert (ended.status, ended.out) == (77, b"")


@pytest.mark.parametrize(
    ("words", "status"), [((), 2), (("nowhere",), 127), (("/nowhere/claude",), 127), (("./plain",), 126)]
)
def test_what_cannot_be_run_is_one_line_and_the_status_of_a_shell(
    stand: "Stand", words: tuple[str, ...], status: int
) -> None:
    (stand.root / "plain").write_text("no program")
    ended = wrap(stand, *words)
    assert (ended.status, ended.err.splitlines()[-1].startswith(b"guardrail-proxy: ")) == (status, True)


@pytest.mark.parametrize("fault", ["hot", "plans/claude.plan"])
@pytest.mark.parametrize(("mode", "status"), [("standard", 3), ("strict", 78)])
def test_our_side_broken_standard_runs_it_and_strict_refuses(
    make_stand: "type[Stand]", tmp_path: Path, fault: str, mode: str, status: int
) -> None:
    stand = make_stand(tmp_path, mode)
    (stand.home / fault).rename(stand.root / "away")
    ended = wrap(stand, stand.bin / "claude", "x")
    assert (ended.status, ended.out) == (status, b"out:x\n" if status == 3 else b"")
    assert [line for line in ended.err.splitlines() if line.startswith(b"guardrail-proxy: ")] != []


def test_protocol_descriptors_are_the_clis_own(stand: "Stand") -> None:
    stand.plan("protocol --input-format=stream-json", "value-flag --input-format")
    stand.script(stand.bin / "claude", "#!/bin/sh\nreadlink /proc/self/fd/0 /proc/self/fd/1\n")
    words = [str(stand.home / "bin/guardrail-exec"), str(stand.bin / "claude"), "--input-format", "stream-json"]
    with (stand.root / "out").open("w") as out:
        subprocess.run(words, stdin=subprocess.DEVNULL, stdout=out, env=stand.env(), timeout=60, check=True)
    assert (stand.root / "out").read_text().split() == [os.devnull, str(stand.root / "out")]
    assert (stand.record("start")["kind"], stand.record("end")["exit_code"]) == ("protocol", 0)


@pytest.mark.parametrize(
    ("words", "at"), [("node cli.js", 1), ("node -r x --y=z cli.js -r", 4), ("node", 0), ("node -r", 0)]
)
def test_an_interpreters_script_is_its_first_word_that_is_no_flag(words: str, at: int) -> None:
    assert script_at(words.encode().split()) == at


@pytest.mark.parametrize(("path", "name"), [(b"/a/claude.exe", b"claude"), (b"claude", b"claude"), (b"/a.js/b", b"b")])
def test_a_stem_is_the_name_without_how_it_is_run(path: bytes, name: bytes) -> None:
    assert stem(path) == name
