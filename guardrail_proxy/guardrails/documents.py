"""COLD. Guardrail documents: Markdown with TOML front matter between ``+++`` lines; the file's name is the id.

Those below ``documents/`` are shipped; those in the home's ``guardrails/`` folder are the user's own and come after.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from guardrail_proxy.guardrails.front_matter import id_of, read_markdown, split_matter
from guardrail_proxy.home import Home

SHIPPED = Path(__file__).parent / "documents"
REMEDY = "give a title and, if it is not for all, clis = [names]"


class FrontMatter(BaseModel):
    """What a document says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str
    clis: tuple[str, ...] | list[str] = ()
    """Names of the AI CLIs that it is for; empty: for all."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document as a model gets it."""

    id: str
    text: str
    clis: tuple[str, ...] = ()

    def is_for(self, cli: str) -> bool:
        """Whether sessions of this CLI get it."""
        return not self.clis or cli in self.clis


def documents_for(home: Home, cli: str) -> tuple[Document, ...]:
    """The documents of one CLI in the order a model reads them. Raises ConfigError for a file that is wrong."""
    return tuple(found for path in document_files(home) if (found := read_document(path)).is_for(cli))


def document_files(home: Home) -> tuple[Path, ...]:
    """Every document's file: the shipped ones, then the user's."""
    return (*sorted(SHIPPED.glob("*.md")), *sorted(home.guardrails.glob("*.md")))


def read_document(path: Path) -> Document:
    """One file. Raises ConfigError with file, line and what to do."""
    return parse_document(path, read_markdown(path))


def parse_document(path: Path, text: str) -> Document:
    """The document in a file's text. Raises ConfigError with file, line and what to do."""
    matter, body = split_matter(path, text, FrontMatter, REMEDY)
    return Document(id_of(path), body, tuple(matter.clis))
