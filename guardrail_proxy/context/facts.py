"""HOT. What is written down of a call before it runs: the start record, and the first frame to the sidecar."""

import posix

from guardrail_proxy.context.call import Call
from guardrail_proxy.context.carried import Added
from guardrail_proxy.context.mode import Choice
from guardrail_proxy.plan import Plan, is_stale


class Place:
    """Where a call runs; ``home`` is the guardrail home, ``terminals`` says which of 0, 1, 2 are one."""

    __slots__ = ("cwd", "env", "home", "real", "terminals")

    def __init__(
        self, home: bytes, cwd: bytes, real: bytes, env: "dict[bytes, bytes]", terminals: "tuple[bool, ...]"
    ) -> None:
        self.home, self.cwd, self.real, self.env, self.terminals = home, cwd, real, env, terminals


class Facts:
    """One call."""

    __slots__ = ("call", "choice", "kind", "place", "plan")

    def __init__(self, plan: Plan, call: Call, choice: Choice, place: Place) -> None:
        self.plan, self.call, self.choice, self.place = plan, call, choice, place
        self.kind = self._kind()

    def _kind(self) -> bytes:
        """How it is run: bypass, protocol, pty or pipe."""
        if self.choice.is_bypassed:
            return b"bypass"
        if self.call.is_protocol:
            return b"protocol"
        return b"pty" if self.place.terminals[1] else b"pipe"

    def terminals(self) -> bytes:
        """0 or 1 for each of stdin, stdout, stderr."""
        return b"".join(b"%d" % is_one for is_one in self.place.terminals)

    def parent(self) -> bytes:
        """The id of the session above; b'' when there is none."""
        return self.choice.parent.rpartition(b"/")[2]

    def start(self) -> bytes:
        """Members of the start record: nothing the user typed."""
        parent = self.parent()
        members = (
            (b"cli", b'"%s"' % self.plan.one(b"cli")),
            (b"mode", b'"%s"' % self.choice.mode),
            (b"depth", b"%d" % self.choice.depth),
            (b"parent_id", b'"%s"' % parent if parent.replace(b"-", b"").isalnum() else b"null"),
            (b"bypassed", b"true" if self.choice.is_bypassed else b"false"),
            (b"tty", b'"%s"' % self.terminals()),
            (b"kind", b'"%s"' % self.kind),
        )
        return b"".join(b', "%s": %s' % member for member in members)

    def meta(self, session: bytes, added: Added, size: bytes) -> bytes:
        """The first frame: what the sidecar must know, the user's words among it (it redacts them)."""
        env = self.place.env
        pairs = [
            (b"session", session),
            (b"cli", self.plan.one(b"cli")),
            (b"mode", self.choice.mode),
            (b"kind", self.kind),
            (b"real", self.place.real),
            (b"cwd", self.place.cwd),
            (b"home", env.get(b"HOME", b"")),
            (b"guard", self.place.home),
            (b"tty", self.terminals()),
            (b"oneshot", b"%d" % self.call.is_oneshot),
            (b"size", size),
            (b"term", env.get(b"TERM", b"")),
            (b"parent", self.parent()),
            (b"injected", b",".join(added.used)),
            (b"dropped", b",".join(added.dropped)),
            (b"stale", b"%d" % is_stale(self.plan)),
        ]
        pairs += [(b"env." + n, env[n]) for n in self.plan.all(b"folder-env") if n in env]
        pairs += [(b"arg", word) for word in self.call.argv]
        return b"\0".join(name + b"=" + value for name, value in pairs)


def working_directory() -> bytes:
    """Where we are; b'' when it is gone."""
    try:
        return posix.getcwdb()
    except OSError:
        return b""
