"""HOT. Which mode holds: the strictest of shim, plan, environment, repository and parent session."""

import posix

from guardrail_proxy.plan import Plan, read_file

STRICT, STANDARD = b"strict", b"standard"
DEPTH_MOST = 8
REPOSITORY_FOLDER = b"/.guardrail-proxy"


class Choice:
    """The mode, and whether the user's bypass or pause counts."""

    __slots__ = ("mode", "is_bypassed", "parent", "depth")

    def __init__(self, mode: bytes, is_bypassed: bool, parent: bytes, depth: int) -> None:
        self.mode, self.is_bypassed, self.parent, self.depth = mode, is_bypassed, parent, depth


def choose_mode(plan: Plan, shim_mode: bytes, home: bytes, env: "dict[bytes, bytes]", cwd: bytes) -> Choice:
    """The strictest word wins; a looser one counts only where the configuration allows it, never below a session."""
    parent = env.get(b"GUARDRAIL_SESSION", b"")
    start = start_record(parent)
    wish = env.get(b"GUARDRAIL_MODE")
    may_loosen = plan.says(b"bypass", b"no") and not parent
    tightened = wish == STRICT or b'"mode": "strict"' in start or repository_is_strict(cwd, home)
    configured = STRICT in (shim_mode, plan.one(b"mode", STANDARD))
    strict = tightened or (configured and not (may_loosen and wish == STANDARD))
    asked = env.get(b"GUARDRAIL_BYPASS") == b"1" or is_paused(home)
    return Choice(STRICT if strict else STANDARD, asked and may_loosen and not tightened, parent, depth_of(start))


def start_record(folder: bytes) -> bytes:
    """The parent session's start record; b'' when there is none."""
    if not folder:
        return b""
    try:
        return read_file(folder + b"/start.json")
    except OSError:
        return b""


def depth_of(start: bytes) -> int:
    """How deep the child of a session with this start record is."""
    digits = start.partition(b'"depth": ')[2].split(b",")[0].strip(b" }")
    return int(digits) + 1 if digits.isdigit() else 0


def is_paused(home: bytes) -> bool:
    """Whether ``guardrail-proxy pause`` holds."""
    try:
        until = float(read_file(home + b"/paused-until", 64))
    except (OSError, ValueError):
        return False
    import time  # seldom

    return until > time.time()


def repository_is_strict(cwd: bytes, home: bytes) -> bool:
    """Whether the git root above the working directory asks for strict; it can ask for nothing else."""
    folder = cwd.rstrip(b"/")
    while cwd and not is_there(folder + b"/.git"):
        if not folder:
            return False
        folder = folder.rpartition(b"/")[0]
    return (
        bool(cwd) and folder + REPOSITORY_FOLDER != home and says_strict(folder + REPOSITORY_FOLDER + b"/config.toml")
    )


def says_strict(file: bytes) -> bool:
    """Whether a TOML file has ``mode = "strict"`` as a line of its own."""
    try:
        lines = read_file(file).split(b"\n")
    except OSError:
        return False
    return any(b"".join(line.partition(b"#")[0].split()).replace(b"'", b'"') == b'mode="strict"' for line in lines)


def is_there(path: bytes) -> bool:
    """Whether something is at the path."""
    try:
        posix.lstat(path)
    except OSError:
        return False
    return True
