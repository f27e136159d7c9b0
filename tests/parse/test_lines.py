"""One JSON object a line: what is broken is counted and hides nothing."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.parse import lines as module
from guardrail_proxy.parse.lines import Lines, read_objects, read_packed_lines, text_objects

BROKEN = ("nonsense", "5", '"text"', '{"a":', "{" * 100_000, '{"a": ' + "1" * 5000 + "}", "\x00")


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_line_is_counted_and_the_others_are_read(broken: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(f'{{"a":1}}\n{broken}\n\n{{"b":2}}')
    expected = Lines(({"a": 1}, {"b": 2}), broken=1)
    assert (read_objects(tmp_path / "x"), text_objects((tmp_path / "x").read_text())) == (expected, expected)


def test_bytes_that_are_no_text_are_a_broken_line(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'{"a":"\xff"}\n{"b":2}\n')
    assert read_objects(tmp_path / "x") == Lines(({"b": 2},), broken=1)


@pytest.mark.parametrize("name", ["gone", "folder", "folder/x"])
def test_a_file_that_cannot_be_read_has_no_objects_and_says_so(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert read_objects(tmp_path / name) == Lines(is_whole=False)


def test_a_file_over_the_limit_is_read_up_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FILE_LIMIT_BYTES", 12)
    (tmp_path / "x").write_text('{"a":1}\n{"b":2}\n{"c":3}\n')
    assert read_objects(tmp_path / "x") == Lines(({"a": 1}, {"b": 2}), is_whole=False)


def test_a_line_over_the_limit_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINE_LIMIT_BYTES", 10)
    (tmp_path / "x").write_text('{"a":"0123456789"}\n{"b":2}\n')
    assert read_objects(tmp_path / "x") == Lines(({"b": 2},), broken=2)


def test_a_list_in_a_line_of_a_text_is_its_objects() -> None:
    assert text_objects('[{"a":1},5,{"b":2}]\r\n') == Lines(({"a": 1}, {"b": 2}), broken=1)


@settings(deadline=None, max_examples=50)
@given(texts=st.lists(st.text(), max_size=4))
def test_what_json_may_hold_unescaped_ends_no_line(texts: list[str]) -> None:
    written = "\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in texts)
    assert [value["text"] for value in text_objects(written.encode("utf-8", "replace").decode()).objects] == [
        text.encode("utf-8", "replace").decode() for text in texts
    ]


def test_a_cut_gzip_gives_what_can_be_had(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(b"%d\n" % number for number in range(50_000)))
    (tmp_path / "x").write_bytes(packed[: len(packed) // 2])
    found, is_whole = read_packed_lines(tmp_path / "x")
    assert (found[:2], len(found) > 1000, is_whole) == ([b"0\n", b"1\n"], True, False)


@pytest.mark.parametrize("data", [b"", b"no gzip\n", b"\x1f\x8b"])
def test_what_is_no_gzip_has_no_lines(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    assert read_packed_lines(tmp_path / "x")[0] == []
