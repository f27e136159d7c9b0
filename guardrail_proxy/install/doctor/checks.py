"""COLD. The checks, in order: cheap ones first, since a later one often fails for the reason an earlier one names."""

from collections.abc import Callable, Iterator

from guardrail_proxy.config import Config
from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.canary import check_canaries
from guardrail_proxy.install.doctor.check import Found
from guardrail_proxy.install.doctor.files import check_home, check_interpreter, check_plans
from guardrail_proxy.install.doctor.on_path import check_path
from guardrail_proxy.install.doctor.table import check_launchers
from guardrail_proxy.install.find_clis import shimmed_clis

CHECKS: tuple[Callable[[Home, Config, tuple[str, ...]], Iterator[Found]], ...] = (
    check_home,
    check_interpreter,
    check_plans,
    check_path,
    check_launchers,
    check_canaries,
)


def doctor(home: Home, config: Config) -> Iterator[Found]:
    """What every check found, as it is found."""
    clis = shimmed_clis(home)
    if not home.root.is_dir() or not clis:
        yield Found(f"nothing is installed in {home.root}", "run guardrail-proxy install")
        return
    for check in CHECKS:
        yield from check(home, config, clis)
