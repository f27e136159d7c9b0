"""The env files in real shells: shims first on PATH, once, in login and other shells."""

import os
import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home
from guardrail_proxy.install.env_files import env_fish, env_sh, fish_quote, sh_quote

POSIX = ("sh", "bash", "zsh")
SYSTEM = "/usr/local/bin:/usr/bin:/bin"


def need(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} IS NOT INSTALLED: its env file is not tested (apt-get install {shell})")


def write(home: Home, *, strict: bool = False) -> None:
    home.root.mkdir(parents=True, exist_ok=True)
    (home.root / "env.sh").write_text(env_sh(home, strict=strict))
    (home.root / "env.fish").write_text(env_fish(home, strict=strict))


def path_in(shell: str, home: Home, path: str = SYSTEM, *, times: int = 2) -> list[str]:
    """PATH after sourcing the env file some times."""
    need(shell)
    name, show = ("env.fish", "string join : $PATH") if shell == "fish" else ("env.sh", 'printf "%s" "$PATH"')
    strict_shell = "" if shell == "fish" else "set -eu; "
    quote = fish_quote if shell == "fish" else sh_quote
    script = strict_shell + f". {quote(f'{home.root}/{name}')}; " * times + show
    done = subprocess.run(
        [shutil.which(shell) or shell, "-c", script],
        env={"PATH": path, "HOME": os.environ["HOME"]},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip().split(":")


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
@pytest.mark.parametrize("name", ["plain", "with space", "quote'd", "dollar$HOME", "back\\slash", "star*[x]"])
def test_the_shims_are_first_once(shell: str, name: str, tmp_path: Path) -> None:
    home = Home(tmp_path / name)
    write(home)
    assert path_in(shell, home) == [str(home.shims), *SYSTEM.split(":")]
    assert path_in(shell, home, f"/opt:{home.shims}") == [str(home.shims), "/opt"]


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
def test_shims_that_something_pushed_back_come_first_again(shell: str, tmp_path: Path) -> None:
    home = Home(tmp_path / "h")
    write(home)
    pushed = f"/opt:{home.shims}:/usr/bin:{home.shims}:/bin"
    assert path_in(shell, home, pushed) == [str(home.shims), "/opt", "/usr/bin", "/bin"]


def test_an_empty_path_gets_no_empty_entry(tmp_path: Path) -> None:
    home = Home(tmp_path / "h")
    write(home)
    assert path_in("sh", home, "") == [str(home.shims)]


def without_python(home: Home, *, strict: bool) -> None:
    """Env files of a machine that has none."""
    write(home, strict=strict)
    for name in ("env.sh", "env.fish"):
        text = (home.root / name).read_text()
        for folder in ("/usr/bin", "/bin", "/usr/local/bin"):
            text = text.replace(f"'{folder}'", f"'{home.root}/no{folder}'")
        (home.root / name).write_text(text)


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("is_inherited", [False, True])
def test_without_a_python_standard_takes_us_off_path_and_strict_does_not(
    shell: str, strict: bool, is_inherited: bool, tmp_path: Path
) -> None:
    home = Home(tmp_path / "h")
    without_python(home, strict=strict)
    path = f"{home.shims}:{SYSTEM}" if is_inherited else SYSTEM
    assert path_in(shell, home, path) == [*([str(home.shims)] if strict else []), *SYSTEM.split(":")]


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
@pytest.mark.parametrize(("strict", "what"), [(False, b"run unguarded"), (True, b"do not start in strict")])
def test_without_a_python_a_terminal_is_told_once(shell: str, strict: bool, what: bytes, tmp_path: Path) -> None:
    need(shell)
    home = Home(tmp_path / "h")
    without_python(home, strict=strict)
    file = home.root / ("env.fish" if shell == "fish" else "env.sh")
    words = [shutil.which(shell) or shell, "-c", f". '{file}'; . '{file}'"]
    shown = pexpect.spawn(words[0], words[1:], env={"PATH": SYSTEM, "HOME": str(tmp_path), "TERM": "dumb"}).read()
    assert (shown.count(b"no working python3 in"), shown.count(what), shown.count(b"install python3")) == (1, 1, 1)


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
@pytest.mark.parametrize(("script", "is_on"), [("exit 0", True), ("exit 127", False)])
def test_a_python_that_is_there_and_does_not_run_is_seen_when_a_terminal_opens(
    shell: str, script: str, is_on: bool, tmp_path: Path
) -> None:
    need(shell)
    home = Home(tmp_path / "h")
    write(home)
    python = home.root / "env/bin/python3"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\necho ran >>'{tmp_path}/runs'\n{script}\n")
    python.chmod(0o755)
    file = home.root / ("env.fish" if shell == "fish" else "env.sh")
    words = ["-ic", f". '{file}'; . '{file}'; echo \"PATH=$PATH\""]
    env = {"PATH": f"{home.shims}:{SYSTEM}", "HOME": str(tmp_path), "TERM": "dumb"}
    shown = pexpect.spawn(shutil.which(shell) or shell, words, env=env).read().decode()
    assert (str(home.shims) in shown.partition("PATH=")[2], "no working python3" in shown) == (is_on, not is_on)
    if is_on and shell != "fish":
        assert (tmp_path / "runs").read_text() == "ran\n"


@pytest.mark.parametrize("shell", POSIX)
def test_nothing_of_ours_stays_behind_in_the_shell(shell: str, tmp_path: Path) -> None:
    need(shell)
    home = Home(tmp_path / "h")
    write(home)
    script = f". '{home.root}/env.sh'; set"
    done = subprocess.run([shell, "-c", script], env={"PATH": SYSTEM, "HOME": "/"}, capture_output=True, text=True)
    assert [line for line in done.stdout.split("\n") if line.startswith("_guardrail")] == []


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
def test_our_command_is_found_where_install_put_it(shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "h")
    write(home)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    (tmp_path / "user/.local/bin").mkdir(parents=True)
    shutil.copy("/bin/true", tmp_path / "user/.local/bin/guardrail-proxy")
    assert path_in(shell, home)[-1] == str(tmp_path / "user/.local/bin")


@pytest.mark.parametrize("name", ["a:b", "a\nb"])
def test_a_home_that_cannot_be_on_path_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="choose another"):
        env_sh(Home(tmp_path / name), strict=False)
