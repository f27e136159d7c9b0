"""An HTTP call that deletes: curl -X DELETE, http DELETE, a delete mutation, a delete-by-query.

The other side of the address is usually a running system. Read the object first (GET), show it, and let the user run
the deletion.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "read the object first with GET, show it to the user, and let them delete it"
bad = (
    "curl -X DELETE https://api.example.com/v1/customers/1",
    "curl localhost:8001/services/s -X DELETE",
    "http DELETE :9200/my-index",
    "curl -XPOST localhost:9200/i/_delete_by_query",
)
good = (
    "curl -X GET https://api.example.com/v1/customers",
    "curl https://api.example.com",
    "echo curl -X DELETE x",
    "http GET :9200/_cat/indices",
    "curl -X POST http://localhost:7700/indexes/products/search",
)
_CLIENTS = frozenset({"curl", "http", "https", "wget", "xh", "httpie", "curlie"})
_PATHS = re.compile(
    r"_delete_by_query|/_close\b|/_cluster/settings|/doDelete\b|/delete\b|mutation\s*\{\s*\w*([dD]elete|[rR]emove)"
    r"|/_forcemerge\b|/_rollover\b|/flush(all|db)?\b|/_shutdown|api/v1/admin/tsdb/delete|/configs/purge"
)


def check(event: Event) -> Iterator[Match]:
    """Every deleting request."""
    for command in commands(event, _CLIENTS):
        if _deletes(command):
            yield at(command, "asks a service to delete something")


def _deletes(command: SimpleCommand) -> bool:
    words = command.words
    for place, word in enumerate(words):
        following = words[place + 1].upper() if place + 1 < len(words) else ""
        if word in ("-X", "--request", "--method") and following == "DELETE":
            return True
        if word.upper() in ("-XDELETE", "--REQUEST=DELETE", "--METHOD=DELETE"):
            return True
    if command.name in ("http", "https", "xh") and words[:1] == ("DELETE",):
        return True
    writes = any(word in ("-X", "POST", "PUT", "--request", "-d", "--data") or word.startswith("-X") for word in words)
    return writes and any(_PATHS.search(word) for word in words)
