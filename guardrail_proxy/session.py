"""WARM. What flows between the stages: frozen values, passed through arguments.

run -> Capture -> parse -> Transcript -> validate, detect -> Finding -> enforce -> Verdict -> log -> Session.
Times are epoch seconds (float, UTC) until they reach the store; sizes are bytes.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Mode = Literal["standard", "strict"]
Severity = Literal["info", "low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")
Source = Literal["native", "structured", "hooks", "screen"]
Evidence = Literal["native", "structured", "hooks", "screen", "none"]
EVIDENCE: tuple[Evidence, ...] = ("native", "structured", "hooks", "screen", "none")
"""Best first."""

Kind = Literal[
    "prompt",  # what the user asked; text
    "message",  # what the model said; text is Markdown
    "command",  # a shell command the model wants run or ran; text is the command line
    "tool call",  # any other tool call; name is the tool, text its arguments as JSON
    "tool result",  # text is the output; call_id names the call; exit_code or ok where known
    "file write",  # path and the new content (or the added part of an edit) as text
    "code block",  # a fenced block of a message; language, text
    "claim",  # a sentence of a message that asserts something about the work
    "error",  # an API error, a limit, a crash of the CLI; text
    "usage",  # tokens_in, tokens_out, model
]
Context = Literal["executed", "proposed", "written", "printed", "quoted"]
Decision = Literal["approved", "blocked", "aborted", "unjudged"]
Outcome = Literal["completed", "failed", "api-error", "limit", "interrupted", "crashed", "chat-only"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a session, from one source."""

    kind: Kind
    text: str
    at: float | None = None
    source: Source = "native"
    name: str = ""
    """Tool name of a tool call, command, file write or tool result."""
    call_id: str = ""
    """Binds a tool result to its tool call, command or file write (several events may share the id of one call)."""
    path: str = ""
    """File path of a file write (as the CLI gave it)."""
    folder: str = ""
    """Of a command: where it would run, when that is not in the session's folder; ``~`` is HOME."""
    language: str = ""
    ok: bool | None = None
    """Of a tool result: False when the CLI says the call failed. Of a command etc.: None."""
    exit_code: int | None = None
    denied: bool = False
    """The call never ran: a hook, the user or the CLI refused it."""
    model: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    agent_path: str = ""
    """Sub-agent that did it, '' for the main one."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A session as events in order, with the evidence behind them.

    ``events`` holds the best source for each fact, not copies of the same fact from several sources.
    ``coverage`` says what was looked at and how: e.g. {"native": "claude 2.1.197, 14 events", "hooks": "3 calls",
    "screen": "rendered, 120 lines", "gap_bytes": 0}. ``drift`` names non-empty sources that yielded no events.
    """

    events: tuple[Event, ...]
    evidence: Evidence = "none"
    coverage: dict[str, str | int | bool] = field(default_factory=dict)
    drift: tuple[str, ...] = ()
    native_id: str = ""
    model: str = ""
    tool_version: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """What run left behind for one session: everything parse may look at."""

    session_id: str
    cli: str
    mode: Mode
    argv: tuple[str, ...]
    """Without argv[0] and without what context added; redacted."""
    cwd: str
    folder: Path
    """The session's 0700 folder: recording, hook events, records."""
    recording: Path | None
    """Redacted asciicast v2, gzip; None when nothing was captured (a protocol call, a dead sidecar)."""
    hook_events: Path | None
    exit_code: int | None
    signal: int | None
    started: float
    ended: float | None
    interactive: bool = False
    """stdout was a terminal and the call was no one-shot call."""
    on_tty: bool = False
    """stdout was a terminal."""
    protocol: bool = False
    aborted: bool = False
    """The relay died before it could write an end record."""
    gap_bytes: int = 0
    """Output that could not be handed to the recorder."""
    home: str = ""
    """The user's HOME as the CLI saw it, for finding native transcripts."""
    env: dict[str, str] = field(default_factory=dict)
    """The few variables that move a CLI's folders (CLAUDE_CONFIG_DIR, CODEX_HOME, ...): names in Cli.folder_env."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation (from validate) or failure (from detect)."""

    id: str
    """Path id: ``secrets/aws-access-key``, ``honesty/false-success-claim``."""
    kind: Literal["violation", "failure"]
    severity: Severity
    message: str
    """One sentence for people; never quotes a secret."""
    quote: str = ""
    """The matched text, at most 200 characters, already redacted where it is a secret."""
    event_seq: int | None = None
    """Index into Transcript.events."""
    line: int | None = None
    """1-based line in the event's text."""
    context: Context = "printed"
    fingerprint: str = ""
    """Stable id of the finding across sessions: hash of id and what was matched (of a secret: a salted hash)."""
    fix: str = ""
    """What to do instead; never quotes the session."""
    in_test: bool = False
    status: Literal["counted", "observe"] = "counted"
    confidence: float = 1.0
    denied: bool = False
    """The call it was found in was denied and never ran."""

    @property
    def category(self) -> str:
        """The folder part of the id."""
        return self.id.split("/", 1)[0]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a session, or one tool call, stands; a pure function of mode and findings."""

    approved: bool
    because: tuple[str, ...] = ()
    """Why not (ids of the findings that count, or reasons such as ``guard/hooks-silent``)."""
    evidence: Evidence = "none"
    decision: Decision = "approved"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage's time in one session."""

    name: str
    started: float
    duration_ms: float
    ok: bool = True
    error: str = ""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that changed between start and end."""

    path: str
    change: Literal["added", "modified", "deleted"]
    lines_added: int | None = None
    lines_deleted: int | None = None
    source: str = "git"


@dataclass(frozen=True, slots=True)
class Session:
    """A judged session: what log writes as one record."""

    capture: Capture
    transcript: Transcript
    findings: tuple[Finding, ...]
    verdict: Verdict
    outcome: Outcome
    stages: tuple[Stage, ...] = ()
    file_changes: tuple[FileChange, ...] = ()
    meta: dict[str, object] = field(default_factory=dict)
    """Facts of the start that only the record needs: tool_version, repo, branch, head_before, head_after, user_name,
    host, parent_id, bypassed, context_docs, origin, external_id, agent, enforced argv."""
