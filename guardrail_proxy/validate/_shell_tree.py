"""WARM. The syntax tree of a shell line, by tree-sitter; what a missing quote broke is repaired."""

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_bash.language()))
_REPAIRS = ("'", '"', "`", ")", "\nfi", "\ndone")


def tree(line: bytes) -> Node:
    """The root node; of a line with an unclosed quote the tree it would have when closed."""
    root = _PARSER.parse(line).root_node
    if not root.has_error or len(line) > 4_000:
        return root
    for repair in _REPAIRS:
        fixed = _PARSER.parse(line + repair.encode()).root_node
        if not fixed.has_error:
            return fixed
    return root


def text_of(node: Node) -> str:
    """The source text of a node."""
    return (node.text or b"").decode("utf-8", "replace")
