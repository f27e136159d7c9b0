"""The shim, started by name as a user does: what it lets through, what it refuses, what it leaves behind."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stand import Stand


def version(python: Path) -> tuple[int, ...]:
    """Of an interpreter in a folder named after it."""
    return tuple(int(part) for part in python.parts[-3].split(".")[:2])


VERSIONS = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
PYTHONS = [Path("/usr/bin/python3"), *(p for p in sorted(VERSIONS.glob("3.*/bin/python3")) if version(p) >= (3, 8))]


def wait_for_frames(stand: "Stand", last: str = "x") -> list[tuple[str, bytes]]:
    """The sidecar is nobody's child here: its lock is free when it has ended."""
    (folder,) = stand.folders()
    subprocess.run(["flock", str(folder / "start.json"), "true"], timeout=60, check=True)
    return stand.frames()


def test_a_piped_call_keeps_bytes_and_status_and_leaves_a_record(stand: "Stand") -> None:
    ended = stand.run("a b", "c")
    assert (ended.status, ended.out, ended.err) == (3, b"out:a b c\n", b"err\n")
    assert stand.record("end")["exit_code"] == 3
    assert stand.record("start")["kind"] == "pipe"
    assert b"a b" not in (stand.folders()[0] / "start.json").read_bytes()


def test_the_sidecar_gets_what_it_must_know_and_all_output(stand: "Stand") -> None:
    stand.run("-p", "hi")
    frames = wait_for_frames(stand)
    assert [kind for kind, _ in frames] == ["m", "o", "x"]
    facts = frames[0][1].split(b"\0")
    assert {b"cli=claude", b"kind=pipe", b"arg=-p", b"arg=hi", b"restarted=0"} <= set(facts)
    assert (frames[1][1], frames[2][1]) == (b"out:-p hi\n", b"exit 3")


def test_a_terminal_call_is_recorded_byte_for_byte(stand: "Stand") -> None:
    ended = stand.run_on_terminal("x")
    frames = wait_for_frames(stand)
    assert ended.status == 3
    assert b"".join(data for kind, data in frames if kind == "o") == ended.out == b"out:x\r\nerr\r\n"
    assert b"size=80x24" in frames[0][1].split(b"\0")


def test_the_child_finds_its_session_and_none_of_the_users_words_to_us(stand: "Stand") -> None:
    stand.run(GUARDRAIL_MODE="standard", GUARDRAIL_BYPASS="0")
    env = stand.child_env()
    assert env["GUARDRAIL_SESSION"] == str(stand.folders()[0])
    assert not {"GUARDRAIL_MODE", "GUARDRAIL_BYPASS", "G"} & set(env)
    assert env["PATH"] == stand.env()["PATH"]


def test_housekeeping_leaves_no_trace(stand: "Stand") -> None:
    stand.plan("housekeeping --version", "housekeeping mcp list")
    assert stand.run("--version").status == stand.run("mcp", "list").status == 3
    assert stand.folders() == []


def test_a_protocol_call_keeps_its_descriptors_and_gets_records(stand: "Stand") -> None:
    stand.plan("protocol --acp")
    stand.script(stand.bin / "claude", "#!/bin/sh\nreadlink /proc/self/fd/0 /proc/self/fd/1\n")
    with (stand.root / "out").open("w") as out:
        env, program = stand.env(), str(stand.home / "shims/claude")
        subprocess.run([program, "--acp"], stdin=subprocess.DEVNULL, stdout=out, env=env, timeout=60, check=True)
    assert (stand.root / "out").read_text().split() == ["/dev/null", str(stand.root / "out")]
    assert (stand.record("start")["kind"], stand.record("end")["exit_code"]) == ("protocol", 0)


@pytest.mark.parametrize("terminal", [False, True])
def test_death_by_signal_is_reproduced(stand: "Stand", terminal: bool) -> None:
    stand.script(stand.bin / "claude", "#!/bin/sh\nkill -TERM $$\n")
    assert (stand.run_on_terminal() if terminal else stand.run()).status == -15
    assert (stand.record("end")["signal"], stand.record("end")["exit_code"]) == (15, None)


def test_a_cli_that_cannot_be_executed_is_told_and_recorded(stand: "Stand") -> None:
    stand.script(stand.bin / "claude", "#!/nonexistent/interpreter\n")
    ended = stand.run()
    assert (ended.status, ended.err.count(b"\n")) == (127, 1)
    assert stand.record("end")["exit_code"] == 127


def test_no_cli_behind_the_shim_is_said_in_one_line(stand: "Stand") -> None:
    ended = stand.run(PATH=f"{stand.home}/shims:/usr/bin:/bin")
    assert (ended.status, ended.err) == (
        127,
        b"guardrail-proxy: no claude behind the shim on PATH: install it, or run guardrail-proxy uninstall\n",
    )


BROKEN = {
    "hot is gone": lambda home: (home / "hot").rename(home / "cold"),
    "hot is no Python": lambda home: (home / "hot/guardrail_proxy/shim.py").write_text("("),
    "hot raises": lambda home: (home / "hot/guardrail_proxy/shim.py").write_text("def main(*_): 1/0"),
    "no plan": lambda home: (home / "plans/claude.plan").unlink(),
    "unknown word": lambda home: (home / "plans/claude.plan").write_text("guardrail-proxy plan 1\nfrobnicate x\n"),
    "home unwritable": lambda home: (home / "sessions").write_text("a file"),
    "no interpreter": lambda home: (home.parent / "sidecar").unlink(),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_our_side_broken_standard_runs_the_cli_and_says_one_line(stand: "Stand", fault: str) -> None:
    BROKEN[fault](stand.home)
    ended = stand.run("x")
    ours = [line for line in ended.err.splitlines() if line.startswith(b"guardrail-proxy: ")]
    assert (ended.status, ended.out, len(ours), ended.err.count(b"\n")) == (3, b"out:x\n", 1, 2)


@pytest.mark.parametrize("fault", BROKEN)
def test_our_side_broken_strict_refuses_in_one_line(strict: "Stand", fault: str) -> None:
    BROKEN[fault](strict.home)
    ended = strict.run("x")
    assert (ended.status, ended.out, ended.err.count(b"\n")) == (78, b"", 1)
    assert not strict.seen.exists()


def test_strict_releases_what_is_approved_and_keeps_the_status(strict: "Stand") -> None:
    strict.reply("verdict approved\n")
    ended = strict.run("x")
    assert (ended.status, ended.out, ended.err) == (3, b"out:x\n", b"err\n")


def test_strict_withholds_what_is_blocked(strict: "Stand") -> None:
    strict.reply("verdict blocked secrets/aws-access-key in the answer\n")
    ended = strict.run("x")
    assert (ended.status, ended.out) == (77, b"")
    assert ended.err == b"err\nguardrail-proxy: not approved: secrets/aws-access-key in the answer\n"


@pytest.mark.parametrize(("verdict", "told"), [("verdict approved\n", b"err\n"), ("verdict blocked x\n", b"")])
def test_strict_holds_the_stderr_of_a_cli_that_answers_there(strict: "Stand", verdict: str, told: bytes) -> None:
    strict.plan(mode="strict", stderr_answer="yes")
    strict.reply(verdict)
    ended = strict.run("x")
    assert ended.err.partition(b"guardrail-proxy:")[0] == told
    assert ended.out == (b"out:x\n" if told else b"")


@pytest.mark.parametrize(
    ("words", "reason"),
    [({"hold_limit": "3"}, b"hold_limit_bytes"), ({}, b"verdict"), ({"verdict_timeout": "0.2"}, b"no verdict")],
    ids=["longer than may be held", "blocked without a reason", "no verdict in time"],
)
def test_strict_without_a_good_verdict_is_77(strict: "Stand", words: dict[str, str], reason: bytes) -> None:
    strict.plan(mode="strict", **words)
    strict.reply("verdict approved\n" if "hold_limit" in words else "" if words else "verdict blocked the verdict\n")
    ended = strict.run("x")
    assert (ended.status, ended.out, reason in ended.err) == (77, b"", True)


def test_strict_whose_judge_always_dies_is_not_approved(strict: "Stand") -> None:
    strict.script(strict.sidecar, "#!/bin/sh\nexit 1\n")
    ended = strict.run("x")
    assert (ended.status, ended.out) == (77, b"")
    assert ended.err.endswith(b"not approved: the judge is gone\n")


@pytest.mark.parametrize(
    ("argv", "env", "named"),
    [
        (["--bare"], {}, b"--bare"),
        (["--bare=1"], {}, b"--bare"),
        (["--disable", "hooks"], {}, b"--disable hooks"),
        (["-c", "features.hooks = false"], {}, b"features.hooks"),
        (["-c", "features={hooks=false}"], {}, b"features.hooks"),
        ([], {"CLAUDE_SIMPLE": "1"}, b"CLAUDE_SIMPLE"),
    ],
)
def test_strict_refuses_an_off_switch_and_names_it(
    strict: "Stand", argv: list[str], env: dict[str, str], named: bytes
) -> None:
    switches = ("--bare", "--disable hooks", "-c features.hooks=false", "env CLAUDE_SIMPLE")
    strict.plan(*(f"off-switch {switch}" for switch in switches), mode="strict")
    ended = strict.run(*argv, **env)
    assert (ended.status, ended.out, named in ended.err) == (78, b"", True)


@pytest.mark.parametrize("word", ["enabled", "inject", "hooked"])
def test_strict_refuses_what_it_could_not_guard(strict: "Stand", word: str) -> None:
    strict.plan(mode="strict", **{word: "no"})
    assert strict.run().status == 78


def test_a_looser_shim_below_a_strict_session_is_strict(stand: "Stand") -> None:
    parent = stand.root / "parent"
    parent.mkdir()
    (parent / "start.json").write_text('{"mode": "strict", "depth": 2}')
    stand.reply("verdict blocked no\n")
    assert stand.run(GUARDRAIL_SESSION=str(parent)).status == 77
    assert (stand.record("start")["depth"], stand.record("start")["parent_id"]) == (3, "parent")


def test_a_broken_home_below_a_strict_session_refuses(stand: "Stand") -> None:
    parent = stand.root / "parent"
    parent.mkdir()
    (parent / "start.json").write_text('{"mode": "strict", "depth": 2}')
    (stand.home / "hot").rename(stand.home / "cold")
    assert stand.run(GUARDRAIL_SESSION=str(parent)).status == 78


@pytest.mark.parametrize(("allowed", "bypassed"), [("yes", True), ("no", False)])
def test_a_bypass_counts_where_the_plan_allows_it_and_is_recorded(stand: "Stand", allowed: str, bypassed: bool) -> None:
    stand.plan(bypass=allowed)
    stand.run(GUARDRAIL_BYPASS="1")
    assert stand.record("start")["bypassed"] is bypassed
    assert "GUARDRAIL_BYPASS" not in stand.child_env()


def test_too_deep_a_nesting_runs_bare_in_standard(stand: "Stand") -> None:
    parent = stand.root / "parent"
    parent.mkdir()
    (parent / "start.json").write_text('{"mode": "standard", "depth": 8}')
    ended = stand.run(GUARDRAIL_SESSION=str(parent))
    assert (ended.status, b"nested" in ended.err, stand.folders()) == (3, True, [])


def test_a_dead_sidecar_is_replaced_and_the_gap_is_told(stand: "Stand") -> None:
    (stand.home / "die").touch()
    (stand.root / "go").unlink(missing_ok=True)
    os.mkfifo(stand.root / "go")
    stand.script(stand.bin / "claude", f"#!/bin/sh\necho one\nread x < {stand.root}/go\necho two\nsleep 0.3\n")
    program = str(stand.home / "shims/claude")
    running = subprocess.Popen([program], env=stand.env(), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    while not stand.folders() or not list(stand.home.glob("sessions/*/frames")) or (stand.home / "die").exists():
        assert running.poll() is None
    (stand.root / "go").write_text("\n")
    assert running.communicate(timeout=60)[0] == b"one\ntwo\n"
    frames = wait_for_frames(stand)
    assert [b"restarted=%d" % n in data for n, (_, data) in enumerate(f for f in frames if f[0] == "m")] == [True, True]
    assert frames[-1] == ("x", b"exit 0")


@pytest.mark.parametrize(
    ("quiet", "words", "is_told"),
    [("auto", ("-p",), True), ("auto", (), False), ("no", (), True), ("yes", ("-p",), False)],
)
def test_a_note_is_told_at_the_end_on_a_terminal_where_it_moves_no_full_screen_programs_last_screen(
    stand: "Stand", quiet: str, words: tuple[str, ...], is_told: bool
) -> None:
    stand.plan("oneshot -p", quiet=quiet)
    (stand.home / "early").touch()
    stand.reply("note secrets/aws-access-key was printed\n")
    stand.script(stand.bin / "claude", "#!/bin/sh\necho hi\nsleep 0.5\n")
    shown = stand.run_on_terminal(*words).out
    assert shown.endswith(b"guardrail-proxy: secrets/aws-access-key was printed\r\n") == is_told
    assert stand.run(*words).err == b""


@pytest.mark.parametrize("name", ["with space", "quote'd", 'double"d', "ünïcode", "dollar$HOME", "n" * 200])
def test_a_home_may_have_any_name(make_stand: "type[Stand]", tmp_path: Path, name: str) -> None:
    stand = make_stand(tmp_path)
    stand.home = tmp_path / name
    stand.build("standard")
    assert stand.run("x").out == b"out:x\n"
    assert len(stand.folders()) == 1


@pytest.mark.parametrize("python", PYTHONS, ids=str)
@pytest.mark.parametrize("terminal", [False, True])
def test_any_python_from_3_8_on_will_do(stand: "Stand", python: Path, terminal: bool) -> None:
    (stand.home / "env/bin").mkdir(parents=True)
    (stand.home / "env/bin/python3").symlink_to(python)
    ended = stand.run_on_terminal("x") if terminal else stand.run("x")
    assert (ended.status, ended.out[:5]) == (3, b"out:x")
    assert stand.record("end")["exit_code"] == 3


HOT_MODULES = {"posix", "sys", "time", "_signal", "fcntl", "termios", "select", "errno", "_thread", "gc"}
COUNT = """
import sys
before = set(sys.modules)
import posix
def report():
    names = sorted(m for m in set(sys.modules) - before)
    posix.write(1, " ".join(names).encode() + b"\\n")
    posix._exit(0)
posix.fork = report
sys.path[:0] = [{hot!r}]
from guardrail_proxy.shim import main
main("claude", {home!r}.encode(), "standard", [], dict(posix.environ))
"""


@pytest.mark.parametrize("terminal", [False, True])
def test_before_the_cli_runs_nothing_but_descriptor_level_modules_is_loaded(stand: "Stand", terminal: bool) -> None:
    code = COUNT.format(hot=str(stand.home / "hot"), home=str(stand.home))
    argv = [sys.executable, "-IS", "-c", code]
    if terminal:
        argv = ["script", "-qec", " ".join(map(shlex.quote, argv)), "/dev/null"]
    done = subprocess.run(argv, env=stand.env(), capture_output=True, check=True, stdin=subprocess.DEVNULL, timeout=60)
    loaded = set(done.stdout.decode().split())
    assert any(name.startswith("guardrail_proxy.run") for name in loaded)
    assert {name for name in loaded if not name.startswith("guardrail_proxy")} <= HOT_MODULES
