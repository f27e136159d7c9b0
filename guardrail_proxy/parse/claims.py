"""WARM. Finds the sentences of a message that assert something about the state of the work."""

import re

from guardrail_proxy.parse.markdown import split_markdown

LIMIT_CHARACTERS = 100_000
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')*_]{0,3}\s+(?=[^a-z\s])|\n+")
LIST_MARK = re.compile(r"^[\s>#]*(?:[-*+]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]\]\s+)?")
ASSERTS = re.compile(
    r"""\b(?:
        pass(?:es|ed|ing)? | fail(?:s|ed|ing)? | succe(?:ed(?:s|ed)?|ss|ssful|ssfully) | green
        | work(?:s|ed|ing) | done | complete[sd]? | finished | ready | (?:re)?solved
        | fix(?:es|ed)? | implement(?:s|ed) | verified | confirm(?:s|ed) | tested | validated
        | built? | builds | compile[sd]? | deployed | created | added | updated | removed | ran
        | no \s (?:errors?|failures?|issues?|warnings?) | all \s (?:good|set|clear)
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Words by which a finished state is told; what the sentence is worth is the failure modes' to say."""


def claim_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a message's prose that assert the work's state: no questions, no quoted lines, no code."""
    return tuple(sentence for sentence in sentences(text) if _is_claim(sentence))


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a message's prose in order, list marks taken off, quoted lines left out."""
    prose = split_markdown(text[:LIMIT_CHARACTERS]).prose
    kept = "\n".join(line for line in prose.splitlines() if not line.lstrip().startswith(">"))
    parts = (LIST_MARK.sub("", part).strip() for part in SENTENCE_END.split(kept))
    return tuple(part for part in parts if part)


def _is_claim(sentence: str) -> bool:
    return not sentence.endswith("?") and len(sentence) < 2000 and bool(ASSERTS.search(sentence))
