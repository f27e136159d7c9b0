"""HOT. The answer to `doctor`, which fires a canary through every launcher to see whether a shim of ours is started.

A canary runs nothing: it cannot be used to get past the guard. It counts only while the file exists that doctor made
for it in the home, which nobody else can enter.
"""

import posix


def answer(home: bytes, nonce: bytes, name: bytes) -> None:
    """Note in doctor's file that the CLI of that name was reached, and end; return when no doctor waits for it here."""
    if not nonce.isalnum():
        return
    try:
        fd = posix.open(home + b"/canary-" + nonce, posix.O_WRONLY | posix.O_APPEND | posix.O_NOFOLLOW)
    except OSError:
        return
    posix.write(fd, name + b"\n")
    posix._exit(0)
