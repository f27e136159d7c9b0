"""WARM. One hook call: judged and recorded, whatever it holds."""

import time
from pathlib import Path

from guardrail_proxy.parse.hook_calls import Folders
from guardrail_proxy.sidecar.gate import Answer, Gate
from guardrail_proxy.sidecar.hook_log import append
from guardrail_proxy.sidecar.start import Start


class JudgeCall:
    """The gate of one session, and its record of calls."""

    def __init__(self, start: Start, folder: str) -> None:
        self._log, self._is_excluded = Path(folder) / "hooks.jsonl", start.is_excluded
        self._gate = Gate(
            start.cli,
            start.mode,
            Path(start.home) / "plans" / start.cli,
            Path(folder),
            folders=Folders(start.cwd, start.user_home),
        )

    def answer(self, data: bytes | None) -> Answer:
        """The answer, recorded; None is a payload that is too large. Raises OSError when it cannot be recorded."""
        if data is None:
            return self._recorded(self._gate.unreadable("the hook's payload is too large"))
        try:
            return self._recorded(self._gate.answer(data))
        except OSError:
            raise
        except Exception:  # noqa: BLE001 # the loop's guard: a payload that breaks us must not end the recording
            return self._recorded(self._gate.unreadable("the hook's payload could not be judged"))

    def _recorded(self, answer: Answer) -> Answer:
        append(self._log, answer, time.time(), is_excluded=self._is_excluded)
        return answer
