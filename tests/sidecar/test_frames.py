"""Frames from the relay: any chunks give the same frames, and garbage ends the stream."""

from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.sidecar.frames import KINDS, MOST_BYTES, Frame, FrameReader, meta_of

FRAMES = st.lists(st.tuples(st.sampled_from([*map(chr, KINDS)]), st.integers(0, (1 << 56) - 1), st.binary(max_size=99)))


def framed(kind: str, microseconds: int, data: bytes) -> bytes:
    return kind.encode() + microseconds.to_bytes(7, "little") + len(data).to_bytes(4, "little") + data


@given(FRAMES, st.lists(st.integers(1, 40), max_size=30))
def test_any_chunking_gives_the_same_frames(frames: list[tuple[str, int, bytes]], sizes: list[int]) -> None:
    stream, reader, found = b"".join(framed(*frame) for frame in frames), FrameReader(), list[Frame]()
    for size in [*sizes, len(stream)]:
        found += reader.feed(stream[:size])
        stream = stream[size:]
    assert found == [Frame(kind, at / 1e6, data) for kind, at, data in frames]
    assert not reader.is_broken


@given(st.binary(max_size=200))
def test_nothing_comes_after_garbage(garbage: bytes) -> None:
    reader = FrameReader()
    before = list(reader.feed(framed("o", 1, b"x")))
    after = list(reader.feed(b"?" + garbage + bytes(12) + framed("x", 2, b"exit 0")))
    assert (len(before), after, reader.is_broken) == (1, [], True)


def test_a_length_that_the_relay_never_sends_is_garbage() -> None:
    reader = FrameReader()
    list(reader.feed(b"o" + bytes(7) + (MOST_BYTES + 1).to_bytes(4, "little")))
    assert reader.is_broken


def test_the_first_frame_keeps_repeated_words_in_order_and_bytes_that_are_no_text() -> None:
    assert meta_of(b"cli=claude\0arg=a=b\0arg=\xff\0arg=") == {"cli": ["claude"], "arg": ["a=b", "\udcff", ""]}
