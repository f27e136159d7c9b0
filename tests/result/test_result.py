"""The result is one harmless line that names at most two ids."""

import unicodedata
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.enforce import enforce
from guardrail_proxy.result import result
from guardrail_proxy.session import SEVERITIES, Capture, Finding, Session, Severity, Transcript, Verdict

ID = "019ab000-0000-7000-8000-0000000000aa"
CAPTURE = Capture(ID, "claude", "strict", (), "/", Path("/"), None, None, 0, None, 0.0, 1.0)


def session(*findings: Finding, verdict: Verdict | None = None) -> Session:
    return Session(CAPTURE, Transcript(()), findings, verdict or enforce("strict", findings, "native"), "completed")


def found(rule: str, severity: Severity = "critical") -> Finding:
    return Finding(rule, "failure", severity, "made up", quote="swordfish")


def test_nothing_found_says_nothing() -> None:
    assert result(session()) == ""


def test_what_counts_is_named_and_where_to_look() -> None:
    assert result(session(found("a/x"))) == f"a/x; see: guardrail-proxy explain {ID[:18]}"


def test_the_worst_two_are_named_and_the_others_counted() -> None:
    line = result(session(found("a/low", "low"), found("b/bad"), found("b/bad"), found("c/high", "high")))
    assert line == f"b/bad, c/high and 1 more; see: guardrail-proxy explain {ID[:18]}"


def test_a_verdict_without_findings_gives_its_reasons() -> None:
    line = result(session(verdict=Verdict(False, ("guard/no-evidence",), "none", "blocked")))
    assert line.startswith("guard/no-evidence; see: ")


@given(st.lists(st.tuples(st.text(max_size=300), st.sampled_from(SEVERITIES)), max_size=5))
def test_any_ids_make_one_line_without_control_characters(ids: list[tuple[str, Severity]]) -> None:
    line = result(session(*(found(name, severity) for name, severity in ids)))
    assert [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")] == []
    assert (len(line) <= 200, "swordfish" in line) == (True, False)
