"""A C function or Rust block that writes without knowing how much fits, or memory that is used wrongly.

A long input overwrites what lies behind the buffer. Use the bounded forms (``snprintf``, ``strlcpy``, ``fgets``) and
check every length.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, assign, call, look, text

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "use the bounded form (snprintf, fgets, strlcpy) and check lengths"
bad = (
    "strcpy(dest, src)",
    'scanf("%s", buffer)',
    'sprintf(dest, "%s", buffer)',
    "unsafe { burp(); }",
)
good = (
    'snprintf(dest, sizeof dest, "%s", src);',
    "fgets(buf, sizeof buf, stdin);",
)
_TABLE: tuple[Row, ...] = (
    call(
        "c cpp objc",
        r"^(std::)?(strcpy|strcat|gets|vsprintf|stpcpy|wcscpy|wcscat|lstrcpy|_tcscpy|StrCpy|getwd|getpw|strecpy"
        r"|alloca|strtok)$",
    ),
    call("c cpp objc", r"^(std::)?sprintf$", r"%s"),
    call("c cpp objc", r"^[fs]?scanf$", r"%s"),
    call(
        "c cpp objc",
        r"^(fprintf|printf|syslog|snprintf)$",
        r"^\(\s*(stderr,\s*|stdout,\s*|\w+,\s*sizeof\s*\(?\w+\)?,\s*)?[a-z_]+\s*\)$",
    ),
    call("c cpp objc", r"^(memcpy|memmove|strncpy|bcopy)$", r",\s*n\s*\)$"),
    assign("c cpp objc", r"\w", r"^(\([\w *]+\)\s*)?(malloc|alloca)\(\s*[a-z_]\w*\s*\*\s*\w+\s*\)$"),
    text(
        "c cpp objc",
        r"\bfree\s*\(\s*&\w+\s*\)|char\s+(\w+)\[\d+\];\s*free\(\1\)|=\s*snprintf\(\s*(\w+)[^;]*;\s*\2\[\w+\]\s*=",
    ),
    call(JS, r"^Buffer\.(allocUnsafe|allocUnsafeSlow)$"),
    call(JS, r"^(new)?Buffer$", r"^\(\s*\w+\s*\)"),
    call(JS, r"\.(read|write)(U?Int|Float|Double)\w*$", r",\s*true\s*\)$"),
    call("rust", r"^unsafe"),
    text("rust", r"\bunsafe\s*\{|std::env::args(_os)?\(\)|std::env::current_exe\(\)"),
    call("go", r"^unsafe\.Pointer$"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "writes to memory without a limit")
