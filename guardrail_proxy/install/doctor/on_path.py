"""COLD. Whether a CLI's name reaches its shim in this process, as far as PATH and settings tell."""

import os
from collections.abc import Iterator

from guardrail_proxy.config import Config
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.check import Found
from guardrail_proxy.install.find_clis import find_real, known_clis
from guardrail_proxy.install.status import bypass_reason


def check_path(home: Home, config: Config, clis: tuple[str, ...]) -> Iterator[Found]:
    """PATH, pause, settings: what runs here when the name is typed."""
    for cli in clis:
        reason = bypass_reason(home, config, cli, os.environ)
        if reason:
            yield Found(f"{cli} runs unguarded here: {reason}", _remedy(reason, home))
        elif find_real(cli) is None:
            yield Found(f"{cli}: no real CLI behind the shim", f"install {cli}, or run guardrail-proxy uninstall")
        else:
            yield Found(f"{cli}: the shim is first on PATH")
    for name in sorted(set(config.tools) - set(known_clis())):
        yield Found(f'config.toml: "tools.{one_line(name, 40)}" names no AI CLI known here', "correct or remove it")


def _remedy(reason: str, home: Home) -> str:
    for word, remedy in (
        ("paused", "guardrail-proxy resume"),
        ("disabled", "guardrail-proxy config set tools.NAME.enabled true"),
        ("GUARDRAIL_BYPASS", "unset GUARDRAIL_BYPASS"),
    ):
        if reason.startswith(word):
            return remedy
    return f"open a new shell; if it stays so, source {home.root}/env.sh as the last line of its start-up file"
