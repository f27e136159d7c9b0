"""COLD. A file made for a person: whole or not at all, for its owner alone, and never over another one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from guardrail_proxy.durable import sync_folder
from guardrail_proxy.errors import ConfigError, GuardrailError


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A name to write to, in a private folder beside the target; afterwards the target is there, on disk, 0600.

    ConfigError when something is there already or its folder is not, GuardrailError when the disk refuses.
    """
    if os.path.lexists(target):
        raise ConfigError(f"'{target}' is there already: choose another name or remove it")
    try:
        folder = Path(tempfile.mkdtemp(prefix=".guardrail-proxy-", dir=target.absolute().parent))
    except OSError as error:
        raise ConfigError(f"cannot write '{target}': {error.strerror}") from error
    try:
        yield folder / "new"
        _place(folder / "new", target)
    except OSError as error:
        raise GuardrailError(f"cannot write '{target}': {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copied_to(stream: BinaryIO) -> Iterator[Path]:
    """A name to write to; afterwards what is there has gone to the stream."""
    with tempfile.TemporaryDirectory(prefix="guardrail-proxy-") as folder:
        path = Path(folder) / "new"
        yield path
        with path.open("rb") as file:
            shutil.copyfileobj(file, stream)
        stream.flush()


def _place(temporary: Path, target: Path) -> None:
    os.chmod(temporary, 0o600)
    handle = os.open(temporary, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    os.link(temporary, target)
    sync_folder(target.absolute().parent)
