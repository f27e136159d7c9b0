"""WARM. Finds the rollout that codex wrote of a session, where no hook named it."""

import json
import re
from pathlib import Path

from guardrail_proxy.clis._codex_transcript import parse_transcript
from guardrail_proxy.parse.newest import SLACK_S, written_at, written_during
from guardrail_proxy.parse.screen import read_screen
from guardrail_proxy.parse.shape import as_object, as_text
from guardrail_proxy.session import Capture

UUID7 = re.compile(r"[0-9a-f]{12}7[0-9a-f]{19}")


def find_transcript(capture: Capture) -> Path | None:
    """The rollout of the session's folder that was written while it ran.

    Others may run codex there at the same time: then the one that fits what this session was asked and what it printed,
    and among equals the one that was begun with it.
    """
    root = Path(capture.env.get("CODEX_HOME") or Path(capture.home) / ".codex")
    written = written_during(root.glob("sessions/*/*/*/rollout-*.jsonl"), capture)
    ours = [path for path in written if _cwd(path) == capture.cwd]
    if not ours[1:]:
        return ours[0] if ours else None
    shown = "".join(read_screen(capture.recording).text.split())
    return max(ours, key=lambda path: (*_fit(path, capture.argv, shown), *_nearness(path, capture)))


def _fit(path: Path, argv: tuple[str, ...], shown: str) -> tuple[bool, bool, bool]:
    """Whether the session named the rollout's id (``resume``, ``--json``), was given its prompt, showed its answer."""
    events, own_id = parse_transcript(path).events, path.stem[-36:]
    asked = any(event.kind == "prompt" and event.text in argv for event in events)
    said = next((event.text for event in reversed(events) if event.kind == "message"), "")
    return own_id in argv or own_id in shown, asked, bool(said) and "".join(said.split()) in shown


def _nearness(path: Path, capture: Capture) -> tuple[bool, float]:
    """A rollout that was begun with the session is nearer than one that was resumed, of those the newest."""
    begun = _begun(path)
    is_new = begun >= capture.started - SLACK_S
    return is_new, -abs(begun - capture.started) if is_new else written_at(path)


def _begun(path: Path) -> float:
    """Epoch seconds, out of the UUIDv7 that ends the file's name; 0 for another name."""
    digits = path.stem[-36:].replace("-", "")
    return int(digits[:12], 16) / 1000 if UUID7.fullmatch(digits) else 0.0


def _cwd(path: Path) -> str:
    try:
        with path.open("rb") as file:
            meta = as_object(json.loads(file.readline(1 << 20)))
    except (OSError, ValueError):
        return ""
    return as_text(as_object(meta.get("payload")).get("cwd"))
