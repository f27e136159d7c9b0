"""Every failure mode keeps its word: its bad sessions are found, its good ones are not."""

from typing import cast

import pytest

from guardrail_proxy.detect import detect
from guardrail_proxy.detect.failure import FailureMode
from guardrail_proxy.discover import members
from guardrail_proxy.session import SEVERITIES, Transcript

MODES = {name: cast("FailureMode", module) for name, module in members("detect.failures").items()}
BAD = [(name, i) for name, mode in MODES.items() for i in range(len(mode.bad))]
GOOD = [(name, i) for name, mode in MODES.items() for i in range(len(mode.good))]


@pytest.mark.parametrize(("name", "index"), BAD)
def test_a_bad_session_is_found(name: str, index: int) -> None:
    found = detect(Transcript(MODES[name].bad[index], "native"))
    assert name in {finding.id for finding in found}


@pytest.mark.parametrize(("name", "index"), GOOD)
def test_a_good_session_is_not(name: str, index: int) -> None:
    found = detect(Transcript(MODES[name].good[index], "native"))
    assert name not in {finding.id for finding in found}


@pytest.mark.parametrize("name", MODES)
def test_a_mode_documents_itself(name: str) -> None:
    mode = MODES[name]
    assert mode.__doc__
    assert "What to do" in mode.__doc__
    assert mode.FIX
    assert mode.SEVERITY in SEVERITIES
    assert mode.bad
    assert mode.good


def test_a_mode_that_raises_is_a_critical_finding_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Transcript) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(MODES["progress/loop"], "check", broken)
    found = detect(Transcript(MODES["honesty/false-success-claim"].bad[0], "native"))
    assert {f.id for f in found} >= {"guard/rule-error", "honesty/false-success-claim"}
