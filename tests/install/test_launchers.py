"""The canary through real launchers: what reaches the shim, what beats it and why, and strange start-up files."""

import dataclasses
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor import bounded
from guardrail_proxy.install.doctor.coverage import Cell, cell
from guardrail_proxy.install.doctor.fire import canary, fire
from guardrail_proxy.install.doctor.launchers import LAUNCHERS, Launcher, environment, family, shell_of, without_shims

if TYPE_CHECKING:
    from tests.install.conftest import User

pytestmark = pytest.mark.slow
BY_NAME = {launcher.name: launcher for launcher in LAUNCHERS}
INTERACTIVE = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}


def through(user: "User", name: str, path: str = "") -> Cell:
    """What came of `claude` through a launcher."""
    env = {"HOME": str(user.home), "PATH": path or user.path(), "TERM": "dumb", "LANG": "C.UTF-8"}
    env["SHELL"] = shutil.which("bash") or "bash"
    launcher = BY_NAME[name]
    for program in (shell_of(launcher, env), *launcher.needs):
        if shutil.which(program) is None:
            pytest.skip(f"{program} IS NOT INSTALLED: this launcher is not tested (apt-get install {program})")
    return cell(
        Home(user.guard), fire(Home(user.guard), launcher, ("claude",), env), "claude", family(shell_of(launcher, env))
    )


def write(user: "User", file: str, *lines: str) -> None:
    path = user.home / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines))


def add(user: "User", file: str, line: str) -> None:
    """After what is there, our lines among it."""
    path = user.home / file
    write(user, file, *(path.read_text().splitlines() if path.exists() else ()), line)


@pytest.mark.parametrize("name", [one.name for one in LAUNCHERS if one.is_set_up])
def test_every_launcher_that_install_sets_up_reaches_the_shim(name: str, user: "User") -> None:
    write(user, ".bashrc", "case $- in *i*) ;; *) return ;; esac")
    user.lines("install", "claude")
    assert through(user, name).state == "covered"
    assert [path.name for path in user.guard.glob("canary-*")] == []


@pytest.mark.parametrize("name", [one.name for one in LAUNCHERS if not one.is_set_up])
def test_a_launcher_that_reads_no_file_of_ours_is_a_note_where_it_finds_the_cli(
    name: str, user: "User", monkeypatch: pytest.MonkeyPatch
) -> None:
    user.lines("install", "claude")
    assert (through(user, name).state, through(user, name).why) == ("absent", "")
    monkeypatch.setattr("guardrail_proxy.install.doctor.launchers.LOGIN_PATH", user.path())
    monkeypatch.setattr("guardrail_proxy.install.doctor.launchers.CRON_PATH", user.path())
    if BY_NAME[name].start == "empty":
        return  # its PATH is built into sh
    found = through(user, name)
    assert (found.state, found.is_note, str(user.guard / "shims") in found.fix) == ("BYPASSED", True, True)


BEATS = {
    "alias": ("alias claude={cli}", "alias claude={cli}", "", "remove the alias|rename the function"),
    "function": ("claude() {{ :; }}", "function claude; end", "function", "rename the function"),
    "order": ("export PATH={clis}:$PATH", "set -gx PATH {clis} $PATH", "comes before the shim", "as the last line"),
}
"""(line, the same in fish, word of the reason, words of the fix)"""


@pytest.mark.parametrize("shell", INTERACTIVE)
@pytest.mark.parametrize("what", BEATS)
def test_what_beats_the_shim_is_found_with_its_fix(shell: str, what: str, user: "User") -> None:
    user.lines("install", "claude")
    line, fish_line, word, fix = BEATS[what]
    add(
        user,
        INTERACTIVE[shell],
        (fish_line if shell == "fish" else line).format(cli=user.clis / "claude", clis=user.clis),
    )
    found = through(user, f"{shell}: terminal")
    assert (found.state, word in found.why) == ("BYPASSED", True), found
    assert any(one in found.fix for one in fix.split("|")), found


def test_a_hashed_path_is_found(user: "User") -> None:
    user.lines("install", "claude")
    add(user, ".bashrc", f"hash -p {user.clis}/claude claude")
    found = through(user, "bash: terminal")
    assert (found.state, "hashed" in found.why, "hash -r" in found.fix) == ("BYPASSED", True, True)


def test_an_alias_of_the_bare_name_with_arguments_is_covered(user: "User") -> None:
    write(user, ".bashrc", "alias claude='claude --verbose'")
    user.lines("install", "claude")
    assert through(user, "bash: terminal").state == "covered"


def test_the_shims_of_another_home_are_told_apart(user: "User", tmp_path: Path) -> None:
    user.lines("install", "claude", GUARDRAIL_HOME=str(tmp_path / "other"))
    before = (user.home / ".bashrc").read_bytes()
    user.lines("install", "claude")
    (user.home / ".bashrc").write_bytes((user.home / ".bashrc").read_bytes() + before)
    found = through(user, "bash: terminal")
    assert (found.state, "another installation" in found.why) == ("BYPASSED", True)


def test_a_shim_that_does_not_work_is_not_covered(user: "User") -> None:
    user.lines("install", "claude")
    shutil.rmtree(user.guard / "hot", ignore_errors=True)
    (user.guard / "hot").unlink()
    found = through(user, "bash: terminal")
    assert (found.state, found.why) == ("BYPASSED", "the shim is found and does not answer")


@pytest.mark.parametrize(
    ("line", "state", "why"),
    [
        ("echo noise; echo more >&2", "covered", ""),
        ("exec >/dev/null 2>&1", "covered", ""),
        ("exec </dev/null >/dev/null 2>&1", "covered", ""),
        ("exec </dev/null >/dev/null 2>&1; sleep 1000", "not seen", "did not end in"),
        ("read -r x", "covered", ""),
        ("exit 3", "not seen", "end it before"),
        ("exec sh", "not seen", "end it before"),
        ("sleep 1000", "not seen", "did not end in"),
    ],
)
def test_strange_start_up_files_are_one_clear_line_and_no_hang(
    line: str, state: str, why: str, user: "User", monkeypatch: pytest.MonkeyPatch
) -> None:
    write(user, ".bashrc", line)
    user.lines("install", "claude")
    if "sleep" in line:
        monkeypatch.setattr(bounded, "START_UP_S", 0.5)
    found = through(user, "bash: terminal")
    assert (found.state, why in found.why) == (state, True), found


def test_a_start_up_file_that_becomes_another_shell_is_named(user: "User", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "START_UP_S", 0.5)
    write(user, ".bashrc", "exec sleep 1000")
    user.lines("install", "claude")
    assert "are sleep by now" in through(user, "bash: terminal").why


def test_a_canary_runs_nothing_and_counts_only_while_doctor_waits_for_it(user: "User") -> None:
    user.fake("claude", "#!/bin/sh\necho ran\n")
    user.lines("install", "claude")
    home = Home(user.guard)
    with canary(home) as one:
        done = user.run("exec", "--", "claude", "-p", "x", GUARDRAIL_CANARY=one.nonce)
        assert (done.returncode, done.stdout, set(one.reached())) == (0, "", {"claude"})
    for nonce in (one.nonce, "", "../shims/claude", "x" * 300):
        assert user.run("exec", "--", "claude", GUARDRAIL_CANARY=nonce).stdout == "ran\n"


def test_a_launcher_starts_without_our_folder_by_any_name_and_without_our_variables(tmp_path: Path) -> None:
    home = Home(tmp_path / "h")
    home.shims.mkdir(parents=True)
    (tmp_path / "link").symlink_to(home.shims)
    path = f"{home.shims}:/usr/bin:{tmp_path}/link:{home.shims}/"
    assert without_shims(home, path) == "/usr/bin"
    launcher = Launcher("x", "sh", ("-c",), "session")
    env = environment(launcher, home, {"PATH": path, "GUARDRAIL_MODE": "strict", "SHLVL": "3", "A": "b"})
    assert env == {"PATH": "/usr/bin", "A": "b"}


@pytest.mark.parametrize("name", ["bash: terminal", "zsh: terminal", "fish: terminal", "sh -lc: desktop session"])
def test_a_home_may_have_any_name_that_can_be_on_path(name: str, user: "User", tmp_path: Path) -> None:
    home = tmp_path / 'ü s\'er \\ $x `id` ; "q"'
    user = dataclasses.replace(user, home=home, guard=home / "the guard")
    home.mkdir()
    user.lines("install", "claude")
    assert through(user, name).state == "covered"


@pytest.mark.parametrize("name", ["a\nb", "a:b"])
def test_a_home_that_cannot_be_on_path_is_refused_in_one_line(name: str, user: "User", tmp_path: Path) -> None:
    done = user.run("install", "claude", GUARDRAIL_HOME=str(tmp_path / name))
    assert (done.returncode, done.stderr.count("\n"), "choose another" in done.stderr) == (2, 1, True)
    assert [path.name for path in user.home.iterdir()] == []
