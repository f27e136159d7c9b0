"""COLD. Every key of config.toml with its type, default and meaning; frozen, and an unknown key is an error."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from guardrail_proxy.session import Mode

Seconds = Annotated[int, Field(ge=1, le=366 * 86_400)]


class Section(BaseModel):
    """A table of config.toml: nothing is coerced, nothing unknown is skipped."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Features(Section):
    """Which background workers run."""

    analysis_worker: bool = Field(default=True, description="find trends and insights over the stored sessions")
    metrics_worker: bool = Field(default=True, description="keep the metric tables up to date")
    markdown_export: bool = Field(default=True, description="write the last 100 failures to AI_Failure_Modes.md")
    cleanup_worker: bool = Field(default=True, description="delete sessions older than `retention_days`")


class Tool(Section):
    """One AI CLI."""

    enabled: bool = Field(default=True, description="false: the CLI runs unrecorded; a strict shim refuses to start it")
    mode: Mode | None = Field(default=None, description="mode of this CLI; without it the general `mode` holds")
    inject: bool = Field(
        default=True,
        description="false: recorded, but nothing is added to arguments or environment; strict refuses to start it",
    )
    timeout_seconds: Seconds = Field(default=300, description="how long a run through the Python API may take")


def _every(seconds: int) -> "Worker":
    return Worker(interval_seconds=seconds)


class Worker(Section):
    """One background worker."""

    interval_seconds: Seconds = Field(description="how often it is due")


class Workers(Section):
    """How often each background worker is due."""

    analysis: Worker = Field(default_factory=lambda: _every(300))
    metrics: Worker = Field(default_factory=lambda: _every(60))
    markdown: Worker = Field(default_factory=lambda: _every(600))
    cleanup: Worker = Field(default_factory=lambda: _every(86_400))
    ingest: Worker = Field(default_factory=lambda: _every(60))


class Record(Section):
    """What is kept of a session."""

    exclude: tuple[str, ...] = Field(
        default=(),
        strict=False,
        description="folders (absolute, or from ~) where only the verdict of a session is kept",
    )


class Retention(Section):
    """What becomes of sessions that are too old."""

    archive: Annotated[str, Field(pattern="^~?/")] | None = Field(
        default=None,
        description="folder (absolute, or from ~) where sessions older than `retention_days` are written as Parquet "
        "before they are deleted; without it they are only deleted",
    )


class Strict(Section):
    """Limits of strict mode."""

    verdict_timeout_s: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=30.0, description="seconds to wait for the verdict of a session; then it is not approved"
    )
    hold_limit_bytes: Annotated[int, Field(ge=1024, le=1 << 32)] = Field(
        default=64 << 20, description="how much output of a pipe is held in memory; an answer beyond it is withheld"
    )


class Config(Section):
    """The whole configuration: defaults, then the user's file, then what a repository tightens."""

    mode: Mode = Field(default="standard", description="standard records and reports; strict also blocks")
    quiet: bool | None = Field(
        default=None,
        description="false: standard prints its line at the end of every session on a terminal that has something to "
        "say; true: of none; without it of one-shot calls only, for a full-screen program's last screen stays as it is",
    )
    retention_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        default=30, description="how long sessions are kept, in days"
    )
    allow_bypass: bool | None = Field(
        default=None,
        description="whether GUARDRAIL_BYPASS=1, GUARDRAIL_MODE=standard and a pause count; "
        "without it yes in standard and no in strict",
    )
    features: Features = Field(default_factory=Features)
    tools: dict[str, Tool] = Field(default_factory=dict)
    workers: Workers = Field(default_factory=Workers)
    record: Record = Field(default_factory=Record)
    retention: Retention = Field(default_factory=Retention)
    strict: Strict = Field(default_factory=Strict)

    @property
    def archive(self) -> Path | None:
        """Where sessions that are too old are kept; None where they are only deleted."""
        return Path(self.retention.archive).expanduser() if self.retention.archive else None

    def tool(self, cli: str) -> Tool:
        """The settings of one AI CLI; defaults where the file says nothing."""
        return self.tools.get(cli, Tool())

    def mode_of(self, cli: str) -> Mode:
        """The mode of one AI CLI."""
        return self.tool(cli).mode or self.mode

    def bypass_allowed(self, cli: str) -> bool:
        """Whether the environment or a pause may loosen this CLI."""
        if self.allow_bypass is None:
            return self.mode_of(cli) == "standard"
        return self.allow_bypass
