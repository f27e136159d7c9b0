"""What a full-screen program painted piece by piece is masked in the recording, and nothing else is touched."""

import gzip
import json
import os
import re
import stat
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.painted import Painted, mask_painted, rendered, shown
from guardrail_proxy.painted.cells import Cells
from guardrail_proxy.painted.sequences import TOKEN, apply
from guardrail_proxy.secrets.find import find_secrets

KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
PAT = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"
BODY = [
    "".join(chr(65 + (i * 7 + n) % 26) + str(i % 10) + chr(97 + (i * 11) % 26) for i in range(21)) for n in range(40)
]
SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]|[\x00-\x1f]")
CLEAR = "\x1b[2J\x1b[H"


def cast(path: Path, *events: str, size: tuple[int, int] = (80, 24)) -> Path:
    lines = [json.dumps({"version": 2, "width": size[0], "height": size[1]})]
    lines += [json.dumps([n / 10, "o", text], ensure_ascii=False) for n, text in enumerate(events)]
    path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
    return path


def outputs(path: Path) -> list[str]:
    events = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()[1:]]
    return [text for _, kind, text in events if kind == "o"]


def screens(path: Path, size: tuple[int, int] = (80, 24)) -> list[str]:
    """The screen after each event, rows joined without a break between them, and as lines."""
    screen, seen = Cells(*size), []
    for text in outputs(path):
        for token in TOKEN.finditer(text):
            apply(screen, token.lastgroup, token[0], 0)
        rows = ["".join(one for one, _ in screen.row(y)) for y in range(size[1])]
        seen += ["".join(row.strip(" │") for row in rows), "\n".join(rows)]
    return seen


def at_each(text: str, row: int = 3, column: int = 5) -> list[str]:
    return [f"\x1b[{row};{column + n}H{one}" for n, one in enumerate(text)]


PAINTED = {
    "character by character in one event": ["".join(at_each(KEY))],
    "character by character with the clock repainted between": [
        part for one in at_each(KEY) for part in (one, "\x1b[1;70H12:00:01")
    ],
    "in one event that clears the screen again": ["".join(at_each(KEY)) + CLEAR],
    "wrapped over two rows": ["\x1b[2;71H" + KEY[:10], "\x1b[9;1Hxx", "\x1b[3;1H" + KEY[10:] + " end"],
    "wrapped inside a frame": [
        f"\x1b[2;1H│ {'to ' * 22}{KEY[:10]} │", "\x1b[9;1Hxx", f"\x1b[3;1H│ {KEY[10:]:76} │",
    ],
    "wrapped over three rows": [
        "\x1b[2;61H" + PAT[:20], "\x1b[9;1Hxx", "\x1b[3;1H" + PAT[20:], "\x1b[12;1H",
    ],
    "in two halves with another row between": ["\x1b[2;10H" + KEY[:9], "\x1b[7;1Hrow", "\x1b[2;19H" + KEY[9:]],
    "the second half first": ["\x1b[2;19H" + KEY[9:], "\x1b[7;1Hrow\x1b[2;10H" + KEY[:9] + CLEAR],
    "again with other colours": ["".join(at_each(KEY)), "\x1b[31m" + "\x1b[1m".join(at_each(KEY)), CLEAR],
    "in a field that is painted again with every key": [f"\x1b[2K\x1b[1G> {KEY[:n]}" for n in range(21)],
    "and scrolls off": ["".join(at_each(KEY, 1)) + "\x1b[24;1H" + "\n" * 40],
    "below a scrolling region": ["\x1b[2;5r" + "".join(at_each(KEY, 5)) + "\x1b[5;1H\n\n\n\n\n\n\x1b[r"],
    "on the alternate screen": ["\x1b[?1049h" + "".join(at_each(KEY)) + "\x1b[?1049l", "shell"],
    "before the alternate screen and shown again": [*at_each(KEY[:9]), "\x1b[?1049hvim\x1b[?1049l", *at_each(KEY)[9:]],
    "behind wide characters": ["日本語 \x1b[1;8H" + KEY[:5] + "\x1b[1;13H" + KEY[5:]],
    "with inserted characters": [f"\x1b[3;5H{KEY[:4]}{KEY[6:]}", f"\x1b[3;9H\x1b[2@{KEY[4:6]}"],
    "by backspaces": [f" {KEY[:5]}xx\x08\x08{KEY[5:]}\r\n"],
    "in a synchronized frame": ["\x1b[?2026h" + "".join(at_each(KEY)) + "\x1b[?2026l" + "\x1b[?2026h" + CLEAR],
    "by a repeated character": [f"\x1b[1;1Hghp_wWP\x1b[1;8H{PAT[7:9]}" + "".join(at_each(PAT[9:], 1, 10))],
}  # fmt: skip


@pytest.mark.parametrize("events", PAINTED.values(), ids=PAINTED)
def test_a_painted_secret_is_on_no_screen_and_in_no_text(tmp_path: Path, events: list[str]) -> None:
    path = cast(tmp_path / "r.cast.gz", "\x1b[20;1Hbefore", *events, "\x1b[23;1Hafter")
    before = outputs(path)
    assert mask_painted(path) == Painted(1)
    after = outputs(path)
    stripped = SEQUENCE.sub("", "".join(after))
    assert not any(secret in text for text in (stripped, *screens(path)) for secret in (KEY, PAT, KEY[:12], PAT[:12]))
    assert not any(find_secrets(text) for text in (stripped, *screens(path)))
    kept = [
        "".join(b for a, b in zip(new, old, strict=True) if a == "*" != b)
        for new, old in zip(after, before, strict=True)
    ]
    assert set("".join(kept)) <= set(KEY + PAT)
    assert mask_painted(path) == Painted(0)


def test_only_the_characters_of_the_secret_change(tmp_path: Path) -> None:
    path = cast(
        tmp_path / "r.cast.gz", "\x1b[3;1Hkey ", f"\x1b[3;5H{KEY[:9]}\x1b[1;1Hxy\x1b[3;14H{KEY[9:]} ok", "\x1b[m日"
    )
    mask_painted(path)
    assert outputs(path) == ["\x1b[3;1Hkey ", f"\x1b[3;5H{'*' * 9}\x1b[1;1Hxy\x1b[3;14H{'*' * 11} ok", "\x1b[m日"]


def test_the_file_stays_asciicast_and_private(tmp_path: Path) -> None:
    path = cast(tmp_path / "r.cast.gz", *at_each(KEY))
    header = gzip.decompress(path.read_bytes()).splitlines()[0]
    mask_painted(path)
    lines = gzip.decompress(path.read_bytes()).splitlines()
    times = [json.loads(line)[0] for line in lines[1:]]
    assert (lines[0], len(lines), times) == (header, len(KEY) + 1, [n / 10 for n in range(len(KEY))])
    assert (stat.S_IMODE(path.stat().st_mode), list(tmp_path.iterdir())) == (0o600, [path])


def test_what_was_shown_before_the_redactor_knew_the_secret_is_masked(tmp_path: Path) -> None:
    typed = [f"\x1b[2K\x1b[1G> {KEY[:n]}" for n in range(20)]
    path = cast(tmp_path / "r.cast.gz", *typed, "\x1b[2K\x1b[1G> [redacted:aws-access-key]")
    assert mask_painted(path) == Painted(1)
    assert KEY[:8] not in "".join(outputs(path))


def test_another_text_where_a_marker_stands_now_is_kept(tmp_path: Path) -> None:
    path = cast(tmp_path / "r.cast.gz", "\x1b[2;1H> reformatting", "\x1b[2;1H> [redacted:aws-access-key]\x1b[K")
    assert mask_painted(path) == Painted(0)


def test_a_private_key_is_masked_row_by_row_as_it_scrolls(tmp_path: Path) -> None:
    begin, end = "-----BEGIN RSA PRIVATE " + "KEY-----", "-----END RSA PRIVATE " + "KEY-----"
    events = [
        f"\x1b[24;1H\n\x1b[24;1H{line}\x1b[1;60Hline {n}" for n, line in enumerate((begin, *BODY, end, "plain text"))
    ]
    path = cast(tmp_path / "r.cast.gz", *events)
    assert mask_painted(path) == Painted(1)
    assert not any(line[4:20] in "".join(outputs(path)) for line in BODY)
    assert "plain text" in outputs(path)[-1]


def test_a_resize_moves_the_edge(tmp_path: Path) -> None:
    lines = [{"version": 2, "width": 80, "height": 24}, [0.1, "r", "40x10"], [0.2, "o", f"\x1b[2;31H{KEY[:10]}"]]
    lines += [[0.3, "o", "\x1b[9;1Hx"], [0.4, "o", f"\x1b[3;1H{KEY[10:]}"]]
    path = tmp_path / "r.cast.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))
    assert mask_painted(path) == Painted(1)


@pytest.mark.parametrize(
    "events",
    [
        [],
        ["\x1b[31mplain\x1b[0m lines\r\n" * 50],
        ["".join(at_each("nothing to see here, move along"))],
        [f"\x1b[2;71H{KEY[:10]}", "\x1b[5;1Hword", f"\x1b[9;1H{KEY[10:]}"],
        ["\x1b[?4m\x1b[?996n\x1b[=1;1u\x1b[>4;2m\x1bP+q544e\x1b\\\x1b_Gi=1;AAAA\x1b\\\x1b[5;5Hhello"],
    ],
)
def test_nothing_found_leaves_the_file_as_it_is(tmp_path: Path, events: list[str]) -> None:
    path = cast(tmp_path / "r.cast.gz", *events)
    before = (path.read_bytes(), path.stat().st_ino)
    assert mask_painted(path) == Painted(0)
    assert (path.read_bytes(), path.stat().st_ino) == before


def test_lines_alone_are_not_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendered, "render", partial(pytest.fail, "rendered"))
    path = cast(
        tmp_path / "r.cast.gz", "\x1b[?2004h\x1b[1mtext\x1b[0m\x1b[K\r\n\x1b]0;title\x07\x1b[>1u\x1b[c", "more\r\n"
    )
    assert mask_painted(path) == Painted(0)


def test_a_recording_that_was_cut_off_is_masked_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    path = cast(tmp_path / "r.cast.gz", *at_each(KEY), *(f"\x1b[9;1H{n * 7919}" for n in range(1200)))
    path.write_bytes(path.read_bytes()[:-900])
    assert mask_painted(path).masked == 1
    assert len(outputs(path)) > 400
    assert not any(KEY in text for text in screens(path)[:60])


@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(b"no json\n[1]\n[1,2,3]\n\xff\n{}\n", mtime=0)])
def test_a_file_that_is_no_recording_is_no_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.cast.gz"
    path.write_bytes(content)
    assert (mask_painted(path), path.read_bytes()) == (Painted(0), content)


def test_a_file_that_cannot_be_read_was_not_looked_at(tmp_path: Path) -> None:
    assert mask_painted(tmp_path / "none").error.startswith("not looked at: FileNotFoundError")


def test_a_fault_of_the_renderer_is_told_and_the_text_is_searched_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cells, "draw_from", lambda *_: 1 / 0)
    path = cast(tmp_path / "r.cast.gz", *at_each(KEY))
    assert mask_painted(path) == Painted(1, "the screen was rendered in part: ZeroDivisionError: division by zero")


def test_what_is_beyond_the_bounds_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendered, "RENDERED_MOST", 200)
    monkeypatch.setattr(shown, "READ_MOST", 500)
    path = cast(tmp_path / "r.cast.gz", *(f"\x1b[9;1H{n:92}" for n in range(9)))
    assert mask_painted(path).error == (
        "the screen was rendered up to character 294 of 490; 392 characters after the first 490 were not read"
    )


def test_a_recording_with_a_secret_that_cannot_be_written_again_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    path = cast(tmp_path / "r.cast.gz", *at_each(KEY))
    assert mask_painted(path) == Painted(0, "a recording with 1 painted secrets was removed: No space left on device")
    assert list(tmp_path.iterdir()) == []


FINALS = "@ABCDEFGHIJKLMPSTXZ`abcdefghlmnprstu"
NUMBERS = ("", "0", "3", "7;9", "99999999", ";;")
MODES = ("?1049h", "?1049l", "?47h", "?7l", "?7h", "?3h", "?6h", "?5h", "4h", "4l", "20h", "?2026h", "?2026l")
OPEN = ("\x1b", "\x1b[", "\x1b[?", "\x9b", "\x1b]", "\x1bP", "\x1b_", "\x1b(0", "\x1b#8", "\x1bc", "\x1b7", "\x1b8")
TEXTS = (*"\r\n\x08\t\x0b\x85\x8d\u200b\ud800", KEY[:9], KEY[9:], KEY, "日本", "e\u0301", "x" * 90)
SOUP = st.lists(
    st.one_of(
        st.sampled_from(OPEN),
        st.sampled_from([f"\x1b[{p}{n}{final}" for p in ("", "?", ">", "=") for n in NUMBERS for final in FINALS]),
        st.sampled_from([f"\x1b[{mode}" for mode in MODES]),
        st.sampled_from(TEXTS),
        st.text(max_size=8),
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=300)
@given(SOUP, st.lists(st.integers(0, 300), max_size=6), st.tuples(st.integers(-1, 90), st.integers(-1, 30)))
def test_no_sequence_raises_and_none_hides_a_key(
    tmp_path_factory: pytest.TempPathFactory, soup: list[str], cuts: list[int], size: tuple[int, int]
) -> None:
    text = "".join(soup)
    edges = sorted({0, len(text), *(min(cut, len(text)) for cut in cuts)})
    path = tmp_path_factory.getbasetemp() / "soup.cast.gz"
    lines = [{"version": 2, "width": size[0], "height": size[1]}, *([0.5, "o", text[a:b]] for a, b in pairwise(edges))]
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))
    before = outputs(path)
    assert mask_painted(path).error == ""
    assert [len(text) for text in outputs(path)] == [len(text) for text in before]
    assert mask_painted(path) == Painted(0)
