"""COLD. Python functions whose body does nothing, where nothing says that this is meant."""

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef

MEANT_CLASS = re.compile(
    r"(?i)abstract|base|interface|protocol|mixin|mock|fake|dummy|stub|null|noop|visitor|handler|listener|hooks?|\babc\b"
)
"""Names of classes, and of what they inherit from, whose empty methods are there to be overridden."""
MEANT_TEXT = re.compile(
    r"(?i)overrid|subclass|abstract|\binterface\b|hook|no-?op|do(?:es)? nothing|ignored?\b|not used|deprecated"
)
"""What a docstring or a comment says of a body that is empty on purpose."""
MEANT_NAME = re.compile(r"(?i)_*(?:no_?op|nothing|null|dummy|ignore|hook)\w*|on_\w+|test_?\w*|__\w+__")
"""Names of functions that may be empty."""


def python_stubs(text: str) -> tuple[int, ...] | None:
    """The lines of functions that are only stubs; None when the text is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = textwrap.dedent(text).splitlines()
    return tuple(sorted(_stubs(tree, lines)))


def _stubs(tree: ast.Module, lines: list[str]) -> Iterator[int]:
    for function in _functions(tree):
        if _is_stub(function, lines):
            yield function.lineno
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not _is_meant_class(node):
            yield from _methods(node, lines)


def _functions(tree: ast.Module) -> list[Function]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _methods(node: ast.ClassDef, lines: list[str]) -> Iterator[int]:
    """The stubs of a class that has no real method: an empty one among real ones is meant to be overridden."""
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
    told = [method for method in methods if not _is_empty_start(method)]
    stubs = [method for method in told if _is_stub(method, lines)]
    is_override = bool(node.bases) and len(stubs) == 1
    if stubs and len(stubs) == len(told) and not is_override:
        yield from (method.lineno for method in stubs)


def _is_empty_start(method: Function) -> bool:
    return method.name.startswith("__") and _is_empty(method)


def _is_meant_class(node: ast.ClassDef) -> bool:
    names = [node.name, *(ast.unparse(base) for base in node.bases), *(ast.unparse(k.value) for k in node.keywords)]
    return any(MEANT_CLASS.search(name) for name in names) or bool(MEANT_TEXT.search(ast.get_docstring(node) or ""))


def _is_stub(function: Function, lines: list[str]) -> bool:
    if function.decorator_list or MEANT_NAME.fullmatch(function.name) or not _is_empty(function):
        return False
    written = "\n".join(lines[function.lineno - 1 : function.end_lineno])
    return not MEANT_TEXT.search(written.removeprefix(f"def {function.name}"))


def _is_empty(function: Function) -> bool:
    """Only a docstring, ``pass``, ``...`` or ``raise NotImplementedError``."""
    body = function.body
    if (
        isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    ):
        body = body[1:]
    return all(_is_nothing(statement) for statement in body)


def _is_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        return statement.exc is not None and "NotImplementedError" in ast.unparse(statement.exc)
    is_dots = (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and statement.value.value is ...
    )
    return isinstance(statement, ast.Pass) or is_dots
