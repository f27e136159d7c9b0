"""What all tests share: no test sees the developer's own guardrail home or mode, nor what his job runner ignores."""

import os
import signal

import pytest

OURS = ("GUARDRAIL_HOME", "GUARDRAIL_MODE", "GUARDRAIL_BYPASS", "GUARDRAIL_SESSION")


def pytest_configure() -> None:
    """Under nohup, or in the background of a script, signals are ignored; every child here would inherit that."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP, signal.SIGCHLD):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GUARDRAIL_HOME", str(tmp_path_factory.mktemp("guardrail") / "home"))
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("user")))
    os.umask(0o022)
