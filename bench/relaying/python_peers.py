"""The relays that Python offers, each as its documentation shows it: ``python_peers.py pexpect|pty PROGRAM ARGS``."""

import os
import sys


def with_pty(argv: list[str]) -> int:
    """The standard library's."""
    import pty  # noqa: PLC0415 # each is charged for its own imports only

    return os.waitstatus_to_exitcode(pty.spawn(argv))


def with_pexpect(argv: list[str]) -> int:
    """pexpect's, which follows the window's size where it is told to."""
    import shutil  # noqa: PLC0415
    import signal  # noqa: PLC0415

    import pexpect  # noqa: PLC0415

    def size() -> tuple[int, int]:
        columns, rows = shutil.get_terminal_size()
        return rows, columns

    child = pexpect.spawn(argv[0], argv[1:], timeout=None, dimensions=size())
    signal.signal(signal.SIGWINCH, lambda *_: child.setwinsize(*size()))
    child.interact(escape_character=None)
    child.close()
    return int(child.exitstatus if child.signalstatus is None else 128 + child.signalstatus)


if __name__ == "__main__":
    sys.exit({"pty": with_pty, "pexpect": with_pexpect}[sys.argv[1]](sys.argv[2:]))
