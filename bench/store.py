"""What storing costs and what asking costs: ratios to simpler ways, taken in turn in one run.

    python bench/store.py [--sessions 200] [--sizes 10000,100000,1000000]

Prints, for the end of a session: writing its record durably, beside a bare write, fsync and rename of the same bytes,
beside SQLite with a write-ahead log, beside opening DuckDB. Then sessions loaded in a second, the time until a query
sees a session, and, of made-up sessions, bytes a session, time and growth of each query, example and view, of metrics
brought up to date beside those made anew, of publishing, and of the ingester's run; CPU time is in parentheses. Needs
2 GB of disk at a million.
"""

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import duckdb
from store_sizes import GROUPS, Times, Took, asked, kept, loaded, of_now

from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import put_record
from guardrail_proxy.store.demo_data import make_demo
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.whole import json_records

MANY = 2000
"""Sessions that wait for the ingester."""
Write = Callable[[str, bytes], object]


def records(home: Home, count: int) -> list[tuple[str, bytes]]:
    """Realistic records under new ids."""
    make_demo(home, count, lambda _: None)
    ids = [str(name) for (name,) in ask(home, "SELECT session_id FROM sessions").rows]
    return [renamed(text.encode()) for batch in json_records(home, ids) for text in batch]


def renamed(data: bytes) -> tuple[str, bytes]:
    """The record as another session's."""
    name = str(uuid.uuid4())
    return name, json.dumps({**json.loads(data), "session_id": name}).encode()


def bare(folder: Path, name: str, data: bytes) -> None:
    """Write, fsync, rename: what durable means at least."""
    handle = os.open(folder / "tmp", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    os.write(handle, data)
    os.fsync(handle)
    os.close(handle)
    os.rename(folder / "tmp", folder / name)


def sqlite(folder: Path, name: str, data: bytes) -> None:
    """A connection of its own, as every shim would have."""
    with sqlite3.connect(folder / "x.sqlite", timeout=30) as con:
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("PRAGMA synchronous = FULL")
        con.execute("CREATE TABLE IF NOT EXISTS sessions (id TEXT, record BLOB)")
        con.execute("INSERT INTO sessions VALUES (?, ?)", (name, data))
    con.close()


def opened(folder: Path, name: str, data: bytes) -> None:
    """DuckDB opened, one row inserted, closed; without its import."""
    with duckdb.connect(str(folder / "x.duckdb")) as con:
        con.execute("CREATE TABLE IF NOT EXISTS sessions (id VARCHAR, record VARCHAR)")
        con.execute("INSERT INTO sessions VALUES (?, ?)", [name, data.decode()])


def exits(folder: Path, home: Home, made: list[tuple[str, bytes]]) -> None:
    """One record each in turn."""
    ways: dict[str, Write] = {
        "bare write, fsync, rename": lambda name, data: bare(folder, name, data),
        "our spool": lambda name, data: put_record(home.spool, name, data),
        "sqlite, write-ahead log": lambda name, data: sqlite(folder, name, data),
        "duckdb opened by each": lambda name, data: opened(folder, name, data),
    }
    took: dict[str, list[float]] = {way: [] for way in ways}
    for name, data in made:
        for way, write in ways.items():
            began = time.perf_counter()
            write(name, data)
            took[way].append((time.perf_counter() - began) * 1e3)
    usual = statistics.median(took["bare write, fsync, rename"])
    for way, times in took.items():
        middle, late = statistics.median(times), statistics.quantiles(times, n=20)[18]
        print(f"exit      {way:28} p50 {middle:8.2f} ms x{middle / usual:6.2f}   p95 {late:8.2f} ms")


def freshness(home: Home, data: bytes) -> None:
    """Whether the very next query sees a session that nobody loaded."""
    name, data = renamed(data)
    put_record(home.spool, name, data)
    began = time.perf_counter()
    seen = ask(home, "SELECT count(*) FROM sessions WHERE session_id = CAST(? AS UUID)", [name]).rows
    print(f"fresh     the next query sees it: {seen == [(1,)]}, asked and answered in {_ms(began):.0f} ms")


def ingestion(home: Home) -> None:
    """Sessions that one ingester loads in a second."""
    began, cpu = time.perf_counter(), time.process_time()
    count = ingest(home, wait=True)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"ingest    {count} sessions in {seconds:.2f} s, published: {count / seconds:.0f} a second", end="")
    print(f", {count / cpu:.0f} a second of CPU time")


def _ms(began: float) -> float:
    return (time.perf_counter() - began) * 1e3


def growth(folder: Path, sizes: list[int], made: list[tuple[str, bytes]]) -> None:
    """Every query and every sum at every size."""
    tables, sums = [], []
    for size in sizes:
        home, began = Home(folder / f"demo-{size}"), time.perf_counter()
        make_demo(home, size, lambda _: None)
        took, per_session = time.perf_counter() - began, (home.db / "live.duckdb").stat().st_size / size
        print(f"demo      {size} sessions made in {took:.1f} s, {per_session:.0f} bytes each in the database")
        tables.append(asked(home))
        sums.append(kept(home) | waiting(home, made))
        shutil.rmtree(home.root)
    for name in tables[0]:
        line(name, [table[name] for table in tables])
    for start, what in GROUPS.items():
        line(f"all {what}", [total(table, start) for table in tables])
    for name in sums[0]:
        line(name, [table[name] for table in sums])
    for what in ("sums of", "worker run,"):
        pairs = [(table[f"{what} all time"], table[f"{what} five minutes"]) for table in sums]
        ratios = "  ".join(f"x{ever.wall / some.wall:6.1f} (x{ever.cpu / some.cpu:6.1f})" for ever, some in pairs)
        print(f"ratio     {what + ' all time to five minutes':42} {ratios}")


def total(table: Times, start: str) -> Took:
    """All that belong together."""
    return sum((took for name, took in table.items() if name.startswith(start)), Took(0, 0))


def waiting(home: Home, made: list[tuple[str, bytes]]) -> Times:
    """The fifteen queries while a hundred sessions wait in the spool, and the run that loads these."""
    for _, data in made[:100]:
        put_record(home.spool, *renamed(of_now(data)))
    queries = total(asked(home), "query")
    return {"the 15 queries, 100 sessions waiting": queries, "ingester's run, 100 sessions": loaded(home)}


def line(name: str, times: list[Took]) -> None:
    """One figure at each size, milliseconds on the clock and of CPU time, and how it grows."""
    shown = "  ".join(f"{took.wall:8.1f} ({took.cpu:7.1f}) ms" for took in times)
    print(f"at size   {name:42} {shown}  x{times[-1].wall / times[0].wall:5.1f} (x{times[-1].cpu / times[0].cpu:5.1f})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--sizes", default="10000,100000")
    asked_for = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.home()) as scratch:  # a temporary folder may be memory: fsync is free
        folder = Path(scratch)
        made = records(Home(folder / "records"), asked_for.sessions)
        home = Home(folder / "home")
        ingest(home)
        exits(folder, home, made)
        freshness(home, made[0][1])
        for _, data in made * (MANY // len(made)):
            put_record(home.spool, *renamed(data))
        ingestion(home)
        growth(folder, [int(size) for size in asked_for.sizes.split(",")], made)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
