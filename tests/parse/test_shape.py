"""JSON of any shape reads as something, never raises."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.parse.shape import as_count, as_flag, as_list, as_object, as_text, as_time, joined_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("text", "type")), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-27T05:13:16Z", 1795756396.0),
        ("2026-11-27T05:13:16.250+01:00", 1795752796.25),
        (1795756396, 1795756396.0),
        (0.5, 0.5),
        (True, None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (-1, None),
        (math.nan, None),
        (math.inf, None),
        (1e300, None),
        (10**400, None),
        ("0001-01-01T00:00:00", None),
    ],
)
def test_a_time_is_one_that_a_calendar_holds(value: object, expected: float | None) -> None:
    assert as_time(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(3, 3), (-1, -1), (True, None), (3.0, None), ("3", None), (2**62, None), (None, None)]
)
def test_a_count_is_a_whole_number_that_sql_can_hold(value: object, expected: int | None) -> None:
    assert as_count(value) == expected


@pytest.mark.parametrize(
    ("content", "kinds", "expected"),
    [
        ("all", ("text",), "all"),
        ([{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}], ("text",), "a\nb"),
        ([{"type": "input_text", "text": "a"}], (), "a"),
        ([{"type": "thinking", "text": "a"}], ("text",), ""),
        ([5, None, {"type": "text", "text": 5}], ("text",), ""),
        ({"text": "a"}, ("text",), ""),
    ],
)
def test_the_text_of_a_content_is_that_of_its_parts(content: object, kinds: tuple[str, ...], expected: str) -> None:
    assert joined_text(content, *kinds) == expected


@settings(deadline=None, max_examples=50)
@given(value=JSON)
def test_a_value_is_itself_in_its_own_shape_and_nothing_in_others(value: object) -> None:
    shapes = (as_object(value), as_list(value), as_text(value), as_count(value), as_flag(value))
    assert [shape for shape in shapes if shape not in ({}, (), "", None) and shape is not value] == []


@settings(deadline=None, max_examples=50)
@given(value=JSON)
def test_a_time_or_a_text_of_any_value_can_be_asked_for(value: object) -> None:
    at = as_time(value)
    assert (at is None or math.isfinite(at), isinstance(joined_text(value), str)) == (True, True)
