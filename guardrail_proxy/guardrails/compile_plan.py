"""COLD. Compiles configuration, documents and what is known of a CLI into the plan that its shim reads.

The format is in docs/formats.md. The files that a plan refers to are written before it, and each only when it changed.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from guardrail_proxy.cli import Cli, Injection, find_cli
from guardrail_proxy.config import Config
from guardrail_proxy.config.replace_file import private_folder, replace_file
from guardrail_proxy.discover import members
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.guardrails.documents import document_files, documents_for
from guardrail_proxy.guardrails.probe import input_line, unknown_words
from guardrail_proxy.home import Home
from guardrail_proxy.plan import MAGIC, Plan, PlanError, read_plan
from guardrail_proxy.session import Mode

MODES: tuple[Mode, ...] = ("standard", "strict")
CONTEXT, NAMES = "context.md", "context.ids"
"""What a session's first hook call is answered with, and the ids of the documents in it, one a line."""
Line = tuple[str, str]


def write_plan(home: Home, cli: str, config: Config, real: Path | None = None) -> Path:
    """Bring one CLI's plan and its files up to date; return the plan's path.

    ``real`` is where the real CLI was found; without it the hint of the plan before stays. Raises ConfigError for an
    unknown CLI or a document that is wrong, OSError when the home cannot be written.
    """
    *files, (path, plan) = plan_files(home, cli, config, real).items()
    for file, text in files:
        private_folders(home.root, file.parent)
        put(file, text)
    put(path, plan)
    return path


def plan_files(home: Home, cli: str, config: Config, real: Path | None = None) -> dict[Path, bytes]:
    """Every file of one CLI's plan as it should be, the plan itself last; nothing is written."""
    known, path = known_cli(cli), home.plan(cli)
    injections = {mode: injection_of(home, known, mode) for mode in MODES}
    files = files_of(home, cli, injections.values())
    before = plan_before(path)
    hint = os.fsencode(real) if real else before.one(b"real-hint") if before else b""
    program = Path(os.fsdecode(hint)) if hint else None
    lacks = unknown_words(known, program, before)
    lines = [*settings_lines(home, known, config, lacks), *grammar_lines(known)]
    lines += [*input_lines(home, program), *file_lines(files)]
    written = {home.plans / cli / name: text.encode() for name, text in files.items()}
    return {**written, path: plan_text(lines, injections, hint)}


def known_cli(name: str) -> Cli:
    """The module of ``clis/``. Raises ConfigError when there is none."""
    cli = find_cli(name)
    if cli is None:
        raise ConfigError(f"'{name}' is no CLI that is known: one of {', '.join(members('clis'))}")
    return cli


def injection_of(home: Home, cli: Cli, mode: Mode) -> Injection:
    """What the CLI's own module adds in one mode."""
    return cli.inject(home.root, mode, context_of(home, cli.name))


def context_of(home: Home, cli: str) -> str:
    """The text that a model of this CLI gets to read."""
    return "\n".join(document.text for document in documents_for(home, cli))


def files_of(home: Home, cli: str, injections: Iterable[Injection]) -> dict[str, str]:
    """Relative path -> text of every file that the plan refers to."""
    ids = "".join(f"{document.id}\n" for document in documents_for(home, cli))
    files = {CONTEXT: context_of(home, cli), NAMES: ids}
    for injection in injections:
        files.update(injection.files)
    return files


def settings_lines(home: Home, cli: Cli, config: Config, lacks: tuple[str, ...]) -> Iterator[Line]:
    """What the configuration says of this CLI; nothing is injected into a program that lacks a word of ours."""
    tool = config.tool(cli.name)
    yield "cli", cli.name
    yield "mode", config.mode_of(cli.name)
    yield "enabled", yes_or_no(tool.enabled)
    yield "inject", yes_or_no(tool.inject and not lacks)
    yield "hooked", yes_or_no(cli.hooked and not lacks)
    for word in lacks:
        yield "lacks", word
    yield "stderr-answer", yes_or_no(cli.answers_on_stderr)
    yield "bypass", yes_or_no(config.bypass_allowed(cli.name))
    yield "quiet", "auto" if config.quiet is None else yes_or_no(config.quiet)
    yield "interpreter", interpreter_of(home)
    yield "hold-limit", str(config.strict.hold_limit_bytes)
    yield "verdict-timeout", f"{config.strict.verdict_timeout_s:f}".rstrip("0").rstrip(".")


def grammar_lines(cli: Cli) -> Iterator[Line]:
    """How the CLI's own words are read."""
    words: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("value-flag", cli.value_flags),
        ("variadic-flag", cli.variadic_flags),
        ("oneshot", cli.oneshot),
        ("housekeeping", cli.housekeeping),
        ("protocol", cli.protocol),
        ("conflict", tuple(f"{flag} -> {tag}" for flag, tag in cli.conflicts)),
        ("file-conflict", tuple(f"{file} {text} -> {tag}" for file, text, tag in cli.file_conflicts)),
        ("off-switch", cli.off_switches),
        ("folder-env", cli.folder_env),
        ("known-path", (*((f"/{cli.package}/",) if cli.package else ()), *cli.known_paths)),
    )
    for word, values in words:
        for value in values:
            yield word, value


def input_lines(home: Home, program: Path | None) -> Iterator[Line]:
    """The files that the plan was made from, the CLI's own among them; a change of one makes it stale."""
    programs = [program] if program else []
    for path in (home.config, home.guardrails, *document_files(home), *programs):
        yield "input", input_line(path)


def file_lines(files: Mapping[str, str]) -> Iterator[Line]:
    """The files that the plan refers to, each with the hash of what was written."""
    for name, text in files.items():
        yield "file", f"{name} {hashlib.sha256(text.encode()).hexdigest()}"


def plan_text(lines: Iterable[Line], injections: dict[Mode, Injection], hint: bytes) -> bytes:
    """The plan as a file."""
    out = [MAGIC, b"# Made by guardrail-proxy install; it is made again when one of its inputs changes."]
    out += [line_of(word, value.encode("utf-8", "surrogateescape")) for word, value in lines]
    out += [line_of("real-hint", hint)] if hint else []
    for mode, injection in injections.items():
        out.append(f"in {mode}".encode())
        out += [line_of(*line) for line in injection_lines(injection)]
    return b"\n".join(out) + b"\n"


def injection_lines(injection: Injection) -> Iterator[tuple[str, bytes]]:
    """What one mode adds to argv and environment."""
    for word, pairs in (("arg", injection.args), ("quiet-arg", injection.quiet_args)):
        for tag, value in pairs:
            yield word, f"[{tag}] {value}".encode("utf-8", "surrogateescape")
    for name, value in injection.env:
        yield "env", f"{name}={value}".encode("utf-8", "surrogateescape")


def line_of(word: str, value: bytes) -> bytes:
    """One line, its value escaped."""
    return word.encode() + b" " + value.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")


def yes_or_no(value: bool) -> str:  # noqa: FBT001 # it is the value itself, not a switch
    """As the plan says it."""
    return "yes" if value else "no"


def interpreter_of(home: Home) -> str:
    """Our Python, by the name that stays when a new environment is made."""
    stable = home.root / "env" / "bin" / "python"
    try:
        is_ours = (home.root / "env").samefile(sys.prefix)
    except OSError:
        is_ours = False
    return str(stable) if is_ours and os.access(stable, os.X_OK) else sys.executable


def plan_before(path: Path) -> Plan | None:
    """The plan that is there; None without one that can be read."""
    try:
        return read_plan(os.fsencode(path))
    except (OSError, PlanError):
        return None


def put(path: Path, data: bytes) -> None:
    """Write a file whole, if it is not like that."""
    try:
        if path.read_bytes() == data:
            return
    except FileNotFoundError:
        pass
    replace_file(path, data)


def private_folders(top: Path, folder: Path) -> None:
    """Make a folder and those between it and ``top``, each private."""
    for part in (*reversed([p for p in folder.parents if p.is_relative_to(top)]), folder):
        private_folder(part)
