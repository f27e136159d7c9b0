"""Code that runs text as code: eval, exec, new Function, setTimeout with a string.

Whoever supplies the text runs programs with the application's rights. Parse data with a parser (``ast.literal_eval``,
``json.loads``), and choose functions from a table.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look, text

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = CODE
FIX = "parse data with ast.literal_eval or json, and choose functions from a table of names"
bad = (
    "result = eval(user_input)",
    "exec(code)\n",
    "eval($_GET['key'])",
    "new Function(body)()",
)
good = (
    "ast.literal_eval(text)\n",
    "model.eval()\n",
    "cursor.exec_driver\n",
    "re.exec(text)\n",
)
_TABLE: tuple[Row, ...] = (
    call("python", r"^(builtins\.)?(eval|exec|execfile)$", unless=r"^\(\s*\)$"),
    call("python", r"^(code\.interact|code\.InteractiveInterpreter|__import__)$"),
    call(JS, r"^(window\.|globalThis\.)?(eval|execScript)$"),
    call(JS, r"^Function$"),
    call(JS, r"^(vm\.(runIn\w+|compileFunction|Script)|\w*\.?runInNewContext|safeEval)$"),
    call(JS, r"^(window\.)?set(Timeout|Interval)$", r"^\(\s*([\"'`]|\w+\s*\+)"),
    call("php", r"^(eval|assert|create_function)$", r"\$"),
    call("php", r"^preg_replace$", r"^\(\s*['\"](.).*\1\w*e\w*['\"]"),
    call("ruby", r"^(\w+\.)?(eval|instance_eval|class_eval|module_eval)$", r"\w"),
    call("ruby", r"\.(constantize|send)$", r"params|ARGV"),
    call("java", r"(ScriptEngine|engine|shell)\.eval$|GroovyShell|SpelExpressionParser|parseExpression$"),
    call("go", r"\.(Eval|EvalString)$|^goja\."),
    text("php", r"\beval\s*\(\s*\$"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "runs text as code")
