"""WARM. Calls, assignments and imports of a piece of code, in any of the languages that a rule may speak about."""

import re
import textwrap
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from guardrail_proxy.session import Event, Kind
from guardrail_proxy.validate.rules.code._language import language_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

KINDS: frozenset[Kind] = frozenset({"code block", "file write"})
LONGEST_CHARACTERS = 200_000
_CALLS = {
    "python": ("call",),
    "javascript": ("call_expression", "new_expression"),
    "typescript": ("call_expression", "new_expression"),
    "tsx": ("call_expression", "new_expression"),
    "java": ("method_invocation", "object_creation_expression"),
    "php": (
        "function_call_expression",
        "member_call_expression",
        "scoped_call_expression",
        "object_creation_expression",
        "echo_statement",
        "print_intrinsic",
        "exit_statement",
        "include_expression",
        "require_expression",
    ),
    "go": ("call_expression", "composite_literal", "type_conversion_expression"),
    "ruby": ("call", "subshell"),
    "rust": ("call_expression", "unsafe_block", "macro_invocation"),
    "csharp": ("invocation_expression", "object_creation_expression"),
    "c": ("call_expression",),
    "cpp": ("call_expression", "new_expression"),
    "swift": ("call_expression",),
    "kotlin": ("call_expression",),
}
_SETS = {
    "python": (
        "assignment",
        "keyword_argument",
        "default_parameter",
        "typed_default_parameter",
        "comparison_operator",
        "pair",
    ),
    "javascript": ("assignment_expression", "variable_declarator", "pair", "jsx_attribute"),
    "typescript": ("assignment_expression", "variable_declarator", "pair"),
    "tsx": ("assignment_expression", "variable_declarator", "pair", "jsx_attribute"),
    "java": ("assignment_expression", "variable_declarator"),
    "php": ("assignment_expression", "array_element_initializer"),
    "go": ("short_var_declaration", "assignment_statement", "const_spec", "var_spec", "keyed_element"),
    "ruby": ("assignment", "pair"),
    "rust": ("let_declaration",),
    "csharp": ("assignment_expression", "variable_declarator"),
    "c": ("init_declarator", "assignment_expression"),
    "cpp": ("init_declarator", "assignment_expression"),
    "swift": ("assignment", "property_declaration"),
    "kotlin": ("assignment", "property_declaration"),
}
_IMPORTS = {
    "python": ("import_statement", "import_from_statement"),
    "java": ("import_declaration",),
    "go": ("import_spec",),
}
_ARGUMENTS = frozenset({"arguments", "argument_list", "call_suffix", "literal_value", "block", "token_tree"})
_OPERATOR = re.compile(r"(?<![=!<>:+\-*/%&|^])\s*(?::=|==|=>|=(?![=>])|:(?![:=]))\s*")


@dataclass(frozen=True, slots=True)
class Fact:
    """One call (name, arguments with their brackets), assignment (left, right) or import (what, "")."""

    kind: str
    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Code:
    """What was read from one text."""

    language: str
    facts: tuple[Fact, ...]
    text: str


def read(event: Event) -> Code:
    """The facts of the event's code."""
    text = event.text[:LONGEST_CHARACTERS]
    return _read(text, language_of(event.language, event.path, text))


@lru_cache(maxsize=64)
def _read(text: str, language: str) -> Code:
    if language not in _CALLS or not text.strip():
        return Code(language, (), text)
    shift, source = _prepared(text)
    kinds = {**dict.fromkeys(_CALLS[language], "call"), **dict.fromkeys(_SETS[language], "set")}
    kinds.update(dict.fromkeys(_IMPORTS.get(language, ()), "import"))
    from ast_grep_py import SgRoot  # noqa: PLC0415 # 4 MB of grammars: only when code came

    clean = source.encode("utf-8", "replace").decode("utf-8")
    root = SgRoot(clean.replace("<?php", "     ").replace("?>", "  ") if language == "php" else clean, language).root()
    nodes = root.find_all({"rule": {"any": [{"kind": kind} for kind in kinds]}})
    facts: list[Fact] = []
    names: dict[str, str] = {}
    for node in nodes:
        where = node.range()
        start, end = shift(where.start.index), shift(where.end.index)
        kind = kinds[node.kind()]
        fact = _call(node, start, end) if kind == "call" else _pair(kind, node.text(), start, end)
        if kind == "import" and language == "python":
            names.update(_aliases(fact.name))
        facts.append(fact)
    return Code(language, tuple(_resolved(fact, names) for fact in facts) if names else tuple(facts), text)


def _prepared(text: str) -> tuple[Callable[[int], int], str]:
    """The dedented text, and what turns an offset in it into one in the original."""
    source = textwrap.dedent(text) if text[:1] in " \t\n" else text
    if source == text:
        return (lambda index: index), text
    lines = source.split("\n")
    begins = list(accumulate((len(line) + 1 for line in lines), initial=0))
    cuts = list(accumulate(len(a) - len(b) for a, b in zip(text.split("\n"), lines, strict=False)))

    def shift(index: int) -> int:
        return min(index + cuts[min(bisect_right(begins, index), len(cuts)) - 1], len(text))

    return shift, source


def _call(node: "SgNode", start: int, end: int) -> Fact:
    text = node.text()
    last = next((child for child in reversed(node.children()) if child.kind() in _ARGUMENTS), None)
    if last is None:
        name, _, rest = text.partition(" ")
        return Fact("call", re.sub(r"\s+", "", name.split("(", 1)[0]), rest or text, start, end)
    cut = last.range().start.index - node.range().start.index
    name = re.sub(r"^new\s+|\s+", "", text[:cut])
    return Fact("call", name, text[cut:], start, end)


def _pair(kind: str, text: str, start: int, end: int) -> Fact:
    if kind == "import":
        return Fact("import", " ".join(text.split()), "", start, end)
    parts = _OPERATOR.split(text, maxsplit=1)
    return Fact("set", parts[0].strip(), parts[1].strip() if len(parts) > 1 else "", start, end)


def _aliases(statement: str) -> dict[str, str]:
    """Local name -> full name, of one Python import."""
    if found := re.match(r"from\s+([\w.]+)\s+import\s+\(?(.*?)\)?$", statement):
        pieces = [(found[1] + ".", piece) for piece in found[2].split(",")]
    else:
        pieces = [("", piece) for piece in statement.removeprefix("import ").split(",")]
    names: dict[str, str] = {}
    for prefix, piece in pieces:
        name, _, alias = piece.strip().partition(" as ")
        if alias or prefix:
            names[(alias or name).strip()] = prefix + name.strip()
    return names


def _resolved(fact: Fact, names: dict[str, str]) -> Fact:
    head, dot, rest = fact.name.partition(".")
    if fact.kind != "call" or head not in names:
        return fact
    return Fact("call", names[head] + dot + rest, fact.value, fact.start, fact.end)
