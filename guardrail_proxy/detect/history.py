"""COLD. What a session did before a claim, and whether all of it was seen."""

import re
from dataclasses import dataclass

from guardrail_proxy.detect.edits import edits_of
from guardrail_proxy.detect.runners import Check, kind_of, words
from guardrail_proxy.detect.runs import Place, Run, results_of, runs_of, was_denied
from guardrail_proxy.session import Event, Transcript
from guardrail_proxy.validate.shell import SimpleCommand, parse_command

HARMLESS = words(
    "Read Grep Glob LS NotebookRead TodoWrite TodoRead TaskCreate TaskUpdate TaskList TaskGet WebFetch "
    "WebSearch ToolSearch ExitPlanMode EnterPlanMode AskUserQuestion Edit Write MultiEdit NotebookEdit "
    "apply_patch update_plan view_image web_search read_file read_many_files list_directory glob "
    "search_file_content grep grep_search list ls read view web_fetch webfetch google_web_search save_memory "
    "write_todos todowrite todoread get_internal_docs write_file replace write edit create str_replace "
    "create_file think report_intent"
)
"""Tools that cannot run a check; any other may have, unseen."""
READERS = words(
    "ls cat head tail grep rg find wc sed awk cd pwd echo printf true false which git diff sort less stat "
    "file tree test [ mkdir touch rm cp mv chmod basename dirname date env export set sleep jq tee uniq cut "
    "tr xargs type command pip pip3 curl wget ps kill apt-get apt brew uname whoami id"
)
"""Programs that run no check."""
ENTRY_POINTS = words(
    "make just task rake npm yarn pnpm bun docker docker-compose podman kubectl ssh gradle gradlew mvn mvnw "
    "nix act earthly invoke inv poe tilt gh"
)
"""Programs that may run anything."""
TESTISH = re.compile(r"tests?\b|test_|\bassert|\bspec\b|\bverif|\bcheck", re.IGNORECASE)
ACTED = ("command", "tool call", "file write", "tool result")


@dataclass(frozen=True, slots=True)
class History:
    """A session as far as its claims go."""

    runs: tuple[Run, ...]
    edits: tuple[Place, ...]
    unclear: tuple[int, ...]
    """Indexes of what may have run a check without our knowing it."""
    acts: tuple[int, ...]
    """Indexes of commands that are neither checks nor readers."""
    is_whole: bool
    """Every call was seen: what is not here did not happen."""
    is_resumed: bool = False
    """The conversation began in an earlier session, whose runs are not here."""

    def runs_before(self, check: Check, seq: int) -> tuple[Run, ...]:
        """The runs of a check before an event; one that ran more, and does not say what failed, is none."""
        known = (run for run in self.runs if run.seq < seq and run.check == check)
        return tuple(run for run in known if not (run.is_loose and run.outcome == "unknown"))

    def is_edited(self, after: Place, before: Place) -> bool:
        """Whether code was changed between two places."""
        return any(after < edit < before for edit in self.edits)

    def is_unclear(self, after: int, before: int) -> bool:
        """Whether something between two events may have run a check."""
        return any(after < seq < before for seq in self.unclear)


def history_of(transcript: Transcript) -> History:
    """What a session did, by its events."""
    results = results_of(transcript.events)
    unclear: list[int] = []
    acts: list[int] = []
    for seq, event in enumerate(transcript.events):
        if was_denied(event, results):
            continue
        output = results[event.call_id].text if event.call_id in results else ""
        if _is_unclear(event, output):
            unclear.append(seq)
        if event.kind == "command" and any(_acts(command) for command in parse_command(event.text)):
            acts.append(seq)
    return History(
        runs_of(transcript),
        edits_of(transcript),
        tuple(unclear),
        tuple(acts),
        is_whole(transcript),
        bool(transcript.coverage.get("resumed")),
    )


def is_whole(transcript: Transcript) -> bool:
    """Whether the evidence holds every call of the session.

    An answer in one piece (``--output-format json``) tells of no calls; hooks tell of them only where they are
    installed for calls; a broken line may have been a call.
    """
    if transcript.evidence == "native":
        return not transcript.coverage.get("native_broken_lines")
    has_calls = any(event.kind in ACTED for event in transcript.events)
    has_usage = any(event.kind == "usage" for event in transcript.events)
    return (transcript.evidence == "structured" and (has_calls or has_usage)) or (
        transcript.evidence == "hooks" and has_calls
    )


def _is_unclear(event: Event, output: str) -> bool:
    if event.kind == "tool call":
        return event.name not in HARMLESS
    if event.kind != "command":
        return False
    return any(_may_check(command, event.text + output) for command in parse_command(event.text))


def _may_check(command: SimpleCommand, text: str) -> bool:
    kind = kind_of(command)
    if command.name in READERS or kind:
        return kind is not None and kind.is_loose
    is_entry = command.name in ENTRY_POINTS and not {"install", "add", "ci", "init"} & set(command.words[:2])
    return is_entry or command.path.startswith(("./", "../", "/")) or bool(TESTISH.search(text))


def _acts(command: SimpleCommand) -> bool:
    return kind_of(command) is None and command.name not in READERS - {"pip", "pip3", "git", "rm", "cp", "mv"}
