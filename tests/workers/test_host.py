"""The daemon: one for each home, ends in order, starts with the login; and workers without one."""

import asyncio
import os
import plistlib
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from guardrail_proxy.hand_on import hand_on
from guardrail_proxy.home import Home
from guardrail_proxy.store.query import ask
from guardrail_proxy.workers._background import BackgroundWorker
from guardrail_proxy.workers._due import run_due
from guardrail_proxy.workers._host import NotAloneError, alone, daemon_pid, host, wait_for_end
from guardrail_proxy.workers._record import is_any_due, read_record, take_turn
from guardrail_proxy.workers._service import UNIT, agent, install_service, service_path, uninstall_service, unit

from .conftest import Stage

HOST = [sys.executable, "-I", "-m", "guardrail_proxy.workers._host"]


def test_one_daemon_for_each_home(stage: Stage, tmp_path: Path) -> None:
    assert daemon_pid(stage.home) is None
    with alone(stage.home), alone(Home(tmp_path / "other")):
        assert daemon_pid(stage.home) == os.getpid()
        with pytest.raises(NotAloneError, match="a daemon runs already"), alone(stage.home):
            pass
    assert daemon_pid(stage.home) is None
    wait_for_end(stage.home)


def test_who_only_looks_keeps_no_daemon_from_its_home(stage: Stage) -> None:
    enough = threading.Event()

    def look() -> None:
        while not enough.is_set():
            daemon_pid(stage.home)

    with alone(stage.home):
        pass
    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(200):
            with alone(stage.home):
                pass
    finally:
        enough.set()
        for looker in lookers:
            looker.join()


@pytest.mark.slow
def test_sigterm_ends_a_daemon_that_has_done_its_work(stage: Stage) -> None:
    stage.log((stage.at,))
    process = subprocess.Popen([*HOST, str(stage.home.root)], stderr=subprocess.PIPE)
    while daemon_pid(stage.home) != process.pid or not read_record(stage.home, "ingest").runs:
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert (process.communicate(timeout=60)[1], process.returncode) == (b"", 0)
    assert read_record(stage.home, "ingest").runs == 1
    assert ask(stage.home, "SELECT count(*) FROM base.sessions").rows == [(1,)]


@pytest.mark.slow
def test_who_sees_a_daemon_may_end_it_at_once(stage: Stage) -> None:
    process = subprocess.Popen([*HOST, str(stage.home.root)], stderr=subprocess.PIPE)
    while daemon_pid(stage.home) != process.pid:
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert (process.communicate(timeout=60)[1], process.returncode) == (b"", 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_waits_for_what_is_being_written(stage: Stage, number: signal.Signals) -> None:
    go_on = threading.Event()
    seen: list[str] = []

    class Writer(BackgroundWorker):
        def work(self, *, at_once: bool) -> str:
            os.kill(os.getpid(), number)
            go_on.wait(30)
            seen.append("written")
            return f"{at_once}"

    async def play() -> None:
        writer = Writer(stage.config, stage)
        writer.name = "metrics"
        running = asyncio.create_task(host(stage.home, lambda: [writer]))
        while not writer.is_stopping:
            await asyncio.sleep(0)
        go_on.set()
        await running

    asyncio.run(play())
    assert seen == ["written"]


def test_another_configuration_is_read_and_a_wrong_one_leaves_the_one_before(stage: Stage) -> None:
    turns: list[int] = []

    def chosen() -> list[BackgroundWorker]:
        turns.append(len(turns))
        os.kill(os.getpid(), signal.SIGHUP if len(turns) < 3 else signal.SIGTERM)
        if len(turns) == 2:
            raise NotAloneError("wrong")
        return []

    asyncio.run(host(stage.home, chosen))
    assert turns == [0, 1, 2]
    assert "wrong" in (stage.home.logs / "workers.jsonl").read_text()


def test_sessions_that_end_together_start_one_process(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr("guardrail_proxy.hand_on.subprocess.Popen", lambda words, **_: started.append(words[3]))
    monkeypatch.setattr("guardrail_proxy.hand_on.os.nice", lambda _: 0)
    monkeypatch.setattr("guardrail_proxy.hand_on.is_worth_loading", lambda _: False)
    turn = take_turn(stage.home)
    assert turn is not None
    hand_on(stage.home, [])
    os.close(turn)
    hand_on(stage.home, [])
    assert started == ["guardrail_proxy.workers._due"]


@pytest.mark.parametrize("due", [True, False])
def test_after_a_session_workers_are_started_only_when_one_is_due(
    stage: Stage, due: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("guardrail_proxy.hand_on.subprocess.Popen", lambda words, **_: started.append(words))
    monkeypatch.setattr("guardrail_proxy.hand_on.os.nice", lambda _: 0)
    monkeypatch.setattr("guardrail_proxy.hand_on.is_any_due", lambda _: due)
    monkeypatch.setattr("guardrail_proxy.hand_on.is_worth_loading", lambda _: not due)
    hand_on(stage.home, [])
    assert [words[3:] for words in started] == [
        ["guardrail_proxy.workers._due" if due else "guardrail_proxy.store.ingest", str(stage.home.root)]
    ]


def test_the_look_for_due_workers_loads_neither_duckdb_nor_pydantic(stage: Stage) -> None:
    program = (
        "import sys; from pathlib import Path; from guardrail_proxy.workers._record import is_any_due; "
        "from guardrail_proxy.home import Home; print(is_any_due(Home(Path(sys.argv[1]))), "
        "sorted({'duckdb', 'pydantic', 'structlog', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program, str(stage.home.root)], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True []\n", "")


@pytest.mark.slow
def test_the_started_process_runs_what_is_due_and_says_nothing(stage: Stage) -> None:
    stage.log((stage.at,))
    words = [sys.executable, "-I", "-m", "guardrail_proxy.workers._due", str(stage.home.root)]
    done = subprocess.run(words, capture_output=True)
    assert (done.stdout, done.stderr, done.returncode) == (b"", b"", 0)
    assert not is_any_due(stage.home)
    assert run_due(stage.home) == []
    assert stage.home.failure_report.exists()


def test_the_unit_is_one_that_systemd_takes_whatever_the_path(tmp_path: Path) -> None:
    text = unit(["/bin/true", "-I", '/ho\'me [x]* "q" %h $HOME ü=日\\'])
    assert 'ExecStart="/bin/true" "-I" "/ho\'me [x]* \\"q\\" %%h $$HOME ü=日\\\\"' in text
    assert "Nice=10" in text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("home", ["/home/me/.guardrail", '/ho\'me [x]* "q" 100% $HOME ü=日;'])
def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path: Path, home: str) -> None:
    path = tmp_path / UNIT
    path.write_text(unit([sys.executable, "-I", "-m", "guardrail_proxy.workers._host", home]))
    words = ["systemd-analyze", "verify", "--user", "--man=no", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)})
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_agent_is_a_property_list_of_launchds_own_keys() -> None:
    assert plistlib.loads(agent(["/bin/x", "a b"])) == {
        "Label": "guardrail-proxy.workers",
        "ProgramArguments": ["/bin/x", "a b"],
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ProcessType": "Background",
        "Nice": 10,
        "Umask": 63,
    }


def test_a_service_is_installed_started_and_taken_back(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    fake = tmp_path / "bin" / "systemctl"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >>"{said}"\n')
    fake.chmod(0o700)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(sys, "platform", "linux")
    path, trouble = install_service(stage.home)
    assert (path, trouble, path.exists()) == (service_path(), "", True)
    assert (uninstall_service(), path.exists(), uninstall_service()) == (path, False, None)
    assert said.read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now guardrail-proxy.service",
        "--user disable --now guardrail-proxy.service",
    ]


def test_a_service_that_cannot_be_started_is_said(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(sys, "platform", "linux")
    path, trouble = install_service(stage.home)
    assert (path.exists(), "systemctl --user daemon-reload" in trouble) == (True, True)
