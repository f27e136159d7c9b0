"""A push or a compaction that ends at each of its steps: no reader sees a row twice, and the next run completes it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from team import ids_in, ids_in_folders

from guardrail_proxy.store.fleet.target import Folder

LogOne = Callable[..., str]
Say = Callable[..., tuple[int, str, str]]
DAY_S = 86_400.0
STEPS = (0, 1, 4, 9, 10)
pytestmark = pytest.mark.slow


class KilledError(BaseException):
    """What a SIGKILL is in these tests."""


@contextmanager
def broken_after(steps: int, seen: Callable[[], object] = lambda: None) -> Iterator[None]:
    """The process dies at one more change of the target than that; ``seen`` is called before each change."""
    left = iter(range(steps))

    def breaking(method: Callable[..., None]) -> Callable[..., None]:
        def change(*words: object) -> None:
            seen()
            if next(left, None) is None:
                raise KilledError
            method(*words)

        return change

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Folder, "put", breaking(Folder.put))
        patch.setattr(Folder, "remove", breaking(Folder.remove))
        yield


@pytest.mark.parametrize("steps", STEPS)
def test_a_push_that_was_killed_is_completed_by_the_next(
    steps: int, say: Say, target: Path, rich_day: list[str], log_one: LogOne
) -> None:
    with broken_after(steps), pytest.raises(KilledError):
        say("fleet", "push", str(target))
    assert not list(target.rglob("*.json"))
    late = log_one(started=time.time() - DAY_S)
    say("fleet", "push", str(target))
    assert ids_in(target) == ids_in_folders(target) == sorted([*rich_day, late])


@pytest.mark.parametrize("steps", [*STEPS, 11, 20, 30])
def test_at_each_step_of_a_compaction_that_is_killed_a_reader_sees_each_row_once(
    steps: int, say: Say, target: Path, pushed_twice: list[str]
) -> None:
    seen: list[list[object]] = []
    with broken_after(steps, lambda: seen.append(ids_in(target))), pytest.raises(KilledError):
        say("fleet", "compact", str(target))
    assert [ids for ids in seen if ids != pushed_twice] == []
    say("fleet", "compact", str(target))
    assert ids_in(target) == ids_in_folders(target) == pushed_twice
    assert not [
        path for path in target.rglob("host=*") if path.parent.name == "sessions" and len(list(path.iterdir())) > 1
    ]
