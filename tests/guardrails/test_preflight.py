"""Strict's check before a call, as the relay asks for it: a process that prints the words, or one line why not."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from guardrail_proxy.config import load
from guardrail_proxy.guardrails.compile_plan import write_plan
from guardrail_proxy.home import Home
from guardrail_proxy.plan import is_stale, read_plan

pytestmark = pytest.mark.slow


class Asked:
    """A home with plans, and questions to the preflight."""

    def __init__(self, root: Path) -> None:
        self.home, self.project = Home(root / "home"), root / "project"
        self.project.mkdir()
        self.home.root.mkdir(mode=0o700)
        self.home.config.write_text('mode = "strict"\n')
        self.home.hook.write_text("#!/bin/sh\n")
        self.home.hook.chmod(0o755)
        for cli in ("claude", "codex"):
            write_plan(self.home, cli, load(self.home))

    def words(self, *argv: str | bytes, cli: str = "claude", env: Mapping[str, str] | None = None) -> list[str]:
        status, out = self.answer(*argv, cli=cli, env=env)
        assert (status, out[-1:]) == (0, b"\0"), out
        return [os.fsdecode(word) for word in out[:-1].split(b"\0")]

    def refusal(self, *argv: str | bytes, cli: str = "claude", env: Mapping[str, str] | None = None) -> str:
        status, out = self.answer(*argv, cli=cli, env=env)
        assert (status, out.count(b"\n"), out[-1:]) == (78, 1, b"\n"), out
        return out.decode()

    def answer(self, *argv: str | bytes, cli: str, env: Mapping[str, str] | None) -> tuple[int, bytes]:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "guardrail_proxy.guardrails.preflight", str(self.home.root), cli],
            input=b"\0".join(map(os.fsencode, argv)),
            capture_output=True,
            cwd=self.project,
            env={"HOME": str(self.project.parent), "PATH": os.environ["PATH"], **(env or {})},
            timeout=60,
        )
        assert done.stderr == b""
        return done.returncode, done.stdout


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def test_our_words_come_before_the_users_byte_for_byte(asked: Asked) -> None:
    words = asked.words("-p", "a b\n", "", b"\xff")
    folder = str(asked.home.plans / "claude/strict")
    assert (words[:3], words[-4:]) == (["--plugin-dir", folder, "--settings"], ["-p", "a b\n", "", "\udcff"])


def test_no_words_of_the_user_are_no_empty_word(asked: Asked) -> None:
    assert asked.words()[-1].startswith("{")


OWN = '{"model": "x", "env": {"A": "1"}, "disableAllHooks": true}'


@pytest.mark.parametrize("own", [["--settings", OWN], [f"--settings={OWN}"]])
def test_the_users_settings_and_ours_are_merged_and_ours_win(asked: Asked, own: list[str]) -> None:
    words = asked.words("-p", *own, "hi")
    (at,) = [number for number, word in enumerate(words) if word == "--settings"]
    settings = json.loads(words[at + 1])
    assert (settings["model"], settings["env"]["A"], settings["disableAllHooks"]) == ("x", "1", False)
    assert settings["env"]["CLAUDE_CODE_SIMPLE"] == ""
    assert (words[0], words[at + 2 :], words.count("-p")) == ("--plugin-dir", ["hi"], 1)


@pytest.mark.parametrize(
    "own",
    [
        ["--settings", "my.json"],
        ["--settings", "{"],
        ["--settings"],
        ["--settings", "{}", "--settings", "{}"],
        ["--settings", '{"model": "\\ud800"}'],
    ],
)
def test_settings_that_cannot_be_merged_are_refused(asked: Asked, own: list[str]) -> None:
    assert "leave it out in strict" in asked.refusal(*own)


@pytest.mark.parametrize(
    ("cli", "argv", "env"),
    [
        ("claude", ["--bare"], {}),
        ("claude", ["-p", "hi", "--safe-mode"], {}),
        ("claude", [], {"CLAUDE_CODE_SIMPLE": "1"}),
        ("claude", [], {"CLAUDE_CODE_SAFE_MODE": "1"}),
        ("codex", ["--disable", "hooks"], {}),
        ("codex", ["-c", "features.hooks=false"], {}),
        ("codex", ["exec", "-cfeatures={hooks=false}"], {}),
    ],
)
def test_every_off_switch_is_refused_by_its_name(asked: Asked, cli: str, argv: list[str], env: dict[str, str]) -> None:
    assert "switches the guard's hooks off: leave it out, or use mode standard" in asked.refusal(
        *argv, cli=cli, env=env
    )


@pytest.mark.parametrize("word", [b"hooks\x1b[2J=1\xff\n", b"features=\xff\n{hooks=false}"])
def test_a_refusal_that_names_the_users_word_is_one_harmless_line(asked: Asked, word: bytes) -> None:
    status, out = asked.answer("-c", word, cli="codex", env={})
    assert status == 0 or (out.count(b"\n") == 1 and b"\x1b" not in out)
    assert status in (0, 78)


@pytest.mark.parametrize(
    ("line", "why"), [("inject = false", "has inject = false"), ("enabled = false", "is disabled")]
)
def test_a_cli_that_is_not_guarded_is_refused(asked: Asked, line: str, why: str) -> None:
    asked.home.config.write_text(f'mode = "strict"\n[tools.claude]\n{line}\n')
    assert why in asked.refusal()


def test_a_plan_that_is_stale_is_made_again(asked: Asked) -> None:
    asked.home.config.write_text('mode = "strict"\nquiet = true\n')
    asked.words()
    plan = read_plan(os.fsencode(asked.home.plan("claude")))
    assert (is_stale(plan), plan.says(b"quiet")) == (False, True)


@pytest.mark.parametrize("name", ["strict/hooks/hooks.json", "strict/.claude-plugin/plugin.json", "context.md"])
@pytest.mark.parametrize("is_gone", [True, False])
def test_a_file_of_the_plugin_that_is_gone_or_other_is_made_again(asked: Asked, name: str, is_gone: bool) -> None:
    path = asked.home.plans / "claude" / name
    before = path.read_bytes()
    path.unlink() if is_gone else path.write_text('{"hooks": {}}')
    asked.words("-p", "hi")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("config.toml", 'mode = "lax"\n', "config.toml:1: "),
        ("config.toml", 'mode = "strict"\n[oops\n', "config.toml:2: "),
        ("guardrails/x.md", "no front matter\n", "guardrails/x.md:1: no front matter"),
    ],
)
def test_a_mistake_of_the_user_is_told_in_one_line_with_its_place(
    asked: Asked, name: str, text: str, said: str
) -> None:
    path = asked.home.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert said in asked.refusal()


def test_a_hook_that_is_gone_is_told_with_what_to_do(asked: Asked) -> None:
    asked.home.hook.unlink()
    assert "run guardrail-proxy install" in asked.refusal()


@pytest.mark.parametrize("text", [None, "", "guardrail-proxy plan 1\nfrobnicate x\n"])
def test_a_plan_that_cannot_be_read_is_refused(asked: Asked, text: str | None) -> None:
    asked.home.plan("claude").unlink() if text is None else asked.home.plan("claude").write_text(text)
    assert "claude.plan" in asked.refusal()


def test_a_cli_that_nobody_knows_is_refused(asked: Asked) -> None:
    assert "'vim' is no CLI that is known" in asked.refusal(cli="vim")
