"""WARM. Whether a session, or one tool call, stands: a pure function."""

from collections.abc import Sequence

from guardrail_proxy.session import Evidence, Finding, Mode, Verdict


def enforce(mode: Mode, findings: Sequence[Finding], evidence: Evidence) -> Verdict:
    """Strict approves iff nothing counts against it and there is evidence; standard lets everything through.

    A session without any evidence is ``unjudged`` in standard: not looked at is not clean.
    """
    against = tuple(dict.fromkeys(finding.id for finding in findings if counts(finding)))
    if mode == "strict":
        because = against or (("guard/no-evidence",) if evidence == "none" else ())
        return Verdict(not because, because, evidence, "blocked" if because else "approved")
    return Verdict(
        approved=True, because=against, evidence=evidence, decision="unjudged" if evidence == "none" else "approved"
    )


def counts(finding: Finding) -> bool:
    """A critical violation that took place, or a failure whose mode is proven."""
    if finding.denied:
        return False
    return finding.severity == "critical" if finding.kind == "violation" else finding.status == "counted"
