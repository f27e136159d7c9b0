"""WARM. The built-in demo CLI: offline and scripted, hooked like a real one, so that the whole path can be tried."""

from pathlib import Path

from guardrail_proxy.cli import Cli, Injection, Parsed
from guardrail_proxy.clis._claude_hooks import hooks_json
from guardrail_proxy.parse.lines import read_objects
from guardrail_proxy.parse.newest import newest
from guardrail_proxy.parse.shape import JsonObject, as_count, as_flag, as_text, as_time
from guardrail_proxy.session import Capture, Event, Kind, Mode

NAME = "guardrail-demo-ai"
KINDS: dict[str, Kind] = {
    "prompt": "prompt",
    "message": "message",
    "command": "command",
    "tool result": "tool result",
}


def inject(home: Path, mode: Mode, document: str) -> Injection:
    """Its hooks come from a file of ours; the document is the hook's answer."""
    del document
    file = home / "plans" / NAME / mode / "hooks.json"
    args = (("hooks", "--hooks"), ("hooks", str(file)))
    return Injection(args, files={f"{mode}/hooks.json": hooks_json(home, mode, NAME)})


def find_transcript(capture: Capture) -> Path | None:
    """The newest transcript that was written while the session ran."""
    return newest((Path(capture.home) / f".{NAME}").glob("*.jsonl"), capture)


def parse_transcript(path: Path) -> Parsed:
    """Its transcript has our kinds already."""
    lines = read_objects(path)
    events = tuple(_event(line, KINDS[kind]) for line in lines.objects if (kind := as_text(line.get("kind"))) in KINDS)
    return Parsed(events, path.stem, NAME, "1.0.0", len(lines.objects), lines.broken)


def _event(line: JsonObject, kind: Kind) -> Event:
    return Event(
        kind,
        as_text(line.get("text")),
        as_time(line.get("at")),
        name=as_text(line.get("name")),
        call_id=as_text(line.get("call_id")),
        ok=as_flag(line.get("ok")),
        exit_code=as_count(line.get("exit_code")),
        denied=as_flag(line.get("denied")) or False,
    )


CLI = Cli(
    name=NAME,
    package="",
    verified_version="1.0.0",
    executables=(NAME,),
    oneshot=("-p", "--print"),
    value_flags=("--scenario", "--hooks"),
    housekeeping=("-h", "--help", "--version"),
    conflicts=(("--hooks", "hooks"),),
    off_switches=("--bare",),
    hooked=True,
    inject=inject,
    find_transcript=find_transcript,
    parse_transcript=parse_transcript,
    ask=("-p", "{args}", "--", "{prompt}"),
)
