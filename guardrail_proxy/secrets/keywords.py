"""WARM. Which rules may match a text: one automaton over the keywords of all of them.

``data/keywords.tsv`` says for each keyword which rules want it, so that no rule is read before one is needed. It is
made from the rules: ``python -m guardrail_proxy.secrets.keyword_table`` writes it again.
"""

import os
from functools import cache

from ahocorasick_rs import BytesAhoCorasick, Implementation

TABLE = os.path.join(os.path.dirname(__file__), "data", "keywords.tsv")


@cache
def _index() -> tuple[BytesAhoCorasick, tuple[str, ...]]:
    """The automaton, and for each of its words the numbers of the rules, as written in the table."""
    with open(TABLE, encoding="ascii") as file:
        pairs = [line.rstrip("\n").split("\t") for line in file]
    words = [word.encode() for word, _ in pairs]
    return BytesAhoCorasick(words, implementation=Implementation.ContiguousNFA), tuple(numbers for _, numbers in pairs)


def places_by_rule(lowered: bytes) -> dict[int, list[int]]:
    """Number of each rule whose keyword occurs in lower-cased text -> the keyword's offsets; by number."""
    automaton, numbers = _index()
    by_word: dict[int, list[int]] = {}
    for word, start, _ in automaton.find_matches_as_indexes(lowered, overlapping=True):
        by_word.setdefault(word, []).append(start)
    places: dict[int, list[int]] = {}
    for word, starts in by_word.items():
        for number in numbers[word].split(" "):
            places.setdefault(int(number), []).extend(starts)
    return {number: sorted(starts) for number, starts in sorted(places.items())}
