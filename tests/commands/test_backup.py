"""backup and restore: all of it comes back, and nothing that is no backup gets in."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.store import restore as restoring
from guardrail_proxy.store.backup import MARK
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.live import live
from guardrail_proxy.store.lookup import recording_of
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.schema import create_views

Run = Callable[..., subprocess.CompletedProcess[str]]
LogHostile = Callable[..., str]
Turn = Callable[[], Home]
SOME_ID = "019ab000-0000-7000-8000-000000000001"
pytestmark = pytest.mark.slow


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Turn to another, empty home."""

    def turn() -> Home:
        monkeypatch.setenv("GUARDRAIL_HOME", str(tmp_path / "other 'home'"))
        return Home(tmp_path / "other 'home'")

    return turn


@pytest.mark.parametrize("name", ["b.tar", "b.tar.zst"])
def test_everything_comes_back(name: str, run: Run, log_hostile: LogHostile, tmp_path: Path, elsewhere: Turn) -> None:
    if name.endswith("zst") and not shutil.which("zstd"):
        pytest.skip("zstd is not installed")
    loaded = log_hostile()
    assert run("store", "check").returncode == 0
    run("tag", loaded, "mine")
    spooled = log_hostile()
    run("config", "set", "mode", "strict")
    target = tmp_path / name
    assert (run("backup", str(target)).returncode, target.stat().st_mode & 0o777) == (0, 0o600)
    home = elsewhere()
    assert run("restore", str(target)).returncode == 0
    assert {str(name) for (name,) in ask(home, "SELECT session_id FROM sessions").rows} == {loaded, spooled}
    assert ask(home, "SELECT tags FROM marks").rows == [(["mine"],)]
    assert ("strict" in home.config.read_text(), run("store", "check").stdout) == (True, "sound\n")
    assert "alert(1)" in run("replay", "--speed", "1000").stdout
    assert oct(home.root.stat().st_mode)[-3:] == "700"


def test_a_view_that_a_backup_brings_is_never_asked(
    run: Run, log_hostile: LogHostile, home: Home, tmp_path: Path, elsewhere: Turn
) -> None:
    one, other = log_hostile(), Home(tmp_path / "other 'home'")
    ingest(other)
    with live(home, wait=True) as con:
        assert con is not None
        create_views(con, other, 1)  # so that they are marked as that home's own
        con.execute("CREATE OR REPLACE VIEW sessions AS SELECT 'none at all' AS session_id")
    assert run("backup", str(tmp_path / "b.tar")).returncode == 0
    shutil.rmtree(elsewhere().root)
    assert run("restore", str(tmp_path / "b.tar")).returncode == 0
    assert [str(name) for (name,) in ask(other, "SELECT session_id FROM sessions").rows] == [one]


def test_nothing_is_overwritten(run: Run, log_hostile: LogHostile, tmp_path: Path) -> None:
    log_hostile()
    target = str(tmp_path / "b.tar")
    assert run("backup", target).returncode == 0
    assert [run("backup", target).returncode, run("restore", target).returncode] == [2, 2]


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, target, 4 if kind == tarfile.REGTYPE else 0
    return made


HOSTILE = {
    "above": [entry("../evil")],
    "absolute": [entry("/tmp/evil")],
    "link": [entry("outputs", tarfile.SYMTYPE, "/tmp"), entry(f"outputs/2026-01-01/{SOME_ID}.cast.gz")],
    "hard link": [entry("config.toml", tarfile.LNKTYPE, "/etc/passwd")],
    "device": [entry("config.toml", tarfile.CHRTYPE)],
    "pipe": [entry("db/live.duckdb", tarfile.FIFOTYPE)],
    "shim": [entry("shims/claude")],
    "twice": [entry("config.toml"), entry("config.toml")],
    "no database": [entry("config.toml")],
    "bad database": [entry("db/live.duckdb")],
    "folder": [entry("spool/00000001", tarfile.DIRTYPE)],
}


def archive(path: Path, entries: list[tarfile.TarInfo], mark: str = MARK) -> None:
    with tarfile.open(path, "w") as tar:
        for one in (entry(mark), *entries):
            tar.addfile(one, io.BytesIO(b"evil") if one.size else None)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_file_of_a_backup_leaves_the_home_empty(
    name: str, run: Run, tmp_path: Path, elsewhere: Turn
) -> None:
    archive(tmp_path / "b.tar", HOSTILE[name])
    home = elsewhere()
    done = run("restore", str(tmp_path / "b.tar"))
    assert (done.returncode, done.stderr.count("\n"), "bug" in done.stderr) == (1, 1, False), done.stderr
    assert (home.root.exists(), sorted(path.name for path in tmp_path.iterdir())) == (False, ["b.tar"])


def test_a_file_that_is_no_archive_is_one_line(run: Run, tmp_path: Path, elsewhere: Turn) -> None:
    elsewhere()
    for data in (b"", b"x" * 5000, b"\x28\xb5\x2f\xfd" + b"x" * 5000):
        (tmp_path / "b.tar").write_bytes(data)
        done = run("restore", str(tmp_path / "b.tar"))
        assert (done.returncode, done.stderr.count("\n"), "bug" in done.stderr) == (1, 1, False), done.stderr


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path / "b.tar", [entry("config.toml"), entry("db/live.duckdb")])
    monkeypatch.setattr(restoring, "MOST_BYTES", 5)
    with pytest.raises(restoring.RestoreError, match="more than 5 bytes"):
        restoring.restore(Home(tmp_path / "home"), tmp_path / "b.tar", lambda _: None)


def test_compact_says_what_it_saved(run: Run, log_hostile: LogHostile) -> None:
    log_hostile()
    run("store", "check")
    assert "bytes before" in run("store", "compact").stdout
    assert run("store", "check").stdout == "sound\n"


def test_a_session_names_no_file_but_a_recording(tmp_path: Path) -> None:
    home, name = Home(tmp_path), f"outputs/2026-01-01/{SOME_ID}.cast.gz"
    (home.outputs / "2026-01-01").mkdir(parents=True)
    (home.root / name).touch()
    others = ("../x", "/etc/passwd", f"outputs/../{name}", "", None, 7, f"outputs/2026-01-02/{SOME_ID}.cast.gz")
    assert [recording_of(home, other) for other in (name, *others)] == [home.root / name, *[None] * len(others)]
