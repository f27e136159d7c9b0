"""The first frame, typed, and its redacted record."""

import json
from pathlib import Path

import pytest

from guardrail_proxy.sidecar.facts import facts_of_the_start
from guardrail_proxy.sidecar.meta import redact_argv, write_meta
from guardrail_proxy.sidecar.start import Start, is_excluded

KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
TOKEN = "abcD1234" + "efGh5678ijKl"


def started(home: Path, *args: str) -> Start:
    names = {"session": "s", "cli": "claude", "mode": "strict", "kind": "pty", "guard": str(home), "cwd": str(home)}
    return Start({**{name: [value] for name, value in names.items()}, "size": ["90x30"], "arg": [*args], "env.X": ["y"]})  # fmt: skip # noqa: E501


def test_the_frame_is_typed(tmp_path: Path) -> None:
    start = started(tmp_path, "-p", "hi")
    assert (start.mode, start.size, start.argv, start.env) == ("strict", (90, 30), ("-p", "hi"), {"X": "y"})


def test_the_record_is_private_redacted_and_written_once(tmp_path: Path) -> None:
    start = started(tmp_path, "--api-key", TOKEN, f"use {KEY}")
    write_meta(str(tmp_path), start, facts_of_the_start(start.cwd, start.home, start.cli))
    first = (tmp_path / "meta.json").read_bytes()
    write_meta(str(tmp_path), started(tmp_path, "other"), {})
    meta = json.loads(first)
    assert (tmp_path / "meta.json").read_bytes() == first
    assert meta["argv"] == ["--api-key", "[redacted:generic-secret]", "use [redacted:aws-access-key]"]
    assert ((tmp_path / "meta.json").stat().st_mode & 0o777, meta["hashes"]) == (0o600, {})


@pytest.mark.parametrize(
    ("argv", "kept"),
    [
        ((), []),
        (("--api-key", TOKEN), ["--api-key", "[redacted:generic-secret]"]),
        ((f"--api-key={TOKEN}",), ["--api-key=[redacted:generic-api-key]"]),
        (("-p", "x" * 5000, "hello"), ["-p", "x" * 5000, "hello"]),
        (("--model", "gpt", "--", "fix it"), ["--model", "gpt", "--", "fix it"]),
    ],
)
def test_a_word_is_read_after_the_one_before_it(argv: tuple[str, ...], kept: list[str]) -> None:
    assert redact_argv(argv) == kept


@pytest.mark.parametrize(
    ("config", "excluded"),
    [
        ('[record]\nexclude = ["/work/secret"]', True),
        ('[record]\nexclude = ["/work/sec*"]', True),
        ('[record]\nexclude = ["~/x", "/other"]', False),
        ('[record]\nexclude = ["/work/secret/a/b"]', False),
        ('[record]\nexclude = ["~nobody-of-that-name/x"]', False),
        ('[record]\nexclude = "/work/secret"', False),
        ("record = 3", False),
        ("[record", False),
        ("", False),
    ],
)
def test_a_folder_is_excluded_with_all_below_it_and_a_config_that_is_wrong_ends_nothing(
    tmp_path: Path, config: str, excluded: bool
) -> None:
    (tmp_path / "config.toml").write_text(config)
    assert is_excluded(str(tmp_path), "/work/secret/a") is excluded


def test_an_excluded_folder_is_one_below_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    (tmp_path / "config.toml").write_text('[record]\nexclude = ["~/private"]')
    assert is_excluded(str(tmp_path), "/home/me/private/x")


@pytest.mark.parametrize(
    ("injected", "expected"), [("", False), ("document", False), ("plugin", True), ("document,plugin", True)]
)
def test_only_who_was_given_hooks_is_expected_to_call_them(injected: str, expected: bool) -> None:
    assert Start({"injected": [injected]}).expects_hooks is expected
