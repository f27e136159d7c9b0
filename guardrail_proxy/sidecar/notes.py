"""WARM. What there is to say at the end in standard: the last line that the relay gets here is the one it shows."""

from __future__ import annotations

import contextlib
import os

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from guardrail_proxy.session import Finding


class Notes:
    """Collects critical findings and tells the relay."""

    def __init__(self, replies: int) -> None:
        self._replies = replies
        self._ids: dict[str, None] = {}
        self._is_incomplete = False

    def shown(self, texts: list[str]) -> None:
        """Text that came to the terminal and held a secret."""
        if not texts:
            return
        from guardrail_proxy.session import Event, Transcript  # noqa: PLC0415 # most sessions show no secret
        from guardrail_proxy.validate import validate  # noqa: PLC0415 # as above

        for text in texts:
            self.found(validate(Transcript((Event("message", text, source="screen"),))))

    def found(self, findings: tuple[Finding, ...]) -> None:
        """Findings of a hook call."""
        for finding in findings:
            if finding.severity == "critical":
                self._add(finding.id)

    def _add(self, rule: str) -> None:
        if rule in self._ids or len(self._ids) > 20:
            return
        from guardrail_proxy.escape import one_line  # noqa: PLC0415 # as above

        self._ids[rule] = None
        some = ", ".join(list(self._ids)[:2])
        count = len(self._ids)
        self._say(one_line(f"found {some}{' and more' if count > 2 else ''}; see: guardrail-proxy explain last"))

    def incomplete(self, trouble: str) -> None:
        """The recording ends early: told once, and not hidden by what was found before."""
        if trouble and not self._is_incomplete:
            self._is_incomplete = True
            self._say(f"this session is not recorded whole: {trouble}")

    def _say(self, line: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self._replies, f"note {line}\n".encode())
