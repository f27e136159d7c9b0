"""COLD. What ``status`` says of each CLI: whether typing its name is guarded, and if not, why."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.cli import Cli
from guardrail_proxy.config import Config
from guardrail_proxy.guardrails.compile_plan import plan_before
from guardrail_proxy.home import Home
from guardrail_proxy.install.find_clis import find_real, known_clis, on_path, shimmed_clis
from guardrail_proxy.install.pause_file import clock, paused_until
from guardrail_proxy.install.version import version
from guardrail_proxy.store.query import connect


@dataclass(frozen=True, slots=True)
class CliStatus:
    """One CLI."""

    name: str
    shim: Path | None
    real: Path | None
    version: str
    mode: str
    hooks: str
    bypassed: str
    """Why typing the name runs it unguarded; "" when it is live."""
    sessions: int


def statuses(home: Home, config: Config) -> list[CliStatus]:
    """Every CLI that has a shim or is found, by name."""
    known = known_clis()
    shimmed = shimmed_clis(home)
    counts = session_counts(home)
    rows = []
    for name, cli in sorted(known.items()):
        real = find_real(name)
        if real is None and name not in shimmed:
            continue
        rows.append(
            CliStatus(
                name=name,
                shim=home.shims / name if name in shimmed else None,
                real=real,
                version=version(home, cli, real) if real else "",
                mode=config.mode_of(name),
                hooks=hooks_of(home, config, cli),
                bypassed=bypass_reason(home, config, name, os.environ),
                sessions=counts.get(name, 0),
            )
        )
    return rows


def hooks_of(home: Home, config: Config, cli: Cli) -> str:
    """Whether tool calls are asked for before they run."""
    if not cli.hooked:
        return "not hooked yet"
    plan = plan_before(home.plan(cli.name))
    if plan and plan.all(b"lacks"):
        return f"not hooked: this version does not know {', '.join(map(os.fsdecode, plan.all(b'lacks')))}"
    return "hooked" if config.tool(cli.name).inject else "not hooked (inject = false)"


def bypass_reason(home: Home, config: Config, name: str, env: Mapping[str, str]) -> str:
    """Why typing the CLI's name here runs it unguarded; "" when it is guarded. Aliases are ``doctor``'s to find."""
    until = paused_until(home)
    allowed = config.bypass_allowed(name)
    if not config.tool(name).enabled:
        return f"disabled (tools.{name}.enabled = false)"
    if until is not None and allowed:
        return f"paused until {clock(until)}"
    if env.get("GUARDRAIL_BYPASS") == "1" and allowed:
        return "GUARDRAIL_BYPASS=1 is set"
    return path_reason(home, name, env.get("PATH", os.defpath))


def path_reason(home: Home, name: str, path: str) -> str:
    """What on PATH keeps the shim from being found first; "" when nothing does."""
    shim = home.shims / name
    if not shim.exists():
        return f"no shim: run guardrail-proxy install {name}"
    first = next(on_path(name, path), None)
    if first == shim:
        return ""
    if str(home.shims) not in path.split(os.pathsep):
        return f"{home.shims} is not on PATH: open a new shell, or run . {home.root}/env.sh"
    return f"PATH order: {first} comes before the shim"


def session_counts(home: Home) -> dict[str, int]:
    """Number of stored sessions by CLI."""
    if not home.database.exists():
        return {}
    with connect(home) as store:
        rows = store.execute("SELECT tool, count(*) FROM sessions GROUP BY tool").fetchall()
    return {str(tool): int(number) for tool, number in rows}
