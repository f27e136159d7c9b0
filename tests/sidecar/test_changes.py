"""What changed on disk, in real repositories, of which nothing is executed."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.session import FileChange
from guardrail_proxy.sidecar.after import FILE, after_now, note_after, noted_after
from guardrail_proxy.sidecar.changes import file_changes
from guardrail_proxy.sidecar.facts import git, guard_hashes, repository, tree_state

pytestmark = pytest.mark.slow
KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
ODD = 'straße "x"\t日.txt'


@pytest.fixture(autouse=True)
def _git_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "me")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "me@example.org")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def run(cwd: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True)


def new_repository(path: Path, **files: str) -> Path:
    path.mkdir()
    run(path, "init", "-q", "-b", "main")
    for name, text in (files or {"a.txt": "one\ntwo\n"}).items():
        (path / name).write_text(text)
    run(path, "add", "-A")
    run(path, "commit", "-q", "-m", "first")
    return path


def changed(path: Path, work: Callable[[], object]) -> set[FileChange]:
    meta = repository(str(path))
    work()
    return set(file_changes(meta))


def test_the_facts_of_a_repository(tmp_path: Path) -> None:
    repo = new_repository(tmp_path / "r")
    (repo / "sub").mkdir()
    found = repository(str(repo / "sub"))
    assert (found["repo"], found["branch"], found["dirty_before"]) == (str(repo), "main", {})
    assert len(str(found["head_before"])) == 40


def test_a_repository_without_a_commit_and_with_a_line_in_its_name(tmp_path: Path) -> None:
    odd, empty = new_repository(tmp_path / "two\nlines\n"), tmp_path / "empty"
    run(tmp_path, "init", "-q", "-b", "main", str(empty))
    (empty / "new").write_text("x")
    found, none = repository(str(odd)), repository(str(empty))
    assert (found["repo"], found["branch"], len(str(found["head_before"]))) == (str(odd), "main", 40)
    assert (none["repo"], none["branch"], none["head_before"]) == (str(empty), None, None)
    assert tree_state(str(empty)) == none["dirty_before"] != {}


def test_outside_a_repository_there_are_no_facts(tmp_path: Path) -> None:
    assert (repository(str(tmp_path)), repository(str(tmp_path / "gone")), file_changes({})) == ({}, {}, ())


def test_files_left_changed_are_told_with_their_lines(tmp_path: Path) -> None:
    repo = new_repository(tmp_path / "r", **{"a": "1\n2\n", "b": "1\n", ODD: "1\n"})

    def work() -> None:
        (repo / "a").write_text("1\n2\n3\n")
        (repo / "b").unlink()
        (repo / ODD).write_text("1\n2\n")
        (repo / "new").write_text("x\n")

    assert changed(repo, work) == {
        FileChange("a", "modified", 1, 0),
        FileChange("b", "deleted", 0, 1),
        FileChange(ODD, "modified", 1, 0),
        FileChange("new", "added"),
    }


def test_committed_files_are_told_by_their_names_and_a_moved_one_is_two(tmp_path: Path) -> None:
    repo = new_repository(tmp_path / "r", a="1\n2\n3\n4\n")

    def work() -> None:
        run(repo, "mv", "a", ODD)
        run(repo, "commit", "-q", "-m", "moved")

    assert changed(repo, work) == {
        FileChange("a", "deleted", source="commit"), FileChange(ODD, "added", source="commit"),
    }  # fmt: skip


def test_what_was_changed_before_and_stays_so_is_not_the_sessions(tmp_path: Path) -> None:
    repo = new_repository(tmp_path / "r", a="1\n", b="1\n")
    (repo / "a").write_text("2\n")
    (repo / "b").write_text("2\n")
    (repo / "untracked").write_text("x\n")

    def work() -> None:
        (repo / "b").write_text("1\n")
        (repo / "untracked").unlink()

    assert changed(repo, work) == {FileChange("b", "modified"), FileChange("untracked", "deleted")}


def test_a_git_that_does_not_answer_at_the_end_makes_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = new_repository(tmp_path / "r")
    (repo / "a.txt").write_text("dirty\n")
    meta = repository(str(repo))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (tree_state(str(repo)), file_changes(meta)) == (None, ())


def evil_script(tmp_path: Path) -> tuple[Path, Path]:
    """A program that leaves a trace, and the trace."""
    script, trace = tmp_path / "evil", tmp_path / "trace"
    script.write_text(f"#!/bin/sh\necho ran >>{trace}\ncat\n")
    script.chmod(0o755)
    return script, trace


SETTINGS = ("core.fsmonitor", "diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.a=b.clean", "filter.evil.process", "core.sshCommand", "core.pager", "alias.status")  # fmt: skip # noqa: E501


@pytest.mark.parametrize("setting", SETTINGS)
def test_nothing_that_a_repositorys_configuration_names_is_executed(tmp_path: Path, setting: str) -> None:
    repo, (script, trace) = new_repository(tmp_path / "r"), evil_script(tmp_path)
    name = "a=b" if "a=b" in setting else "evil"
    (repo / ".gitattributes").write_text(f"* diff=evil filter={name}\n")
    (repo / ".git/evil.cfg").write_text(f"[{setting.partition('.')[0]}]\n")
    run(repo, "config", "--file", ".git/evil.cfg", setting, str(script))
    run(repo, "config", "include.path", "evil.cfg")
    run(repo, "config", "filter.evil.required", "true")
    found = changed(repo, lambda: (repo / "a.txt").write_text("three\n"))
    assert not trace.exists()
    assert FileChange("a.txt", "modified", 1, 2) in found


def test_no_hook_of_the_repository_is_executed(tmp_path: Path) -> None:
    repo, (script, trace) = new_repository(tmp_path / "r"), evil_script(tmp_path)
    for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (repo / ".git/hooks" / name).symlink_to(script)
    changed(repo, lambda: (repo / "a.txt").write_text("three\n"))
    assert not trace.exists()


def test_a_submodules_configuration_is_not_executed_either(tmp_path: Path) -> None:
    inner, repo = new_repository(tmp_path / "inner"), new_repository(tmp_path / "r")
    run(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "sub")
    run(repo, "commit", "-q", "-m", "sub")
    script, trace = evil_script(tmp_path)
    (repo / "sub/.gitattributes").write_text("* filter=evil\n")
    run(repo / "sub", "config", "filter.evil.clean", str(script))
    run(repo / "sub", "config", "core.fsmonitor", str(script))
    run(repo, "config", "submodule.sub.ignore", "none")
    changed(repo, lambda: (repo / "sub/a.txt").write_text("three\n"))
    assert not trace.exists()


def test_a_missing_object_is_not_fetched(tmp_path: Path) -> None:
    repo, (script, trace) = new_repository(tmp_path / "r"), evil_script(tmp_path)
    settings = {"remote.origin.url": f"ext::{script}", "remote.origin.promisor": "true", "protocol.ext.allow": "always"}
    for name, value in {**settings, "extensions.partialClone": "origin", "core.repositoryFormatVersion": "1"}.items():
        run(repo, "config", name, value)
    (blob,) = git(str(repo), "rev-parse", "HEAD:a.txt").split()
    (repo / ".git/objects" / blob[:2] / blob[2:]).unlink()
    changed(repo, lambda: (repo / "a.txt").write_text("three\n"))
    assert not trace.exists()


def test_a_git_that_lies_in_the_repository_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo, (script, trace) = new_repository(tmp_path / "r"), evil_script(tmp_path)
    (repo / "git").symlink_to(script)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
    assert (repository(str(repo))["repo"], trace.exists()) == (str(repo), False)


def test_the_users_own_settings_of_git_in_the_environment_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = new_repository(tmp_path / "r")
    run(repo, "config", "filter.evil.clean", "false")
    for name, value in {"COUNT": "1", "KEY_0": "core.excludesFile", "VALUE_0": str(tmp_path / "ignored")}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    (tmp_path / "ignored").write_text("*.log\n")
    (repo / "x.log").write_text("x")
    assert tree_state(str(repo)) == {}


def test_every_file_that_the_guard_stands_on_has_its_hash(tmp_path: Path) -> None:
    home = Home(tmp_path)
    files = [
        *("shims/claude", "bin/guardrail-exec", "plans/claude.plan", "config.toml", "hook"),
        *("plans/claude/strict/x", "hot/shim.py"),
    ]
    for name in (*files, "plans/codex.plan", "hot/__pycache__/shim.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert sorted(guard_hashes(home, "claude")) == sorted(files)


def test_what_others_change_before_the_finisher_comes_is_not_the_sessions(tmp_path: Path) -> None:
    repo, folder = new_repository(tmp_path / "r"), tmp_path / "session"
    folder.mkdir()
    meta = {**repository(str(repo)), "cwd": str(repo)}
    (folder / "meta.json").write_text(json.dumps(meta))
    (repo / "a.txt").write_text("one\n")
    run(repo, "commit", "-q", "-am", "second")
    (repo / f"{KEY}.txt").write_text("new\n")
    note_after(str(folder))
    head, changes = noted_after(folder, meta)
    (repo / "late.txt").write_text("late\n")
    run(repo, "add", "-A")
    run(repo, "commit", "-q", "-m", "third")
    assert KEY not in (folder / FILE).read_text()
    assert [(change.change, change.source) for change in changes] == [("modified", "commit"), ("added", "git")]
    assert noted_after(folder, meta) == (head, changes) != after_now(meta)


@pytest.mark.parametrize("meta", [{"cwd": "/"}, {"cwd": "/", "repo": "/", "excluded": True}])
def test_where_nothing_is_kept_of_changes_none_are_noted(tmp_path: Path, meta: dict[str, object]) -> None:
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    note_after(str(tmp_path))
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("text", ["", "{}", '{"changes": [1]}', '{"changes": [{"no": 1}]}', '{"changes": 3}'])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert noted_after(tmp_path, {"cwd": str(tmp_path)}) == (None, ())
