"""HOT. Finds the real CLI: the first executable of that name on PATH that is not one of our shims."""

import posix

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER = b"guardrail-proxy shim"
HEAD_BYTES = 4096


def find_real(name: bytes, path: bytes, shims: bytes) -> bytes:
    """Absolute or PATH-relative path of the real CLI; b'' when there is none."""
    return next(programs(name, path, shims), b"")


def programs(name: bytes, path: bytes, shims: bytes) -> "Iterator[bytes]":
    """Every program of that name on PATH that is not one of our shims, in order.

    Shims are known by their content, and by the folder they lie in, also through symbolic links.
    """
    own = identity(shims)
    for entry in path.split(b":"):
        folder = entry or b"."
        file = folder + b"/" + name
        if is_program(file) and not (own and identity(folder) == own) and not is_shim(file):
            yield file


def identity(path: bytes) -> "tuple[int, int] | None":
    """Device and inode."""
    try:
        found = posix.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_program(file: bytes) -> bool:
    """Whether it is a regular file that we may execute."""
    try:
        return posix.access(file, posix.X_OK) and posix.stat(file).st_mode & 0o170000 == 0o100000
    except OSError:
        return False


def is_shim(file: bytes) -> bool:
    """Whether the file says of itself that it is a shim of ours."""
    try:
        fd = posix.open(file, posix.O_RDONLY | posix.O_CLOEXEC)
    except OSError:
        return False
    try:
        head = posix.read(fd, HEAD_BYTES)
    finally:
        posix.close(fd)
    return head.startswith(b"#!") and MARKER in head
