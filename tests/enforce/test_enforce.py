"""The verdict: strict approves iff nothing counts and there is evidence; standard lets everything through."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.enforce import enforce
from guardrail_proxy.session import EVIDENCE, SEVERITIES, Evidence, Finding, Verdict

FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["a/x", "a/y", "b/z"]),
        st.sampled_from(["violation", "failure"]),
        st.sampled_from(SEVERITIES),
        st.just("made up"),
        status=st.sampled_from(["counted", "observe"]),
        denied=st.booleans(),
    ),
    max_size=6,
)
CRITICAL = Finding("a/x", "violation", "critical", "made up")
FAILURE = Finding("b/y", "failure", "low", "made up")


def is_against(finding: Finding) -> bool:
    """As the architecture says it: a critical violation that took place, or a failure of a proven mode."""
    if finding.kind == "failure":
        return finding.status == "counted" and not finding.denied
    return finding.severity == "critical" and not finding.denied


@given(FINDINGS, st.sampled_from(EVIDENCE))
def test_strict_approves_iff_nothing_counts_and_there_is_evidence(findings: list[Finding], evidence: Evidence) -> None:
    verdict = enforce("strict", findings, evidence)
    stands = evidence != "none" and not any(map(is_against, findings))
    assert (verdict.approved, verdict.decision) == (stands, "approved" if stands else "blocked")
    assert bool(verdict.because) is not stands


@given(FINDINGS, st.sampled_from(EVIDENCE))
def test_standard_approves_always_and_calls_unjudged_what_nobody_saw(
    findings: list[Finding], evidence: Evidence
) -> None:
    verdict = enforce("standard", findings, evidence)
    assert (verdict.approved, verdict.decision) == (True, "unjudged" if evidence == "none" else "approved")


@given(FINDINGS)
def test_both_modes_name_what_counts_once_and_in_order(findings: list[Finding]) -> None:
    against = tuple(dict.fromkeys(finding.id for finding in findings if is_against(finding)))
    assert [enforce(mode, findings, "native").because for mode in ("standard", "strict")] == [against, against]


@pytest.mark.parametrize(
    ("finding", "because"),
    [
        (CRITICAL, ("a/x",)),
        (replace(CRITICAL, denied=True), ()),
        (replace(CRITICAL, severity="high"), ()),
        (FAILURE, ("b/y",)),
        (replace(FAILURE, status="observe", severity="critical"), ()),
        (replace(FAILURE, denied=True), ()),
    ],
)
def test_what_counts(finding: Finding, because: tuple[str, ...]) -> None:
    expected = Verdict(not because, because, "native", "blocked" if because else "approved")
    assert enforce("strict", [finding], "native") == expected


def test_strict_without_evidence_says_so() -> None:
    assert enforce("strict", (), "none") == Verdict(False, ("guard/no-evidence",), "none", "blocked")
