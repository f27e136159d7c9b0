"""COLD. ``PYTHON -I -S make_bundle.py FOLDER SHOWN``: the bundle of a folder's modules, for that interpreter.

The file is ``<number>.bundle``, the number being that of the interpreter's bytecode: no other one reads it. ``SHOWN``
is the folder's name in tracebacks. Any python3 >= 3.8 runs this, so it imports nothing of ours.
"""

import ast
import marshal
import os
import sys
from importlib.util import MAGIC_NUMBER
from types import CodeType

SHIM = "shim.template"
BODY_BEGINS, BODY_ENDS = "\nBODY = r'''\n", "\n'''\n"


def make_bundle(folder: str, shown: str) -> None:
    """Write it, whole or not at all: a marshalled (bytes in the file, index, code of a shim's body), then the modules.

    The index: name -> (whether it is a package, start and end of its code in the file, what it loads at its import).
    """
    paths = dict(found(folder))
    trees: dict[str, ast.Module] = {}
    codes: dict[str, CodeType] = {}
    for name, path in paths.items():
        with open(path, "rb") as file:
            trees[name] = ast.parse(file.read())
        at = os.path.join(shown, os.path.relpath(path, folder))
        codes[name] = compile(trees[name], at, "exec", dont_inherit=True, optimize=2)
    pieces = {name: marshal.dumps(code) for name, code in sorted(codes.items())}
    text_of_body = body_of(os.path.join(folder, SHIM))
    body = compile(text_of_body, os.path.join(shown, SHIM), "exec", dont_inherit=True, optimize=2)
    needs = {name: tuple(needed(name, trees)[:-1]) for name in pieces}
    head = 0
    while True:  # the places stand in the head, whose length they may change
        index: dict[str, tuple[bool, int, int, tuple[str, ...]]] = {}
        end = head
        for name, piece in pieces.items():
            index[name] = (paths[name].endswith("__init__.py"), end, end + len(piece), needs[name])
            end += len(piece)
        text = marshal.dumps((end, index, body))
        if len(text) == head:
            break
        head = len(text)
    target = os.path.join(folder, str(int.from_bytes(MAGIC_NUMBER[:2], "little")) + ".bundle")
    with open(target + ".new", "wb") as file:
        file.write(text + b"".join(pieces.values()))
    os.chmod(target + ".new", 0o600)
    os.rename(target + ".new", target)


def body_of(path: str) -> str:
    """What a shim does, out of its template."""
    with open(path, encoding="ascii") as file:
        return file.read().partition(BODY_BEGINS)[2].partition(BODY_ENDS)[0] + "\n"


def needed(name: str, trees: "dict[str, ast.Module]") -> "list[str]":
    """Every module of ours that importing this one loads, itself last; each after those that it needs itself."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(module: str) -> None:
        if module not in trees:
            return
        visit(module.rpartition(".")[0])  # import loads it first, and it may load this module
        if module in seen:
            return
        seen.add(module)
        for word in imported(trees[module]):
            visit(word)
        order.append(module)

    visit(name)
    return order


def imported(tree: ast.Module) -> "list[str]":
    """What a module's own statements import; what stands in its functions is loaded when they run."""
    names: list[str] = []
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            names += [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            names += [statement.module] + [statement.module + "." + alias.name for alias in statement.names]
    return names


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
