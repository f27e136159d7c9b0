"""A command that deletes containers, images or volumes by force, or prunes them all.

A volume holds data, and prune takes every one that no running container uses, of other projects too. Name what you
started, stop it with ``docker stop``, and remove it without ``-f``.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "remove the one container you started, by its name and without -f; leave volumes and prune to the user"
bad = (
    "docker system prune -af --volumes",
    "docker rm -f db",
    "docker volume rm data",
    "docker compose down -v",
    "docker rmi -f image",
)
good = ("docker rm container", "docker ps -a", "docker compose up -d", "docker build .", "docker compose down")
_NAMES = frozenset({"docker", "podman", "nerdctl", "docker-compose", "podman-compose", "buildah", "crictl"})


def check(event: Event) -> Iterator[Match]:
    """Every forced or sweeping removal."""
    for command in commands(event, _NAMES):
        message, severity = _judge(command)
        if message:
            yield at(command, message, severity)


def _judge(command: SimpleCommand) -> tuple[str, Severity]:
    words = [word for word in command.words if word != "--"]
    verbs = [word for word in words if not word.startswith("-")][:3]
    if verbs[:1] in (["run"], ["exec"], ["build"]) or "run" in verbs[:2]:
        return "", SEVERITY
    if "prune" in verbs:
        return "deletes all unused containers, images or volumes", "high" if "--volumes" in words else SEVERITY
    if verbs[:2] in (["volume", "rm"], ["volume", "remove"], ["swarm", "leave"], ["stack", "rm"], ["secret", "rm"]):
        return "deletes volumes or stacks", "high"
    forced = command.has_flag("f", "--force")
    if verbs and verbs[0] in ("rm", "rmi") and forced:
        return "removes containers or images by force", SEVERITY
    if verbs[:2] in (["container", "rm"], ["image", "rm"], ["network", "rm"]) and forced:
        return "removes containers or images by force", SEVERITY
    if "down" in verbs[:2] and any(w in ("-v", "--volumes", "--rmi") or w.startswith("--rmi") for w in words):
        return "takes services down and deletes their volumes", "high"
    if verbs[:1] in (["kill"], ["stop"]) and (len(verbs) > 1 or "$(" in " ".join(words)):
        return "stops containers", "low"
    return "", SEVERITY
