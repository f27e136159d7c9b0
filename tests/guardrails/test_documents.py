"""Guardrail documents: what a model gets to read, and which line of a file is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.guardrails.documents import Document, documents_for, parse_document, read_document
from guardrail_proxy.guardrails.front_matter import CHARACTERS_MOST
from guardrail_proxy.home import Home

GOOD = '+++\ntitle = "Ours"\nclis = ["claude"]\n+++\n\nBe careful.\n'


def test_the_body_is_the_text_and_the_name_is_the_id() -> None:
    assert parse_document(Path("/g/our_rules.md"), GOOD) == Document("our-rules", "Be careful.\n", ("claude",))


def test_the_users_documents_come_after_the_shipped_ones_and_only_where_meant(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.guardrails.mkdir()
    (home.guardrails / "b.md").write_text(GOOD)
    (home.guardrails / "a.md").write_text('+++\ntitle = "For all"\n+++\nx')
    (home.guardrails / "notes.txt").write_text("no document")
    found = {cli: [document.id for document in documents_for(home, cli)] for cli in ("claude", "codex")}
    assert found == {"claude": ["working-agreement", "a", "b"], "codex": ["working-agreement", "a"]}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, 'no front matter: begin with +++, title = "...", +++, each on its line'),
        ("# A title\n", 1, "no front matter"),
        ('+++\ntitle = "x"\n', 1, "no front matter"),
        ("+++\n+++\nx", 2, '"title": field required: give a title'),
        ('+++\ntitle = "x"\nclis = [\n+++\n', 4, "no valid TOML"),
        ('+++\ntitle = "x"\n\nnonsense\n+++\n', 4, "no valid TOML"),
        ('+++\ntitle = "x"\nclis = "claude"\n+++\n', 3, '"clis": '),
        ('+++\ntitle = "x"\n# why\ncolour = 3\n+++\n', 4, '"colour": extra inputs are not permitted'),
        ("+++\ntitle = 3\n+++\n", 2, '"title": input should be a valid string'),
    ],
)
def test_a_mistake_is_told_with_file_line_and_what_to_do(text: str, line: int, what: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_document(Path("/g/x.md"), text)
    assert str(error.value).startswith(f"/g/x.md:{line}: ")
    assert (what in str(error.value), "\n" in str(error.value)) == (True, False)


@pytest.mark.parametrize("data", [b"\xff", GOOD.encode() + b"x" * CHARACTERS_MOST])
def test_a_file_that_is_no_text_or_too_long_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.md").write_bytes(data)
    with pytest.raises(ConfigError, match=rf"^{tmp_path}/x\.md:1: "):
        read_document(tmp_path / "x.md")


def test_a_folder_with_a_documents_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.md").mkdir()
    with pytest.raises(ConfigError, match="make it a readable UTF-8 file"):
        read_document(tmp_path / "x.md")


@given(st.text())
def test_any_text_is_a_document_or_one_line_that_names_file_and_line(text: str) -> None:
    for whole in (text, f"+++\n{text}\n+++\n"):
        said = complaint(whole)
        assert not said or (said.startswith("/g/x.md:") and len(said.splitlines()) == 1)


def complaint(text: str) -> str:
    """Why a text is no document; '' when it is one."""
    try:
        parse_document(Path("/g/x.md"), text)
    except ConfigError as error:
        return str(error)
    return ""
