"""What a fleet command answers to a target, a URL or a manifest that it cannot use: one line."""

import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from guardrail_proxy.home import Home

Say = Callable[..., tuple[int, str, str]]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("push", "/no/such/folder/at all"), 2, "there is no folder '/no/such/folder'"),
        (("push", "/proc/version"), 2, "is no folder"),
        (("push", "{home}/team"), 2, "lies in the guardrail home"),
        (("push", "file://{home}"), 2, "lies in the guardrail home"),
        (("push", "gopher2://x/y"), 2, "Protocol not known: gopher2"),
        (("push", "/proc/team"), 1, "cannot use '/proc/team/"),
        (("push", "{tmp}/t", "--since", "yesterday"), 2, "--since 'yesterday' is no day"),
        (("compact", "{tmp}/nothing"), 2, "nothing was pushed to"),
        (("push",), 2, "--help"),
    ],
)
@pytest.mark.usefixtures("rich_day")
def test_a_bad_input_is_one_line(  # noqa: PLR0917 # a table and the fixtures
    words: tuple[str, ...], status: int, said: str, say: Say, home: Home, tmp_path: Path
) -> None:
    url = quote(str(home.root))
    typed = [
        word.replace("file://{home}", f"file://{url}").replace("{home}", str(home.root)).replace("{tmp}", str(tmp_path))
        for word in words
    ]
    got, out, err = say("fleet", *typed)
    assert (got, out, err.count("\n"), said in err) == (status, "", 1, True), err


def test_without_fsspec_a_url_is_answered_with_the_extra_to_install(
    say: Say, rich_day: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    status, _, err = say("fleet", "push", "s3://bucket/x")
    assert (status, err.count("\n"), "pip install 'guardrail-proxy[fleet]'" in err) == (2, 1, True)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ('{"version": 2}', "newer guardrail-proxy"),
        ("{", "no manifest of ours"),
        (
            '{"version": 1, "day": "{day}", "source": "x", "host": "h", "parts": [{"path": "../x", "rows": {}}]}',
            "no man",
        ),
        ('{"version": 1, "day": "2020-01-01", "source": "x", "host": "h", "parts": []}', "another day"),
    ],
)
def test_a_manifest_that_is_none_of_ours_is_not_acted_on(
    manifest: str, said: str, say: Say, target: Path, rich_day: list[str]
) -> None:
    say("fleet", "push", str(target))
    (path,) = (target / "_manifest").rglob("*.json")
    path.write_text(manifest.replace("{day}", path.parent.name.removeprefix("day=")))
    for command in ("push", "compact"):
        status, _, err = say("fleet", command, str(target))
        assert (status, err.count("\n"), said in err) == (1, 1, True), err
