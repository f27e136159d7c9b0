"""A git command that throws uncommitted work away: reset --hard, clean -f, checkout or restore of files, stash drop.

What was never committed is in no reflog: nobody gets it back. Commit or stash first (``git stash -u``), look at what
would go (``git status``, ``git clean -n``), and undo single hunks by editing.
"""

from collections.abc import Callable, Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._git import GIT, GitCall, git_call
from guardrail_proxy.validate.rules.commands._match import at, commands

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "keep the work first: git stash -u, or a commit on a new branch; then say what you want to undo"
bad = (
    "git reset --hard HEAD~1",
    "git checkout -- .",
    "git checkout main a.txt b.txt",
    "git restore file.txt",
    "git clean -fdx",
    "git stash drop stash@{0}",
    "git switch -f main",
    "git worktree remove -f ../wt",
)
good = (
    "git reset HEAD~1",
    "git checkout -b new-branch",
    "git checkout main",
    "git restore --staged .",
    "git clean -n",
    "git stash pop",
    "git switch -c feature",
    "git help reset",
)


def check(event: Event) -> Iterator[Match]:
    """Every git command that discards work."""
    for command in commands(event, GIT):
        call = git_call(command)
        if call is not None and (judge := _JUDGES.get(call.verb)) and (message := judge(call)):
            yield at(command, message)


def _reset(call: GitCall) -> str:
    return "discards all uncommitted changes" if call.has("", "--hard", "--merge") else ""


def _clean(call: GitCall) -> str:
    if call.has("n", "--dry-run") or not call.has("f", "--force"):
        return ""
    return "deletes untracked files"


def _checkout(call: GitCall) -> str:
    if call.has("bB", "--orphan") and not call.has("f", "--force"):
        return ""
    if call.has("f", "--force") or "-tf" in call.words:
        return "switches branches and discards uncommitted changes"
    if call.has("", "--pathspec-from-file", "--ours", "--theirs"):
        return "overwrites files with an older version"
    if "--" in call.words:
        return "overwrites files with an older version" if call.words[call.words.index("--") + 1 :] else ""
    places = call.operands({"--conflict", "--unified", "-U", "--inter-hunk-context"})
    if call.has("t", "--track") or call.has("", "--recurse-submodules"):
        places = tuple(p for p in places if p not in ("direct", "inherit", "on-demand", "checkout", "no"))
    return "overwrites files with an older version" if len(places) > 1 or _is_path(places[:1]) else ""


def _is_path(places: tuple[str, ...]) -> bool:
    return bool(places) and (places[0] in (".", "*", ":/") or places[0].startswith("./"))


def _restore(call: GitCall) -> str:
    if call.has("S", "--staged") and not call.has("W", "--worktree"):
        return ""
    return "overwrites files with an older version" if call.words else ""


def _stash(call: GitCall) -> str:
    return "deletes stashed work" if call.words[:1] in (("drop",), ("clear",)) else ""


def _switch(call: GitCall) -> str:
    return "switches branches and discards uncommitted changes" if call.has("f", "--force", "--discard-changes") else ""


def _worktree(call: GitCall) -> str:
    forced = call.words[:1] == ("remove",) and call.has("f", "--force")
    return "deletes a work tree with uncommitted changes" if forced else ""


def _rm(call: GitCall) -> str:
    return "deletes changed files" if call.has("f", "--force") and not call.has("", "--cached") else ""


def _read_tree(call: GitCall) -> str:
    return "overwrites the work tree" if call.has("u", "--reset") and call.has("", "--reset") else ""


def _checkout_index(call: GitCall) -> str:
    return "overwrites files with the index" if call.has("f", "--force") else ""


def _submodule(call: GitCall) -> str:
    return "discards changes in submodules" if call.words[:1] == ("deinit",) and call.has("f", "--force") else ""


_JUDGES: dict[str, Callable[[GitCall], str]] = {
    "reset": _reset,
    "clean": _clean,
    "checkout": _checkout,
    "restore": _restore,
    "stash": _stash,
    "switch": _switch,
    "worktree": _worktree,
    "rm": _rm,
    "read-tree": _read_tree,
    "checkout-index": _checkout_index,
    "submodule": _submodule,
}
