"""WARM. The folder is the registry, the path is the id.

``members("validate.rules")`` finds every module below ``guardrail_proxy/validate/rules``; the file
``secrets/aws_access_key.py`` has the id ``secrets/aws-access-key``. A new member is one new file. A folder
without ``__init__.py``, or a file whose import fails, raises: a guard that skips a rule silently is worse than none.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).parent


@cache
def members(folder: str) -> dict[str, ModuleType]:
    """Import every module below a dotted folder of this package; return id -> module, sorted by id.

    Raises ImportError naming the file when a folder has no ``__init__.py`` or a module cannot be imported.
    """
    root = PACKAGE / folder.replace(".", "/")
    return {member_id(root, path): _load(path) for path in sorted(member_files(root))}


@cache
def member(folder: str, wanted: str) -> ModuleType | None:
    """Import the one member of that id; None when there is none. Raises ImportError when it cannot be imported."""
    root = PACKAGE / folder.replace(".", "/")
    found = (path for path in member_files(root) if member_id(root, path) == wanted)
    path = next(found, None)
    return _load(path) if path else None


def member_files(root: Path) -> list[Path]:
    """Every Python file below a folder that is a member: not ``__init__`` and not private (``_name.py``)."""
    files = [path for path in root.rglob("*.py") if not path.name.startswith("_")]
    for path in files:
        if not (path.parent / "__init__.py").exists():
            raise ImportError(f"{path.parent} has no __init__.py, so {path.name} would be skipped: add one")
    return files


def member_id(root: Path, path: Path) -> str:
    """The id of a member file: its path below the folder, without suffix, dashes for underscores."""
    return path.relative_to(root).with_suffix("").as_posix().replace("_", "-")


def _load(path: Path) -> ModuleType:
    name = ".".join(("guardrail_proxy", *path.relative_to(PACKAGE).with_suffix("").parts))
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(f"{path} cannot be imported: {error}") from error
