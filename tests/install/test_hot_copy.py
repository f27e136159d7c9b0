"""The copy of the HOT modules: whole, private, compiled, loadable by the system's python3 alone."""

import subprocess
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.install.hot_copy import copy_hot, hot_files


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.root.mkdir(mode=0o700)
    copy_hot(home)
    return home


def test_it_holds_exactly_the_hot_modules(home: Home) -> None:
    found = {path.relative_to(home.hot).as_posix() for path in home.hot.rglob("*.py")}
    assert found | {"shim.template"} == set(hot_files())
    assert {"guardrail_proxy/shim.py", "guardrail_proxy/hook.py", "guardrail_proxy/run/pump.py"} <= found


def test_a_second_copy_changes_nothing(home: Home) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.root.rglob("*")}
    assert copy_hot(home) is False
    assert {path: path.stat().st_mtime_ns for path in home.root.rglob("*")} == before


def test_everything_is_private(home: Home) -> None:
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in home.hot.resolve().rglob("*")}
    assert modes == {True: 0o700, False: 0o600}


def test_a_changed_or_missing_module_is_repaired(home: Home) -> None:
    (home.hot / "guardrail_proxy/shim.py").write_text("raise SystemExit\n")
    assert copy_hot(home) is True
    assert (home.hot / "guardrail_proxy/shim.py").read_bytes() == hot_files()["guardrail_proxy/shim.py"]
    assert len(list(home.root.glob(".hot-*"))) == 1


def test_an_older_folder_in_the_place_of_the_link_is_replaced(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (home.hot / "guardrail_proxy").mkdir(parents=True)
    assert copy_hot(home) is True
    assert home.hot.is_symlink()


def test_the_system_python_loads_it_without_site_packages(home: Home) -> None:
    code = f"import sys; sys.path[:0] = [{str(home.hot)!r}]; import guardrail_proxy.shim, guardrail_proxy.hook"
    done = subprocess.run(["/usr/bin/python3", "-I", "-S", "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_bytecode_is_used_as_it_is(home: Home) -> None:
    cached = {path: path.stat().st_mtime_ns for path in home.hot.resolve().rglob("*.pyc")}
    code = f"import sys; sys.path[:0] = [{str(home.hot)!r}]; import guardrail_proxy.shim"
    subprocess.run(["/usr/bin/python3", "-I", "-S", "-c", code], check=True)
    assert {path: path.stat().st_mtime_ns for path in home.hot.resolve().rglob("*.pyc")} == cached
    assert len(cached) >= len([name for name in hot_files() if name.endswith(".py")])


BOOT = """
import posix, sys
from _frozen_importlib_external import MAGIC_NUMBER
from marshal import loads
folder = {folder!r}
with open(folder + "/%d.bundle" % int.from_bytes(MAGIC_NUMBER[:2], "little"), "rb") as file:
    data = file.read()
size, index, extensions, body = loads(data)
_, start, end, _ = index["guardrail_proxy.bundle"]
exec(loads(data[start:end])["guardrail_proxy.bundle"])
serve(folder, data, index, extensions)
import guardrail_proxy.shim, guardrail_proxy.run.relay
ours = [module for name, module in sys.modules.items() if name.startswith("guardrail_proxy")]
files = {{module.__dict__.get("__file__") for module in ours}}
print(len(ours), files, sys.modules["guardrail_proxy.run"].relay is guardrail_proxy.run.relay)
print(sorted(name for name in sys.modules if name.startswith("guardrail_proxy.run.p")))
print(guardrail_proxy.run.__path__ == [folder + "/guardrail_proxy/run"], guardrail_proxy.shim.main.__code__.co_filename)
"""


def test_one_file_holds_every_module_for_the_interpreter_that_made_it(home: Home) -> None:
    code = BOOT.format(folder=str(home.hot))
    done = subprocess.run(["/usr/bin/python3", "-I", "-S", "-c", code], capture_output=True, text=True)
    first, later, second = done.stdout.splitlines()
    assert (int(first.split()[0]) > 20, first.split(maxsplit=1)[1], done.stderr) == (True, "{None} True", "")
    assert later == "['guardrail_proxy.run.pty', 'guardrail_proxy.run.pump']"
    assert second == f"True {home.hot}/guardrail_proxy/shim.py"


def test_a_copy_whose_bundle_is_gone_is_made_again(home: Home) -> None:
    for bundle in home.hot.glob("*.bundle"):
        bundle.unlink()
    assert (copy_hot(home), any(home.hot.glob("*.bundle"))) == (True, True)
