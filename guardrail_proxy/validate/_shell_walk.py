"""WARM. Walks a line's syntax tree and collects the commands it would run."""

import os.path
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from guardrail_proxy.validate._shell_inner import Nested, feed, inners
from guardrail_proxy.validate._shell_tree import text_of, tree
from guardrail_proxy.validate._shell_types import Redirect, SimpleCommand, Word
from guardrail_proxy.validate._shell_words import WORDS, split_words, word_of
from guardrail_proxy.validate._shell_wrappers import PREFIXES, assigned

DEEPEST_LEVEL = 6
MOST_COMMANDS = 2_000
DEEPEST_NODE = 120
_LOOPS = frozenset({"for_statement", "while_statement", "c_style_for_statement"})
_SCOPED = frozenset({"subshell", "command_substitution", "process_substitution"})
_DECLARES = frozenset({"declaration_command", "unset_command"})
_REDIRECTS = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect"})
_HEREDOC = frozenset({"heredoc_start", "heredoc_body", "heredoc_end"})


def walk(line: str) -> tuple[SimpleCommand, ...]:
    """The commands of a whole line."""
    found: list[SimpleCommand] = []
    _walk_text(line, _Place(found, 0, frozenset(), {}, (0, len(line))))
    return tuple(found)


@dataclass(slots=True)
class _Place:
    """Where in the line the walk is: what is known of variables and folder, and what surrounds it."""

    found: list[SimpleCommand]
    level: int
    wrappers: frozenset[str]
    known: dict[str, str]
    span: tuple[int, int]
    cwd: str = ""
    source: bytes = b""
    depth: int = 0
    previous: SimpleCommand | None = None
    position: tuple[int, int] = (0, 1)
    redirects: tuple[Redirect, ...] = field(default=())

    def inside(self, *wrappers: str) -> "_Place":
        """The same place, one node deeper, within something."""
        known = self.known if not wrappers else dict(self.known)
        return replace(self, wrappers=self.wrappers.union(wrappers), known=known, depth=self.depth + 1)


def _walk_text(text: str, place: _Place) -> None:
    source = text.encode("utf-8", "replace")
    _visit(tree(source), replace(place, source=source))


def _visit(node: Node, place: _Place) -> None:
    """Collect the commands of a node; ``place`` is changed by cd and assignments, as the shell's state would be."""
    if not _is_wanted(node, place):
        return
    kind = node.type
    if kind == "command":
        _command(node, place, ())
    elif kind == "pipeline":
        _pipeline(node, place)
    elif kind == "redirected_statement":
        _redirected(node, place)
    elif kind in _DECLARES:
        _declaration(node, place)
    elif kind in _SCOPED:
        _scope(node, place)
    elif kind not in ("comment", "heredoc_body", "raw_string"):
        _block(node, kind, place)


def _is_wanted(node: Node, place: _Place) -> bool:
    """Within bounds, and not in what the repair of an unclosed quote added behind the source."""
    is_ours = node.start_byte < len(place.source)
    return is_ours and place.depth <= DEEPEST_NODE and len(place.found) <= MOST_COMMANDS


def _scope(node: Node, place: _Place) -> None:
    """A subshell or substitution: what it changes does not outlive it."""
    inner = place.inside("subshell" if node.type == "subshell" else "substitution")
    inner.level += node.type != "subshell"
    _children(node.named_children, inner)


def _block(node: Node, kind: str, place: _Place) -> None:
    """A loop, function, list, assignment or anything else that holds commands."""
    if kind == "variable_assignment":
        _assignment(node, place)
    if kind == "for_statement":
        _bind_loop(node, place)
    if kind in _LOOPS or kind == "function_definition":
        inner = place.inside("loop" if kind in _LOOPS else "function")
        if kind == "function_definition":
            name = node.child_by_field_name("name")
            inner.wrappers |= {f"function {text_of(name) if name else ''}"}
        _children(node.named_children, inner)
        return
    depth, place.depth = place.depth, place.depth + 1
    _children(node.named_children, place)
    place.depth = depth


def _children(nodes: Iterable[Node], place: _Place) -> None:
    for node in nodes:
        if node.type not in ("word", "comment", "variable_name", "string_content"):
            _visit(node, place)


def _bind_loop(node: Node, place: _Place) -> None:
    """``for x in a b``: x is a, for what follows."""
    name = node.child_by_field_name("variable")
    value = node.child_by_field_name("value")
    if name is not None and value is not None:
        place.known[text_of(name)] = word_of(value, place.known).text


def _assignment(node: Node, place: _Place) -> tuple[str, str]:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    key = text_of(name) if name is not None else ""
    text = word_of(value, place.known).text if value is not None else ""
    if key and len(text) < 4_096:
        place.known[key] = text
    return key, text


def _declaration(node: Node, place: _Place) -> None:
    """export, declare, unset: their assignments hold for what follows."""
    pairs = tuple(_assignment(child, place) for child in node.named_children if child.type == "variable_assignment")
    args = tuple(word_of(child, place.known) for child in node.named_children if child.type in WORDS)
    name = text_of(node.children[0]) if node.children else ""
    _emit(name, args, place, pairs, node)
    _children(node.named_children, place)


def _pipeline(node: Node, place: _Place) -> None:
    stages = [child for child in node.named_children if child.type != "comment"]
    for index, stage in enumerate(stages):
        here = replace(place, position=(index + place.position[0], len(stages) + place.position[1] - 1))
        count = len(place.found)
        _visit(stage, here)
        place.previous = _main(place.found[count:], place.wrappers) or place.previous
    place.previous = None


def _main(commands: list[SimpleCommand], outer: frozenset[str]) -> SimpleCommand | None:
    """The command a pipeline's stage is: the last one that is not in a substitution of its own."""
    own = [command for command in commands if "substitution" not in command.wrappers - outer]
    return own[-1] if own else None


def _redirected(node: Node, place: _Place) -> None:
    body = node.child_by_field_name("body")
    redirects: list[Redirect] = []
    extra: list[Word] = []
    later: list[Node] = []
    for child in node.children:
        if child.type in _REDIRECTS:
            redirect, more = _redirect(child, place)
            redirects.append(redirect)
            extra.extend(more)
            later.extend(c for c in child.named_children if c.type not in _HEREDOC and c.type not in WORDS)
    if body is not None and body.type == "command":
        _command(body, replace(place, redirects=tuple(redirects)), tuple(extra), place)
    elif body is not None:
        outer, place.redirects = place.redirects, tuple(redirects)
        _visit(body, place)
        place.redirects = outer
    elif redirects:
        _emit("", (), replace(place, redirects=tuple(redirects)), (), node)
    for child in node.children:
        if child.type in _REDIRECTS:
            _children((c for c in child.named_children if c.type in WORDS), place)
    _after_heredoc(later, place)


def _after_heredoc(nodes: list[Node], place: _Place) -> None:
    """What stands on the heredoc's first line after it: the rest of the pipeline or list."""
    for node in nodes:
        if node.type not in _REDIRECTS:
            before = place.found[-1] if place.found else None
            _visit(node, replace(place, previous=before, position=(1, 2)))


def _redirect(node: Node, place: _Place) -> tuple[Redirect, list[Word]]:
    """The redirection, and words of the command that the grammar puts behind its target."""
    if node.type == "heredoc_redirect":
        body = next((child for child in node.children if child.type == "heredoc_body"), None)
        return Redirect("<<", Word(text_of(body) if body is not None else "")), []
    words = [word_of(child, place.known) for child in node.named_children if child.type in WORDS - {"file_descriptor"}]
    operator = next((child.type for child in node.children if not child.is_named), ">")
    return Redirect(operator, words[0] if words else Word("")), words[1:]


def _command(node: Node, place: _Place, extra: tuple[Word, ...], state: _Place | None = None) -> None:
    """One command: its words, then the commands within its words, then what it runs."""
    pairs: list[tuple[str, str]] = []
    words: list[Word] = []
    redirects = list(place.redirects)
    known = dict(place.known)
    for child in node.children:
        kind = child.type
        if kind == "command_name":
            inner = child.children[0] if child.children else child
            words.extend(split_words(inner, place.known))
        elif kind == "variable_assignment":
            pairs.append(_assignment(child, place))
        elif kind in _REDIRECTS:
            redirect, more = _redirect(child, place)
            redirects.append(redirect)
            words.extend(more)
        elif kind in WORDS:
            words.extend(split_words(child, place.known))
    here = replace(place, redirects=tuple(redirects))
    nested = len(place.found)
    _children((c for c in node.named_children if c.type not in ("word", "raw_string", "number")), _within(place))
    if any(child.type == "process_substitution" for child in node.named_children) and here.previous is None:
        here.previous = next(iter(place.found[nested:]), None)
    _run((*words, *extra), here, tuple(pairs), node)
    (state or place).cwd = here.cwd
    if words and pairs:
        place.known.clear()
        place.known.update(known)


def _within(place: _Place) -> _Place:
    """For substitutions within a command's words: not part of its pipeline."""
    return replace(place, previous=None, position=(0, 1), redirects=(), depth=place.depth + 1)


def _run(words: tuple[Word, ...], place: _Place, pairs: tuple[tuple[str, str], ...], node: Node | None) -> None:
    """Emit the command of these words and everything it would run in turn."""
    lead = assigned(words)
    if not lead.words:
        if pairs or place.redirects:
            _emit("", (), place, (*pairs, *lead.assignments), node)
        return
    name = _name(lead.words[0].text)
    args = lead.words[1:]
    command = _made(name, args, place, (*pairs, *lead.assignments), node)
    nested = inners(command) if place.level < DEEPEST_LEVEL and len(place.found) < MOST_COMMANDS else ()
    if name not in PREFIXES or not nested:
        place.found.append(replace(command, path=lead.words[0].text))
    if name in ("cd", "pushd"):
        place.cwd = _moved(place.cwd, command)
    script = feed(command)
    for one in (*nested, *((Nested(script=script, wrapper="stdin"),) if script else ())):
        _descend(one, command, place)


def _descend(one: Nested, command: SimpleCommand, place: _Place) -> None:
    span = (command.start, command.end)
    known = {**place.known, **dict(one.assignments)}
    wrappers = place.wrappers | {one.wrapper}
    cwd = one.cwd or place.cwd
    if one.script is None:
        inner = replace(place, level=place.level + 1, wrappers=wrappers, known=known, span=span, cwd=cwd)
        _run(one.words, inner, one.assignments, None)
        place.cwd = inner.cwd if one.wrapper in PREFIXES else place.cwd
        return
    text = _filled(one.script, place.known) if one.wrapper in ("stdin", "eval") else one.script
    scripted = _Place(place.found, place.level + 1, wrappers, known, span, cwd="" if one.wrapper == "ssh" else cwd)
    _walk_text(text, scripted)


def _filled(script: str, known: dict[str, str]) -> str:
    return known.get(script[1:], script) if script.startswith("$") else script


def _name(written: str) -> str:
    """The command's name: no folder, no backslash."""
    return written.lstrip("\\").rsplit("/", 1)[-1] if not written.startswith("$") else written


def _moved(cwd: str, command: SimpleCommand) -> str:
    target = next((word.text for word in command.operands), "~")
    if target == "-":
        return ""
    return os.path.normpath(os.path.join(cwd, target)) if target else cwd


def _emit(
    name: str, args: tuple[Word, ...], place: _Place, pairs: tuple[tuple[str, str], ...], node: Node | None
) -> None:
    place.found.append(_made(name, args, place, pairs, node))


def _made(
    name: str, args: tuple[Word, ...], place: _Place, pairs: tuple[tuple[str, str], ...], node: Node | None
) -> SimpleCommand:
    start, end = place.span if node is None or place.level else _characters(node, place.source)
    return SimpleCommand(
        name=name,
        args=args,
        start=start,
        end=end,
        assignments=pairs,
        redirects=place.redirects,
        wrappers=place.wrappers,
        level=place.level,
        cwd=place.cwd,
        index=place.position[0],
        length=place.position[1],
        previous=place.previous,
    )


def _characters(node: Node, source: bytes) -> tuple[int, int]:
    start, end = node.start_byte, min(node.end_byte, len(source))
    if source.isascii():
        return start, end
    return len(source[:start].decode("utf-8", "ignore")), len(source[:end].decode("utf-8", "ignore"))
