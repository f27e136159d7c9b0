"""What was found, as lines, as the README's table and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from relaying.group import Figure, Found, Group

NOTHING = 0.05
"""Less than this is not divided by."""
BEGIN, END = "<!-- relay.py: from here -->", "<!-- relay.py: to here -->"


@dataclass(frozen=True, slots=True)
class Results:
    """Of every group that ran; ``peers`` are the columns, the others of a group stand beside."""

    peers: list[str]
    groups: list[tuple[Group, dict[str, Found]]]
    conditions: str

    def rows(self) -> Iterator[tuple[Group, Figure, dict[str, float | None]]]:
        """Each figure with every peer's median, None where it fails; who has no such figure is left out."""
        for group, found in self.groups:
            medians = {peer: what.medians() for peer, what in found.items()}
            for figure in group.figures:
                values = {
                    peer: medians[peer].get(figure.key)
                    for peer in found
                    if figure.key in medians[peer] or found[peer].is_out
                }
                if any(value is not None for value in values.values()):
                    yield group, figure, values


def as_lines(results: Results) -> Iterator[str]:
    """A line for each figure of each peer."""
    for _, figure, values in results.rows():
        yield f"{figure.label} [{figure.unit}]" if figure.unit else figure.label
        for peer, value in values.items():
            if value is None:
                yield f"    {peer:20} fails"
                continue
            against = (ratio(value, values.get("bare")), ratio(value, values.get("script")))
            words = [f"{text} {name}" for text, name in zip(against, ("bare", "script"), strict=True) if text]
            yield f"    {peer:20} {short(value):>8}   {'   '.join(words)}".rstrip()


def as_markdown(results: Results) -> Iterator[str]:
    """One table: figures by peers, each with its ratio to bare; the shim's to script and to what stands beside it."""
    yield results.conditions
    yield ""
    yield "| figure | " + " | ".join(results.peers) + " | shim to script | beside it |"
    yield "|---" * (len(results.peers) + 3) + "|"
    for _, figure, values in results.rows():
        label = f"{figure.label}, {figure.unit}" if figure.unit else figure.label
        cells = [cell(values, peer) for peer in results.peers]
        shim = values.get("shim")
        to_script = "" if shim is None else ratio(shim, values.get("script"))
        yield f"| {label} | {' | '.join(cells)} | {to_script} | {beside(values, results.peers)} |"


def cell(values: dict[str, float | None], peer: str) -> str:
    """A value and its ratio to bare; empty where the peer has no such figure."""
    if peer not in values:
        return ""
    value = values[peer]
    if value is None:
        return "fails"
    times = "" if peer == "bare" else ratio(value, values.get("bare"))
    return f"{short(value)} ({times})" if times else short(value)


def beside(values: dict[str, float | None], peers: list[str]) -> str:
    """What is no relay, and how the shim compares with it."""
    shim, words = values.get("shim"), []
    for name, value in values.items():
        if name not in peers and value is not None:
            times = "" if shim is None else ratio(shim, value)
            words.append(f"{name}: {short(value)}" + (f" (shim {times})" if times else ""))
    return "; ".join(words)


def ratio(value: float, other: float | None) -> str:
    """So many times the other; '' where there is nothing to divide by."""
    if not other or other < NOTHING or not value:
        return ""
    times = value / other
    return f"{times:.0f}x" if times >= 10 else f"{times:.1f}x" if times >= 2 else f"{times:.2f}x"


def short(value: float) -> str:
    """Three digits that count."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def as_json(results: Results) -> str:
    """Everything: medians, ratios, each repetition, why a peer fails."""
    figures = {
        figure.key: {
            "group": group.name,
            "label": figure.label,
            "unit": figure.unit,
            "medians": values,
            "to_bare": ratios(values, "bare"),
            "to_script": ratios(values, "script"),
        }
        for group, figure, values in results.rows()
    }
    runs = {
        group.name: {peer: {"measured": what.measured, "failures": what.failures} for peer, what in found.items()}
        for group, found in results.groups
    }
    return json.dumps({"conditions": results.conditions, "figures": figures, "runs": runs}, indent=1) + "\n"


def ratios(values: dict[str, float | None], to: str) -> dict[str, float]:
    """Of every peer that has a value to one that has."""
    base = values.get(to)
    return {peer: value / base for peer, value in values.items() if value is not None} if base else {}


def put_between(text: str, table: str) -> str:
    """A page with its table renewed. Raises ValueError when the page has no place for it."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no lines '{BEGIN}' and '{END}'")
    return f"{head}{begin}\n{table}\n{end}{tail}"
