"""WARM. Takes a message's Markdown apart: fenced code blocks and the prose between them."""

import re
from dataclasses import dataclass

FENCE = re.compile(r"^(?P<indent> {0,24})(?P<marks>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]{0,200})$")
"""Indented further than CommonMark has it outside lists: models put fences into nested lists."""
DEEPER = 4
"""A fence that is indented so much more than the one that opened the block does not close it."""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """One fenced block; an unclosed one reaches to the end."""

    language: str
    text: str
    is_closed: bool = True


@dataclass(frozen=True, slots=True)
class Markdown:
    """A message in its two kinds of text."""

    blocks: tuple[CodeBlock, ...]
    prose: str
    """Everything outside fences, line by line."""


def split_markdown(text: str) -> Markdown:
    """The fenced blocks of a message, and its prose."""
    blocks: list[CodeBlock] = []
    prose: list[str] = []
    inside: list[str] = []
    marks = language = ""
    indent = 0
    for line in text.splitlines():
        fence = FENCE.match(line)
        if not marks and fence:
            marks, language, inside = fence["marks"], (fence["info"].split() or [""])[0].lower(), []
            indent = len(fence["indent"])
            prose.append("")
        elif marks and fence and _closes(fence, marks, indent):
            blocks.append(CodeBlock(language, "".join(f"{x}\n" for x in inside)))
            marks = ""
        else:
            (inside if marks else prose).append(line)
    if marks:
        blocks.append(CodeBlock(language, "".join(f"{x}\n" for x in inside), is_closed=False))
    return Markdown(tuple(blocks), "\n".join(prose))


def _closes(fence: re.Match[str], marks: str, indent: int) -> bool:
    is_near = len(fence["indent"]) < indent + DEEPER
    return is_near and fence["marks"].startswith(marks) and not fence["info"].strip()
