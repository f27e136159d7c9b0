"""Play a session's recording as it looked."""

import gzip
import json
import os
import shutil
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._playback import Tamer
from guardrail_proxy.errors import ConfigError, GuardrailError
from guardrail_proxy.store.lookup import find_session, recording_of
from guardrail_proxy.store.settle import settle

LONGEST_PAUSE_S = 2.0
RESTORE = "\x1b[0m\x1b[?25h\x1b[?1049l"
"""Colours off, cursor shown, the ordinary screen."""


@click.command("replay")
@click.argument("session", default="last", metavar="[ID|last]")
@click.option("--speed", type=click.FloatRange(min=0.01), default=1.0, show_default=True, help="Times faster.")
@click.option("--raw", is_flag=True, help="Play clipboard, title and query sequences too: only what you trust.")
@click.option("--path", "is_path", is_flag=True, help="Print where the recording is (gzip of an asciicast).")
@click.option("--export", type=click.Path(path_type=Path), metavar="FILE", help="Write a plain asciicast v2 file.")
def command(session: str, speed: float, *, raw: bool, is_path: bool, export: Path | None) -> None:
    """Play a session's recording as it looked; pauses are at most two seconds.

    An exported file plays with "asciinema play FILE"; it is not tamed.

    Exit status: 0 played, 1 no such session or nothing was recorded, 2 wrong usage.
    """
    home = existing_home()
    settle(home)
    row = find_session(home, session)
    recording = recording_of(home, row["output_ref"])
    if recording is None:
        raise GuardrailError(f"session {row['session_id']} has no recording")
    if is_path:
        click.echo(str(recording))
    elif export:
        _export(recording, export)
    else:
        _play(recording, speed, raw=raw)


def _export(recording: Path, target: Path) -> None:
    try:
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with gzip.open(recording, "rb") as source, os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(source, out)
    except OSError as error:
        raise ConfigError(f"cannot write '{target}': {error.strerror or error}") from error


def _play(recording: Path, speed: float, *, raw: bool) -> None:
    """Write the output at its own pace; whatever happens, the terminal is left usable."""
    tamer = Tamer()
    out = sys.stdout.buffer
    before = 0.0
    try:
        for at, text in _outputs(recording):
            pause = min(max(0.0, at - before) / speed, LONGEST_PAUSE_S)
            if pause > 0:
                time.sleep(pause)
            before = at
            out.write((text if raw else tamer.feed(text)).encode("utf-8", "replace"))
            out.flush()
    finally:
        if sys.stdout.isatty():
            out.write(RESTORE.encode())
        out.flush()


def _outputs(recording: Path) -> Iterator[tuple[float, str]]:
    try:
        with gzip.open(recording, "rt", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                match _parsed(line):
                    case [int() | float() as at, "o", str(text)]:
                        yield float(at), text
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise GuardrailError(f"the recording '{recording}' is damaged from here on") from error


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None
