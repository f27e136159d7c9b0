"""The pump without descriptors: any schedule of reads and partial writes keeps every byte, in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.run.backlog import BYTES_MOST, Backlog
from guardrail_proxy.run.pump import ROOM, LineEnds, Queue

CHUNKS = st.lists(st.binary(min_size=1, max_size=4096), max_size=30)
TAKEN = st.lists(st.integers(min_value=0, max_value=5000), max_size=60)
"""What a writer takes at each try; 0 is EAGAIN."""


@given(CHUNKS, TAKEN)
def test_a_queue_gives_out_what_it_was_given_whatever_the_writer_takes(chunks: list[bytes], taken: list[int]) -> None:
    queue, out, left, most = Queue(), b"", list(chunks), 0
    for count in [*taken, *[4096] * (len(chunks) + 1)]:
        if left and queue.wants_more():
            queue.put(left.pop(0))
        most = max(most, len(queue.waiting))
        piece = queue.waiting[:count]
        queue.written(len(piece))
        out += piece
    assert out + queue.waiting + b"".join(left) == b"".join(chunks)
    assert most < ROOM + 4096


def test_a_full_queue_asks_for_no_more() -> None:
    queue = Queue()
    queue.put(b"x" * ROOM)
    full = queue.wants_more()
    queue.written(1)
    assert (full, queue.wants_more()) == (False, True)


@given(st.lists(st.sampled_from([b"\r", b"\n", b"a", b"\r\n", b""]), max_size=40))
def test_line_ends_are_the_same_however_the_bytes_are_cut(pieces: list[bytes]) -> None:
    ends = LineEnds()
    out = b"".join(ends.feed(piece) for piece in pieces) + ends.rest()
    assert out == b"".join(pieces).replace(b"\r\n", b"\n")


def unframed(data: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    while data:
        size = int.from_bytes(data[8:12], "little")
        found.append((data[:1], data[12 : 12 + size]))
        data = data[12 + size :]
    return found


@given(st.lists(st.one_of(st.binary(min_size=1, max_size=2000), st.integers(0, 3000)), max_size=60))
def test_a_backlog_writes_whole_frames_in_order_whatever_the_pipe_takes(steps: list[bytes | int]) -> None:
    """Bytes are output, numbers are what the pipe takes then; output between two numbers is one frame."""
    backlog, written = Backlog(0), b""
    expected: list[bytes] = []
    is_open = False
    for step in [*steps, *[200_000] * len(steps)]:
        if isinstance(step, bytes):
            backlog.output(step)
            expected[-1:] = [expected[-1] + step] if is_open else [*expected[-1:], step]
            is_open = True
            continue
        backlog.seal()
        is_open = False
        if backlog.frames:
            piece = backlog.frames[0][0][:step]
            backlog.written(len(piece))
            written += piece
    assert unframed(written) == [(b"o", data) for data in expected]
    assert (backlog.size, backlog.gap) == (0, 0)


def test_what_waits_when_the_sidecar_dies_is_a_gap() -> None:
    backlog = Backlog(0)
    backlog.put(b"m", b"facts")
    backlog.output(b"12345")
    backlog.seal()
    backlog.output(b"678")
    backlog.drop(7)
    backlog.say_gap()
    assert (backlog.gap, [frame[12:] for frame, _ in backlog.frames]) == (15, [b"15"])


def test_a_backlog_is_bounded_and_says_its_gap_where_it_is() -> None:
    backlog = Backlog(0)
    for _ in range(20):
        backlog.output(b"x" * (100 << 10))
    bounded = backlog.size <= BYTES_MOST
    backlog.seal()
    while backlog.frames:
        backlog.written(len(backlog.frames[0][0]))
    backlog.output(b"y")
    backlog.seal()
    kinds = [(frame[:1], frame[12:]) for frame, _ in backlog.frames]
    assert (bounded, backlog.gap, kinds) == (True, 1000 << 10, [(b"g", b"%d" % (1000 << 10)), (b"o", b"y")])
