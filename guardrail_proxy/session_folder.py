"""COLD. What a session's folder holds, typed: the capture that is judged, and the facts that the record keeps."""

import os
import pwd
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.json_file import read_json
from guardrail_proxy.pipeline import Meta
from guardrail_proxy.session import Capture
from guardrail_proxy.sidecar.start import EXCLUDED


def capture_of(folder: Path, start: Meta, meta: Meta) -> Capture:
    """The capture, out of the session's records."""
    end = read_json(folder / "end.json")
    recording, hooks = folder / "recording.cast.gz", folder / "hooks.jsonl"
    kind = str(start.get("kind", ""))
    argv, env = meta.get("argv"), meta.get("env")
    return Capture(
        session_id=str(start.get("session_id") or folder.name),
        cli=str(start.get("cli", "")),
        mode="strict" if start.get("mode") == "strict" else "standard",
        argv=tuple(map(str, argv)) if isinstance(argv, list) else (),
        cwd=str(meta.get("cwd", "")),
        folder=folder,
        recording=recording if recording.exists() else None,
        hook_events=hooks if hooks.exists() else None,
        exit_code=integer(end.get("exit_code")),
        signal=integer(end.get("signal")),
        started=number(start.get("started_at")) or 0.0,
        ended=number(end.get("ended_at")),
        interactive=kind == "pty" and meta.get("oneshot") != "1",
        on_tty=kind == "pty",
        protocol=kind == "protocol",
        aborted=not end and kind != "bypass",
        gap_bytes=integer(end.get("gap_bytes")) or 0,
        home=str(meta.get("home", "")),
        env={str(k): str(v) for k, v in env.items()} if isinstance(env, dict) else {},
    )


def meta_of(folder: Path) -> Meta:
    """What the sidecar wrote of the beginning; that a session is excluded is known though it came to nothing else."""
    return {**read_json(folder / "meta.json"), **({"excluded": True} if (folder / EXCLUDED).exists() else {})}


def facts_of(start: Meta, meta: Meta) -> Meta:
    """What only the record needs."""
    kept = ("repo", "branch", "head_before", "stale", "dropped", "real")
    return {
        **{name: meta[name] for name in kept if name in meta},
        "parent_id": start.get("parent_id"),
        "bypassed": bool(start.get("bypassed")),
        "origin": "api" if start.get("origin") == "api" else "shim",
        **{name: start[name] for name in ("agent", "external_id") if start.get(name)},
        "user_name": user_name(),
        "host": os.uname().nodename,
    }


def user_name() -> str | None:
    """Whose account this is; None for one without a name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return None


def home_of(folder: Path) -> Home:
    """The home a session's folder is in."""
    return Home(folder.absolute().parent.parent)


def integer(value: object) -> int | None:
    """A JSON integer."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: object) -> float | None:
    """A JSON number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
