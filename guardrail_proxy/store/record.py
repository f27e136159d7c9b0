"""COLD. The final record as a model, for programs that read a record file back.

The ingester does not need it: it lets DuckDB read whole batches. A record of this version has exactly these keys; of
another version, keys that are not known are kept aside and named in ``drift``.
"""

from pathlib import Path
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError, model_validator

from guardrail_proxy import __version__
from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.session import Decision, Evidence, Mode, Outcome

Rows = list[dict[str, JsonValue]]


class Record(BaseModel):
    """One finished session as it lies in the spool; times are text in UTC."""

    model_config = ConfigDict(frozen=True, extra="allow")

    session_id: UUID
    day: str
    started_at: str
    ended_at: str | None = None
    duration_ms: int | None = None
    tool: str
    tool_version: str | None = None
    agent: str | None = None
    model: str | None = None
    mode: Mode
    decision: Decision
    outcome: Outcome
    exit_code: int | None = None
    signal: int | None = None
    success: bool
    interactive: bool = False
    bypassed: bool = False
    prompt: str | None = None
    argv: list[str] = []
    cwd: str | None = None
    repo: str | None = None
    branch: str | None = None
    head_before: str | None = None
    head_after: str | None = None
    user_name: str | None = None
    host: str | None = None
    proxy_version: str
    parent_id: str | None = None
    native_id: str | None = None
    external_id: str | None = None
    origin: str | None = None
    evidence: Evidence
    coverage: dict[str, JsonValue] = {}
    output_bytes: int | None = None
    output_sha256: str | None = None
    output_ref: str | None = None
    output_head: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_usd: float | None = None
    n_violations: int
    n_failures: int
    n_critical: int
    context_docs: list[str] = []
    extra: dict[str, JsonValue] = {}
    stages: Rows = []
    violations: Rows = []
    failures: Rows = []
    tool_calls: Rows = []
    code_blocks: Rows = []
    commands: Rows = []
    events: Rows = []
    file_changes: Rows = []
    agent_activity: Rows = []

    @property
    def drift(self) -> tuple[str, ...]:
        """Keys of another version that this one does not know."""
        return tuple(sorted(self.model_extra or {}))

    @model_validator(mode="after")
    def _own_version_is_exact(self) -> Self:
        if self.drift and self.proxy_version == __version__:
            raise ValueError(f"unknown keys: {', '.join(self.drift)}")
        return self


class RecordError(GuardrailError):
    """A file is no session record."""


def read_record(path: Path) -> Record:
    """The record in a file. RecordError, in one line, when it is none."""
    try:
        return parse_record(path.read_bytes(), f"'{path}'")
    except OSError as error:
        raise RecordError(f"cannot read '{path}': {error.strerror}") from error


def parse_record(data: bytes | str, name: str) -> Record:
    """The record in a JSON text; ``name`` says in a RecordError what was read."""
    try:
        return Record.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the record"
        raise RecordError(f"{name} is no session record: {where}: {first['msg']}") from error
