"""COLD. ``PYTHON -I -S make_bundle.py FOLDER SHOWN``: the bundle of a folder's modules, for that interpreter.

The file is ``<number>.bundle``, the number being that of the interpreter's bytecode: no other one reads it. ``SHOWN``
is the folder's name in tracebacks. Any python3 >= 3.8 runs this, so it imports nothing of ours.
"""

import marshal
import os
import sys
from importlib.util import MAGIC_NUMBER

BOOT = "guardrail_proxy.bundle"


def make_bundle(folder: str, shown: str) -> None:
    """Write it, whole or not at all."""
    modules = {}
    for name, path in sorted(found(folder)):
        with open(path, "rb") as file:
            source = file.read()
        code = compile(
            source, os.path.join(shown, os.path.relpath(path, folder)), "exec", dont_inherit=True, optimize=2
        )
        modules[name] = (path.endswith("__init__.py"), marshal.dumps(code))
    boot = marshal.loads(modules[BOOT][1])  # noqa: S302 # what was made right above
    target = os.path.join(folder, str(int.from_bytes(MAGIC_NUMBER[:2], "little")) + ".bundle")
    with open(target + ".new", "wb") as file:
        file.write(marshal.dumps((boot, modules)))
    os.chmod(target + ".new", 0o600)
    os.rename(target + ".new", target)


def found(folder: str) -> "list[tuple[str, str]]":
    """(name, path) of every module."""
    paths = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith(".py")]
    return [(module_name(os.path.relpath(path, folder)), path) for path in paths]


def module_name(path: str) -> str:
    """Of a file below the folder that import looks in."""
    name = path[: -len(".py")].replace(os.sep, ".")
    return name[: -len(".__init__")] if path.endswith("__init__.py") else name


if __name__ == "__main__":
    make_bundle(sys.argv[1], sys.argv[2])
