"""`doctor`: each problem is found, named and comes with its fix; what was proven is told apart from what was not."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guardrail_proxy.config import Config
from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.files import check_home

if TYPE_CHECKING:
    from tests.install.conftest import User

pytestmark = pytest.mark.slow
DEMO = "guardrail-demo-ai"


def doctor(user: "User", **more: str) -> tuple[int, str]:
    """Status and output, the shims first on PATH."""
    done = user.run("doctor", path=user.path(user.guard / "shims"), **more)
    assert done.stderr == ""
    return done.returncode, done.stdout


def problems(user: "User") -> list[str]:
    status, text = doctor(user)
    assert status == (1 if "PROBLEM" in text else 0)
    assert text.count("PROBLEM") + text.count("note    ") == text.count("        fix: ")
    return [line.removeprefix("PROBLEM ") for line in text.splitlines() if line.startswith("PROBLEM")]


def use_shells(user: "User", *shells: str) -> None:
    """Let the user have only these shells, and our real demo CLI."""
    for name in shells:
        (user.clis / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    (user.clis / DEMO).symlink_to(Path(sys.executable).parent / DEMO)


def test_a_fresh_install_is_all_good_and_says_what_was_not_tried(user: "User") -> None:
    use_shells(user)
    user.lines("install", "claude", DEMO)
    status, text = doctor(user)
    assert (status, text.splitlines()[-1]) == (0, "all good"), text
    assert "a dangerous call was denied before it ran" in text
    assert "claude: starts through its shim (2.1.197 (Claude Code)); a session with a model was not tried" in text
    assert "hook: in strict it denies when no session answers" in text


def test_nothing_installed_is_a_problem(user: "User") -> None:
    assert problems(user) == [f"nothing is installed in {user.guard}"]


def test_the_launchers_are_one_row_each_and_a_hole_is_told_once(user: "User") -> None:
    use_shells(user)
    (user.home / ".bashrc").write_text("alias claude=/opt/claude\n")
    user.lines("install", "claude", DEMO)
    status, text = doctor(user, SHELL="/bin/bash")
    rows = {line[8:33].strip(): line[33:].split() for line in text.splitlines() if line.startswith("        bash")}
    assert (status, rows["bash: terminal"], rows["bash -lc: tools, su -"]) == (
        1,
        ["BYPASSED", "covered"],
        ["covered"] * 2,
    )
    assert text.count("is aliased to") == 1
    assert "fix: remove the alias" in text


def test_a_changed_shim_is_found(user: "User") -> None:
    user.lines("install", "claude")
    with (user.guard / "shims/claude").open("a") as file:
        file.write("# changed\n")
    assert [text for text in problems(user) if "is not as we made it" in text] != []


def test_a_plan_older_than_the_configuration_is_found(user: "User") -> None:
    user.lines("install", "claude")
    (user.guard / "config.toml").write_text("quiet = true\n")
    assert [text for text in problems(user) if "older than what it was made from" in text] != []


def test_a_damaged_plan_is_found(user: "User") -> None:
    user.lines("install", "claude")
    (user.guard / "plans/claude.plan").write_text("nonsense\n")
    assert [text for text in problems(user) if "plan cannot be used" in text] != []


def test_a_moved_interpreter_is_found(user: "User") -> None:
    user.lines("install", "claude")
    plan = user.guard / "plans/claude.plan"
    lines = [
        f"interpreter {user.home}/gone" if x.startswith("interpreter") else x for x in plan.read_text().split("\n")
    ]
    plan.write_text("\n".join(lines))
    assert [text for text in problems(user) if f"{user.home}/gone, which is gone" in text] != []


def test_a_home_open_to_others_is_found(user: "User") -> None:
    user.lines("install", "claude")
    user.guard.chmod(0o755)
    assert [text for text in problems(user) if "can be entered by others" in text] != []


def test_a_home_that_cannot_be_written_is_found() -> None:
    (found,) = check_home(Home(Path("/proc")), Config(), ())
    assert "/proc cannot be written" in found.text
    assert not found.ok


def test_a_pause_is_found(user: "User") -> None:
    user.lines("install", "claude")
    user.lines("pause", "1h")
    assert [text for text in problems(user) if "paused until" in text] != []


def test_a_cli_that_fails_through_its_shim_is_found(user: "User") -> None:
    user.lines("install", "claude")
    user.fake("claude", "#!/bin/sh\necho broken >&2\nexit 3\n")
    assert [text for text in problems(user) if "ended with 3: broken" in text] != []


def test_a_setting_for_a_cli_that_nobody_knows_is_found(user: "User") -> None:
    user.guard.mkdir(mode=0o700)
    (user.guard / "config.toml").write_text('[tools.clod]\nmode = "strict"\n')
    user.lines("install", "claude")
    assert [text for text in problems(user) if '"tools.clod" names no AI CLI known here' in text] != []
