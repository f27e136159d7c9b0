"""An answer or a file stops in the middle.

A code fence that was never closed, a last message that ends on a comma, an open bracket or in the middle of a phrase,
or a file written whole whose code breaks off before its end.

What to do: ask for the rest; do not use what was cut.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.detect.failure import Failure, Status
from guardrail_proxy.detect.failures.completeness._cut_code import is_cut, language_of
from guardrail_proxy.parse.markdown import split_markdown
from guardrail_proxy.session import Event, Severity, Transcript

SEVERITY: Severity = "medium"
STATUS: Status = "observe"
FIX = "send the missing rest of the answer"
WHOLE = frozenset(("", "Write", "write", "write_file", "create", "create_file"))
"""Tools that write a file whole; what an edit adds may be any piece of code."""
HANGING = re.compile(r"(?:[,(\[{=+&|]|\b(?:the|an?|and|or|of|to|with|because|which|is|are))\s*\Z", re.IGNORECASE)
bad = (
    (Event("message", "Here it is:\n\n```python\ndef f(\n"),),
    (Event("message", "First I read the file, then I changed the"),),
    (Event("file write", "def f(x):\n    return [\n        x,\n", path="a.py", name="Write"),),
    (Event("file write", "function f() {\n  if (x) {\n    g();\n", path="a.js", name="Write"),),
)
good = (
    (Event("message", "Here it is:\n\n```python\nx = 1\n```\nDone."),),
    (Event("message", "````md\n```py\nx = 1\n```\n````\nDone."),),
    (Event("message", "Let me look at the"), Event("message", "Done.")),
    (Event("file write", "        x,\n    ]\n", path="a.py", name="Edit"),),
    (Event("file write", "def f(x):\n    return [\n        x,\n    ]\n", path="a.py", name="Write"),),
    (Event("file write", "function f() {\n  g();\n}\n", path="a.js", name="Write"),),
)


def check(transcript: Transcript) -> Iterator[Failure]:
    """Messages with an open fence, a last one that hangs, and files that break off."""
    said = [seq for seq, event in enumerate(transcript.events) if event.kind == "message" and event.source != "screen"]
    for seq, event in enumerate(transcript.events):
        if seq in said[-1:] and HANGING.search(split_markdown(event.text).prose[-200:]):
            yield Failure("the last message stops in the middle of a sentence", seq, event.text[-100:])
        if seq in said and _has_open_fence(event.text):
            yield Failure("a code block of the answer was never closed", seq, event.text[-100:])
        if event.kind == "file write" and event.name in WHOLE and _breaks_off(event):
            yield Failure("a file that was written breaks off before its end", seq, event.text[-100:])


def _has_open_fence(message: str) -> bool:
    return any(not block.is_closed for block in split_markdown(message).blocks[-1:])


def _breaks_off(event: Event) -> bool:
    language = language_of(event.path)
    return bool(language) and is_cut(event.text, language)
