"""COLD. The root of the git repository around the working directory."""

from pathlib import Path


def repository_root(start: Path | None = None) -> Path | None:
    """The nearest folder from ``start`` (the working directory) upwards that holds ``.git``, or None."""
    here = (start or Path.cwd()).absolute()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)
