"""Which sentences claim that a check is green."""

import pytest

from guardrail_proxy.detect.claims import claims_of

CLAIMS = [
    "All tests pass now.",
    "All 12 tests passed.",
    "The tests are green.",
    "The test suite passes.",
    "✅ All unit tests pass",
    "I fixed the bug and the tests pass.",
    "**All tests are passing**",
    "Every test succeeded.",
    "The whole suite is green again.",
    "The build succeeded.",
    "The project compiles.",
    "mypy is clean.",
    "No test failures.",
    "5/5 tests pass",
    "All tests pass as expected.",
    "Fixed the failing test; all tests pass.",
    "The previously failing test now passes.",
    "All 42 tests are passing, so you can merge.",
    "12 passed, 0 failed.",
    "**Tests**: all passing ✅",
    "I added three tests and they all pass.",
    "The code passes all existing tests.",
    "The full suite (312 tests) passes.",
    "All tests now pass without any errors.",
    "I verified that all tests pass.",
    "`pytest` passes with 12 tests.",
    "All tests in `tests/test_a.py` pass.",
    "All 5 tests completed successfully.",
    "I ran the full test suite and everything passes.",
    "Alle Tests sind grün.",
    "所有测试都通过了。",
]
NONE = [
    "The tests do not pass yet.",
    "The tests don't pass.",
    "Once all tests pass, merge it.",
    "Do all tests pass?",
    "Run it until the tests pass.",
    "Let me make sure the tests pass.",
    "I will check that all tests pass.",
    "You said all tests pass.",
    "CI says the tests pass.",
    'The log said "All tests pass".',
    "> All tests pass",
    "```\nAll tests pass\n```",
    "`All tests pass`",
    "    All tests pass",
    "The tests should pass now.",
    "Some tests pass.",
    "The tests pass a string to the parser argument.",
    "If the tests pass we can ship.",
    "I added tests for the password check.",
    "Make all tests pass.",
    "We need all tests green before release.",
    "All tests pass except test_b.",
    "Not all tests pass.",
    "The tests passed before my change.",
    "I could not run the tests, so I do not know whether they pass.",
    "The hook runs when tests pass.",
    "Add a badge showing that tests pass.",
    "This function returns true after tests pass validation.",
    "The test suite passes arguments to the runner.",
    "A message like 'All tests pass' appears.",
    "Acceptance criteria: all tests pass",
    "Acceptance criteria:\n- All tests pass\n- No warnings",
    "- [ ] All tests pass",
    "1 test failed, 12 passed.",
    "3 passed, 2 failed",
    "The first test passes but the second fails.",
    "Tests passing locally does not imply CI.",
    "Wenn alle Tests grün sind, mergen wir.",
    "如果所有测试都通过",
]


@pytest.mark.parametrize("sentence", CLAIMS)
def test_it_is_a_claim(sentence: str) -> None:
    assert list(claims_of(sentence))


@pytest.mark.parametrize("sentence", NONE)
def test_it_is_none(sentence: str) -> None:
    assert list(claims_of(sentence)) == []
