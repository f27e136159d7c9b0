"""WARM. The secret rules as data.

``data/secret_rules.jsonl`` holds the imported rules, one a line; ``data/own_secret_rules.toml`` the project's own.
A rule's expression is compiled the first time one of its keywords is seen.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

import re2
from ahocorasick_rs import BytesAhoCorasick

RuleKind = Literal["aws", "private-key", "provider", "generic"]
Shape = Literal["any", "random", "token", "password", "jwt"]
DATA = Path(__file__).parent / "data"
MAX_EXPRESSION_MEMORY_BYTES = 1 << 20


class Found(Protocol):
    """A match: what of re2's the engine uses."""

    def span(self, group: int = 0) -> tuple[int, int]:
        """Both offsets of a group, -1 where it took no part."""
        ...


class Expression(Protocol):
    """A compiled expression: what of re2's the engine uses."""

    @property
    def groups(self) -> int:
        """How many capturing groups it has."""
        ...

    def search(self, text: bytes) -> Found | None:
        """The first match."""
        ...

    def finditer(self, text: bytes, pos: int, endpos: int) -> Iterator[Found]:
        """Every match between two offsets."""
        ...


@dataclass(frozen=True, slots=True)
class DataRule:
    """One rule of the data file. Everything is matched on bytes."""

    id: str
    kind: RuleKind
    regex: str
    keywords: tuple[str, ...]
    """Lower case; the rule is tried only on text that holds one of them."""
    group: int = 0
    """Capturing group that is the secret. 0: the last that took part (the password after its user, and all from the
    first on goes with it), else the whole match."""
    entropy: float = 0.0
    """Shannon bits a byte that the secret must exceed."""
    longest: int = 0
    """More bytes than this are something else (an image, a certificate); 0: no limit."""
    digits: int = 0
    lower: int = 0
    upper: int = 0
    shape: Shape = "any"
    """What a generic rule wants of the value beyond entropy; see ``secret_denial``."""
    deny_secret: tuple[str, ...] = ()
    """Expressions: a secret that matches one is no finding."""
    deny_match: tuple[str, ...] = ()
    deny_line: tuple[str, ...] = ()
    stopwords: tuple[str, ...] = ()
    """Lower case: a secret that contains one is no finding."""


@cache
def rules() -> tuple[DataRule, ...]:
    """Every rule of the data files, in their order: the first of two that match the same text names it."""
    lines = (DATA / "secret_rules.jsonl").read_text(encoding="utf-8").splitlines()
    own = tomllib.loads((DATA / "own_secret_rules.toml").read_text(encoding="utf-8"))["rules"]
    imported = tuple(_rule(json.loads(line)) for line in lines)
    by_id = {rule.id: rule for rule in imported}
    return (*imported, *(_like(by_id, fields) for fields in own))


def _like(by_id: Mapping[str, DataRule], fields: dict[str, str | float | list[str]]) -> DataRule:
    """An own rule; with ``like = ID`` it shares that rule's exceptions about the place of a value."""
    model = by_id.get(str(fields.pop("like", "")))
    rule = _rule(fields)
    return replace(rule, deny_match=model.deny_match, deny_line=model.deny_line) if model else rule


def _rule(fields: Mapping[str, str | float | list[str]]) -> DataRule:
    return DataRule(**{k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()})  # type: ignore[arg-type] # the file's shape is held by a test


@cache
def expression(pattern: str) -> Expression:
    """The compiled expression of a rule: linear time, on bytes."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_EXPRESSION_MEMORY_BYTES
    options.encoding = re2.Options.Encoding.LATIN1
    compiled: Expression = re2.compile(pattern.encode(), options)
    return compiled


def matches_any(patterns: tuple[str, ...], data: bytes) -> Found | None:
    """The first match of the first expression that has one."""
    return next((found for pattern in patterns if (found := expression(pattern).search(data))), None)


@cache
def stopword_index(words: tuple[str, ...]) -> BytesAhoCorasick:
    """One automaton over a rule's stopwords."""
    return BytesAhoCorasick([word.encode() for word in words])
