"""Roles: those that ship, a user's own, and what is said of a wrong one."""

from pathlib import Path

import pytest

from guardrail_proxy.agents.roles import SHIPPED, Role, find_role, read_role, role_files
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home


def home_with(tmp_path: Path, **texts: str) -> Home:
    home = Home(tmp_path / "home")
    home.agents.mkdir(parents=True)
    for name, text in texts.items():
        (home.agents / f"{name}.md").write_text(text)
    return home


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.md")), ids=lambda path: path.stem)
def test_a_shipped_role_says_what_it_is(path: Path) -> None:
    role = read_role(path)
    assert (bool(role.title), role.text.startswith("# Your role: "), role.cli, role.mode) == (True, True, None, None)


def test_security_and_reviewer_ship(tmp_path: Path) -> None:
    assert list(role_files(Home(tmp_path))) == ["reviewer", "security"]


def test_a_role_of_the_users_own_may_name_its_cli_and_its_mode(tmp_path: Path) -> None:
    text = '+++\ntitle = "Writer"\ncli = "claude"\nmode = "strict"\n+++\nWrite well.\n'
    home = home_with(tmp_path, tech_writer=text)
    assert find_role(home, "tech-writer") == Role("tech-writer", "Writer", "Write well.\n", "claude", "strict")


def test_a_role_of_the_users_own_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    home = home_with(tmp_path, security='+++\ntitle = "Ours"\n+++\nDo as we do.\n')
    assert find_role(home, "security").title == "Ours"


def test_an_unknown_agent_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'nobody' is no agent that is known: one of reviewer, security, or write"):
        find_role(Home(tmp_path), "nobody")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('+++\nmode = "strict"\n+++\nx', '"title": field required'),
        ('+++\ntitle = "x"\nmode = "loose"\n+++\nx', '"mode": input should be'),
        ('+++\ntitle = "x"\nspeed = 1\n+++\nx', '"speed": extra inputs are not permitted'),
        ("no front matter", "no front matter"),
    ],
)
def test_a_wrong_file_is_told_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    home = home_with(tmp_path, mine=text)
    with pytest.raises(ConfigError, match=r"mine\.md:[0-9]+: ") as caught:
        find_role(home, "mine")
    assert said in str(caught.value).lower()
