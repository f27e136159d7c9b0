"""A push that overwrites or deletes what others see: --force, --mirror, deleting a remote branch or tag.

Commits that only the remote had are lost for everybody. Push a new branch, or use ``--force-with-lease`` on your own
branch after looking at what it would replace.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._git import GIT, GitCall, git_call
from guardrail_proxy.validate.rules.commands._match import at, commands

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "push to a new branch, or use --force-with-lease on your own branch and say so to the user"
bad = (
    "git push --force origin main",
    "git push -f",
    "git push origin +main",
    "git push origin --delete release",
    "git push --mirror backup",
    "git push origin :old",
)
good = (
    "git push origin main",
    "git push --force-with-lease origin topic",
    "git push -u origin HEAD",
    "git push --tags",
)
_MAIN = frozenset({"main", "master", "trunk", "develop", "production", "prod", "release", "stable"})


def check(event: Event) -> Iterator[Match]:
    """Every push that overwrites or deletes."""
    for command in commands(event, GIT):
        call = git_call(command)
        if call is None or call.verb != "push" or call.has("n", "--dry-run"):
            continue
        if message := _message(call):
            yield at(command, message, "critical" if _hits_main(call) else None)


def _message(call: GitCall) -> str:
    if call.has("", "--force-with-lease", "--force-if-includes"):
        return ""
    if call.has("f", "--force") or any(word.startswith("+") and len(word) > 1 for word in call.words):
        return "overwrites the remote's history"
    if call.has("", "--mirror", "--prune"):
        return "makes the remote equal to this clone, deleting the rest"
    refs = call.operands(set())[1:]
    if call.has("d", "--delete") or any(ref.startswith(":") and len(ref) > 1 for ref in refs):
        return "deletes a branch or tag on the remote"
    named = [ref.split(":", 1)[1] for ref in refs if ":" in ref]
    return "pushes another branch onto the main branch" if _MAIN.intersection(named) else ""


def _hits_main(call: GitCall) -> bool:
    forced = call.has("f", "--force", "--mirror") or any(word.startswith("+") for word in call.words)
    refs = [ref.lstrip("+").rsplit(":", 1)[-1].removeprefix("refs/heads/") for ref in call.operands(set())[1:]]
    return (forced or call.has("d", "--delete")) and (not refs or bool(_MAIN.intersection(refs)))
