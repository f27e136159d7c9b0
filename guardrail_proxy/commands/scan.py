"""Look for secrets, dangerous commands and insecure code in files or standard input."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import for_terminal, one_line
from guardrail_proxy.session import Event, Finding, Kind, Transcript
from guardrail_proxy.validate import validate

EVENT_KINDS: dict[str, Kind] = {"cmd": "command", "code": "code block", "inject": "tool result"}
"""The event that an item of a labelled set stands for; one of a failure is a written file, any other a message."""
CATEGORY_KINDS = {"secrets": "secret", "commands": "cmd", "code": "code", "injection": "inject", "pii": "pii"}
FAILURE_KINDS = {"stub": "fail_stub", "trunc": "fail_trunc", "tamper": "fail_tamper", "package": "fail_package"}
SUFFIXES = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".jsx": "javascript", ".ts": "typescript",
    ".tsx": "typescript", ".java": "java", ".go": "go", ".rb": "ruby", ".php": "php", ".rs": "rust", ".cs": "csharp",
    ".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp", ".sh": "bash", ".bash": "bash", ".kt": "kotlin",
}  # fmt: skip


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="[FILE...|-]")
@click.option("--command", "is_command", is_flag=True, help="The text is a shell command, whatever the file's name.")
@click.option("--jsonl", is_flag=True, help="Read items {id, kind, lang, text} as JSON lines, write their findings.")
def command(paths: tuple[str, ...], *, is_command: bool, jsonl: bool) -> None:
    """Look for secrets, dangerous commands and insecure code in files or standard input.

    Prints "file:line: severity id message" for each finding; exit status 1 when there is one.
    """
    if jsonl:
        for line in sys.stdin:
            if line.strip():
                sys.stdout.write(_judged(line) + "\n")
                sys.stdout.flush()
        return
    lines = list(_reports(paths or ("-",), is_command=is_command))
    for line in lines:
        click.echo(line)
    raise SystemExit(1 if lines else 0)


def _judged(line: str) -> str:
    try:
        item = json.loads(line)
        kind, text, language = str(item.get("kind", "")), str(item["text"]), str(item.get("lang") or "")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ConfigError(
            f"'{one_line(line, 60)}' is no item: it needs to be JSON with id, kind, lang and text"
        ) from error
    findings = [
        {"rule": finding.id, "severity": finding.severity, "kind": _kind_of(finding)}
        for finding in _findings(kind, text, language)
    ]
    return json.dumps({"id": item["id"], "findings": findings})


def _findings(kind: str, text: str, language: str) -> Iterable[Finding]:
    if not kind.startswith("fail"):
        event = Event(EVENT_KINDS.get(kind, "message"), text, language=language)
        return validate(Transcript((event,)))
    from guardrail_proxy.detect import detect  # noqa: PLC0415 # loads every parser: only failure items need them

    return detect(Transcript((Event("file write", text, path=_path_of(language), language=language),)))


def _path_of(language: str) -> str:
    suffix = next((suffix for suffix, name in SUFFIXES.items() if name == language), f".{language or 'txt'}")
    return f"item{suffix}"


def _kind_of(finding: Finding) -> str:
    failure = next((kind for word, kind in FAILURE_KINDS.items() if word in finding.id), None)
    if finding.kind == "failure":
        return failure or "fail"
    return CATEGORY_KINDS.get(finding.category, finding.category)


def _reports(paths: Iterable[str], *, is_command: bool) -> Iterator[str]:
    for path in paths:
        language = "bash" if is_command else SUFFIXES.get(Path(path).suffix, "")
        kind: Kind = "command" if language == "bash" else "file write"
        event = Event(kind, _read(path), path="" if path == "-" else path, language=language)
        for finding in validate(Transcript((event,))):
            yield _report("<stdin>" if path == "-" else path, finding)


def _report(path: str, finding: Finding) -> str:
    message = one_line(finding.message)
    return f"{for_terminal(path)}:{finding.line or 1}: {finding.severity} {finding.id} {message}"


def _read(path: str) -> str:
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read '{path}': {error.strerror}") from error
    return data.decode("utf-8", "replace")
