"""COLD. A target behind a URL: whatever file system fsspec knows, such as s3, gs, abfs, sftp or hdfs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import one_line
from guardrail_proxy.store.fleet.target import Target, TargetError

EXTRA = "a target with '://' needs the extra 'fleet': pip install 'guardrail-proxy[fleet]'"


def open_url(url: str) -> Target:
    """The place that a URL names. ConfigError when fsspec, or what it needs for this scheme, is not there."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 # an extra: only who pushes to a URL has it
    except ImportError as error:
        raise ConfigError(EXTRA) from error
    try:
        files, root = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise ConfigError(f"cannot use the target '{url}': {one_line(str(error), 200)}") from error
    return Remote(url, files, root)


class Remote:
    """Files of an fsspec file system."""

    def __init__(self, url: str, files, root: str) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 # fsspec has no types
        self.name = url
        self._files = files
        self._root = root.rstrip("/")

    def read(self, path: str) -> bytes | None:
        """What a file holds."""
        with self._refusals(path):
            try:
                return bytes(self._files.cat_file(self._at(path)))
            except FileNotFoundError:
                return None

    def put(self, path: str, source: Path) -> None:
        """Under a hidden name first: not every file system shows an upload only when it is whole."""
        target = self._at(path)
        folder, _, name = target.rpartition("/")
        temporary = f"{folder}/.{name}.tmp"
        with self._refusals(path):
            self._files.makedirs(folder, exist_ok=True)
            self._files.put_file(str(source), temporary)
            self._files.mv(temporary, target)

    def remove(self, path: str) -> None:
        """Take the file away."""
        with self._refusals(path):
            try:
                self._files.rm_file(self._at(path))
            except FileNotFoundError:
                return

    def files(self, folder: str) -> list[str]:
        """The paths of all files below a folder."""
        with self._refusals(folder):
            self._files.invalidate_cache()
            try:
                found = self._files.find(self._at(folder))
            except FileNotFoundError:
                return []
            return sorted(path.removeprefix(self._root).lstrip("/") for path in found)

    def location(self, path: str) -> str:
        """Its URL."""
        return str(self._files.unstrip_protocol(self._at(path)))

    def local(self, path: str, folder: Path) -> Path:
        """A copy."""
        copy = folder / path.replace("/", "~")
        with self._refusals(path):
            self._files.get_file(self._at(path), str(copy))
        return copy

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Object stores have no locks: docs/fleet.md says that one machine does it."""
        yield

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    @contextmanager
    def _refusals(self, path: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # each file system has errors of its own
            reason = one_line(str(error) or type(error).__name__, 200)
            raise TargetError(f"cannot use '{self.name.rstrip('/')}/{path}': {reason}") from error
