"""COLD. Code whose end is missing, by its syntax tree."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ast_grep_py import SgNode

LANGUAGES = {
    "py": "python", "js": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "javascript",
    "ts": "typescript", "mts": "typescript", "tsx": "tsx", "java": "java", "go": "go", "rb": "ruby", "rs": "rust",
    "cs": "csharp", "php": "php", "kt": "kotlin", "swift": "swift", "scala": "scala", "json": "json", "css": "css",
}  # fmt: skip
"""Suffix -> the parser's name. C and C++ are left out: macros make whole files look cut."""
LONGEST_CHARACTERS = 200_000


def language_of(path: str) -> str:
    """The parser for a file's name, '' when there is none."""
    return LANGUAGES.get(path.rsplit(".", 1)[-1].lower(), "")


@lru_cache(maxsize=64)
def is_cut(text: str, language: str) -> bool:
    """Whether the code breaks off: what its parser cannot place reaches to its end."""
    from ast_grep_py import SgRoot  # noqa: PLC0415 # a native module: only when a file was written

    end = len(text.rstrip())
    if not end or len(text) > LONGEST_CHARACTERS:
        return False
    root = SgRoot(text, language).root()
    if root.kind() == "ERROR":
        return True
    broken = (*root.find_all(kind="ERROR"), *_missing(root))
    return any(node.range().end.index >= end for node in broken)


def _missing(root: "SgNode") -> list["SgNode"]:
    """What the parser had to add at the end: nodes without any text, on the way down the last children."""
    found: list[SgNode] = []
    node = root
    while children := node.children():
        found += [child for child in children[-3:] if _is_empty(child) and child.is_leaf()]
        node = next((child for child in reversed(children) if not _is_empty(child)), children[-1])
    return found


def _is_empty(node: "SgNode") -> bool:
    span = node.range()
    return span.start.index == span.end.index
