"""WARM. What guardrail-proxy knows of one AI CLI: every module of ``clis/`` holds one ``CLI: Cli``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guardrail_proxy.discover import member
from guardrail_proxy.session import Capture, Event, Mode


@dataclass(frozen=True, slots=True)
class Injection:
    """What context adds to a run of one mode."""

    args: tuple[tuple[str, str], ...] = ()
    """(tag, argument), prepended to the user's own in order; the tag is what a ``conflict`` line may drop."""
    quiet_args: tuple[tuple[str, str], ...] = ()
    """For a CLI that shows on stderr that hooks ran: instead of ``args``, in a one-shot call without a conflict."""
    env: tuple[tuple[str, str], ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    """Relative path below ``plans/<cli>/`` -> text; written before the plan is."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a native transcript held."""

    events: tuple[Event, ...]
    native_id: str = ""
    model: str = ""
    version: str = ""
    lines: int = 0
    broken_lines: int = 0
    """Lines that could not be read: skipped, told in the coverage."""


def inject_nothing(home: Path, mode: Mode, document: str) -> Injection:
    """For a CLI that has no injection yet."""
    del home, mode, document
    return Injection()


def find_no_transcript(capture: Capture) -> Path | None:
    """For a CLI whose native transcript is not read yet."""
    del capture
    return None


def parse_nothing(path: Path) -> Parsed:
    """For a CLI whose native transcript is not read yet."""
    del path
    return Parsed(())


def parse_no_text(text: str) -> Parsed:
    """For a CLI whose structured output is not read yet."""
    del text
    return Parsed(())


def nothing_merged(argv: tuple[str, ...], added: tuple[tuple[str, str], ...]) -> tuple[str, ...] | None:
    """For a CLI where no conflict can be merged: strict refuses."""
    del argv, added
    return None


def no_setting(cwd: Path, home: Path, env: Mapping[str, str]) -> str | None:
    """For a CLI without settings that switch hooks off."""
    del cwd, home, env
    return None


def no_argument(argv: tuple[str, ...]) -> str | None:
    """For a CLI whose off-switches are all fixed words."""
    del argv
    return None


@dataclass(frozen=True, slots=True)
class Cli:
    """One AI CLI, declaratively; the behaviours are plain functions of the same module."""

    name: str
    package: str
    """npm package, for install hints."""
    verified_version: str
    executables: tuple[str, ...]
    version_args: tuple[str, ...] = ("--version",)
    places: tuple[str, ...] = ()
    """Where its own installer puts it, below HOME: it need not be on PATH."""
    bundles: tuple[str, ...] = ()
    """Glob patterns below HOME of the copies that editors bring and start by their path."""
    wrapper_setting: str = ""
    """The editor's setting that names a program to put before such a copy."""
    known_paths: tuple[str, ...] = ()
    """Parts of a path by which its program or script is recognised, beside ``/<package>/``."""
    needs: tuple[str, ...] = ()
    """Words that its ``--help`` must hold, or nothing is added to its arguments: it would not start with them."""
    oneshot: tuple[str, ...] = ()
    value_flags: tuple[str, ...] = ()
    variadic_flags: tuple[str, ...] = ()
    housekeeping: tuple[str, ...] = ()
    protocol: tuple[str, ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()
    """(flag, tag of what of ours it would drop)."""
    file_conflicts: tuple[tuple[str, str, str], ...] = ()
    """(file, text, tag): what of ours is dropped where the file holds the text; ``~/``, ``$NAME/`` and ``./`` (the
    working directory and all above it) may begin the file's path."""
    off_switches: tuple[str, ...] = ()
    """Words as in the plan: ``--bare``, ``env CLAUDE_CODE_SIMPLE``, ``setting`` (ask ``setting_off_switch``)."""
    folder_env: tuple[str, ...] = ()
    """Variables that move the CLI's own folders, e.g. ``CLAUDE_CONFIG_DIR``."""
    hooked: bool = False
    answers_on_stderr: bool = False
    """What the model says goes to stderr too: strict holds both back."""
    types_unjudged: bool = False
    """Its model can type into a program that runs, and no hook is asked: strict denies programs that take orders so."""
    inject: Callable[[Path, Mode, str], Injection] = inject_nothing
    """(guardrail home, mode, the guardrail document's text) -> what to add."""
    merge: Callable[[tuple[str, ...], tuple[tuple[str, str], ...]], tuple[str, ...] | None] = nothing_merged
    """(user argv, our (tag, argument) pairs) -> the whole argv without argv[0] with both in force, or None."""
    setting_off_switch: Callable[[Path, Path, Mapping[str, str]], str | None] = no_setting
    """(cwd, HOME, environment) -> which setting switches our hooks off in strict and cannot be overridden, or None."""
    argv_off_switch: Callable[[tuple[str, ...]], str | None] = no_argument
    """(user argv) -> which argument would switch our hooks off in a way that fixed words cannot name, or None."""
    find_transcript: Callable[[Capture], Path | None] = find_no_transcript
    parse_transcript: Callable[[Path], Parsed] = parse_nothing
    parse_structured: Callable[[str], Parsed] = parse_no_text
    """The CLI's stream-json (or like) stdout -> events; () when the text is none."""
    agent_env: tuple[str, ...] = ()
    """Variables by which the CLI marks its children."""
    ask: tuple[str, ...] = ()
    """The arguments of one question without a terminal; ``{args}``: the caller's own, ``{prompt}``: his question."""
    structured: tuple[str, ...] = ()
    """What makes the answer to such a question JSON, or JSON lines."""


def find_cli(name: str) -> Cli | None:
    """What is known of the CLI of that name; None when nothing is."""
    found = getattr(member("clis", name), "CLI", None)
    return found if isinstance(found, Cli) else None


def question(cli: Cli, args: tuple[str, ...], prompt: str) -> tuple[str, ...]:
    """The argv, without argv[0], by which the CLI answers one question and ends; the caller's own arguments within."""
    words = ((args if word == "{args}" else (word.replace("{prompt}", prompt),)) for word in cli.ask)
    return tuple(word for group in words for word in group)
