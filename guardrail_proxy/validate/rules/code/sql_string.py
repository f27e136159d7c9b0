"""An SQL statement put together from text and values.

A quote in a value ends the string, and the rest is SQL of its author. Use placeholders and give the values apart.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, assign, call, look

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = CODE
FIX = "use placeholders (?, %s, :name) and give the values apart"
bad = (
    'cursor.execute(f"SELECT * FROM users WHERE id = {user_id}")\n',
    "query = \"SELECT * FROM foo WHERE id = '%s'\" % identifier\n",
    'db.query("SELECT * FROM t WHERE id = " + id);',
    '$db->query("SELECT * FROM t WHERE id = $id");',
    'rows, err := db.Query(fmt.Sprintf("SELECT * FROM t WHERE id = %s", id))',
)
good = (
    'cursor.execute("SELECT * FROM users WHERE id = ?", (user_id,))\n',
    "print('selected ' + name)\n",
    "log.info('update from %s' % host)\n",
)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"(^|\.)(execute|executemany|executescript|raw|read_sql\w*|text|mogrify)$",
        r"^\(\s*(f[\"']{1,3}\s*(SELECT|INSERT|UPDATE|DELETE|DROP|CREATE|ALTER|WITH|REPLACE|MERGE)\b[^)]*\{"
        r"|[\"']{1,3}\s*(SELECT|INSERT|UPDATE|DELETE|DROP|CREATE|ALTER|WITH)\b.*?[\"']{1,3}\s*(%|\+|\.format))",
    ),
    assign(
        "python",
        r"\w",
        r"^\(?\s*(f[\"']{1,3}\s*(with\s.*)?(SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET"
        r"|DELETE\s+FROM)\s.*\{|[\"']{1,3}\s*(WITH\s.*)?(SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET"
        r"|DELETE\s+FROM)\s.*?[\"']{1,3}\s*(%\s*[\w(]|\+\s*\w|\.format|\.replace))",
    ),
    call("python", r"\.extra$", r"(select|where|tables|order_by)\s*="),
    call("python", r"(^|\.)RawSQL$", unless=r"^\(\s*[\"\'][^\"\']*[\"\']\s*,"),
    call(
        JS,
        r"\.(query|execute|exec|run|all|get|each|raw|\$queryRawUnsafe|\$executeRawUnsafe|prepare)$",
        r"^\(\s*(`\s*(SELECT|INSERT|UPDATE|DELETE|DROP)\b[^`]*\$\{|[\"']\s*(SELECT|INSERT|UPDATE|DELETE"
        r"|DROP)\b[^\"']*[\"']?.*?[\"']\s*\+)",
    ),
    assign(
        JS,
        r"\w",
        r"^(`\s*(SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM)\s[^`]*\$\{"
        r"|[\"']\s*(SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s|DELETE\s+FROM)\s.*[\"']\s*\+)",
    ),
    call(
        "java csharp kotlin",
        r"\.?(executeQuery|executeUpdate|execute|prepareStatement|createQuery|createNativeQuery|query\w*"
        r"|FromSqlRaw|SqlCommand|rawQuery|execSQL)$",
        r"\"\s*(SELECT|INSERT|UPDATE|DELETE|FROM)\b.*\"\s*\+|String\.format|\$\"\s*(SELECT|INSERT|UPDATE|DELETE)",
    ),
    assign(
        "java csharp kotlin",
        r"\w",
        r"^\$?\"\s*(SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM)\s.*(\"\s*\+\s*\w|\{\w)"
        r"|^String\.format\(\s*\"\s*(SELECT|INSERT|UPDATE|DELETE)\s",
    ),
    call(
        "php",
        r"(^|->)(mysqli?_query|query|exec|prepare|pg_query|whereRaw|raw)$",
        r"(SELECT|INSERT|UPDATE|DELETE)\b.*(\$\w|\.\s*\$)",
    ),
    assign("php", r"\$", r"^[\"']\s*(SELECT\s.*FROM|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM)\s.*\$"),
    call(
        "go", r"\.(Query|QueryRow|Exec|QueryContext|ExecContext|QueryRowContext|Raw|Prepare)$", r"fmt\.Sprintf|\"\s*\+"
    ),
    assign(
        "go c cpp",
        r"\w",
        r"(fmt\.Sprintf\(\s*)?[\"`]\s*(SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s|DELETE\s+FROM)\s.*([\"`]\s*\+|%[sv])",
    ),
    call("ruby", r"\.(where|find_by_sql|execute|order|joins|select|exec_query|delete_all|update_all)$", r"#\{"),
    call("c cpp", r"s?n?printf$", r"\"\s*(SELECT\s.*FROM|INSERT\s+INTO|UPDATE\s|DELETE\s+FROM)\s[^\"]*%s"),
    call("rust", r"(^|::)(query|sql_query|execute)$", r"format!"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "puts values into the text of an SQL statement")
