"""The CLI of the relay's tests: does one thing that a program on a terminal may do, and tells what it saw."""

import fcntl
import os
import resource
import signal
import struct
import sys
import termios
import time
import tty


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode("utf-8", "surrogateescape"))


def size() -> str:
    return "x".join(map(str, struct.unpack("HHHH", fcntl.ioctl(1, termios.TIOCGWINSZ, b"\0" * 8))))


def facts() -> None:
    """Everything that a program is started with."""
    say("argv", [os.fsencode(word) for word in sys.argv])
    say(
        "env", sorted((name, value) for name, value in os.environb.items() if not name.startswith(b"GUARDRAIL_SESSION"))
    )
    say("cwd", os.getcwd(), "umask", oct(os.umask(0)), "limits", resource.getrlimit(resource.RLIMIT_NOFILE))
    say("ignored", [n for n in range(1, 32) if signal.getsignal(n) is signal.SIG_IGN], signal.pthread_sigmask(0, ()))
    held = [fd for fd in range(64) if is_open(fd)]
    say("open", held, "terminals", [fd for fd in held if os.isatty(fd)])


def is_open(fd: int) -> bool:
    try:
        fcntl.fcntl(fd, fcntl.F_GETFD)
    except OSError:
        return False
    return True


def terminal() -> None:
    """What its terminal is."""
    own = os.open("/dev/tty", os.O_RDWR)
    say("modes", termios.tcgetattr(0)[:6], "size", size())
    say("front", os.tcgetpgrp(own) == os.getpgrp(), "controls", os.ttyname(0) == os.ttyname(1) == os.ttyname(2))


def resized() -> None:
    signal.signal(signal.SIGWINCH, lambda *_: say("size", size()))
    say("READY")
    while True:
        signal.pause()


def signals() -> None:
    """Count what comes; any key ends it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGQUIT):
        signal.signal(number, lambda got, _: say("got", signal.Signals(got).name))
    say("READY")
    while not os.read(0, 1):
        pass
    say("BYE")


def raw() -> None:
    """Every byte that comes, as hexadecimal, until the NUL that ends it."""
    tty.setraw(0)
    say("READY")
    seen = b""
    while b"\x00" not in seen:
        seen += os.read(0, 65536)
    say("seen", seen.hex())


def paste() -> None:
    """Read a megabyte while writing as much."""
    tty.setraw(0)
    say("READY")
    left, sum_ = 1 << 20, 0
    while left:
        data = os.read(0, 65536)
        left, sum_ = left - len(data), (sum_ + sum(data)) & 0xFFFFFF
        os.write(1, b"." * len(data))
    say("sum", sum_)


def query() -> None:
    """Ask the terminal where its cursor is."""
    tty.setraw(0)
    os.write(1, b"\x1b[6n")
    say("answer", os.read(0, 100))


def every() -> None:
    tty.setraw(0)
    os.write(1, bytes(range(256)) * 3)


def last() -> None:
    os.write(1, b"x" * 200_000 + b"END!")


def orphan() -> None:
    """A grandchild writes when we are long gone."""
    if not os.fork():
        os.setsid()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        while not os.path.exists(sys.argv[2]):
            time.sleep(0.01)
        say("late")
        return
    say("early")


def leave_raw() -> None:
    tty.setraw(0)
    say("READY")
    os.read(0, 1)


def hang() -> None:
    say("READY", os.getpid())
    while True:
        signal.pause()


def lines() -> None:
    """Echo lines until one says quit."""
    say("READY")
    for line in sys.stdin:
        say("line", line.strip())
        if line.strip() == "quit":
            break


def die() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    number = int(sys.argv[2])
    if number not in (9, 19):
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def leave() -> None:
    sys.exit(int(sys.argv[2]))


if __name__ == "__main__":
    globals()[sys.argv[1]]()
