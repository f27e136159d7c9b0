"""Who is compared: how each runs the child, and whether it is installed."""

import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from relaying.place import HERE, Place, shim_python

Words = list[str]


@dataclass(frozen=True, slots=True)
class Peer:
    """``argv`` makes the words that run the child with these arguments; ``missing`` says what is not installed."""

    name: str
    argv: Callable[[Words], Words]
    missing: str = ""


def all_peers(place: Place) -> list[Peer]:
    """In the order of the table's columns: the shim beside what it is compared with."""
    child, python, recipe = [str(place.child)], shim_python(place), str(HERE / "python_peers.py")
    nothing, cast = "/dev/null", str(place.root / "cast")
    return [
        Peer("bare", lambda args: [*child, *args]),
        Peer("shim", lambda args: [str(place.shims / place.cli), *args]),
        Peer("script", lambda args: ["script", "-qefc", shlex.join([*child, *args]), nothing], lacks(place, "script")),
        Peer(
            "asciinema",
            lambda args: ["asciinema", "rec", "-q", "--overwrite", "-c", shlex.join([*child, *args]), cast],
            lacks(place, "asciinema"),
        ),
        Peer("pexpect", lambda args: [sys.executable, "-I", recipe, "pexpect", *child, *args], lacks_pexpect()),
        Peer("pty.spawn", lambda args: [python, "-I", "-S", recipe, "pty", *child, *args]),
        Peer("C relay", lambda args: [str(place.root / "c_relay"), *child, *args]),
    ]


def recording_script(place: Place) -> Peer:
    """As `script`, with its log: the shim records too."""
    log = str(place.root / "log")
    return Peer(
        "script, log",
        lambda args: ["script", "-qefc", shlex.join([str(place.child), *args]), log],
        lacks(place, "script"),
    )


def floor(place: Place) -> Peer:
    """The least that anything in Python costs: the shim's own interpreter, doing nothing."""
    python = shim_python(place)
    return Peer("python -I -S", lambda _: [python, "-I", "-S", "-c", "pass"])


def lacks(place: Place, program: str) -> str:
    """Why a peer is skipped; '' when it is there."""
    return "" if shutil.which(program, path=place.env["PATH"]) else f"{program} is not installed"


def lacks_pexpect() -> str:
    """The same for the module."""
    try:
        import pexpect  # noqa: F401, PLC0415 # only whether it is there
    except ImportError:
        return "pexpect is not installed"
    return ""
