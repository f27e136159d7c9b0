"""The copy of the HOT modules: whole, private, compiled, loadable by the system's python3 alone."""

import marshal
import subprocess
import sys
from importlib.util import MAGIC_NUMBER
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


@pytest.mark.parametrize("place", ["", "/nowhere/termios.so", "{folder}/termios.so"])
def test_the_interpreters_own_modules_are_found_where_the_bundle_says_or_else_by_import(home: Home, place: str) -> None:
    python = [sys.executable, "-I", "-S", "-c"]
    asked = subprocess.run([*python, "import termios; print(termios.__file__)"], capture_output=True, text=True)
    real = asked.stdout.strip()
    place = place.format(folder=Path(real).parent)
    code = f"""
import sys
from guardrail_proxy.bundle import serve
serve("", b"", {{}}, {{"termios": {place or real!r}}})
import termios
print(type(termios.__spec__.loader).__name__, termios.__spec__.cached, termios.__spec__.has_location)
print(termios.__file__ if {bool(place)} else termios.__spec__.origin, termios.tcgetattr)
"""
    done = subprocess.run(
        [*python, f"import sys; sys.path.append({str(home.hot)!r}){code}"], capture_output=True, text=True
    )
    first, second = done.stdout.splitlines()
    assert (first.split()[0], done.stderr) == ("ExtensionFileLoader", "")
    assert second.startswith(real)


def test_what_starts_together_is_one_chapter_without_what_nobody_asks_for(home: Home) -> None:
    bundle = next(home.hot.glob(f"{int.from_bytes(MAGIC_NUMBER[:2], 'little')}.bundle"))
    data = bundle.read_bytes()
    size, index, extensions, _ = marshal.loads(data)
    _, start, end, _ = index["guardrail_proxy.shim"]
    chapter = marshal.loads(data[start:end])
    assert (size, {"guardrail_proxy.plan", "guardrail_proxy.shim", "guardrail_proxy.run.find"} <= set(chapter)) == (
        len(data),
        True,
    )
    assert not {"guardrail_proxy.guard", "guardrail_proxy.run.recorder"} & set(chapter)
    assert all(index[name][1:3] == (start, end) for name in chapter)
    assert all(Path(file).exists() for file in extensions.values())
    module: dict[str, object] = {"__name__": "find"}
    exec(chapter["guardrail_proxy.run.find"], module)
    assert (getattr(module["find_real"], "__annotations__", None), "__doc__" in module) == ({}, False)
