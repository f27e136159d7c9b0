"""COLD. Prints the table of keywords that belongs to the rules: ``data/keywords.tsv`` (a test holds it current)."""

import sys

from guardrail_proxy.secrets.rules import rules


def keyword_table() -> str:
    """A line for each keyword, tab, the numbers of the rules that want it."""
    by_word: dict[str, list[str]] = {}
    for number, rule in enumerate(rules()):
        for word in rule.keywords:
            by_word.setdefault(word, []).append(str(number))
    return "".join(f"{word}\t{' '.join(numbers)}\n" for word, numbers in by_word.items())


if __name__ == "__main__":
    sys.stdout.write(keyword_table())
