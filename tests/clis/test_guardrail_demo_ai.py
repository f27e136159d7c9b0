"""The demo CLI's own transcript."""

from pathlib import Path

from guardrail_proxy.clis.guardrail_demo_ai import parse_transcript
from guardrail_proxy.session import Event

TEXT = """{"kind":"prompt","text":"go","at":1000.5}
{"kind":"command","text":"ls","at":1001,"name":"Bash","call_id":"c1"}
{"kind":"tool result","text":"a","at":"1970-01-01T00:16:42Z","call_id":"c1","ok":true,"exit_code":0}
{"kind":"nonsense","text":"x"}
{"kind":["prompt"],"text":"x"}
{"kind":"message","text":5,"ok":"yes","exit_code":"0","denied":1}
{"kind":"mess"""


def test_its_lines_are_our_events_and_what_is_none_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "demo-1.jsonl").write_text(TEXT)
    parsed = parse_transcript(tmp_path / "demo-1.jsonl")
    assert parsed.events == (
        Event("prompt", "go", 1000.5),
        Event("command", "ls", 1001.0, name="Bash", call_id="c1"),
        Event("tool result", "a", 1002.0, call_id="c1", ok=True, exit_code=0),
        Event("message", ""),
    )
    assert (parsed.native_id, parsed.lines, parsed.broken_lines) == ("demo-1", 6, 1)
