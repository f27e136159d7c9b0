"""COLD. The one error of a run that gave no answer."""

from guardrail_proxy.errors import CliError
from guardrail_proxy.redact import redact

TAIL_CHARACTERS = 2000
LOOKED_AT = 1 << 16
"""Characters before the end that are redacted together: longer than the longest key with the tail behind it."""


class AIExecutionError(CliError):
    """The AI CLI gave no answer: it is missing, disabled or refused, it failed, timed out, or cannot be read.

    ``exit_code`` is the CLI's own; None when it did not exit by itself. ``output_tail`` is the end of what it wrote,
    stdout then stderr, without secrets. ``session_id`` names the record, '' when there is none.
    """

    def __init__(
        self, tool: str, exit_code: int | None, output_tail: str = "", reason: str = "", session_id: str = ""
    ) -> None:
        said = reason or (f"exited with status {exit_code}" if exit_code is not None else "did not run")
        super().__init__(f"{tool}: {said}")
        self.tool, self.output_tail = tool, output_tail
        self.exit_code = exit_code  # type: ignore[assignment] # the CLI's, not what a command of ours would exit with
        self.reason, self.session_id = said, session_id


def tail_of(*texts: str) -> str:
    """The ends of these texts, redacted."""
    ends = (redact(text[-LOOKED_AT:])[-TAIL_CHARACTERS:].strip() for text in texts)
    return "\n".join(end for end in ends if end)
