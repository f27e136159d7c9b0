"""COLD. ``PYTHON -I -S make_bundle.py FOLDER SHOWN``: the bundle of a folder's modules, for that interpreter.

The file is ``<number>.bundle``, the number being that of the interpreter's bytecode: no other one reads it. ``SHOWN``
is the folder's name in tracebacks. Any python3 >= 3.8 runs this, so it imports nothing of ours.
"""

import ast
import marshal
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import MAGIC_NUMBER, find_spec
from types import CodeType

SHIM = "shim.template"
CHAPTERS = ("guardrail_proxy.shim", "guardrail_proxy.guard", "guardrail_proxy.run.pty", "guardrail_proxy.run.relay")
"""What a start in a terminal loads, one after the other: each is one object in the file, with what it needs."""
BODY_BEGINS, BODY_ENDS = "\nBODY = r'''\n", "\n'''\n"


def make_bundle(folder: str, shown: str) -> None:
    """Write it, whole or not at all: a marshalled head, then the chapters, each a marshalled {name: code}.

    The head: (bytes in the file, index, extensions, code of a shim's body). The index: name -> (whether it is a
    package, start and end of its chapter in the file, what it loads at its import). The extensions: name -> file of
    what else it imports that is not built into the interpreter.
    """
    paths = dict(found(folder))
    trees: dict[str, ast.Module] = {}
    codes: dict[str, CodeType] = {}
    for name, path in paths.items():
        with open(path, "rb") as file:
            trees[name] = ast.fix_missing_locations(Bare().visit(ast.parse(file.read())))
        at = os.path.join(shown, os.path.relpath(path, folder))
        codes[name] = compile(trees[name], at, "exec", dont_inherit=True, optimize=2)
    pieces = [(chapter, marshal.dumps({name: codes[name] for name in chapter})) for chapter in chapters(trees)]
    extensions = extensions_of(trees)
    text_of_body = body_of(os.path.join(folder, SHIM))
    body = compile(text_of_body, os.path.join(shown, SHIM), "exec", dont_inherit=True, optimize=2)
    needs = {name: tuple(needed(name, trees)[:-1]) for name in trees}
    head = 0
    while True:  # the places stand in the head, whose length they may change
        index: dict[str, tuple[bool, int, int, tuple[str, ...]]] = {}
        end = head
        for chapter, piece in pieces:
            for name in chapter:
                index[name] = (paths[name].endswith("__init__.py"), end, end + len(piece), needs[name])
            end += len(piece)
        text = marshal.dumps((end, index, extensions, body))
        if len(text) == head:
            break
        head = len(text)
    target = os.path.join(folder, str(int.from_bytes(MAGIC_NUMBER[:2], "little")) + ".bundle")
    with open(target + ".new", "wb") as file:
        file.write(text + b"".join(piece for _, piece in pieces))
    os.chmod(target + ".new", 0o600)
    os.rename(target + ".new", target)


class Bare(ast.NodeTransformer):
    """Without annotations: nobody asks for them, and each costs a start."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """An argument's."""
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:  # ast says so
        """What a function returns."""
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:  # ast says so
        """A variable's."""
        self.generic_visit(node)
        return ast.Assign([node.target], node.value, lineno=node.lineno) if node.value else ast.Pass()


def chapters(trees: "dict[str, ast.Module]") -> "list[list[str]]":
    """The modules' names: those of a start together, every other one alone."""
    seen: set[str] = set()
    together: list[list[str]] = []
    for first in (*CHAPTERS, *sorted(trees)):
        chapter = [name for name in needed(first, trees) if name not in seen] if first in CHAPTERS else [first]
        if first not in seen:
            together.append(chapter)
        seen.update(chapter)
    return together


def extensions_of(trees: "dict[str, ast.Module]") -> "dict[str, str]":
    """The files of the interpreter's own extension modules that these import, wherever in their text."""
    words = {word for tree in trees.values() for node in ast.walk(tree) for word in imported_by(node)}
    files = {word: getattr(find_spec(word), "origin", None) or "" for word in sorted(words) if "." not in word}
    return {word: file for word, file in files.items() if file.endswith(tuple(EXTENSION_SUFFIXES))}


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
    return [name for statement in tree.body for name in imported_by(statement)]


def imported_by(node: ast.AST) -> "list[str]":
    """What a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module] + [node.module + "." + alias.name for alias in node.names]
    return []


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
