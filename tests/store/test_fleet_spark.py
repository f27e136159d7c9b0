"""Spark itself, over what machines pushed: the workers' queries, verbatim, have DuckDB's answers."""

import datetime as dt
import importlib.util
import json
import math
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from guardrail_proxy.commands._group import run
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import put_record
from guardrail_proxy.store.fleet.engine import LOCAL_QUERIES, NAME, fleet_files, worker_query, written
from guardrail_proxy.store.fleet.target import open_target
from guardrail_proxy.store.query import ask, ask_into_parquet
from guardrail_proxy.store.whole import json_records
from guardrail_proxy.store.worker_sql import FOLDER, worker_sql

Row = tuple[object, ...]
SESSIONS = "5000"
OURS = ("marks", "insights")
"""Tables that are not pushed; the queries that ask them are to be portable all the same."""
QUESTIONS = Path(__file__).with_name("questions.sql").read_text("utf-8")
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
}
NOT_HERE = (
    None
    if importlib.util.find_spec("pyspark")
    and not subprocess.run(["sh", "-c", "java -version"], capture_output=True).returncode
    else "Spark is not here: it needs Debian's default-jre-headless and then pyspark, the extra 'spark'"
)
pytestmark = [pytest.mark.slow, pytest.mark.spark, pytest.mark.skipif(NOT_HERE is not None, reason=str(NOT_HERE))]


class Fleet:
    """Both engines over the same files, and values for the queries."""

    def __init__(self, home: Home, target: Path, folder: Path) -> None:
        from pyspark.sql import SparkSession  # noqa: PLC0415 # not everywhere

        builder = SparkSession.builder.master("local[2]").config("spark.local.dir", str(folder))
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        self.spark = builder.getOrCreate()
        self.con = duckdb.connect()
        for table, files in fleet_files(open_target(str(target), home)).items():
            self._show(table, files)
        for table in OURS:
            (folder / table).mkdir()
            query = f"SELECT * REPLACE (CAST({table[:-1]}_id AS VARCHAR) AS {table[:-1]}_id) FROM {table}"
            ask_into_parquet(home, query.replace("mark_id", "session_id"), folder / table / "rows", (), ())
            self._show(table, [str(folder / table / "rows")])
        self.con.execute("SET TimeZone = 'UTC'")
        self.values = self._values()
        trend = worker_query("failure_trend", since=self.values["since"], until=self.values["until"])
        self.spark.sql(trend).createOrReplaceTempView("failure_trend")
        self.con.execute(f"CREATE VIEW failure_trend AS {trend}")

    def _show(self, table: str, files: list[str]) -> None:
        self.spark.read.parquet(*files).createOrReplaceTempView(table)
        self.con.execute(f"CREATE VIEW {table} AS FROM read_parquet({files!r})")

    def _values(self) -> dict[str, dt.datetime | str]:
        """All that was pushed; and of kinds of failures, the most frequent one."""
        ((first, last),) = self.con.execute("SELECT min(started_at), max(ts) FROM sessions, failures").fetchall()
        query = "SELECT category, tool, coalesce(agent, ''), severity FROM failures GROUP BY ALL ORDER BY count(*) DESC"
        kind = dict(zip(("category", "tool", "agent", "severity"), self.con.execute(query).fetchall()[0], strict=True))
        end = last + dt.timedelta(hours=1)
        return {"since": first, "until": end, "now": end, "before": end - dt.timedelta(days=5), **kind}

    def answers(self, query: str) -> tuple[list[Row], list[Row]]:
        """DuckDB's, with the values bound; Spark's, with the values written."""
        asked = {name: self.values[name] for name in NAME.findall(query)}
        own = self.con.execute(query, asked or None).fetchall()
        return own, [tuple(row) for row in self.spark.sql(written(query, **asked)).collect()]


def same(one: object, other: object) -> bool:
    """Equal; sums of floating-point numbers to nine digits, for they are added in any order."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    home, target = Home(folder / "home"), folder / "target"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUARDRAIL_HOME", str(home.root))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        assert run(["demo-data", SESSIONS, "--home", str(home.root)]) == 0
        add_spike(home)
        assert run(["fleet", "push", str(target), "--since", str(day_of(home, 8))]) == 0
        both = Fleet(home, target, folder)
        yield both
        both.spark.stop()


def add_spike(home: Home) -> None:
    """A session of yesterday in which one failure happened a dozen times: demo data is calmer."""
    query = "SELECT CAST(session_id AS VARCHAR) FROM failures WHERE day = current_date - 1 ORDER BY ALL LIMIT 1"
    ((name,),) = ask(home, query).rows
    ((text,),) = json_records(home, [str(name)])
    record, other = json.loads(text), f"{str(name)[:-4]}ffff"
    again = {"session_id": other, "failures": record["failures"][:1] * 12, "n_failures": 12}
    put_record(home.spool, other, json.dumps(record | again).encode())


def day_of(home: Home, days: int) -> object:
    """So many days before the last session: a push of less, and fewer files for Spark."""
    ((day,),) = ask(home, f"SELECT CAST(max(day) - {days} AS VARCHAR) FROM sessions").rows
    return day


def test_every_worker_query_has_the_same_answer_on_spark(fleet: Fleet) -> None:
    names = sorted(path.stem for path in FOLDER.glob("*.sql"))
    different = [name for name in names if not same_answer(fleet, worker_sql(name))]
    assert fleet.answers(worker_sql("spikes"))[0], "there is a spike to be found"
    assert (different, set(names) >= LOCAL_QUERIES, len(names) >= 9) == ([], True, True)


def test_every_question_of_a_team_has_the_same_answer_on_spark(fleet: Fleet) -> None:
    questions = dict(re.findall(r"-- name: (\w+)\n([^;]+);", QUESTIONS))
    assert ([name for name, query in questions.items() if not same_answer(fleet, query)], len(questions)) == ([], 15)


def same_answer(fleet: Fleet, query: str) -> bool:
    own, sparks = fleet.answers(query)
    return len(own) == len(sparks) and all(map(same, own, sparks))
