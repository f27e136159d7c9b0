"""COLD. When a session changed code: by a writing tool, or through the shell."""

import re
from collections.abc import Iterator

from guardrail_proxy.detect.runs import Place, results_of, was_denied
from guardrail_proxy.session import Event, Transcript
from guardrail_proxy.validate.shell import SimpleCommand, parse_command

PROSE = re.compile(
    r"""
    \.(?:md|mdx|markdown|txt|rst|adoc|org|log|png|jpe?g|gif|svg|ico|pdf)$
    | (?:^|/)(?:LICEN[CS]E|NOTICE|AUTHORS|CHANGELOG|CHANGES|README|CODEOWNERS|TODO)[\w.-]{0,20}$
    | (?:^|/)\.(?:gitignore|gitattributes|editorconfig|dockerignore|mailmap)$
    | (?:^|/)\.github/ | ^/tmp/[^/]{1,200}$ | ^/dev/ | (?:^|/)\.claude/
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Files that no test, build or linter of code looks at."""
BUILD_TEXT = re.compile(r"(?:^|/)(?:CMakeLists|[\w.-]*requirements[\w.-]*|constraints)\.txt$", re.IGNORECASE)
CODE = re.compile(
    r"\.(?:py|pyi|pyx|[mc]?[jt]sx?|vue|svelte|go|rs|java|kts?|scala|swift|c|h|cc|cpp|cxx|hpp|cs|fs|rb|php|pl|lua|exs?"
    r"|erl|hs|ml|clj|dart|r|jl|zig|nim|sh|sql|gradle|cmake)$",
    re.IGNORECASE,
)
GIT = frozenset(("apply", "am", "revert", "cherry-pick"))
IN_PLACE = re.compile(r"-[a-zA-Z]*i(?:\.\w+)?|--in-place(?:=.*)?")
WRITES = re.compile(r"write_text|writeFile|\.write\(|open\([^)\n]{0,200}['\"][wa]b?\+?['\"]")
NAMED = re.compile(r"['\"]([\w./-]{1,200}\.\w{1,6})['\"]")


def edits_of(transcript: Transcript) -> tuple[Place, ...]:
    """The places of every change to code, in order; what was refused or failed changed nothing."""
    results = results_of(transcript.events)
    found: list[Place] = []
    for seq, event in enumerate(transcript.events):
        result = results.get(event.call_id)
        failed = result is not None and result.ok is False and event.kind != "command"
        if not failed and not was_denied(event, results):
            found += [(seq, start) for start in _edits(event)]
    return tuple(found)


def _edits(event: Event) -> Iterator[int]:
    if event.kind == "file write" and is_code_change(event.path):
        yield 0
    elif event.kind == "command":
        yield from (command.start for command in parse_command(event.text) if _is_edit(command, event.text))


def is_code_change(path: str) -> bool:
    """Whether a check's result may change with this file; of an unknown path it may."""
    return bool(BUILD_TEXT.search(path)) or not PROSE.search(path)


def _is_edit(command: SimpleCommand, line: str) -> bool:
    operands = [word.text for word in command.operands]
    match command.name:
        case "sed" | "perl" | "gsed":
            return any(IN_PLACE.fullmatch(word) for word in command.words) and _any_code(operands)
        case "tee":
            return _any_code(operands)
        case "cp" | "mv" | "install":
            return _any_code(operands[-1:])
        case "patch":
            return "--dry-run" not in command.words
        case "git":
            return _git(operands, command.words)
        case "python" | "python3" | "node" | "ruby":
            return bool(WRITES.search(line)) and _any_code(NAMED.findall(line))
    return _any_code([r.target.text for r in command.redirects if ">" in r.operator])


def _git(operands: list[str], words: tuple[str, ...]) -> bool:
    match operands[:2]:
        case ["apply", *_] if {"--check", "--stat"} & set(words):
            return False
        case ["checkout" | "restore", *_]:
            named = operands[1:]
            return _any_code(named) or ("--" in words and any(is_code_change(path) for path in named)) or "." in named
        case ["stash", verb]:
            return verb in ("pop", "apply")
        case ["reset", *_]:
            return "--hard" in words
        case [verb, *_]:
            return verb in GIT
    return False


def _any_code(paths: list[str]) -> bool:
    return any(CODE.search(path) and is_code_change(path) for path in paths)
