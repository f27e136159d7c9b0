"""guardrail-proxy scan."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guardrail_proxy.commands.scan import command

KEY_ID = "AKIA" + "QYLPMN5HNQX2TBJR"


def scan(*words: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(command, words, input=stdin)


def items(*pairs: tuple[str, str]) -> str:
    return "".join(
        json.dumps({"id": str(n), "kind": kind, "lang": None, "text": text}) + "\n"
        for n, (kind, text) in enumerate(pairs)
    )


def test_a_finding_in_a_file_is_named_with_its_line_and_never_quoted(tmp_path: Path) -> None:
    path = tmp_path / "config.ini"
    path.write_text(f"[default]\naws_access_key_id = {KEY_ID}\n")
    result = scan(str(path))
    assert result.output == f"{path}:2: critical secrets/aws-access-key an AWS access key id in plain text\n"
    assert result.exit_code == 1


def test_a_clean_file_is_silent_and_exits_with_0(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("nothing\n")
    assert (scan(str(path)).output, scan(str(path)).exit_code) == ("", 0)


@pytest.mark.parametrize("words", [(), ("-",)])
def test_standard_input_is_scanned_without_a_file_or_with_a_dash(words: tuple[str, ...]) -> None:
    result = scan(*words, stdin=f"\n\nid {KEY_ID}\n")
    assert result.output.startswith("<stdin>:3: critical secrets/aws-access-key ")


def test_bytes_that_are_no_text_are_scanned_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(b"\xff\xfe\x00 " + KEY_ID.encode() + b" \x80")
    assert scan(str(path)).exit_code == 1


def test_a_hostile_file_name_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J\nb"
    path.write_text(KEY_ID)
    output = scan(str(path)).output
    assert "\x1b" not in output
    assert r"\x1b[2J" in output


def test_a_file_that_cannot_be_read_is_one_clear_error(tmp_path: Path) -> None:
    result = scan(str(tmp_path / "missing"))
    assert str(result.exception) == f"cannot read '{tmp_path / 'missing'}': No such file or directory"


def test_items_are_answered_one_line_each_in_order() -> None:
    text = items(("secret", f"id = {KEY_ID}"), ("secret", "nothing"), ("cmd", "ls"), ("unheard-of", "x"))
    answers = [json.loads(line) for line in scan("--jsonl", stdin=text).output.splitlines()]
    assert [answer["id"] for answer in answers] == ["0", "1", "2", "3"]
    assert answers[0]["findings"] == [{"rule": "secrets/aws-access-key", "severity": "critical", "kind": "secret"}]
    assert [answer["findings"] for answer in answers[1:]] == [[], [], []]


@pytest.mark.parametrize("line", ["not json", "[]", '{"id": 1}', '"text"'])
def test_a_line_that_is_no_item_is_one_clear_error(line: str) -> None:
    assert "is no item: it needs to be JSON with id, kind, lang and text" in str(scan("--jsonl", stdin=line).exception)


def test_an_empty_line_is_skipped() -> None:
    assert scan("--jsonl", stdin="\n\n").output == ""
