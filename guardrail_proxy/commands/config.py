"""Show or change the configuration."""

import click

from guardrail_proxy.config.change import change, parse_value, tightens
from guardrail_proxy.config.effective import effective
from guardrail_proxy.config.repository import repository_root
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import default_home
from guardrail_proxy.install.below_session import refuse_below_session
from guardrail_proxy.install.find_clis import known_clis
from guardrail_proxy.install.sync import sync


@click.group("config")
def command() -> None:
    """Show or change the configuration. Every key: docs/configuration.md."""


@command.command("show")
def show() -> None:
    """Every value in force here, and where it comes from."""
    rows = effective(default_home(), repository_root())
    width = max(len(row.key) for row in rows)
    for row in rows:
        click.echo(f"{row.key:<{width}} = {one_line(_toml(row.value), 200)}  ({one_line(row.origin)})")


@command.command("path")
def path() -> None:
    """Where the user's config.toml is."""
    click.echo(default_home().config)


@command.command("set")
@click.argument("key")
@click.argument("value")
def set_key(key: str, value: str) -> None:
    """Change one key: config set mode strict."""
    parsed = parse_value(value)
    if not tightens(key, parsed):
        refuse_below_session("config set")
    _checked_tool(key)
    home = default_home()
    changed = change(home, key, parsed)
    sync(home)
    click.echo(f"{one_line(key)} = {one_line(_toml(parsed))}" + ("" if changed else " (as it was)"))


def _checked_tool(key: str) -> None:
    """A CLI nobody knows would never be asked for: a typing error, not a setting."""
    table, _, rest = key.partition(".")
    name = rest.split(".")[0]
    if table == "tools" and name not in (known := known_clis()):
        raise ConfigError(f'"{one_line(name, 40)}" is no AI CLI known here: choose from {", ".join(sorted(known))}')


def _toml(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
