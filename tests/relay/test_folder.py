"""A session's folder: one that lies ready where there is one, and none that anybody has touched."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from stand import Stand

from guardrail_proxy.home import Home
from guardrail_proxy.run.folder import SPARES, Folder
from guardrail_proxy.sidecar.spares import lay_ready
from guardrail_proxy.store.leftovers import OLD_S, sweep_leftovers

MADE_BY_AN_UMASK = (
    "import os, sys; os.umask(0o077); from guardrail_proxy.sidecar.spares import lay_ready; lay_ready(sys.argv[1])"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sessions").mkdir()
    return tmp_path


def new_session(home: Path) -> Path:
    folder = Folder(os.fsencode(home), may_be_spare=True)
    folder.start(b', "kind": "pipe"')
    folder.end(0, 0)
    os.close(folder.lock)
    return Path(os.fsdecode(folder.path))


def spares(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "spare").iterdir())


def test_what_lies_ready_is_taken_one_after_the_other_and_laid_ready_again(home: Path) -> None:
    lay_ready(str(home))
    before = {path.stat().st_ino for path in (home / "spare").iterdir()}
    sessions = [new_session(home) for _ in range(SPARES)]
    assert {path.stat().st_ino for path in sessions} == before
    assert [sorted(p.name for p in path.iterdir()) for path in sessions] == [["end.json", "start.json"]] * SPARES
    assert (spares(home), new_session(home).stat().st_ino in before) == ([], False)
    lay_ready(str(home))
    assert spares(home) == [str(number) for number in range(SPARES)]


def test_only_the_user_may_look_in(home: Path) -> None:
    subprocess.run([sys.executable, "-c", MADE_BY_AN_UMASK, str(home)], check=True)
    session = new_session(home)
    assert [path.stat().st_mode & 0o777 for path in (session, *sorted(session.iterdir()))] == [0o700, 0o600, 0o600]
    assert (home / "spare").stat().st_mode & 0o777 == 0o700


def test_one_that_lay_ready_for_long_is_as_young_as_its_session(home: Path) -> None:
    lay_ready(str(home))
    for spare in (home / "spare").iterdir():
        os.utime(spare, (0, 0))
    folder = Folder(os.fsencode(home), may_be_spare=True)
    assert time.time() - os.stat(folder.path).st_mtime < 60


HOW = [
    "more in it",
    "less in it",
    "another mode",
    "a link",
    "a file",
    "links in it",
    "hard links",
    "pipes in it",
    "full",
]


@pytest.mark.parametrize("how", HOW)
def test_what_somebody_has_touched_is_left_alone(home: Path, how: str) -> None:
    lay_ready(str(home))
    (home / "victim").write_text("mine" if how == "full" else "")
    for spare in (home / "spare").iterdir():
        change_files(spare, how, home / "victim")
        if how == "more in it":
            (spare / "hooks.jsonl").write_text("{}")
        elif how == "less in it":
            (spare / "end.json.new").unlink()
        elif how == "another mode":
            spare.chmod(0o755)
        elif how in ("a link", "a file"):
            spare.rename(home / f"moved-{spare.name}")
            spare.symlink_to(home / f"moved-{spare.name}") if how == "a link" else spare.write_text("")
    session = new_session(home)
    assert sorted(path.name for path in session.iterdir()) == ["end.json", "start.json"]
    assert (len(spares(home)), session.is_symlink(), (home / "victim").stat().st_size in (0, 4)) == (
        SPARES,
        False,
        True,
    )
    lay_ready(str(home))
    new_session(home)
    assert len(spares(home)) == SPARES - 1  # they were made anew


def change_files(spare: Path, how: str, victim: Path) -> None:
    for file in spare.iterdir() if how in ("links in it", "hard links", "pipes in it", "full") else ():
        file.unlink()
        if how == "pipes in it":
            os.mkfifo(file, 0o600)
        elif how == "full":
            file.write_text("x")
            file.chmod(0o600)
        else:
            (file.symlink_to if how == "links in it" else file.hardlink_to)(victim)


def test_a_folder_that_is_not_ours_is_neither_filled_nor_swept(home: Path) -> None:
    (home / "precious").mkdir()
    (home / "precious/.1-2").write_text("mine")
    (home / "spare").symlink_to(home / "precious")
    lay_ready(str(home))
    swept = sweep_leftovers(Home(home), time.time() + 2 * OLD_S)
    assert (swept, [path.name for path in (home / "precious").iterdir()]) == (0, [".1-2"])


def test_where_there_is_no_home_none_is_made(tmp_path: Path) -> None:
    lay_ready(str(tmp_path / "none"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("mode", "taken"), [("standard", 1), ("strict", 0)])
def test_strict_makes_its_own(make_stand: type[Stand], tmp_path: Path, mode: str, taken: int) -> None:
    stand = make_stand(tmp_path, mode)
    stand.reply("verdict approved\n")
    (stand.home / "sessions").mkdir()
    lay_ready(str(stand.home))
    stand.run()
    assert len(spares(stand.home)) == SPARES - taken
