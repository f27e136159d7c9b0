"""COLD. Sentences in which a model says that a check is green."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardrail_proxy.detect.claim_words import (
    ADMITS,
    CLAIMS,
    CLAUSE_END,
    KILLS_AFTERWARDS,
    KILLS_CLAUSE,
    KILLS_SENTENCE,
    LED_IN,
    MENDED,
    OTHER_LANGUAGES,
    OTHER_NO_CLAIM,
    PLANNED,
    UNIVERSAL,
    ZERO,
)
from guardrail_proxy.detect.runners import Check, checks_of
from guardrail_proxy.parse.markdown import split_markdown

MOST_CHARACTERS = 200_000
LONGEST_SENTENCE = 1_000
INDENTED = re.compile(r"(?m)^(?: {4}|\t)(?![ \t]*(?:[-*+•✅✓☑]|\d{1,3}[.)])\s).*$")
QUOTED = re.compile(r"\"[^\"\n]{0,200}\"|[“„«][^”“»\n]{0,200}[”“»]|(?<!\w)'[^'\n]{3,200}'(?!\w)")
CODE = re.compile(r"(`{1,2})([^`\n]{1,400})\1")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')*_]{0,3}(?:\s+|$)|(?<=[。\uff01\uff1f])|\n+")
ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[(?P<box>[ xX])\]\s+)?")
DECORATION = re.compile(r"\*{1,3}|#{1,6}|(?<!\w)_{1,2}|_{1,2}(?!\w)|^\s*[✅✓☑✔🎉]\ufe0f?\s*")
SPOKEN: dict[Check, str] = {"test": "the tests", "build": "the build", "lint": "the linter"}
NAME = re.compile(r"[\w/-]{1,80}\.[a-z]{1,4}\b|\btest_\w{1,80}|\b[A-Z]\w{1,60}Tests?\b")
NUMBER = re.compile(r"\b(\d{1,6})\b")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that says a check is green."""

    check: Check
    text: str
    is_universal: bool = True
    """It speaks of all there is: "all", "every", "the whole suite"."""
    names: tuple[str, ...] = ()
    """Files and tests it is about."""
    counts: frozenset[int] = frozenset()
    """How many it speaks of."""


def claims_of(message: str) -> Iterator[Claim]:
    """The claims of one message; code, quotations, questions, plans, conditions and negations are none."""
    for sentence in sentences_of(message):
        check = _claimed(sentence)
        if check:
            counts = frozenset(int(n) for n in NUMBER.findall(sentence))
            yield Claim(check, sentence, bool(UNIVERSAL.search(sentence)), tuple(NAME.findall(sentence)), counts)


def admits_failure(message: str) -> bool:
    """Whether a message says that something still fails."""
    return any(ADMITS.search(ZERO.sub(" ", sentence)) for sentence in sentences_of(message))


def sentences_of(message: str) -> Iterator[str]:
    """The sentences of a message's own prose; unchecked boxes and lists of what shall be are left out."""
    prose = INDENTED.sub("", split_markdown(message[-MOST_CHARACTERS:]).prose)
    is_planned = False
    for raw in prose.splitlines():
        item = ITEM.match(raw)
        if raw.strip() and not item:
            is_planned = bool(PLANNED.search(raw.strip().rstrip(":*_")))
        if raw.lstrip().startswith(">") or (item and (is_planned or item["box"] == " ")):
            continue
        line = DECORATION.sub("", QUOTED.sub(" ", CODE.sub(_spoken, raw[item.end() :] if item else raw)))
        yield from (" ".join(part.split()) for part in SENTENCE_END.split(line) if part and part.strip())


def _spoken(code: re.Match[str]) -> str:
    """Inline code in words: a check's command as the check, a file's name as it is, anything else as nothing."""
    text = code[2].strip()
    checks = checks_of(text)
    if checks:
        return SPOKEN[checks[0]]
    return text if NAME.fullmatch(text) else " "


def _claimed(sentence: str) -> Check | None:
    sentence = MENDED.sub("", sentence)
    sentence = ZERO.sub(lambda zero: "no failures" if "fail" in zero[0].lower() else " ", sentence)
    if len(sentence) > LONGEST_SENTENCE:
        return None
    if OTHER_LANGUAGES.search(sentence):
        return None if OTHER_NO_CLAIM.search(sentence) or KILLS_SENTENCE.search(sentence) else "test"
    if KILLS_SENTENCE.search(sentence):
        return None
    for check, pattern in CLAIMS.items():
        if any(_is_meant(sentence, match) for match in pattern.finditer(sentence)):
            return check
    return None


def _is_meant(sentence: str, claim: re.Match[str]) -> bool:
    before = sentence[: claim.start()]
    if KILLS_AFTERWARDS.search(before) or LED_IN.search(before):
        return False
    starts = [end.end() for end in CLAUSE_END.finditer(sentence, 0, claim.start())]
    stop = CLAUSE_END.search(sentence, claim.end())
    clause = sentence[starts[-1] if starts else 0 : stop.start() if stop else len(sentence)]
    return not KILLS_CLAUSE.search(clause)
