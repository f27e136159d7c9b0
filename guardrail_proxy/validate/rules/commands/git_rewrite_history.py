"""A git command that deletes branches or rewrites history: branch -D, filter-branch, reflog expire, gc --prune=now.

Commits that no branch names any more are removed at the next clean-up, and everybody's clone disagrees with a rewritten
one. Make a backup branch first, delete with ``git branch -d``, and leave the reflog alone.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._git import GIT, GitCall, git_call
from guardrail_proxy.validate.rules.commands._match import at, commands

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "delete only merged branches (git branch -d), and make a backup branch before rewriting history"
bad = (
    "git branch -D feature",
    "git filter-branch --tree-filter 'rm x' HEAD",
    "git reflog expire --expire=now --all",
    "git gc --prune=now",
    "git update-ref -d refs/heads/x",
)
good = ("git branch -d merged", "git branch -a", "git reflog", "git gc", "git rebase main", "git log -D")


def check(event: Event) -> Iterator[Match]:
    """Every command that deletes or rewrites history."""
    for command in commands(event, GIT | {"git-filter-repo", "bfg"}):
        if command.name in ("git-filter-repo", "bfg"):
            yield at(command, "rewrites the repository's history")
        elif (call := git_call(command)) is not None and (message := _message(call)):
            yield at(command, message)


def _message(call: GitCall) -> str:
    if call.verb == "branch" and (call.has("D") or (call.has("d", "--delete") and call.has("f", "--force"))):
        return "deletes a branch that may not be merged"
    if call.verb in ("filter-branch", "filter-repo"):
        return "rewrites the repository's history"
    if call.verb == "reflog" and call.words[:1] in (("expire",), ("delete",)):
        return "deletes the way back to lost commits"
    if (call.verb == "gc" and any(w in ("--prune=now", "--prune=all") for w in call.words)) or (
        call.verb == "prune" and not call.has("n", "--dry-run")
    ):
        return "deletes commits that no branch names"
    if call.verb == "update-ref" and call.has("d"):
        return "deletes a reference"
    if call.verb == "tag" and call.has("f", "--force"):
        return "moves a tag"
    return ""
