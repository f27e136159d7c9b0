"""HOT. The session's folder, with a start record whose lock is held while the session lives."""

import fcntl
import posix
import time

from guardrail_proxy.run.descriptors import moved_up, write_all

OWNER = 0o700
SPARES = 8
"""So many folders lie ready in ``spare/``: to make one costs a start several times what it costs to rename one."""
IN_A_SPARE = [b"end.json.new", b"start.json.new"]
FOLDER, FILE, KIND_AND_MODE = 0o040000 | OWNER, 0o100600, 0o170777
CREATED = posix.O_CREAT | posix.O_TRUNC | posix.O_NOFOLLOW | posix.O_CLOEXEC


class Folder:
    """A session's 0700 folder."""

    __slots__ = ("id", "path", "lock")

    def __init__(self, home: bytes, *, may_be_spare: bool = False) -> None:
        """Make it, or take one that lies ready. Raises OSError when the home cannot be written."""
        self.id = new_id()
        sessions = home + b"/sessions"
        self.path = sessions + b"/" + self.id
        if may_be_spare and take_spare(home + b"/spare/", self.path):
            return
        try:
            posix.mkdir(self.path, OWNER)
        except FileNotFoundError:  # the first session
            make_missing(sessions)
            posix.mkdir(self.path, OWNER)

    def start(self, facts: bytes) -> None:
        """Write the start record, locked before it has its name. ``facts``: more JSON members, each after a comma.

        The sidecar sees to it that it is on disk: the CLI need not wait for that.
        """
        text = b'{"session_id": "%s", "pid": %d, "started_at": %.6f%s}\n' % (
            self.id,
            posix.getpid(),
            time.time(),
            facts,
        )
        new = self.path + b"/start.json.new"
        self.lock = moved_up(posix.open(new, posix.O_RDWR | CREATED, 0o600))
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        write_all(self.lock, text)
        posix.rename(new, self.path + b"/start.json")

    def end(self, status: int, gap: int) -> None:
        """Write the end record, durably. Raises OSError."""
        signal = posix.WTERMSIG(status) if posix.WIFSIGNALED(status) else None
        code = None if signal is not None else posix.WEXITSTATUS(status)
        text = b'{"exit_code": %s, "signal": %s, "ended_at": %.6f, "gap_bytes": %d}\n' % (
            json_number(code),
            json_number(signal),
            time.time(),
            gap,
        )
        new = self.path + b"/end.json.new"
        fd = posix.open(new, posix.O_WRONLY | CREATED, 0o600)
        try:
            write_all(fd, text)
            posix.fsync(fd)
        finally:
            posix.close(fd)
        posix.rename(new, self.path + b"/end.json")


def take_spare(spares: bytes, path: bytes) -> bool:
    """Whether there was a folder as the sidecar leaves them, and is the session's now."""
    first = posix.getpid()
    for number in range(first, first + SPARES):
        spare = spares + b"%d" % (number % SPARES)
        try:
            if is_ready(spare):
                posix.utime(spare)  # or it would look like one that was left without a start record long ago
                posix.rename(spare, path)
                return True
        except OSError:
            continue  # taken
    return False


def is_ready(spare: bytes) -> bool:
    """Whether a folder is as it was laid ready, and nothing in it is anything else's too. Raises OSError."""
    if posix.lstat(spare).st_mode & KIND_AND_MODE != FOLDER or sorted(posix.listdir(spare)) != IN_A_SPARE:
        return False
    files = [posix.lstat(spare + b"/" + name) for name in IN_A_SPARE]
    return all((file.st_mode & KIND_AND_MODE, file.st_nlink, file.st_size) == (FILE, 1, 0) for file in files)


def make_missing(folder: bytes) -> None:
    """Make a folder, unless another session did it just now."""
    try:
        posix.mkdir(folder, OWNER)
    except FileExistsError:
        pass


def json_number(value: "int | None") -> bytes:
    """A number or null."""
    return b"null" if value is None else b"%d" % value


def new_id() -> bytes:
    """A UUIDv7: sorts by time (RFC 9562, 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(posix.urandom(10), "big")
    number = milliseconds << 80 | 7 << 76 | (tail >> 62 & 0xFFF) << 64 | 2 << 62 | tail & (1 << 62) - 1
    digits = b"%032x" % number
    return b"-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
