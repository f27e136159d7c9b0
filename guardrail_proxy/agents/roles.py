"""COLD. Roles: Markdown with TOML front matter between ``+++`` lines; the file's name is the role's name.

Those below ``documents/`` are shipped; one of the same name in the home's ``agents/`` folder replaces it.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import one_line
from guardrail_proxy.guardrails.front_matter import id_of, read_markdown, split_matter
from guardrail_proxy.home import Home
from guardrail_proxy.session import Mode

SHIPPED = Path(__file__).parent / "documents"
REMEDY = 'give a title and, if wanted, cli = "name" and mode = "strict"'


class FrontMatter(BaseModel):
    """What a role says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str
    cli: str | None = None
    """The one AI CLI that plays it; without it any."""
    mode: Mode | None = None
    """The least strict mode it is played in."""


@dataclass(frozen=True, slots=True)
class Role:
    """One role."""

    name: str
    title: str
    text: str
    cli: str | None = None
    mode: Mode | None = None


def role_files(home: Home) -> dict[str, Path]:
    """Name -> file, sorted by name; the user's own win."""
    files = (*SHIPPED.glob("*.md"), *home.agents.glob("*.md"))
    return dict(sorted((id_of(path), path) for path in {id_of(path): path for path in files}.values()))


def find_role(home: Home, name: str) -> Role:
    """The role of that name. Raises ConfigError when there is none, or its file is wrong."""
    files = role_files(home)
    if name not in files:
        known = ", ".join(files)
        shown = one_line(name, 60)
        raise ConfigError(f"'{shown}' is no agent that is known: one of {known}, or write {home.agents}/{shown}.md")
    return read_role(files[name])


def read_role(path: Path) -> Role:
    """One file. Raises ConfigError with file, line and what to do."""
    matter, body = split_matter(path, read_markdown(path), FrontMatter, REMEDY)
    return Role(id_of(path), matter.title, body, matter.cli, matter.mode)
