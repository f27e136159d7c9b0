"""Transcript -> violations."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from guardrail_proxy.session import Event, Finding, Kind, Transcript
from guardrail_proxy.validate import validate, validation
from guardrail_proxy.validate.rule import Match

KEY_ID = "AKIA" + "QYLPMN5HNQX2TBJR"
Use = Callable[..., None]
LINE = f"aws_access_key_id = {KEY_ID}"


def secrets_in(*events: Event) -> list[Finding]:
    return [finding for finding in validate(Transcript(events)) if finding.category == "secrets"]


@pytest.mark.parametrize(
    ("event", "context", "severity"),
    [
        (Event("message", LINE), "printed", "critical"),
        (Event("command", f"echo {LINE}"), "executed", "critical"),
        (Event("command", f"echo {LINE}", denied=True), "proposed", "critical"),
        (Event("file write", LINE, path="app.ini"), "written", "critical"),
        (Event("file write", LINE, path="app.ini", denied=True), "proposed", "critical"),
        (Event("prompt", LINE), "quoted", "high"),
        (Event("tool result", LINE), "quoted", "high"),
    ],
)
def test_where_a_secret_stands_decides_what_it_means(event: Event, context: str, severity: str) -> None:
    (finding,) = secrets_in(event)
    assert (finding.id, finding.context, finding.severity) == ("secrets/aws-access-key", context, severity)
    assert finding.denied == event.denied


def test_no_finding_quotes_a_secret() -> None:
    text = f"first\n{LINE}\nlast"
    (finding,) = secrets_in(Event("message", text))
    assert KEY_ID not in repr(finding)
    assert finding.quote == "[redacted:aws-access-key]"
    assert finding.line == 2


def test_a_secret_counts_once_for_each_kind_of_event() -> None:
    found = secrets_in(*[Event("message", LINE)] * 3, Event("command", f"echo {LINE}"), Event("command", LINE))
    assert [(f.event_seq, f.context) for f in found] == [(0, "printed"), (3, "executed")]


def test_the_same_secret_has_the_same_fingerprint_and_another_salt_another_one() -> None:
    transcript = Transcript((Event("message", LINE), Event("prompt", "x " + LINE)))
    one, two = {f.fingerprint for f in validate(transcript)}, {f.fingerprint for f in validate(transcript, salt=b"s")}
    assert len(one) == len(two) == 1
    assert one != two


@pytest.mark.parametrize(
    ("path", "in_test"),
    [
        ("tests/test_app.py", True),
        ("/repo/src/__tests__/a.ts", True),
        ("pkg/app_test.go", True),
        ("fixtures/key.txt", True),
        ("src/app.py", False),
        ("contest/latest.py", False),
        ("", False),
    ],
)
def test_a_finding_in_a_test_says_so(path: str, in_test: bool) -> None:
    (finding,) = secrets_in(Event("file write", LINE, path=path))
    assert finding.in_test is in_test


def rule(check: object, *kinds: Kind) -> SimpleNamespace:
    return SimpleNamespace(SEVERITY="low", KINDS=frozenset(kinds), FIX="do not", check=check)


def breaks(event: Event) -> Iterator[Match]:
    raise RuntimeError(f"cannot read {event.text}")
    yield


def finds_x(event: Event) -> Iterator[Match]:
    yield from (Match(i, i + 1, "an x") for i, letter in enumerate(event.text) if letter == "x")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Use:
    def use(**rules: SimpleNamespace) -> None:
        named = {f"made/{name}": one for name, one in rules.items()}
        monkeypatch.setattr(validation, "members", lambda _: named)

    return use


def test_a_rule_that_raises_is_a_critical_finding_and_the_others_go_on(only: Use) -> None:
    only(broken=rule(breaks, "message"), sound=rule(finds_x, "message"))
    found = validate(Transcript((Event("message", "x secret-ish"), Event("message", "xx"))))
    assert [(f.id, f.severity) for f in found if f.id.startswith("guard/")] == [("guard/rule-error", "critical")]
    assert [f.event_seq for f in found if f.id == "made/sound"] == [0, 1]
    assert "secret-ish" not in repr([f for f in found if f.id.startswith("guard/")])
    assert "made/broken" in found[-1].message


def test_a_rule_sees_only_the_kinds_it_takes(only: Use) -> None:
    only(sound=rule(finds_x, "command"))
    assert [f.event_seq for f in validate(Transcript((Event("message", "x"), Event("command", "x"))))] == [1]


def test_a_long_text_is_read_in_overlapping_pieces_and_lines_count_from_its_start(only: Use) -> None:
    only(sound=rule(finds_x, "message"))
    text = ".\n" * 495_000 + "x\n" + ".\n" * 700_000 + "x"
    found = validate(Transcript((Event("message", text),)))
    assert [f.line for f in found] == [495_001, 1_195_002]


def test_a_thousand_matches_of_one_rule_are_told_by_a_hundred(only: Use) -> None:
    seen: list[int] = []

    def counts(event: Event) -> Iterator[Match]:
        for match in finds_x(event):
            seen.append(match.start)
            yield match

    only(sound=rule(counts, "message"))
    validate(Transcript((Event("message", "x\n" * 1000),)))
    assert len(seen) == validation.MOST_MATCHES


def test_a_secret_beyond_the_first_piece_of_a_long_text_is_found() -> None:
    (finding,) = secrets_in(Event("tool result", "nothing\n" * 200_000 + LINE))
    assert finding.line == 200_001
