"""COLD. Brings the guardrail home so far that a CLI can be guarded: its hook, its plan."""

import os
from pathlib import Path
from threading import Lock

from guardrail_proxy.config import load
from guardrail_proxy.guardrails.compile_plan import write_plan
from guardrail_proxy.home import Home
from guardrail_proxy.install.find_clis import shimmed_clis
from guardrail_proxy.install.sync import sync
from guardrail_proxy.plan import Plan, PlanError, is_stale, read_plan

_ONE_AT_A_TIME = Lock()
"""Files of the guard that change while a session runs would count as tampered with."""


def ready_plan(home: Home, cli: str, real: Path) -> Plan:
    """The CLI's plan, made where it is missing or stale. Raises ConfigError, or OSError for a home without a place.

    What an installation wrote is left as it is: shims and hook are its own to renew.
    """
    with _ONE_AT_A_TIME:
        if not os.access(home.hook, os.X_OK) or not shimmed_clis(home):
            sync(home, ())
        plan = _current(home, cli)
        if plan is None:
            plan = read_plan(os.fsencode(write_plan(home, cli, load(home), real)))
    return plan


def _current(home: Home, cli: str) -> Plan | None:
    try:
        plan = read_plan(os.fsencode(home.plan(cli)))
    except (OSError, PlanError):
        return None
    return None if is_stale(plan) else plan
