"""A debugger or detailed errors left on for everybody.

Flask's debugger runs code for whoever finds it; error pages show paths and settings. Turn it on by configuration, at
home only.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import Row, assign, call, look, text

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "turn debugging on by configuration, never in the code that is deployed"
bad = (
    "from flask import Flask\napp = Flask(__name__)\napp.run(debug=True)\n",
    "ini_set('display_errors', 'on');",
)
good = (
    "from flask import Flask\napp = Flask(__name__)\napp.run(debug=False)\n",
    "app.run()\n",
)
_TABLE: tuple[Row, ...] = (
    call("python", r"\.run(_simple)?$", r"\b(debug|use_debugger)\s*=\s*True"),
    assign("python", r"^(DEBUG|app\.debug|TEMPLATE_DEBUG)$", r"^True$"),
    assign("python", r"^ALLOWED_HOSTS$", r"[\"\']\*[\"\']"),
    call("php", r"^(ini_set|error_reporting)$", r"display_errors[\"']\s*,\s*([\"'](on|1|true)|1|true)|E_ALL"),
    text("php", r"\bphpinfo\s*\("),
    call("java kotlin", r"setWebContentsDebuggingEnabled$", r"true"),
    call("go", r"gin\.SetMode$", r"DebugMode"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "leaves a debugger or detailed errors on")
