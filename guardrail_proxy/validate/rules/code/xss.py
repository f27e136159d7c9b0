"""HTML made from values that were not escaped.

A value with a script in it runs in every reader's browser. Let the template escape, or use ``textContent``.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, assign, call, look, text

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "let the template engine escape, or use textContent instead of innerHTML"
bad = (
    "from django.utils.safestring import mark_safe\nmark_safe(text)\n",
    "from jinja2 import Environment\nEnvironment(loader=loader)\n",
    "element.innerHTML = userInput;",
    "die($_GET['message']);",
    "echo $_GET['name'];",
)
good = (
    "from jinja2 import Environment\nEnvironment(loader=loader, autoescape=True)\n",
    "element.textContent = userInput;",
)
_TABLE: tuple[Row, ...] = (
    call("python", r"(^|\.)(mark_safe|SafeString|SafeText|SafeBytes)$", unless=r"^\(\s*[\"\'][^\"\'{%]*[\"\']\s*\)$"),
    text("python", r"^\s*@mark_safe\b"),
    call(
        "python",
        r"(^|\.)(Markup|literal)$",
        unless=r"^\(\s*([\"'][^\"']*[\"']|\w*escape\(.*\))?\s*\)$|^\(\s*[\"'][^\"']*[\"']\s*\)$",
    ),
    call(
        "python",
        r"(^|\.)jinja2\.(Environment|sandbox\.\w+)$|^Environment$",
        unless=r"autoescape\s*=\s*(True|select_autoescape|jinja2\.select_autoescape|lambda)",
    ),
    call(
        "python",
        r"^mako\.(template\.)?(Template|TemplateLookup|lookup\.\w+)$|^(template|mako\.template)\.Template$",
        unless=r"default_filters",
    ),
    call("python", r"^(flask\.)?render_template_string$", r"%|\+|format|f[\"\']"),
    assign(
        JS,
        r"\.(innerHTML|outerHTML|srcdoc)$|dangerouslySetInnerHTML",
        unless=r"^[\"\'`][^$]*[\"\'`]$|DOMPurify|sanitize|^\"\"|escape",
    ),
    call(
        JS,
        r"document\.write(ln)?$|\.insertAdjacentHTML$|\$\([^)]*\)\.(html|append)$",
        unless=r"^\(\s*([\"\'][^\"\']*[\"\']\s*,?\s*)+\)$|^\(\s*\)$",
    ),
    call(JS, r"res\.(send|write|end)$", r"req\.(query|params|body)"),
    call(
        "php",
        r"^(echo|print|die|exit|printf|header)$",
        r"\$_(GET|POST|REQUEST|COOKIE|SERVER)",
        unless=r"htmlspecialchars|htmlentities|intval|escape",
    ),
    text(
        "php",
        r"\b(echo|print|die|exit|header)\b[^;\n]*\$_(GET|POST|REQUEST|COOKIE)\[",
        unless=r"htmlspecialchars|htmlentities|intval",
    ),
    call("java kotlin", r"(getWriter\(\)|out|writer)\.(print|println|write)$", r"getParameter|request\."),
    call("go", r"^template\.(HTML|JS|URL|HTMLAttr)$", r"\w"),
    call("go", r"^fmt\.Fprintf?$", r"^\(\s*w\s*,.*(r\.(URL|Form)|FormValue)"),
    call("ruby", r"\.?(html_safe|raw)$"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "puts a value into HTML without escaping")
