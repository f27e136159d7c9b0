"""One sequence out of several."""

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.parse.by_time import by_time
from guardrail_proxy.session import Event


def said(text: str, at: float | None) -> Event:
    return Event("message", text, at)


def test_events_stand_by_time_and_one_without_stays_behind_its_neighbour() -> None:
    one = (said("a", 1.0), said("b", None), said("c", 5.0))
    found = by_time(one, (said("x", 3.0),))
    assert [event.text for event in found] == ["a", "b", "x", "c"]


TIMES = st.lists(st.none() | st.floats(0, 1e9))


@settings(deadline=None, max_examples=50)
@given(one=TIMES, other=TIMES)
def test_nothing_is_lost_and_each_part_keeps_its_order(one: list[float | None], other: list[float | None]) -> None:
    first = tuple(said(f"one {number}", at) for number, at in enumerate(one))
    second = tuple(said(f"other {number}", at) for number, at in enumerate(other))
    found = by_time(first, second)
    assert (
        tuple(event for event in found if event in first),
        tuple(event for event in found if event in second),
        len(found),
    ) == (first, second, len(one) + len(other))
