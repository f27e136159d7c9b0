"""WARM. Chooses the best source for each fact of a session, and says what was looked at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from os.path import isfile
from pathlib import Path

from guardrail_proxy.cli import Cli, Parsed, find_cli
from guardrail_proxy.parse.by_time import by_time
from guardrail_proxy.parse.expand import with_parts
from guardrail_proxy.parse.hook_calls import Folders, HookCalls, read_hook_calls
from guardrail_proxy.parse.screen import Screen, read_screen, unseen_lines
from guardrail_proxy.session import Capture, Event, Evidence, Transcript

SLACK_S = 1.0
"""A resumed transcript also holds what was said before this session; clocks may differ by this much."""
ACTED = ("prompt", "message", "command", "tool call", "file write", "error")


@dataclass(frozen=True, slots=True)
class _Sources:
    """All that is known of a session, before one is chosen."""

    native: Parsed
    """Of this session: what was said before it is left out."""
    native_paths: tuple[Path, ...]
    earlier: int
    """Events of the transcript that are from before this session: it goes on with an older conversation."""
    structured: Parsed
    hooks: HookCalls
    screen: Screen


def parse(capture: Capture) -> Transcript:
    """The session's events in order, from the best source there is. Never raises for what a CLI wrote."""
    cli = find_cli(capture.cli) or Cli(capture.cli, "", "", (capture.cli,))
    sources = _read(capture, cli)
    evidence, events = _chosen(sources)
    known = Parsed(events) if evidence == "screen" else sources.native if evidence == "native" else sources.structured
    return Transcript(
        events=tuple(with_parts(events)),
        evidence=evidence,
        coverage=_coverage(capture, cli, sources),
        drift=_drift(sources),
        native_id=known.native_id or sources.hooks.native_id,
        model=known.model,
        tool_version=known.version,
    )


def _read(capture: Capture, cli: Cli) -> _Sources:
    hooks = read_hook_calls(capture.hook_events, capture.cli, Folders(capture.cwd, capture.home))
    screen = read_screen(capture.recording)
    paths = tuple(Path(path) for path in hooks.transcript_paths if isfile(path)) or _found(capture, cli)
    native = _joined([cli.parse_transcript(path) for path in paths])
    fresh = tuple(e for e in native.events if e.at is None or e.at >= capture.started - SLACK_S)
    structured = Parsed(()) if capture.on_tty else cli.parse_structured(screen.text)
    earlier = len(native.events) - len(fresh)
    return _Sources(replace(native, events=fresh), paths, earlier, structured, hooks, screen)


def _found(capture: Capture, cli: Cli) -> tuple[Path, ...]:
    path = cli.find_transcript(capture)
    return () if path is None else (path,)


def _joined(parts: list[Parsed]) -> Parsed:
    """Transcripts of one session as one; its id is the last one's."""
    if not parts:
        return Parsed(())
    lines, broken = sum(part.lines for part in parts), sum(part.broken_lines for part in parts)
    events = by_time(*(part.events for part in parts)) if parts[1:] else parts[0].events
    return replace(parts[-1], events=events, lines=lines, broken_lines=broken)


def _chosen(sources: _Sources) -> tuple[Evidence, tuple[Event, ...]]:
    native, structured, hooks = sources.native.events, sources.structured.events, sources.hooks.events
    if _acts(native):
        return "native", (*_judged(native, sources.hooks), *_only_on_screen(sources, native))
    if _acts(structured):
        return "structured", _judged(structured, sources.hooks)
    shown = _shown(sources.screen.text)
    if hooks:
        return "hooks", (*hooks, *shown)
    return ("screen", shown) if shown else ("none", ())


def _acts(events: Iterable[Event]) -> bool:
    return any(event.kind in ACTED for event in events)


def _judged(events: tuple[Event, ...], hooks: HookCalls) -> tuple[Event, ...]:
    """What our gate denied never ran, whatever the CLI wrote of it, or if it wrote nothing (codex's code mode)."""
    away = {event.call_id: event.folder for event in hooks.events if event.folder}
    marked = (
        replace(e, denied=e.denied or e.call_id in hooks.denied_ids, folder=away.get(e.call_id, ""))
        for e in _without_repeats(events)
    )
    told = {event.call_id for event in events}
    untold = tuple(e for e in hooks.events if e.denied and e.call_id and e.call_id not in told)
    return by_time(marked, untold) if untold else tuple(marked)


def _without_repeats(events: tuple[Event, ...]) -> Iterator[Event]:
    """CLIs tell an error where it happened, and once more as the turn's end."""
    last = ""
    for event in events:
        is_repeat = event.kind == "error" and event.text == last
        last = event.text if event.kind == "error" else ""
        if not is_repeat:
            yield event


def _only_on_screen(sources: _Sources, native: tuple[Event, ...]) -> tuple[Event, ...]:
    if sources.structured.lines:
        return ()
    known = "\n".join(event.text for event in native)
    return _shown(unseen_lines(sources.screen.text, known))


def _shown(text: str) -> tuple[Event, ...]:
    return (Event("message", text, source="screen"),) if text.strip() else ()


def _coverage(capture: Capture, cli: Cli, sources: _Sources) -> dict[str, str | int | bool]:
    native, hooks, screen = sources.native, sources.hooks, sources.screen
    told: dict[str, str | int | bool] = {"gap_bytes": capture.gap_bytes}
    if sources.native_paths:
        told["native"] = f"{cli.name} {native.version or 'unknown version'}, {len(native.events)} events"
        told["native_broken_lines"] = native.broken_lines
    if sources.earlier:
        told["resumed"] = True
    if sources.structured.lines:
        told["structured"] = f"{len(sources.structured.events)} events"
    told["hooks"] = f"{hooks.count} calls" if cli.hooked else "not hooked yet"
    told["hooks_broken_lines"] = hooks.broken
    if capture.recording is not None:
        whole = "whole" if screen.is_whole else "cut"
        told["screen"] = f"stripped, {screen.text.count(chr(10)) + 1} lines, {whole}"
    return told


def _drift(sources: _Sources) -> tuple[str, ...]:
    """Sources that held something, but nothing that we could read."""
    drift = []
    if not (sources.native.events or sources.earlier) and any(_size(path) for path in sources.native_paths):
        drift.append("native")
    if sources.structured.lines and not sources.structured.events:
        drift.append("structured")
    return tuple(drift)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
