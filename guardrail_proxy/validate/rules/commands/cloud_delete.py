"""A command that deletes what a cloud, cluster, registry or hosted service holds.

Buckets, databases, stacks, secrets and topics of a running system have users and often no copy. Show the command to the
user with what it would delete, use ``--dry-run`` or ``plan`` first, and let a person run it.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._cloud import (
    KUBERNETES_SMALL,
    PREFIXES,
    SERVICES,
    SPECIAL,
    STILL_SAFE,
    VERBS,
)
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "show what would be deleted (--dry-run, plan, list) and let the user run the command"
bad = (
    "aws s3 rb s3://bucket --force",
    "aws ec2 terminate-instances --instance-ids i-1",
    "terraform destroy",
    "kubectl delete namespace prod",
    "helm uninstall web",
    "gcloud projects delete p",
    "vault kv metadata delete secret/app",
    "doppler secrets delete KEY --yes",
    "kafka-topics --bootstrap-server localhost:9092 --delete --topic orders",
)
good = (
    "aws s3 ls",
    "terraform plan",
    "kubectl get pods",
    "kubectl delete pod web-1",
    "helm list",
    "gcloud storage buckets list",
    "rclone sync src: dest: --dry-run",
    "gh pr view 3",
)
_WHOLE = re.compile(
    r"^(--recursive|-destroy|rb|ns|namespaces?|projects?|group|clusters?|buckets?|sql|databases?|apps:destroy"
    r"|pg:reset|FLUSHALL"
    r"|(delete|terminate)-(bucket|db-(instance|cluster)|table|cluster|stack|instances|file-system|volume"
    r"|hosted-zone|domain|snapshot)"
    r")$"
)
"""What takes all of something with it."""
_FLAT = frozenset({"terraform", "tofu", "pulumi"})


def check(event: Event) -> Iterator[Match]:
    """Every command that deletes hosted things."""
    for command in commands(event, SERVICES | SPECIAL.keys()):
        if _destroys(command):
            yield at(command, "deletes or takes down what a hosted service holds", _severity(command))


def _destroys(command: SimpleCommand) -> bool:
    words = command.words
    if any(word in STILL_SAFE for word in words if word.startswith("-")) or _is_small(command):
        return False
    if special := SPECIAL.get(command.name):
        return any(_has(command, phrase) for phrase in special) or (command.name == "aws" and _by_verb(command))
    return _by_verb(command)


def _by_verb(command: SimpleCommand) -> bool:
    """Whether one of its subcommands, those before the first name or value, destroys."""
    subcommands = [word.text for word in command.operands[:5]]
    for place, word in enumerate(subcommands):
        if word in STILL_SAFE:
            return False
        if word in VERBS and (command.name not in ("aws", "split") or place):
            return True
        if PREFIXES.match(word):
            return True
    if command.name == "aws":
        return '"DELETE"' in " ".join(command.words)
    return False


def _has(command: SimpleCommand, phrase: str) -> bool:
    """Whether the words of the phrase stand in this order among the command's words."""
    wanted = phrase.split()
    words = [word.split("=", 1)[0] if word.startswith("--") and "=" not in phrase else word for word in command.words]
    place = 0
    for word in words:
        if place < len(wanted) and (
            word == wanted[place] or (wanted[place][-1] == "-" and word.startswith(wanted[place]))
        ):
            place += 1
    return place == len(wanted)


def _is_small(command: SimpleCommand) -> bool:
    words = command.words
    if command.name not in ("kubectl", "oc") or "delete" not in words or {"--all", "-A", "--force"} & set(words):
        return False
    after = words[words.index("delete") + 1 :]
    return bool(after) and after[0].split("/", 1)[0] in KUBERNETES_SMALL


def _severity(command: SimpleCommand) -> Severity:
    whole = command.name in _FLAT and "destroy" in command.words
    return "critical" if whole or any(_WHOLE.match(word) for word in command.words[:6]) else SEVERITY
