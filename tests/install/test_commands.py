"""`status`, `config`, `pause` and `resume` as a user sees them; and what is refused below a session."""

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.install.conftest import User


def test_status_says_live_with_the_shims_on_path(user: "User") -> None:
    user.lines("install", "claude")
    lines = user.lines("status", path=user.path(user.guard / "shims"))
    start = lines.index("claude: live")
    assert lines[start + 2] == f"  real {user.clis}/claude 2.1.197"
    assert lines[start + 3] == f"  shim {user.guard}/shims/claude"


@pytest.mark.parametrize("why", ["is not on PATH", "PATH order", "paused until", "disabled", "GUARDRAIL_BYPASS=1"])
def test_status_says_why_a_cli_is_bypassed(why: str, user: "User") -> None:
    user.lines("install", "claude")
    path, more = user.path(user.guard / "shims"), {}
    if why == "is not on PATH":
        path = user.path()
    elif why == "PATH order":
        path = user.path(user.clis, user.guard / "shims")
    elif why == "paused until":
        user.lines("pause", "10m")
    elif why == "disabled":
        user.lines("config", "set", "tools.claude.enabled", "false")
    else:
        more = {"GUARDRAIL_BYPASS": "1"}
    (line,) = [line for line in user.lines("status", path=path, **more) if line.startswith("claude:")]
    assert line.startswith("claude: bypassed: ")
    assert why in line


def test_a_pause_ends_with_resume(user: "User") -> None:
    user.lines("install", "claude")
    user.lines("pause", "10m")
    assert [user.lines("resume"), user.lines("resume")] == [["resumed"], ["nothing was paused"]]
    assert not (user.guard / "paused-until").exists()


def test_a_pause_says_what_stays_guarded(user: "User") -> None:
    user.lines("install", "claude")
    user.lines("config", "set", "tools.claude.mode", "strict")
    assert user.lines("pause")[1].endswith("strict allows no bypass: claude")


@pytest.mark.parametrize("typed", ["", "0m", "8d", "soon", "10", "-1h"])
def test_a_pause_that_is_none_is_one_line(typed: str, user: "User") -> None:
    done = user.run("pause", "--", typed)
    assert (done.returncode, done.stderr.count("\n"), user.guard.exists()) == (2, 1, False)


def test_setting_a_mode_changes_the_shim_at_once(user: "User") -> None:
    user.lines("install", "claude")
    before = (user.guard / "shims/claude").read_text()
    assert user.lines("config", "set", "mode", "strict") == ['mode = "strict"']
    after = (user.guard / "shims/claude").read_text()
    assert ("mode='standard'" in before, "mode='strict'" in after) == (True, True)


def test_show_says_value_and_place(user: "User") -> None:
    user.lines("config", "set", "retention_days", "7")
    (line,) = [line for line in user.lines("config", "show") if line.startswith("retention_days")]
    assert line.split(maxsplit=1)[1] == f"= 7  ({user.guard}/config.toml:1)"
    assert user.lines("config", "path") == [f"{user.guard}/config.toml"]


@pytest.mark.parametrize(
    ("key", "value"), [("mode", "lax"), ("tools.clod.mode", "strict"), ("retention_days", "x"), ("nothing", "1")]
)
def test_a_wrong_setting_is_one_line_and_writes_nothing(key: str, value: str, user: "User") -> None:
    done = user.run("config", "set", key, value)
    assert (done.returncode, done.stderr.count("\n"), user.guard.exists()) == (2, 1, False)
    assert done.stderr.startswith("guardrail-proxy: ")


def test_a_broken_config_is_one_line_in_every_command(user: "User") -> None:
    user.guard.mkdir()
    (user.guard / "config.toml").write_text("mode = ")
    for words in (["status"], ["install", "claude"], ["doctor"], ["config", "show"], ["pause"]):
        done = user.run(*words)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), words
        assert "config.toml:1: no valid TOML" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["pause"],
        ["uninstall", "--yes"],
        ["config", "set", "mode", "standard"],
        ["config", "set", "tools.claude.enabled", "false"],
        ["config", "set", "tools.claude.inject", "false"],
        ["config", "set", "allow_bypass", "true"],
    ],
)
def test_loosening_below_a_session_is_refused(words: list[str], user: "User") -> None:
    user.lines("install", "claude")
    done = user.run(*words, GUARDRAIL_SESSION=str(user.guard / "sessions/gone"))
    assert (done.returncode, done.stderr.count("\n")) == (78, 1)
    assert (user.guard / "shims/claude").exists()
    assert not (user.guard / "config.toml").exists()
    assert not (user.guard / "paused-until").exists()


def test_tightening_below_a_session_is_not_refused(user: "User") -> None:
    user.lines("install", "claude")
    done = user.run("config", "set", "mode", "strict", GUARDRAIL_SESSION=str(user.guard / "sessions/gone"))
    assert done.returncode == 0


def test_uninstall_ends_the_daemon(user: "User") -> None:
    user.lines("install", "claude")
    (started,) = user.lines("daemon", "start")
    pid = started.rpartition(" ")[2]
    assert f"ended the daemon, pid {pid}" in user.lines("uninstall", "--yes")
    assert user.run("daemon", "status").returncode == 1


NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="NEEDS ROOT: what sudo does is not tested")


@NEEDS_ROOT
@pytest.mark.parametrize("words", [["status"], ["install", "claude"], ["doctor"], ["uninstall", "--yes"]])
@pytest.mark.parametrize("is_there", [True, False])
def test_root_writes_nothing_into_the_home_of_another_user(words: list[str], is_there: bool, user: "User") -> None:
    if is_there:
        user.lines("install", "claude")
        os.chown(user.guard, 12345, 12345)
    os.chown(user.home, 12345, 12345)
    before = sorted(user.home.rglob("*"))
    done = user.run(*words, SUDO_UID="12345")
    assert (done.returncode, done.stderr.count("\n"), "belongs to user 12345" in done.stderr) == (2, 1, True)
    assert sorted(user.home.rglob("*")) == before


@NEEDS_ROOT
def test_root_without_sudo_may_make_a_home_where_it_likes(user: "User") -> None:
    os.chown(user.home, 12345, 12345)
    user.lines("install", "claude")
