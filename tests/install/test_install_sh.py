"""install.sh on a fresh HOME: what it needs, what it leaves, what a second and an interrupted run do.

A stand-in for uv makes the environment from the one that runs these tests; one test does it really, with pip.
"""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.workers._record import nothing_due

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
BACKGROUND = re.compile(r"/(db|logs|spool|data|sessions\.duckdb|AI_Failure_Modes\.md)(/|$)")
"""What goes on after a session by itself."""
Snapshot = Callable[[Path], dict[str, tuple[int, bytes]]]
UV = f"""#!/bin/sh
# uv venv --quiet --python PYTHON DIR | uv pip install --python DIR/bin/python -c FILE ROOT
if [ "$1" = venv ]; then
    [ -z "$SLOW_UV" ] || {{ mkdir -p "$5"; echo building; sleep 60; }}
    exec {sys.executable} -m venv --without-pip "$5"
fi
dir=$(dirname "$(dirname "$4")")
printf '%s\\n%s\\n' {ROOT} {sysconfig.get_path("purelib")} >"$dir/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages/ours.pth"
for name in guardrail-proxy:commands guardrail-demo-ai:install.demo_ai; do
    printf '#!%s\\nfrom guardrail_proxy.%s import main\\nmain()\\n' "$dir/bin/python" "${{name#*:}}" >"$dir/bin/${{name%:*}}"
    chmod +x "$dir/bin/${{name%:*}}"
done
"""  # noqa: E501 # a shell script

NO_VENV = """#!/bin/sh
case "$*" in
    *ensurepip*) exit 1 ;;
    *"print(sys.executable)") echo {own} ;;
    *) exec {real} "$@" ;;
esac
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/uv").write_text(UV)
    (tmp_path / "bin/uv").chmod(0o755)
    (tmp_path / "user").mkdir()
    return tmp_path / "user"


def environment(home: Path, **more: str) -> dict[str, str]:
    path = f"{home.parent}/bin:{Path(sys.executable).parent}:/usr/bin:/bin"
    return {"HOME": str(home), "PATH": path, "LANG": "C.UTF-8", "SLOW_UV": "", **more}


def install(home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(ROOT / "install.sh")],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_fresh_machine_ends_with_the_row_of_a_real_run(home: Path) -> None:
    done = install(home)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "4/4 one real run of guardrail-demo-ai through its shim" in done.stdout
    assert "```python" in done.stdout
    row = done.stdout.partition("its row, from guardrail-proxy sql:")[2]
    assert "guardrail-demo-ai" in row
    assert [word in done.stdout for word in ("recorded:", "where, how long:", "stop:")] == [True] * 3
    assert (home / ".local/bin/guardrail-proxy").resolve() == (home / ".guardrail/env/bin/guardrail-proxy").resolve()


def test_twice_changes_nothing(home: Path, snapshot: Snapshot) -> None:
    def kept() -> dict[str, tuple[int, bytes]]:
        with nothing_due(Home(home / ".guardrail")):
            return {name: value for name, value in snapshot(home).items() if not BACKGROUND.search(name)}

    install(home)
    before = kept()
    done = install(home)
    assert done.returncode == 0, done.stderr
    assert "nothing was changed" in done.stdout
    after = kept()
    assert sorted(set(before) ^ set(after)) == []
    assert [name for name in before if before[name] != after[name] and not name.endswith(".pyc")] == []


def test_a_run_that_was_cut_off_before_its_row_is_made_up_for(home: Path) -> None:
    install(home)
    with nothing_due(Home(home / ".guardrail")):
        for name in ("spool", "db", "outputs"):
            shutil.rmtree(home / ".guardrail" / name)
        (home / ".guardrail/sessions.duckdb").unlink()
    row = install(home).stdout.partition("its row, from guardrail-proxy sql:")[2]
    assert "guardrail-demo-ai" in row


def test_uninstall_takes_everything_back(home: Path, snapshot: Snapshot) -> None:
    (home / ".bashrc").write_text("# mine")
    before = snapshot(home)
    install(home)
    command = [str(home / ".local/bin/guardrail-proxy"), "uninstall", "--yes", "--purge"]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert snapshot(home) == before


def test_the_installed_command_knows_its_home_without_the_variable(home: Path, tmp_path: Path) -> None:
    install(home, GUARDRAIL_HOME=str(tmp_path / "else"))
    command = [str(home / ".local/bin/guardrail-proxy"), "config", "path"]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True)
    assert done.stdout.strip() == f"{tmp_path}/else/config.toml"


def test_ctrl_c_leaves_nothing_half_done(home: Path) -> None:
    child = pexpect.spawn(str(ROOT / "install.sh"), env=environment(home, SLOW_UV="1"), timeout=30)
    child.expect("building")
    child.sendintr()
    child.expect("nothing was changed")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert [path.name for path in (home / ".guardrail").iterdir()] == []
    assert sorted(path.name for path in home.iterdir()) == [".guardrail"]


def test_ctrl_c_after_the_switch_says_how_to_go_on(home: Path) -> None:
    child = pexpect.spawn(str(ROOT / "install.sh"), env=environment(home), timeout=60)
    child.expect("3/4")
    child.sendintr()
    child.expect("run it again to finish")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


def test_ctrl_c_while_venv_works_shows_no_traceback(home: Path) -> None:
    (home.parent / "bin/uv").unlink()
    child = pexpect.spawn(str(ROOT / "install.sh"), env=environment(home), timeout=60)
    child.expect("with venv and pip")
    started = home / ".guardrail"
    while not list(started.glob("env-*/bin/python3*")):
        assert child.isalive()
        select.select([], [], [], 0.02)
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, b"Traceback" in child.before) == (130, False)


def test_what_a_killed_run_left_is_cleared_by_the_next(home: Path) -> None:
    child = pexpect.spawn(str(ROOT / "install.sh"), env=environment(home, SLOW_UV="1"), timeout=30)
    child.expect("building")
    os.killpg(os.getpgid(child.pid), signal.SIGKILL)
    child.close(force=True)
    assert any(path.name.startswith("env-") for path in (home / ".guardrail").iterdir())
    assert install(home).returncode == 0
    assert len([path for path in (home / ".guardrail").iterdir() if path.name.startswith("env-")]) == 1


def test_a_python_that_is_too_old_or_absent_is_one_line_that_says_what_to_install(home: Path, tmp_path: Path) -> None:
    for name in ("dirname", "mkdir", "uname", "sh"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    old = tmp_path / "bin/python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = install(home, PATH=str(tmp_path / "bin"))
    assert (done.returncode, done.stderr.count("\n"), "python3 >= 3.11" in done.stderr) == (1, 1, True)
    assert list(home.iterdir()) == []


def test_without_uv_and_venv_the_package_to_install_is_named(home: Path, tmp_path: Path) -> None:
    (tmp_path / "bin/uv").unlink()
    python = tmp_path / "bin/python3"
    python.write_text(NO_VENV.format(own=python, real=sys.executable))
    python.chmod(0o755)
    done = install(home)
    assert (done.returncode, "install the package python3-venv" in done.stderr) == (1, True)
    assert list((home / ".guardrail").iterdir()) == []


def test_a_home_with_a_space_is_refused_before_anything_is_made(home: Path, tmp_path: Path) -> None:
    done = install(home, GUARDRAIL_HOME=str(tmp_path / "a b"))
    assert (done.returncode, done.stderr.count("\n"), (tmp_path / "a b").exists()) == (1, 1, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="NEEDS ROOT: what sudo does is not tested")
def test_sudo_with_the_users_home_is_refused_before_anything_is_made(home: Path) -> None:
    os.chown(home, 12345, 12345)
    done = install(home, SUDO_UID="12345")
    assert (done.returncode, done.stderr.count("\n"), list(home.iterdir())) == (1, 1, [])


def test_a_file_of_the_users_in_the_place_of_our_link_stays(home: Path) -> None:
    (home / ".local/bin").mkdir(parents=True)
    (home / ".local/bin/guardrail-proxy").write_text("mine")
    assert "not ours" in install(home).stdout
    assert (home / ".local/bin/guardrail-proxy").read_text() == "mine"


def test_with_pip_it_installs_the_package_itself(home: Path, tmp_path: Path) -> None:
    (tmp_path / "bin/uv").unlink()
    pip = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "XDG_CACHE"))}
    done = install(home, **pip)
    assert done.returncode == 0, done.stderr + done.stdout
    (package,) = (home / ".guardrail/env/lib").glob("python3*/site-packages/guardrail_proxy")
    assert (package / "install/shims/shim.template").exists()
    assert "its row, from guardrail-proxy sql:" in done.stdout


def test_a_package_index_that_has_nothing_is_the_reason_that_is_given(home: Path) -> None:
    (home.parent / "bin/uv").unlink()
    done = install(home, PIP_CONFIG_FILE="/dev/null", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(home))
    assert (done.returncode, "No matching distribution found for" in done.stderr) == (1, True)
    assert list((home / ".guardrail").iterdir()) == []


@pytest.mark.parametrize("checker", [["sh", "-n"], ["shellcheck"]])
def test_it_is_plain_posix_shell(checker: list[str]) -> None:
    if shutil.which(checker[0]) is None:
        pytest.skip(f"{checker[0]} IS NOT INSTALLED: install.sh is not checked by it")
    done = subprocess.run([*checker, str(ROOT / "install.sh")], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
