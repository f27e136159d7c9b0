"""WARM. ``meta.json``: the redacted record of how the session began.

Written by a process of its own: git may take seconds in a large repository, and what this loads is gone afterwards.
"""

import json
import os
from pathlib import Path

from guardrail_proxy.durable import sync_folder, write_durably
from guardrail_proxy.redact import redact, redact_json
from guardrail_proxy.secrets.mask import mask_slice
from guardrail_proxy.sidecar.start import Start

BEFORE_CHARACTERS = 200
"""Of the word before a word: enough for any flag."""


def redact_argv(argv: tuple[str, ...]) -> list[str]:
    """The words without secrets, each read after the one before it: ``--api-key`` and its value are two."""
    return [_redact_after(before, word) for before, word in zip(("", *argv), argv, strict=False)]


def _redact_after(before: str, word: str) -> str:
    head, word = before[-BEFORE_CHARACTERS:] + " ", redact(word)
    return mask_slice(head + word, len(head), len(head) + len(word))


def write_meta(folder: str, start: Start, found: dict[str, object]) -> None:
    """``meta.json``: written once, redacted. ``found``: the facts of the start that git and the disk tell."""
    path = Path(folder) / "meta.json"
    if path.exists():
        return
    facts: dict[str, object] = {
        **start.facts,
        "session": start.session,
        "cli": start.cli,
        "mode": start.mode,
        "kind": start.kind,
        "guard": start.home,
        "cwd": start.cwd,
        "home": start.user_home,
        "argv": [] if start.is_excluded else redact_argv(start.argv),
        "env": start.env,
        "excluded": start.is_excluded,
        **found,
    }
    hashes = facts.pop("hashes", {})  # of ours alone: looking for secrets in them takes 40 ms
    redacted = redact_json(facts)
    assert isinstance(redacted, dict)
    text = json.dumps({**redacted, "hashes": hashes}, ensure_ascii=False)
    new = path.with_name(f"meta.json.{os.getpid()}")  # the process of a sidecar that died may be at it too
    write_durably(new, text.encode("utf-8", "replace"))
    os.rename(new, path)
    sync_folder(folder)
