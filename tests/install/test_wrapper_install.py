"""`guardrail-exec` as install makes it: for CLIs on PATH, and for one that only an editor brings."""

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.install.conftest import User

BUNDLE = ".vscode/extensions/anthropic.claude-code-2.1.0/resources/native-binary/claude"


def test_a_claude_that_only_an_editor_brings_gets_a_plan_and_no_shim(user: "User") -> None:
    (user.clis / "claude").unlink()
    bundle = user.home / BUNDLE
    bundle.parent.mkdir(parents=True)
    bundle.write_text("#!/bin/sh\necho answer\n")
    bundle.chmod(0o755)
    lines = user.lines("install")
    assert f"wrote {user.guard}/plans/claude.plan" in lines
    assert not (user.guard / "shims/claude").exists()
    done = subprocess.run([user.guard / "bin/guardrail-exec", bundle, "-p", "x"], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("answer\n", "")
    assert [line for line in user.lines("sessions") if "claude" in line] != []


def test_where_claudes_own_installer_put_it_is_found_without_path(user: "User") -> None:
    own = user.home / ".claude/local/claude"
    own.parent.mkdir(parents=True)
    (user.clis / "claude").rename(own)
    assert f"wrote {user.guard}/shims/claude -> {own}" in user.lines("install")


def test_exec_without_an_installation_is_one_line(user: "User") -> None:
    done = user.run("exec", "--", "claude")
    assert (done.returncode, done.stderr.count("\n"), "run guardrail-proxy install" in done.stderr) == (2, 1, True)


def test_exec_passes_words_status_and_environment(user: "User") -> None:
    user.fake("claude", '#!/bin/sh\nprintf "%s|" "$@" "${LC_CTYPE-none}"\nexit 5\n')
    user.lines("install", "claude")
    for words in (["--", "claude"], ["claude"], ["--", f"{user.clis}/claude"]):
        done = user.run("exec", *words, "-p", "a b", "--help")
        assert (done.returncode, done.stdout[-20:]) == (5, "|-p|a b|--help|none|")


def test_a_strict_cli_makes_the_wrapper_strict_for_what_it_does_not_know(user: "User") -> None:
    user.lines("install", "claude")
    assert user.run("exec", "--", "/bin/true").returncode == 0
    user.lines("config", "set", "tools.codex.mode", "strict")
    done = user.run("exec", "--", "/bin/true")
    assert (done.returncode, done.stderr.count("\n")) == (78, 1)
