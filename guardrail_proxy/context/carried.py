"""HOT. What our documents and hooks add to the user's own argv and environment."""

import posix

from guardrail_proxy.context.call import Call
from guardrail_proxy.plan import Plan, read_file

OWN = (b"GUARDRAIL_MODE", b"GUARDRAIL_BYPASS")
"""Not passed on: a child session decides by its parent."""


class Added:
    """What was added: tags that are in force, and tags left out because the user's own word would collide."""

    __slots__ = ("dropped", "used")

    def __init__(self, used: "list[bytes]", dropped: "list[bytes]") -> None:
        self.used, self.dropped = used, dropped


def given(env: "dict[bytes, bytes]") -> "dict[bytes, bytes]":
    """The environment without what the user says to us alone."""
    return {name: value for name, value in env.items() if name not in OWN}


def context(
    plan: Plan, mode: bytes, call: Call, env: "dict[bytes, bytes]", folder: bytes
) -> "tuple[list[bytes], dict[bytes, bytes], Added]":
    """(arguments, environment, what of ours is among them)."""
    child = given(env)
    if not plan.says(b"inject"):
        return call.argv, child, Added([], [])
    args, dropped = quiet_args(plan, mode, call, env), []
    if not args:
        pairs = [tagged(line) for line in plan.all(b"arg", mode)]
        dropped = conflicts(plan, call, pairs)
        args = [(tag, value) for tag, value in pairs if tag not in dropped]
    for line in plan.all(b"env", mode):
        name, _, value = line.partition(b"=")
        child[name] = value
    child[b"GUARDRAIL_SESSION"] = folder
    used = list(dict.fromkeys(tag for tag, _ in args))
    return [value for _, value in args] + call.argv, child, Added(used, dropped)


def quiet_args(plan: Plan, mode: bytes, call: Call, env: "dict[bytes, bytes]") -> "list[tuple[bytes, bytes]]":
    """The ``quiet-arg`` pairs, when the call is one-shot and none of them would replace something of the user's."""
    pairs = [tagged(line) for line in plan.all(b"quiet-arg", mode)] if call.is_oneshot else []
    if pairs and (conflicts(plan, call, pairs) or {tag for tag, _ in pairs} & file_conflicts(plan, env)):
        return []
    return pairs


def conflicts(plan: Plan, call: Call, pairs: "list[tuple[bytes, bytes]]") -> "list[bytes]":
    """Tags of these that a flag of the user's would drop, or that would drop his."""
    ours, found = {tag for tag, _ in pairs}, []
    for line in plan.all(b"conflict"):
        flag, _, tag = line.partition(b" -> ")
        if tag in ours and tag not in found and call.has(flag):
            found.append(tag)
    return found


def file_conflicts(plan: Plan, env: "dict[bytes, bytes]") -> "set[bytes]":
    """Tags of ours that would collide with what stands in a file of the user's; one that cannot be read counts."""
    found = set()
    for line in plan.all(b"file-conflict"):
        where, _, tag = line.partition(b" -> ")
        pattern, _, text = where.rpartition(b" ")
        if tag not in found and any(may_hold(file, text) for file in places(pattern, env)):
            found.add(tag)
    return found


def may_hold(file: bytes, text: bytes) -> bool:
    """Whether a file holds the text, or cannot be looked at."""
    try:
        return text in read_file(file)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def places(pattern: bytes, env: "dict[bytes, bytes]") -> "list[bytes]":
    """The files that a pattern names: ``~/x``, ``$NAME/x``, ``./x`` here and in every folder above, ``/x``."""
    head, _, rest = pattern.partition(b"/")
    if head == b"~" or head[:1] == b"$":
        folder = env.get(head[1:] or b"HOME", b"")
        return [folder + b"/" + rest] if folder else []
    if head != b".":
        return [pattern]
    try:
        here = posix.getcwdb().rstrip(b"/")
    except OSError:
        return []
    parts = here.split(b"/")
    return [b"/".join(parts[:count]) + b"/" + rest for count in range(len(parts), 0, -1)]


def tagged(line: bytes) -> "tuple[bytes, bytes]":
    """``[tag] value`` -> (tag, value)."""
    if line.startswith(b"["):
        tag, _, value = line[1:].partition(b"] ")
        return tag, value
    return b"", line


def off_switches(plan: Plan, call: Call, env: "dict[bytes, bytes]") -> "list[bytes]":
    """Switches in argv or environment that would put our hooks to sleep."""
    found = []
    for pattern in plan.all(b"off-switch"):
        kind, _, rest = pattern.partition(b" ")
        if kind == b"env":
            name, given, value = rest.partition(b"=")
            if env.get(name) and (not given or env[name] == value):
                found.append(name)
        elif kind != b"setting" and (call.has(pattern) or pattern in call.argv):  # claude looks for it anywhere
            found.append(pattern)
    return found
