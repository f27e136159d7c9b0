"""What happens around a shim: the CLI moves or is replaced, shims are linked, copied, doubled, nested, circular."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stand import Stand

SAYS = "#!/bin/sh\necho {word}\n"


def run(stand: "Stand", program: Path, *words: str, **env: str) -> tuple[int, bytes]:
    done = subprocess.run(
        [program, *words],
        env=stand.env(**env),
        cwd=stand.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    return done.returncode, done.stdout


def path_of(stand: "Stand", *folders: Path | str) -> str:
    return os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"])


def test_a_cli_that_replaces_itself_while_it_runs_ends_well_and_the_next_call_is_the_new_one(stand: "Stand") -> None:
    new = stand.script(stand.root / "new", SAYS.format(word="new"))
    stand.script(stand.bin / "claude", f"#!/bin/sh\nmv {new} {stand.bin}/claude\necho old\nexit 5\n")
    assert (stand.run().status, stand.record("end")["exit_code"]) == (5, 5)
    assert stand.run().out == b"new\n"


def test_a_cli_that_is_gone_from_one_place_is_found_in_the_next(stand: "Stand") -> None:
    places = [stand.root / name for name in ("npm", "native", "brew")]
    for folder in places:
        folder.mkdir()
        stand.script(folder / "claude", SAYS.format(word=folder.name))
    path = path_of(stand, stand.home / "shims", *places)
    said = []
    for folder in places:
        said.append(stand.run(PATH=path).out)
        (folder / "claude").unlink()
    assert (said, stand.run(PATH=path).status) == ([b"npm\n", b"native\n", b"brew\n"], 127)


def test_a_version_manager_that_changes_path_per_folder_decides_which_cli_runs(stand: "Stand") -> None:
    for version in ("v18", "v22"):
        (stand.root / version).mkdir()
        stand.script(stand.root / version / "claude", SAYS.format(word=version))
        assert stand.run(PATH=path_of(stand, stand.home / "shims", stand.root / version)).out == f"{version}\n".encode()


@pytest.mark.parametrize(
    "how", ["a link of another name", "a link to the folder", "a renamed copy", "a link to a link"]
)
def test_a_shim_by_another_way_is_one_session_of_its_cli(stand: "Stand", how: str) -> None:
    shim, other = stand.home / "shims/claude", stand.root / "other"
    if how == "a link of another name":
        other.symlink_to(shim)
    elif how == "a link to the folder":
        other.symlink_to(stand.home / "shims")
        other = other / "claude"
    elif how == "a renamed copy":
        shutil.copy(shim, other)
    else:
        (stand.root / "between").symlink_to(shim)
        other.symlink_to("between")
    assert run(stand, other, "x") == (3, b"out:x\n")
    assert (len(stand.folders()), stand.record("start")["cli"]) == (1, "claude")


def test_two_homes_on_path_are_one_session(stand: "Stand", make_stand: "type[Stand]", tmp_path: Path) -> None:
    other = make_stand(tmp_path / "second")
    path = path_of(stand, stand.home / "shims", other.home / "shims", stand.bin)
    assert stand.run("x", PATH=path).out == b"out:x\n"
    assert (len(stand.folders()), other.folders()) == (1, [])


@pytest.mark.parametrize("mode", ["standard", "strict"])
@pytest.mark.parametrize("upgrade", ["ln -sfn .hot-2 hot", "rm -rf .hot-1; ln -sfn .hot-2 hot"])
def test_an_upgrade_while_it_runs_changes_nothing_for_a_session(
    make_stand: "type[Stand]", tmp_path: Path, mode: str, upgrade: str
) -> None:
    stand = make_stand(tmp_path, mode)
    stand.reply("verdict approved\n")
    (stand.home / "hot").rename(stand.home / ".hot-1")
    (stand.home / "hot").symlink_to(".hot-1")
    (stand.home / ".hot-2/guardrail_proxy").mkdir(parents=True)
    (stand.home / ".hot-2/guardrail_proxy/__init__.py").write_text("raise SystemExit('the new version')")
    stand.script(stand.bin / "claude", f"#!/bin/sh\ncd {stand.home}\n{upgrade}\necho out\nexit 3\n")
    ended = stand.run()
    assert (ended.status, ended.out, ended.err) == (3, b"out\n", b"")


def nested(stand: "Stand", times: int) -> list[dict[str, object]]:
    """Start records of a claude that starts itself by name so many times, by depth."""
    text = f"#!/bin/sh\nn=${{N:-0}}\n[ $n -ge {times} ] || N=$((n + 1)) claude\n"
    stand.script(stand.bin / "claude", text)
    assert stand.run().status == 0
    records = [json.loads((folder / "start.json").read_text()) for folder in stand.folders()]
    return sorted(records, key=lambda record: record["depth"])


@pytest.mark.slow
def test_a_claude_started_by_claude_is_its_child(stand: "Stand") -> None:
    records = nested(stand, 3)
    assert [record["depth"] for record in records] == [0, 1, 2, 3]
    assert [record["parent_id"] for record in records] == [None, *(record["session_id"] for record in records[:-1])]


@pytest.mark.slow
def test_nesting_ends_with_the_deepest_that_is_recorded(stand: "Stand") -> None:
    assert [record["depth"] for record in nested(stand, 9)] == list(range(9))


@pytest.mark.slow
@pytest.mark.parametrize("call", ["exec claude", "claude"])
def test_a_wrapper_of_the_users_that_calls_itself_by_name_comes_to_an_end(stand: "Stand", call: str) -> None:
    (stand.root / "mine").mkdir()
    stand.script(stand.root / "mine/claude", f'#!/bin/sh\n{call} "$@"\n')
    ended = stand.run("x", PATH=path_of(stand, stand.home / "shims", stand.root / "mine", stand.bin))
    assert (ended.status, ended.out) == (3, b"out:x\n")


@pytest.mark.slow
def test_a_circle_without_a_way_out_is_refused_in_one_line(stand: "Stand") -> None:
    stand.script(stand.bin / "claude", '#!/bin/sh\nexec claude "$@"\n')
    ended = stand.run()
    assert (ended.status, ended.err.count(b"refused: AI CLIs are nested too deep")) == (78, 1)


@pytest.mark.skipif(os.geteuid() != 0, reason="NEEDS ROOT: what sudo does is not tested")
@pytest.mark.parametrize(("mode", "status"), [("standard", 3), ("strict", 78)])
@pytest.mark.parametrize("program", ["shims/claude", "bin/guardrail-exec"])
def test_root_neither_trusts_nor_writes_the_home_of_another_user(
    make_stand: "type[Stand]", tmp_path: Path, mode: str, status: int, program: str
) -> None:
    stand = make_stand(tmp_path, mode)
    (stand.home / "hot/guardrail_proxy/shim.py").write_text("import posix; posix._exit(99)")  # must not be loaded
    os.chown(stand.home, 12345, 12345)
    before = sorted(stand.home.rglob("*"))
    ended = stand.start(program, *(["claude"] if "exec" in program else []), "x")
    assert (ended.status, ended.err.count(b"belongs to another user")) == (status, 1)
    assert (ended.out, sorted(stand.home.rglob("*"))) == (b"out:x\n" if status == 3 else b"", before)


@pytest.mark.parametrize(("mode", "status"), [("standard", 3), ("strict", 78)])
def test_a_home_that_cannot_be_written_is_one_line(
    make_stand: "type[Stand]", tmp_path: Path, mode: str, status: int
) -> None:
    stand = make_stand(tmp_path, mode)
    (stand.home / "sessions").symlink_to("/proc/self/fdinfo")  # read-only for root too
    ended = stand.run("x")
    ours = [line for line in ended.err.splitlines() if line.startswith(b"guardrail-proxy: ")]
    assert (ended.status, len(ours), b"cannot be written" in ours[0]) == (status, 1, True)
