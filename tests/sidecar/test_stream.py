"""Secrets are taken out of terminal output as it comes, however it is cut and coloured."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.secrets.find import find_secrets
from guardrail_proxy.sidecar.stream import StreamRedactor

KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
PAT = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"
BODY = "".join(chr(65 + (i * 7) % 26) + str(i % 10) + chr(97 + (i * 11) % 26) for i in range(420))
LINES = [BODY[i : i + 64] for i in range(0, len(BODY), 64)]
PEM = "-----BEGIN RSA PRIVATE " + "KEY-----\r\n" + "\r\n".join(LINES) + "\r\n-----END RSA PRIVATE " + "KEY-----\r\n"


def redacted(*chunks: bytes) -> str:
    stream = StreamRedactor()
    pieces = [piece for chunk in chunks for piece in stream.feed(0.0, chunk)] + stream.rest()
    return "".join(piece.text for piece in pieces if not piece.is_size)


TEXTS = st.lists(
    st.sampled_from(
        [
            "hello world\r\n", "Straße 🙂\r\n", "\x1b[31mred\x1b[0m", "\x1b[12;40H", "\x1b[?2026h", "\x1b[?2026l", "\r",
            f"aws_access_key_id = {KEY}\r\n", f"token {PAT} ", PEM, "x" * 700, "word " * 200, "\x1b]0;title\x07",
            f"A\x1b[1mK\x1b[22m{KEY[2:]}\r\n", "-----BEGIN PRIVATE " + "KEY-----", "\n" * 5, "y" * 17000,
        ]
    ),
    max_size=14,
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.lists(st.integers(0, 60000), max_size=12))
def test_any_chunking_gives_the_same_text_without_the_keys(texts: list[str], cuts: list[int]) -> None:
    data = "".join(texts).encode()
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    whole = redacted(data)
    assert redacted(*(data[a:b] for a, b in pairwise(edges))) == whole
    assert not any(word in whole for word in (KEY, PAT, LINES[3]))


def test_byte_by_byte_is_the_same_as_at_once() -> None:
    data = (f"Straße 🙂 {KEY}\r\n" + PEM + "after\r\n").encode() * 2
    assert redacted(*(data[i : i + 1] for i in range(len(data)))) == redacted(data)


@pytest.mark.parametrize("between", [0, 100, 900, 1000, 1500, 5000, 20000])
@pytest.mark.parametrize("lines", [0, 1, 2, 3, 4])
def test_a_key_after_a_header_that_began_none_is_found(between: int, lines: int) -> None:
    header = "-----BEGIN PRIVATE " + "KEY-----"
    text = redacted((header + ("word " * between)[:between] + "hello\r\n" * lines + PEM + "after\r\n").encode())
    assert ([part in text for part in LINES], text.endswith("after\r\n")) == ([False] * len(LINES), True)


FRAMED = [f"│ {line} │" for line in LINES]
HEADER, FOOTER = "│ -----BEGIN RSA PRIVATE " + "KEY----- │", "│ -----END RSA PRIVATE " + "KEY----- │"


@pytest.mark.parametrize("lines", [(16, 3, 8), (10, 3, 8), (0, 0, 8), (2, 20, 20), (20, 20, 1)])
@pytest.mark.parametrize("chunk", [80, 1 << 20])
def test_of_keys_that_were_cut_off_in_a_frame_no_line_is_kept(lines: tuple[int, int, int], chunk: int) -> None:
    first, second, third = lines
    shown = [*FRAMED[:first], HEADER, *FRAMED[:second], HEADER, *FRAMED[:third], FOOTER, "│ after │"]
    data = ("\r\n".join([HEADER, *shown]) + "\r\n").encode()
    text = redacted(*(data[at : at + chunk] for at in range(0, len(data), chunk)))
    assert ([line for line in LINES if line in text], "after" in text) == ([], True)


def test_text_without_secrets_stays_as_it_is() -> None:
    text = "".join(f"\x1b[{n % 7 + 31}mline {n}\x1b[0m\r\n" for n in range(900)) + "no end"
    assert redacted(text.encode()) == text


@pytest.mark.parametrize(
    "shown",
    [
        f"key {KEY[:7]}\x1b[1;33m{KEY[7:]}\x1b[0m done",
        f"\x1b]0;{KEY}\x07",
        f"\x1b]8;;https://user:{PAT}@github.com\x07link\x1b]8;;\x07",
        f"{KEY[:5]}\x00{KEY[5:]}",
        f"{KEY[:5]}\u200b{KEY[5:]}",
        f"\x1b[5Ckey\x1b[1C{KEY}\x1b[K",
        "z" * 16380 + " " + KEY + " " + "z" * 20000,
    ],
)
def test_a_sequence_in_a_token_does_not_hide_it(shown: str) -> None:
    kept = redacted(shown.encode())
    assert "[redacted:" in kept
    assert not any(find_secrets(kept.replace(old, "")) for old in ("", "\x00", "\u200b", "\x1b[1;33m"))


def test_a_private_key_is_masked_over_segments_and_what_follows_is_kept() -> None:
    kept = redacted(("before\r\n" + PEM + "after\r\n" + "more " * 300 + "\r\nend").encode())
    assert kept.startswith("before\r\n[redacted:")
    assert not any(line in kept for line in LINES)
    assert "after\r\n" in kept
    assert kept.endswith("end")


def test_a_key_that_is_cut_off_is_masked_up_to_other_text() -> None:
    text = "-----BEGIN PRIVATE " + "KEY-----\r\n" + "\r\n".join(LINES[:9]) + "\r\n" + "and then it went on\r\n" * 90
    kept = redacted(text.encode())
    assert not any(line in kept for line in LINES)
    assert kept.count("and then it went on") >= 80


def test_a_clipboard_string_is_not_kept() -> None:
    assert redacted(b"a\x1b]52;c;QUtJQVEzWko3V1hOMkxETTVUUkI=\x07b") == "a[redacted:clipboard]\x07b"


def test_text_keeps_the_times_of_its_chunks_and_sizes_their_place() -> None:
    stream = StreamRedactor()
    pieces = [
        *stream.feed(1.0, b"one "), *stream.resized(1.5, "90x30"), *stream.feed(2.0, b"two"), *stream.rest(),
    ]  # fmt: skip
    assert [(p.at, p.text) for p in pieces] == [(1.0, "one "), (1.5, "90x30"), (2.0, "two")]


def test_the_segment_of_a_secret_is_shown_for_judging_and_no_other() -> None:
    stream = StreamRedactor()
    stream.feed(0.0, f"fine\r\n{'x' * 2000}\r\nkey {KEY}\r\n".encode())
    stream.rest()
    (seen,) = stream.take_seen()
    assert KEY in seen
    assert stream.take_seen() == []


@pytest.mark.slow
def test_the_work_grows_with_the_output_and_not_with_its_square() -> None:
    def seconds(count: int) -> float:
        data = b"\x1b[3;4Hsome words of a screen \x1b[31mred\x1b[0m\r\n" * count
        began = time.process_time()
        redacted(*(data[i : i + 4096] for i in range(0, len(data), 4096)))
        return time.process_time() - began

    seconds(100)
    assert seconds(16000) < 12 * seconds(4000) + 0.2
