"""COLD. What a person must know of an installed guard: what is recorded, where and how long, how to stop it."""

from guardrail_proxy.config import Config
from guardrail_proxy.home import Home


def announcement(home: Home, config: Config, clis: tuple[str, ...]) -> tuple[str, str, str]:
    """Three lines."""
    names = ", ".join(clis) or "no AI CLI yet"
    one = clis[0] if clis else "claude"
    long = f"{config.retention_days} days" + (f", then in {config.archive}" if config.archive else "")
    return (
        f"recorded: each run of {names}: prompts, answers, tool calls and what was found in them; secrets are masked",
        f"where, how long: only in {home.root}, {long} (config set retention_days N); no network",
        f"stop: guardrail-proxy pause 1h | GUARDRAIL_BYPASS=1 {one} | guardrail-proxy uninstall",
    )
