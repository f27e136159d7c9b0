"""WARM. A word's text as the shell would see it: quotes removed, known variables filled in, braces expanded."""

import re
from collections.abc import Mapping

from tree_sitter import Node

from guardrail_proxy.validate._shell_tree import text_of
from guardrail_proxy.validate._shell_types import Word

WORDS = frozenset(
    {
        "word",
        "string",
        "raw_string",
        "ansi_c_string",
        "translated_string",
        "concatenation",
        "number",
        "simple_expansion",
        "expansion",
        "command_substitution",
        "process_substitution",
        "brace_expression",
        "arithmetic_expansion",
        "variable_name",
        "extglob_pattern",
        "regex",
        "test_operator",
        "file_descriptor",
    }
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "a": "\a", "b": "\b"}
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_ECHO = re.compile(r"(?:\$\(|`)\s*echo\s+([^\s|;&<>()`-][^|;&<>()`]{0,500}?)\s*[)`]\Z")
"""A substitution whose value the line itself says."""
_BRACES = re.compile(r"\{([^{}\s]{0,200},[^{}\s]{0,200})\}")
MOST_WORDS = 64


def word_of(node: Node, known: Mapping[str, str]) -> Word:
    """The word without quoting; ``$NAME`` stays as written when its value is not known."""
    kind = node.type
    if kind in ("simple_expansion", "expansion"):
        return _variable(node, known)
    if kind in ("string", "translated_string", "concatenation"):
        return _joined(node, known)
    text = text_of(node)
    if kind == "raw_string":
        return Word(text[1:-1])
    if kind == "ansi_c_string":
        return Word(_ESCAPE.sub(_unescape, text[2:-1]))
    if kind == "command_substitution" and (said := _ECHO.match(text)):
        return Word(said[1].strip("\"'"), expands="$" in said[1])
    if kind in ("command_substitution", "process_substitution", "arithmetic_expansion"):
        return Word(text, expands=True)
    return Word(re.sub(r"\\(?:\n|(.))", r"\1", text, flags=re.DOTALL) if "\\" in text else text)


def split_words(node: Node, known: Mapping[str, str]) -> tuple[Word, ...]:
    """The words of one place: an unquoted ``$X`` of a known value is as many as that has."""
    word = word_of(node, known)
    if node.type not in ("simple_expansion", "expansion") or word.expands or "`" in word.text or not word.text.strip():
        return expand_braces(word)
    return tuple(Word(text) for text in word.text.split()[:MOST_WORDS])


def _joined(node: Node, known: Mapping[str, str]) -> Word:
    """The parts of a string or concatenation, with what stands between them."""
    parts: list[str] = []
    expands = False
    source, base = node.text or b"", node.start_byte
    at = base
    for child in node.children:
        parts.append(source[at - base : child.start_byte - base].decode("utf-8", "replace"))
        at = child.end_byte
        if child.type == '"' or (child.type == "$" and node.type == "translated_string"):
            continue
        if child.type == "string_content":
            parts.append(re.sub(r'\\(?:\n|([$`"\\]))', r"\1", text_of(child)))
            continue
        part = word_of(child, known)
        parts.append(part.text)
        expands = expands or part.expands
    return Word("".join(parts), expands)


def _variable(node: Node, known: Mapping[str, str]) -> Word:
    """The value of ``$X`` or ``${X...}`` where the line itself gave it one."""
    text = text_of(node)
    name = next((text_of(child) for child in node.children if child.type == "variable_name"), "")
    plain = text in (f"${name}", f"${{{name}}}")
    if plain and name in known:
        value = known[name]
        return Word(value, expands="$" in value)
    return Word(f"${name}" if plain and name else text, expands=True)


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    return chr(int(code, 8) & 255) if code[0] in "01234567" else _ESCAPES.get(code, code)


def expand_braces(word: Word) -> tuple[Word, ...]:
    """``a{b,c}`` as ``ab`` and ``ac``; anything else as it is."""
    if "," not in word.text or (found := _BRACES.search(word.text)) is None:
        return (word,)
    if found.start() and word.text[found.start() - 1] == "$":
        return (word,)
    head, tail = word.text[: found.start()], word.text[found.end() :]
    pieces = [Word(head + piece + tail, word.expands) for piece in found[1].split(",")[:MOST_WORDS]]
    return tuple(done for piece in pieces for done in expand_braces(piece))[:MOST_WORDS]
