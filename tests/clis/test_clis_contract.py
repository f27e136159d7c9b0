"""Every CLI keeps its word: its plan can be read, its words are what they say, strict has hooks where it must."""

import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.cli import Cli
from guardrail_proxy.config import Config
from guardrail_proxy.context.call import Call
from guardrail_proxy.discover import members
from guardrail_proxy.guardrails.compile_plan import grammar_lines, write_plan
from guardrail_proxy.home import Home
from guardrail_proxy.plan import MAGIC, Plan, parse_plan, read_plan
from guardrail_proxy.session import Capture, Mode

CLIS: dict[str, Cli] = {name: module.CLI for name, module in members("clis").items()}
MODES: tuple[Mode, ...] = ("standard", "strict")
EACH = pytest.mark.parametrize("name", CLIS)
EACH_MODE = pytest.mark.parametrize("mode", MODES)


def grammar(name: str) -> Plan:
    lines = (f"{word} {value}".encode() for word, value in grammar_lines(CLIS[name]))
    return parse_plan(b"\n".join((MAGIC, *lines)), b"p")


GRAMMARS = {name: grammar(name) for name in CLIS}


def call(name: str, *words: str) -> Call:
    return Call(GRAMMARS[name], [os.fsencode(word) for word in words])


def all_of(field: str) -> list[tuple[str, str]]:
    return [(name, pattern) for name, cli in CLIS.items() for pattern in getattr(cli, field)]


@EACH
def test_the_name_is_the_id(name: str) -> None:
    cli = CLIS[name]
    assert (cli.name, cli.executables[0], bool(cli.verified_version)) == (name, name, True)


@EACH
@EACH_MODE
def test_injected_files_are_relative_and_below_the_plans_folder(name: str, mode: Mode) -> None:
    paths = [PurePosixPath(path) for path in CLIS[name].inject(Path("/home/dev/.guardrail"), mode, "Be good.\n").files]
    assert [path for path in paths if path.is_absolute() or ".." in path.parts] == []


@EACH
@EACH_MODE
def test_an_argument_that_names_a_file_of_ours_names_one_that_is_written(name: str, mode: Mode) -> None:
    home = Path("/home/dev/.guardrail")
    injection = CLIS[name].inject(home, mode, "Be good.\n")
    written = {home / "plans" / name / path for path in injection.files}
    there = {*written, *(folder for path in written for folder in path.parents)}
    named = [Path(value) for _, value in injection.args if value.startswith(str(home / "plans"))]
    assert [path for path in named if path not in there] == []


@EACH
def test_the_plan_compiles_and_reads_back_as_the_cli_says(name: str, tmp_path: Path) -> None:
    home, cli = Home(tmp_path / "a home"), CLIS[name]
    plan = read_plan(os.fsencode(write_plan(home, name, Config())))
    words = (cli.housekeeping, cli.protocol, cli.oneshot, cli.off_switches, cli.value_flags, cli.variadic_flags)
    keys = (b"housekeeping", b"protocol", b"oneshot", b"off-switch", b"value-flag", b"variadic-flag")
    assert [[os.fsdecode(value) for value in plan.all(key)] for key in keys] == [list(word) for word in words]
    assert plan.says(b"hooked") is cli.hooked


@EACH
@EACH_MODE
def test_the_plan_carries_every_argument_whatever_it_holds(name: str, mode: Mode, tmp_path: Path) -> None:
    home = Home(tmp_path / "a\\home")
    plan = read_plan(os.fsencode(write_plan(home, name, Config())))
    document = (home.plans / name / "context.md").read_text()
    injection = CLIS[name].inject(home.root, mode, document)
    given_words = [[os.fsdecode(value) for value in plan.all(word, mode.encode())] for word in (b"arg", b"quiet-arg")]
    assert given_words == [[f"[{tag}] {word}" for tag, word in p] for p in (injection.args, injection.quiet_args)]


@pytest.mark.parametrize(("name", "pattern"), all_of("housekeeping"))
def test_a_housekeeping_word_makes_the_call_housekeeping_and_no_protocol(name: str, pattern: str) -> None:
    found = call(name, *pattern.split(" "))
    assert (found.is_housekeeping, found.is_protocol) == (True, False)


@pytest.mark.parametrize(("name", "pattern"), all_of("protocol"))
def test_a_protocol_word_makes_the_call_a_protocol_and_no_housekeeping(name: str, pattern: str) -> None:
    found = call(name, *pattern.split(" "))
    assert (found.is_protocol, found.is_housekeeping) == (True, False)


@pytest.mark.parametrize(("name", "pattern"), all_of("oneshot"))
def test_a_oneshot_word_makes_a_call_with_a_prompt_one_shot_and_nothing_else(name: str, pattern: str) -> None:
    found = call(name, pattern, "fix the login page")
    assert (found.is_oneshot, found.is_protocol, found.is_housekeeping) == (True, False, False)


@pytest.mark.parametrize(("name", "flag"), [*all_of("value_flags"), *all_of("variadic_flags"), *all_of("oneshot")])
def test_every_flag_begins_with_a_dash_and_holds_no_value(name: str, flag: str) -> None:
    is_subcommand = flag in CLIS[name].oneshot and not flag.startswith("-")
    assert (flag.startswith("-") or is_subcommand, "=" in flag, " " in flag) == (True, False, False)


@EACH
@settings(deadline=None, max_examples=50)
@given(more=st.text())
def test_a_plain_prompt_is_no_housekeeping_and_no_protocol(name: str, more: str) -> None:
    prompts = (f"login {more}", f"update the {more}", f"mcp list {more}")
    found = [Call(GRAMMARS[name], [prompt.encode("utf-8", "replace")]) for prompt in prompts]
    assert [call.is_housekeeping or call.is_protocol for call in found] == [False] * 3


@pytest.mark.parametrize("name", [name for name, cli in CLIS.items() if cli.hooked])
def test_a_hooked_cli_is_asked_about_the_session_each_prompt_and_each_tool_call_in_strict(name: str) -> None:
    injection = CLIS[name].inject(Path("/home/dev/.guardrail"), "strict", "Be good.\n")
    told = "\n".join((*injection.files.values(), *(value for _, value in injection.args)))
    events = [event in told for event in ("SessionStart", "UserPromptSubmit", "PreToolUse")]
    assert (events, f"/home/dev/.guardrail/hook strict {name} || exit 2" in told) == ([True] * 3, True)


@pytest.mark.parametrize("name", [name for name, cli in CLIS.items() if cli.hooked])
def test_a_hooked_cli_costs_no_process_a_tool_call_in_standard(name: str) -> None:
    injection = CLIS[name].inject(Path("/home/dev/.guardrail"), "standard", "Be good.\n")
    told = "\n".join((*injection.files.values(), *(value for _, value in injection.args)))
    assert ("SessionStart" in told, "PreToolUse" in told, "exit 2" in told) == (True, False, False)


@pytest.mark.parametrize("name", [name for name, cli in CLIS.items() if not cli.hooked])
def test_a_cli_without_hooks_gets_nothing_added(name: str) -> None:
    injections = [CLIS[name].inject(Path("/h"), mode, "Be good.\n") for mode in MODES]
    assert [(i.args, i.quiet_args, i.env, dict(i.files)) for i in injections] == [((), (), (), {})] * 2


@pytest.mark.parametrize(("name", "conflict"), [(n, c) for n, cli in CLIS.items() for c in cli.conflicts])
def test_a_conflict_drops_something_that_is_injected(name: str, conflict: tuple[str, str]) -> None:
    injections = [CLIS[name].inject(Path("/h"), mode, "Be good.\n") for mode in MODES]
    tags = {tag for injection in injections for tag, _ in (*injection.args, *injection.quiet_args)}
    assert conflict[1] in tags


@EACH
@settings(deadline=None, max_examples=50)
@given(text=st.text())
def test_no_text_makes_the_reader_of_structured_output_raise(name: str, text: str) -> None:
    assert CLIS[name].parse_structured(text).events == ()


@EACH
def test_a_transcript_that_is_gone_or_was_never_there_has_no_events(name: str, tmp_path: Path) -> None:
    cli = CLIS[name]
    capture = Capture(
        "id", name, "standard", (), "/work", tmp_path, None, None, 0, None, 1000.0, 1010.0, home=str(tmp_path)
    )
    assert (cli.parse_transcript(tmp_path / "gone.jsonl").events, cli.find_transcript(capture)) == ((), None)
