"""No layout of PATH lets a shim find a shim: property over real folders, links, copies, relative and empty entries."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stand import Stand

from guardrail_proxy.run.find import find_real

ENTRIES = {
    "shims": "home/shims",
    "shims with a slash": "home/shims/",
    "link to shims": "link",
    "link to a link": "link2",
    "folder of linked shims": "linked",
    "folder of copied shims": "copied",
    "shims of another home": "other/home/shims",
    "relative shims": "./home/shims",
    "relative through a parent": "bin/../home/shims",
    "empty": "",
    "here": ".",
    "nothing": "nowhere",
    "a file": "bin/claude",
    "folder with a folder": "folder",
    "folder with a circle": "circle",
    "not executable": "plain",
    "real": "bin",
    "link to real": "link3",
    "folder with a link to real": "linked3",
}
REAL = frozenset({"real", "link to real", "folder with a link to real"})
LAYOUTS = st.lists(st.sampled_from(sorted(ENTRIES)), max_size=8)


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    """Every kind of folder, once."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        stand = Stand(Path(folder))
        Stand(Path(folder) / "other")
        build(stand)
        here = Path.cwd()
        os.chdir(stand.root)
        yield stand
        os.chdir(here)


def build(stand: Stand) -> None:
    root = stand.root
    for link, target in {"link": "home/shims", "link2": "link", "link3": "bin", "claude": "home/shims/claude"}.items():
        (root / link).symlink_to(target)
    for name in ("linked", "copied", "folder/claude", "circle", "plain", "linked3"):
        (root / name).mkdir(parents=True)
    (root / "linked/claude").symlink_to("../home/shims/claude")
    shutil.copy(root / "home/shims/claude", root / "copied/claude")
    (root / "circle/claude").symlink_to("claude")
    (root / "plain/claude").write_text("x")
    (root / "linked3/claude").symlink_to("../bin/claude")


def path_of(stand: Stand, layout: list[str], *, absolute: bool) -> str:
    """``PATH``; entries of ours as they are written or made absolute, where that makes a difference."""
    words = [ENTRIES[name] for name in layout]
    return ":".join(f"{stand.root}/{word}" if absolute and word not in ("", ".") else word for word in words)


@given(LAYOUTS, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_first_real_one_is_found_and_never_a_shim(stand: Stand, layout: list[str], absolute: bool) -> None:
    path = path_of(stand, layout, absolute=absolute)
    found = os.fsdecode(find_real(b"claude", os.fsencode(path), os.fsencode(stand.home / "shims")))
    first = next((ENTRIES[name] for name in layout if name in REAL), None)
    prefix = f"{stand.root}/" if absolute else ""
    assert found == (f"{prefix}{first}/claude" if first else "")


@pytest.mark.slow
@given(LAYOUTS.map(lambda layout: ["shims", *layout]), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
def test_a_call_is_one_session_of_the_real_one_or_none(stand: Stand, layout: list[str], absolute: bool) -> None:
    before = set(stand.folders())
    done = subprocess.run(
        [stand.home / "shims/claude", "x"],
        env=stand.env(PATH=path_of(stand, layout, absolute=absolute) + ":/usr/bin:/bin"),
        cwd=stand.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    is_there = bool(REAL & set(layout))
    assert (done.returncode, done.stdout) == ((3, b"out:x\n") if is_there else (127, b""))
    assert len(set(stand.folders()) - before) == is_there
