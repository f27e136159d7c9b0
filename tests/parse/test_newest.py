"""Which file a session wrote, by time."""

import os
from pathlib import Path

import pytest

from guardrail_proxy.parse.newest import newest
from guardrail_proxy.session import Capture


def capture(tmp_path: Path, ended: float | None) -> Capture:
    return Capture("i", "claude", "standard", (), "/w", tmp_path, None, None, 0, None, 1000.0, ended)


@pytest.mark.parametrize(
    ("times", "ended", "expected"),
    [
        ({"a": 1001, "b": 1005}, 1010.0, "b"),
        ({"a": 1001, "before": 900}, 1010.0, "a"),
        ({"a": 1001, "after": 1020}, 1010.0, "a"),
        ({"a": 1001, "much later": 9000}, None, "much later"),
        ({"just before": 998.5}, 1010.0, "just before"),
        ({"just after": 1011.5}, 1010.0, "just after"),
        ({"before": 900, "after": 1020}, 1010.0, None),
        ({}, 1010.0, None),
    ],
)
def test_it_is_the_last_one_written_while_the_session_ran(
    times: dict[str, float], ended: float | None, expected: str | None, tmp_path: Path
) -> None:
    for name, at in times.items():
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (at, at))
    found = newest([tmp_path / "gone", *(tmp_path / name for name in times)], capture(tmp_path, ended))
    assert found == (tmp_path / expected if expected else None)
