"""COLD. Brings everything that shims use up to date: the HOT copy, the hook, the plans, the shims themselves.

Every file is replaced whole, and only when it changed. ``python -I -m guardrail_proxy.install.sync HOME [CLI...]``.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.config import Config, load
from guardrail_proxy.config.replace_file import private_folder, replace_file
from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.guardrails.compile_plan import plan_files, write_plan
from guardrail_proxy.home import WRAPPER, Home
from guardrail_proxy.install.env_files import env_fish, env_sh
from guardrail_proxy.install.find_clis import bundled_clis, find_known, shimmed_clis
from guardrail_proxy.install.hot_copy import copy_hot
from guardrail_proxy.install.render_shim import render_shim
from guardrail_proxy.install.templates import template


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did."""

    clis: tuple[str, ...]
    changed: tuple[Path, ...]
    """Files that are new or different now."""


def sync(home: Home, clis: Sequence[str] | None = None) -> SyncReport:
    """Write what shims need; ``clis`` are names, None those that have a shim.

    Raises ConfigError for a wrong config.toml, OSError when the home cannot be written.
    """
    config = load(home)
    names = tuple(shimmed_clis(home) if clis is None else clis)
    for folder in (home.root, home.shims, home.wrapper.parent, home.plans, home.sessions):
        private_folder(folder)
    return SyncReport(names, tuple(_changed(home, config, names)))


def _changed(home: Home, config: Config, names: tuple[str, ...]) -> Iterator[Path]:
    if copy_hot(home):
        yield home.hot
    for name in planned(names):
        is_old = is_old_plan(home, config, name)
        write_plan(home, name, config, find_known(name))
        if is_old:
            yield home.plan(name)
    for path, text, permissions in texts(home, config, names):
        if not is_as_wanted(path, text, permissions):
            replace_file(path, _bytes(text), permissions)
            yield path


def planned(names: tuple[str, ...]) -> tuple[str, ...]:
    """The CLIs that get a plan: those with a shim, and those that only an editor brings."""
    return tuple(sorted({*names, *bundled_clis()}))


def texts(home: Home, config: Config, names: tuple[str, ...]) -> Iterator[tuple[Path, str, int]]:
    """(path, text, permissions) of every file that is made from a template."""
    strict = is_strict_anywhere(config)
    yield home.hook, render_shim(template("hook.template"), "hook", home.root, "strict"), 0o700
    yield home.wrapper, wrapper_text(home, config), 0o700
    yield home.root / "env.sh", env_sh(home, strict=strict), 0o600
    yield home.root / "env.fish", env_fish(home, strict=strict), 0o600
    yield from ((home.shims / name, shim_text(home, config, name), 0o700) for name in names)


def is_as_wanted(path: Path, text: str, permissions: int) -> bool:
    """Whether the file is there, and as it should be."""
    return _read(path) == _bytes(text) and path.stat().st_mode & 0o777 == permissions


def is_strict_anywhere(config: Config) -> bool:
    """Whether any CLI runs in strict."""
    return "strict" in {config.mode, *(tool.mode for tool in config.tools.values())}


def wrapper_text(home: Home, config: Config) -> str:
    """The wrapper as it should be. Its mode counts for what it does not know, and where our side is broken."""
    mode = "strict" if is_strict_anywhere(config) else "standard"
    return render_shim(template("shim.template"), WRAPPER, home.root, mode)


def shim_text(home: Home, config: Config, cli: str) -> str:
    """A CLI's shim as it should be."""
    return render_shim(template("shim.template"), cli, home.root, config.mode_of(cli))


def is_old_plan(home: Home, config: Config, cli: str) -> bool:
    """Whether a CLI's plan is missing, or not as it would be made now."""
    return _read(home.plan(cli)) != plan_files(home, cli, config, find_known(cli))[home.plan(cli)]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def main(words: Sequence[str]) -> int:
    """The module as a program; 0, or 1 and one line on stderr."""
    try:
        sync(Home(Path(words[0])), words[1:] or None)
    except (GuardrailError, OSError) as error:
        sys.stderr.write(f"guardrail-proxy: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
