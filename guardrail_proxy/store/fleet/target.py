"""COLD. Where a fleet's files lie: a folder of this machine, local or mounted, or what fsspec reaches."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from guardrail_proxy.durable import sync_folder
from guardrail_proxy.errors import ConfigError, GuardrailError
from guardrail_proxy.home import Home


class TargetError(GuardrailError):
    """The target cannot be read or written."""


class Target(Protocol):
    """Files by their path below one place. Every method raises TargetError when the place refuses."""

    name: str

    def read(self, path: str) -> bytes | None:
        """What a file holds; None when it is not there."""

    def put(self, path: str, source: Path) -> None:
        """Make the file hold what ``source`` does, in one step."""

    def remove(self, path: str) -> None:
        """Take the file away, if it is there."""

    def files(self, folder: str) -> list[str]:
        """The paths of all files in a folder and below it, in order; hidden ones too."""

    def location(self, path: str) -> str:
        """How an engine names the file."""

    def local(self, path: str, folder: Path) -> Path:
        """A name in ``folder`` with the same content, and without characters that mean something."""

    def locked(self) -> AbstractContextManager[None]:
        """While one process takes files away. TargetError when another one does, where the place can say so."""


def open_target(text: str, home: Home) -> Target:
    """The target that a person named. ConfigError when there can be none, or it lies in the guardrail home."""
    if "://" not in text:
        return _folder(Path(text), home)
    if text.startswith("file://"):
        return _folder(Path(unquote(urlsplit(text).path)), home)
    from guardrail_proxy.store.fleet.remote import open_url  # noqa: PLC0415 # its package is an extra

    return open_url(text)


def _folder(path: Path, home: Home) -> "Folder":
    root = Path(os.path.realpath(path))
    own = Path(os.path.realpath(home.root))
    if root == own or own in root.parents:
        raise ConfigError(f"the target '{path}' lies in the guardrail home '{home.root}': choose a place outside")
    if root.exists() and not root.is_dir():
        raise ConfigError(f"the target '{path}' is no folder")
    if not root.parent.is_dir():
        raise ConfigError(f"the target '{path}' cannot be made: there is no folder '{root.parent}'")
    return Folder(root)


class Folder:
    """A folder of this machine. Files get the permissions that the user's umask gives: others are to read them."""

    def __init__(self, root: Path) -> None:
        self.name = str(root)
        self._root = root

    def read(self, path: str) -> bytes | None:
        """What a file holds."""
        with self._refusals(path):
            try:
                return (self._root / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None

    def put(self, path: str, source: Path) -> None:
        """A copy beside it, on disk, then its name."""
        target = self._root / path
        temporary = target.with_name(f".{target.name}.tmp")
        with self._refusals(path):
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as data, temporary.open("wb") as out:
                shutil.copyfileobj(data, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, target)
            sync_folder(target.parent)

    def remove(self, path: str) -> None:
        """Take the file away."""
        with self._refusals(path):
            (self._root / path).unlink(missing_ok=True)

    def files(self, folder: str) -> list[str]:
        """The paths of all files below a folder."""
        with self._refusals(folder):
            found = (Path(where) / name for where, _, names in os.walk(self._root / folder) for name in names)
            return sorted(path.relative_to(self._root).as_posix() for path in found)

    def location(self, path: str) -> str:
        """Its absolute path."""
        return str(self._root / path)

    def local(self, path: str, folder: Path) -> Path:
        """A link to it."""
        link = folder / path.replace("/", "~")
        link.symlink_to(self._root / path)
        return link

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of the folder."""
        with self._refusals("."):
            handle = os.open(self._root, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        try:
            with self._refusals("."):
                self._lock(handle)
            yield
        finally:
            os.close(handle)

    def _lock(self, handle: int) -> None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TargetError(f"another compaction of '{self.name}' is at work: wait for it") from error

    @contextmanager
    def _refusals(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TargetError(f"cannot use '{self._root / path}': {error.strerror or error}") from error
