"""What is added to argv and environment, and what gives way to the user's own flags."""

import os
from pathlib import Path

import pytest

from guardrail_proxy.context import context
from guardrail_proxy.context.call import Call
from guardrail_proxy.context.carried import off_switches
from guardrail_proxy.plan import MAGIC, Plan, parse_plan

ENV = {b"A": b"1", b"GUARDRAIL_MODE": b"strict", b"GUARDRAIL_BYPASS": b"1"}


def plan(*lines: str) -> Plan:
    return parse_plan(b"\n".join((MAGIC, *(line.encode() for line in lines))), b"p")


def test_our_words_come_before_the_users_in_order_and_by_mode() -> None:
    own = plan("arg [plugin] --plugin-dir", "arg [plugin] /x", "env B=2=3", "in strict", "arg --strict")
    argv, env, added = context(own, b"strict", Call(own, [b"-p", b"hi"]), ENV, b"/s")
    assert argv == [b"--plugin-dir", b"/x", b"--strict", b"-p", b"hi"]
    assert env == {b"A": b"1", b"B": b"2=3", b"GUARDRAIL_SESSION": b"/s"}
    assert (added.used, added.dropped) == ([b"plugin", b""], [])


def test_what_collides_with_the_users_own_flag_is_left_out_and_named() -> None:
    ours = ("arg [settings] --settings=x", "arg [plugin] --plugin")
    own = plan("conflict --settings -> settings", *ours, "value-flag --settings")
    argv, _, added = context(own, b"standard", Call(own, [b"--settings", b"mine"]), ENV, b"/s")
    assert (argv, added.used, added.dropped) == ([b"--plugin", b"--settings", b"mine"], [b"plugin"], [b"settings"])


def test_without_injection_argv_and_environment_are_the_users_own() -> None:
    own = plan("inject no", "arg --x", "env B=2")
    argv, env, added = context(own, b"standard", Call(own, [b"hi"]), ENV, b"/s")
    assert (argv, env, added.used, added.dropped) == ([b"hi"], {b"A": b"1"}, [], [])


QUIET = ("oneshot exec", "arg [hook] --hook", "quiet-arg [text] --text", "value-flag -c", "conflict -c text -> text")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((b"exec", b"hi"), b"--text"),
        ((b"hi",), b"--hook"),
        ((b"exec", b"-c", b"text=mine"), b"--hook"),
    ],
    ids=["one-shot", "interactive", "the user's own"],
)
def test_a_one_shot_call_gets_the_quiet_words_unless_they_would_replace_the_users_own(
    words: tuple[bytes, ...], said: bytes
) -> None:
    own = plan(*QUIET)
    assert context(own, b"standard", Call(own, list(words)), ENV, b"/s")[0] == [said, *words]


def test_the_users_own_word_in_a_file_above_the_working_directory_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = plan(*QUIET, "file-conflict ./.x/config.toml text -> text", "file-conflict $X_HOME/c text -> text")
    (tmp_path / "a/b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a/b")
    call = Call(own, [b"exec"])
    without = context(own, b"standard", call, ENV, b"/s")[0]
    (tmp_path / ".x").mkdir()
    (tmp_path / ".x/config.toml").write_text("text = 1")
    above = context(own, b"standard", call, ENV, b"/s")[0]
    (tmp_path / ".x/config.toml").write_text("other = 1")
    (tmp_path / "c").write_text("text")
    named = context(own, b"standard", call, {b"X_HOME": os.fsencode(tmp_path)}, b"/s")[0]
    assert (without, above, named) == ([b"--text", b"exec"], [b"--hook", b"exec"], [b"--hook", b"exec"])


def test_an_off_switch_in_the_environment_counts_when_it_is_set_to_something() -> None:
    own = plan("off-switch env OFF", "off-switch env SIMPLE=1", "off-switch setting hooks")
    call = Call(own, [])
    environments = ({b"OFF": b"0"}, {b"OFF": b""}, {b"SIMPLE": b"1"}, {b"SIMPLE": b"0"})
    found = [off_switches(own, call, env) for env in environments]
    assert found == [[b"OFF"], [], [b"SIMPLE"], []]


def test_an_off_switch_that_stands_where_a_value_would_counts_too() -> None:
    own = plan("off-switch --off", "value-flag --name")
    assert off_switches(own, Call(own, [b"--name", b"--off"]), {}) == [b"--off"]
