"""Configuration, documents and what is known of a CLI become a plan that a shim reads."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.cli import Injection
from guardrail_proxy.config import Config, load
from guardrail_proxy.context.carried import tagged
from guardrail_proxy.discover import members
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.guardrails.compile_plan import plan_text, write_plan
from guardrail_proxy.home import Home
from guardrail_proxy.plan import LISTS, Plan, is_stale, parse_plan, read_plan

HOOKED = sorted(name for name, module in members("clis").items() if module.CLI.hooked)
VALUES = st.text(st.characters(codec="utf-8") | st.sampled_from("\\\n\r\0 #=[]")) | st.binary().map(os.fsdecode)
WORDS = st.sampled_from([word.decode() for word in LISTS if word != b"input"])
PAIRS = st.lists(st.tuples(st.sampled_from(["", "plugin"]), VALUES), max_size=4).map(tuple)
NAMES = st.from_regex(r"[A-Z_]{1,9}", fullmatch=True)
INJECTIONS = st.builds(Injection, PAIRS, PAIRS, st.lists(st.tuples(NAMES, VALUES), max_size=3).map(tuple))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "ho me\\n=ü")


def read(home: Home, cli: str = "claude") -> Plan:
    return read_plan(os.fsencode(home.plan(cli)))


def files(home: Home) -> dict[str, tuple[int, int, int]]:
    """Path -> inode, time and permissions of all there is."""
    found = {str(path): path.stat() for path in home.root.rglob("*")}
    return {path: (one.st_ino, one.st_mtime_ns, one.st_mode & 0o777) for path, one in found.items()}


@given(st.lists(st.tuples(WORDS, VALUES)), INJECTIONS, INJECTIONS, st.binary())
def test_a_plan_that_is_written_and_read_keeps_every_value(
    lines: list[tuple[str, str]], standard: Injection, strict: Injection, hint: bytes
) -> None:
    plan = parse_plan(plan_text(lines, {"standard": standard, "strict": strict}, hint), b"p")
    for word in {word for word, _ in lines}:
        assert plan.all(word.encode()) == [os.fsencode(value) for name, value in lines if name == word]
    for mode, injection in ((b"standard", standard), (b"strict", strict)):
        own = plan.modes[mode]
        for kind, pairs in ((b"arg", injection.args), (b"quiet-arg", injection.quiet_args)):
            expected = [(os.fsencode(tag), os.fsencode(value)) for tag, value in pairs]
            assert [tagged(line) for line in own.get(kind, [])] == expected
        assert own.get(b"env", []) == [os.fsencode(f"{name}={value}") for name, value in injection.env]
    assert plan.one(b"real-hint") == hint


@pytest.mark.parametrize("cli", sorted(members("clis")))
def test_the_plan_of_every_cli_can_be_read_and_is_fresh(home: Home, cli: str) -> None:
    write_plan(home, cli, Config())
    plan = read(home, cli)
    assert (plan.one(b"cli"), plan.one(b"mode"), is_stale(plan)) == (cli.encode(), b"standard", False)


@pytest.mark.parametrize("cli", HOOKED)
def test_every_folder_and_file_is_its_owners_alone(home: Home, cli: str) -> None:
    write_plan(home, cli, Config())
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in [home.root, *home.root.rglob("*")]}
    assert modes == {(True, 0o700), (False, 0o600)}


@pytest.mark.parametrize("cli", HOOKED)
def test_unchanged_input_writes_nothing(home: Home, cli: str) -> None:
    write_plan(home, cli, Config())
    before = files(home)
    write_plan(home, cli, Config())
    assert files(home) == before


def test_the_hint_of_the_plan_before_stays_until_there_is_another(home: Home) -> None:
    hints = []
    for real in (Path("/opt/a\nb/claude"), None, Path("/opt/claude")):
        write_plan(home, "claude", Config(), real)
        hints.append(read(home).one(b"real-hint"))
    assert hints == [b"/opt/a\nb/claude", b"/opt/a\nb/claude", b"/opt/claude"]


def test_a_plan_that_cannot_be_read_is_made_anew(home: Home) -> None:
    write_plan(home, "claude", Config())
    home.plan("claude").write_text("guardrail-proxy plan 9\n")
    write_plan(home, "claude", Config())
    assert read(home).one(b"real-hint") == b""


@pytest.mark.parametrize("name", ["config.toml", "guardrails/x.md"])
def test_an_input_that_appears_changes_or_goes_makes_the_plan_stale(home: Home, name: str) -> None:
    text = '+++\ntitle = "x"\n+++\nA' if name.endswith(".md") else "quiet = true\n"
    seen, path = list[tuple[bool, bool]](), home.root / name
    for step in ("write", "change", "remove"):
        write_plan(home, "claude", load(home))
        before = is_stale(read(home))
        path.parent.mkdir(exist_ok=True)
        path.unlink() if step == "remove" else path.write_text(text + "\n" * len(seen))
        seen.append((before, is_stale(read(home))))
    assert seen == [(False, True)] * 3


def test_configuration_is_in_the_plan(home: Home) -> None:
    home.root.mkdir()
    home.config.write_text('mode = "strict"\nquiet = true\n[tools.claude]\nenabled = false\ninject = false\n')
    write_plan(home, "claude", load(home))
    plan = read(home)
    words = (b"mode", b"quiet", b"enabled", b"inject", b"bypass")
    assert [plan.one(word) for word in words] == [b"strict", b"yes", b"no", b"no", b"no"]


def test_a_document_is_what_the_first_hook_is_answered_with(home: Home) -> None:
    home.guardrails.mkdir(parents=True)
    (home.guardrails / "our_rules.md").write_text('+++\ntitle = "x"\n+++\nNever on Friday.\n')
    write_plan(home, "claude", Config())
    folder = home.plans / "claude"
    assert (folder / "context.md").read_text().endswith("Never on Friday.\n")
    assert (folder / "context.ids").read_text().split() == ["working-agreement", "our-rules"]


def test_a_cli_that_nobody_knows_is_told_with_those_that_are(home: Home) -> None:
    with pytest.raises(ConfigError, match="'vim' is no CLI that is known: one of claude, codex"):
        write_plan(home, "vim", Config())
