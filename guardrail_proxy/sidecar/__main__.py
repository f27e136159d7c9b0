"""WARM. ``python -I -m guardrail_proxy.sidecar SESSION_FOLDER``: open the gate first, load the rules second."""

import contextlib
import json
import os
import signal
import socket
import sys

from guardrail_proxy.priority import give_way, stay_gentle

LOCK = 5
AFTER = 10


def main() -> None:
    """Serve the session, then finish it."""
    folder = sys.argv[1]
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)
    stay_gentle()
    os.chdir(folder)
    listener = listen()
    with contextlib.suppress(OSError):
        os.fsync(LOCK)  # the start record
    from guardrail_proxy.sidecar.service import Service  # noqa: PLC0415 # after the gate is bound: hooks queue meanwhile

    trouble = Service(folder, listener, load_stages).run()
    is_alone = is_awaited()
    if not is_alone:
        give_way(AFTER)  # the next call goes first
    os.chdir("/")
    if is_alone or trouble or not os.path.exists(os.path.join(folder, "end.json")):
        finish_alone(folder, trouble)
    else:
        finish_in_turn(folder)


def finish_alone(folder: str, trouble: str) -> None:
    """Finish this session, and tell who waits."""
    from pathlib import Path  # noqa: PLC0415 # now nothing is in a hurry any more

    from guardrail_proxy.finish import finish_and_tell  # noqa: PLC0415 # COLD: the CLI has ended

    finish_and_tell(Path(folder), trouble)


def finish_in_turn(folder: str) -> None:
    """Leave this session to a finisher that is at work, or be the one that finishes all that have ended."""
    from guardrail_proxy.sidecar.turn import AT_WORK, take_turn  # noqa: PLC0415 # it has ended

    home = os.path.dirname(os.path.dirname(folder))
    turn = take_turn(home)
    if turn == AT_WORK:
        from guardrail_proxy.sidecar.after import note_after  # noqa: PLC0415 # it may be long until he comes to it

        note_after(folder)
        turn = take_turn(home)  # he may be done, and could not look at this one as long as it was ours
        if turn == AT_WORK:
            return
    from guardrail_proxy.finish_waiting import finish_waiting  # noqa: PLC0415 # COLD: the CLI has ended
    from guardrail_proxy.sidecar.spares import lay_ready  # noqa: PLC0415 # for the next calls

    lay_ready(home)
    finish_waiting(folder, LOCK, turn)


def is_awaited() -> bool:
    """Whether somebody waits for what we find: strict's relay, a caller of the Python API."""
    from guardrail_proxy.sidecar.turn import nobody_waits  # noqa: PLC0415 # it has ended

    try:
        with open("start.json", "rb") as file:
            return not nobody_waits(json.load(file))
    except (OSError, ValueError, AttributeError):
        return True


def load_stages(cli: str) -> None:
    """Import what judging a session of this CLI will need."""
    from guardrail_proxy import finish  # noqa: PLC0415 # COLD: not before the CLI has had its start

    finish.load_stages(cli)


def listen() -> socket.socket:
    """The gate's socket, by its relative name: an absolute one may be too long."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink("hook.sock")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind("hook.sock")
    os.chmod("hook.sock", 0o600)
    listener.listen(64)
    return listener


if __name__ == "__main__":
    main()
