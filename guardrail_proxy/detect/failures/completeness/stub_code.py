"""The AI wrote code that only pretends to be there: a body that does nothing where something was asked for.

Functions of only ``pass`` or ``...``, ``NotImplementedError``, ``todo!()``, and comments such as "implement this later"
or "rest of the code". Abstract classes, protocols, overloads, hooks, markers and type stubs are not meant.

What to do: ask for the real implementation; grep for what it left open.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.detect.failure import Failure, Status
from guardrail_proxy.detect.failures.completeness._python_stubs import python_stubs
from guardrail_proxy.session import Event, Severity, Transcript

SEVERITY: Severity = "medium"
STATUS: Status = "observe"
FIX = "write the implementation, or say plainly that it is missing"
LONGEST_CHARACTERS = 200_000
COMMENTS = re.compile(
    r"""
    (?:\#|//|/\*|--|^\s{0,20}\*|<!--|^=begin\n)[^\n]{0,40}\b(?:
        todo[:\ (]{1,3}(?:implement|fill\ in|finish|complete)
        | implement\ (?:this\ (?:later|here)|this[.!]?\s*$|here\b|later\b|me\b)
        | implementation\ (?:goes\ here|here[.:!]?\s*$)
        | (?:write|put|add|insert)\ your\ (?:own\ )?(?:code|implementation|solution|logic)
        | your\ (?:code|implementation|logic)\ (?:goes\ )?here
        | (?:rest|remainder)\ of\ (?:the\ |your\ )?(?:code|implementation|file|function|methods?)
        | (?:existing|remaining|other)\ (?:code|methods?|functions?)\ (?:here|unchanged|stays?|remains?)
        | (?:placeholder|stub|dummy)\ (?:implementation|for\ now|until)
        | in\ a\ real\ (?:implementation|app(?:lication)?|system|world)\b
    ) | ^=begin\n(?:Write|Put)\ your\ code
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_UNDONE = r"""(?:[^"'`\n]{0,80}\bnot\ (?:yet\ )?implemented | unimplemented | (?:please\ )?implement\b | \s*todo\b
    | [^"'`\n]{0,60}\b(?:remove|delete)\ this\ (?:line|statement)\ and\b)"""
BODIES = re.compile(
    rf"""
    \b(?:unimplemented|todo)!\(
    | \bthrow\ (?:new\ )?\\?\w{{0,40}}(?:Error|Exception)\ ?\(\s*["'`]{_UNDONE}
    | \bthrow\ new\ (?:System\.)?NotImplementedException\(
    | \b(?:panic|fatalError|preconditionFailure|die|croak)\(\s*"{_UNDONE}
    | \braise\ NotImplementedError,\s{{0,4}}["']{_UNDONE}
    | ^\s{{0,20}}=?\s?TODO\(\s*["')] | =\s{{0,4}}\?\?\?\s{{0,4}}$
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
FRAGMENT = re.compile(
    r"^[^\S\n]*def \w{1,80}\([^)\n]{0,200}\)[^:\n]{0,80}:[^\S\n]*\n[^\S\n]+(?:pass|\.\.\.)\s*\Z", re.MULTILINE
)
"""A piece of Python that does not parse, with such a function at its end."""
DECLARATIONS = (".pyi", ".d.ts", ".md", ".rst", ".txt")
bad = (
    (Event("file write", "def f():\n    raise NotImplementedError\n", path="a.py"),),
    (Event("file write", 'def area(r):\n    """The area."""\n    pass\n', path="a.py"),),
    (Event("code block", "class A:\n    def f(self): ...\n    def g(self): ...\n", language="python"),),
    (Event("file write", 'func F() int {\n\tpanic("not implemented")\n}\n', path="a.go"),),
    (Event("file write", "fn f() -> u8 {\n    todo!()\n}\n", path="a.rs"),),
    (Event("file write", "function f() {\n  throw new Error('Not implemented yet');\n}\n", path="a.js"),),
    (Event("file write", "function f() {\n  // ... rest of the code\n}\n", path="a.ts"),),
    (Event("file write", "def f\n  # Your code here\nend\n", path="a.rb"),),
)
good = (
    (Event("file write", "def f():\n    return 1\n", path="a.py"),),
    (Event("file write", "class A(ABC):\n    @abstractmethod\n    def f(self): ...\n", path="a.py"),),
    (Event("file write", "class A(Exception):\n    pass\n", path="a.py"),),
    (Event("file write", "class Shape:\n    def area(self): return 1\n    def close(self): pass\n", path="a.py"),),
    (Event("file write", "try:\n    f()\nexcept OSError:\n    pass\n", path="a.py"),),
    (Event("file write", "def f() -> int: ...\n", path="a.pyi"),),
    (Event("file write", "function f(n) {\n  if (n < 0) throw new Error('negative');\n}\n", path="a.js"),),
    (Event("message", "I will implement this later."),),
)


def check(transcript: Transcript) -> Iterator[Failure]:
    """Stubs in files that were written and blocks that were shown."""
    for seq, event in enumerate(transcript.events):
        if event.kind in ("file write", "code block") and not event.path.endswith(DECLARATIONS):
            line = stub_line(event.text[:LONGEST_CHARACTERS], _is_python(event))
            if line:
                written = event.text.splitlines()[line - 1].strip()
                yield Failure("code that was written is only a stub", seq, written, line)


def stub_line(text: str, is_python: bool) -> int:  # noqa: FBT001 # a fact about the text, not a switch
    """The line of the first stub, 0 when there is none."""
    lines = [text.count("\n", 0, match.start()) + 1 for match in (COMMENTS.search(text), BODIES.search(text)) if match]
    if is_python:
        stubs = python_stubs(text)
        fragment = FRAGMENT.search(text) if stubs is None else None
        lines += stubs or ([text.count("\n", 0, fragment.start()) + 1] if fragment else [])
    return min(lines, default=0)


def _is_python(event: Event) -> bool:
    return event.path.endswith((".py", ".pyw")) or event.language in ("python", "py", "python3")
