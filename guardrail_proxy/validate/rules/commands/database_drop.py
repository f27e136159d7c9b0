"""A statement or command that empties or drops a database, a table or an index.

Rows that were dropped come back only from a backup. Work on a copy, write a WHERE clause, wrap it in a transaction that
you can roll back, and let the user run what drops.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate._shell_inner import literal, stdin_text
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "work on a copy or in a transaction with a WHERE clause, and let the user run what drops or empties"
bad = (
    'psql -c "DROP TABLE users"',
    "mysql -e 'TRUNCATE TABLE orders;'",
    "echo 'DELETE FROM users' | sqlite3 app.db",
    "dropdb production",
    "mysqladmin drop mydb",
    "mongosh --eval 'db.dropDatabase()'",
    "DROP DATABASE mydb",
)
good = (
    'psql -c "SELECT * FROM users"',
    "mysql -e 'SHOW TABLES'",
    'psql -c "DELETE FROM users WHERE id = 3"',
    "echo 'DROP TABLE users'",
    "grep -rn 'DROP TABLE' migrations",
    "truncate --help",
)
_CLIENTS = frozenset(
    {
        "psql",
        "mysql",
        "mariadb",
        "sqlite3",
        "sqlite",
        "mongo",
        "mongosh",
        "cqlsh",
        "sqlcmd",
        "duckdb",
        "clickhouse-client",
        "clickhouse",
        "cockroach",
        "snowsql",
        "bq",
        "influx",
        "redis-cli",
        "mysqlsh",
        "usql",
        "pgcli",
        "mycli",
        "isql",
    }
)
_TOOLS = {
    "dropdb": (),
    "dropuser": (),
    "mysqladmin": ("drop", "shutdown"),
    "pg_resetwal": (),
    "pg_dropcluster": (),
    "pg_restore": ("--clean", "-c"),
    "mongorestore": ("--drop",),
    "prisma": ("reset", "--force-reset"),
    "alembic": ("downgrade",),
    "sequelize": ("db:drop", "db:migrate:undo:all"),
    "knex": ("migrate:rollback",),
    "rails": ("db:drop", "db:reset", "db:purge"),
    "rake": ("db:drop", "db:reset", "db:purge"),
    "artisan": ("migrate:fresh", "migrate:reset", "db:wipe"),
    "wp": ("reset", "drop"),
    "flyway": ("clean",),
    "liquibase": ("dropAll", "drop-all"),
    "initdb": (),
    "mysqlimport": ("--delete",),
}
_SQL = re.compile(
    r"\bDROP\s+(TABLE|DATABASE|SCHEMA|INDEX|VIEW|COLLECTION|KEYSPACE|ROLE|USER|TABLESPACE|OWNED|EXTENSION"
    r"|MATERIALIZED)\b"
    r"|\bTRUNCATE\s+(TABLE\s+)?[\w\"`.\[]+|\bDELETE\s+FROM\s+[\w\"`.\[\]]+(?![^;]{0,1000}\bWHERE\b)(?=\s*(;|$|['\"]))"
    r"|\bDELETE\s+FROM\s+[\w\"`.\[\]]+\s+WHERE\s+(1\s*=\s*1|true)\b|\bUPDATE\s+[\w\"`.]+\s+SET\s(?![^;]{0,1000}\bWHERE\b)"
    r"|\bGRANT\s+ALL(\s+PRIVILEGES)?\s+ON\s+\*\.\*|\bALTER\s+TABLE\s+\S+\s+DROP\b|\bRESET\s+MASTER\b|\bFLUSH(ALL|DB)\b"
    r"|\bdropDatabase\s*\(|\.drop\s*\(|\.deleteMany\s*\(\s*(\{\s*\})?\s*\)|\.remove\s*\(\s*\{\s*\}\s*\)|dropUser\s*\("
    r"|\bpg_terminate_backend\b|\bDROP\s+\w+\s+IF\s+EXISTS\b|\bPURGE\s+BINARY\s+LOGS\b|\bDETACH\s+DATABASE\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"\s*(DROP\s+(TABLE|DATABASE|SCHEMA|INDEX|VIEW|USER|ROLE)\s|TRUNCATE\s+(TABLE\s+\S+|[a-zA-Z_.\"`]+\s*;)"
    r"|DELETE\s+FROM\s|GRANT\s+ALL(\s+PRIVILEGES)?\s+ON\s+\*\.\*|db\.\w+\.(drop|deleteMany|remove)\(|db\.dropDatabase"
    r"|FLUSH(ALL|DB)\b|ALTER\s+TABLE\s+\S+\s+DROP\s|VACUUM\s+FULL)",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\bDROP\s+(DATABASE|SCHEMA|KEYSPACE)\b|dropDatabase|FLUSHALL", re.IGNORECASE)
_HAS_WHERE = re.compile(r"\bWHERE\b", re.IGNORECASE)


def check(event: Event) -> Iterator[Match]:
    """Every statement that drops or empties."""
    if found := _STATEMENT.match(event.text):
        if not _HAS_WHERE.search(event.text):
            yield Match(found.start(), found.end(), "drops or empties a database or table")
        return
    for command in commands(event):
        if _drops(command):
            yield at(command, "drops or empties a database or table", _severity(_statement(command)))


def _drops(command: SimpleCommand) -> bool:
    if command.name in _TOOLS:
        return not _TOOLS[command.name] or any(word in _TOOLS[command.name] for word in command.words)
    if command.name in _CLIENTS:
        return bool(_SQL.search(_statement(command)))
    return command.name in ("php", "python", "python3", "npx", "yarn") and _framework(command.words)


def _severity(statement: str) -> Severity:
    return "critical" if _WHOLE.search(statement) else SEVERITY


def _statement(command: SimpleCommand) -> str:
    """What the client runs: its arguments, and what it reads."""
    given = (stdin_text(command) or "", literal(command.previous) or "")
    return " ; ".join((*command.words, *given))


def _framework(words: tuple[str, ...]) -> bool:
    return bool(
        {"migrate:fresh", "migrate:reset", "db:wipe", "flush", "reset_db", "db:drop", "sqlflush"} & set(words[:4])
    ) or (words[:2] == ("prisma", "migrate") and "reset" in words)
