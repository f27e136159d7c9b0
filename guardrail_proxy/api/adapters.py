"""COLD. The AI CLIs as a caller sees them."""

import os
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.api.execution_error import AIExecutionError
from guardrail_proxy.api.response import ParsedResponse, ResponseParser
from guardrail_proxy.cli import Cli, question
from guardrail_proxy.discover import members
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.guardrails.compile_plan import known_cli
from guardrail_proxy.install.find_clis import find_real


@dataclass(frozen=True, slots=True)
class Adapter:
    """One AI CLI: where it is, how it is asked, how its answer is read."""

    cli: Cli

    @property
    def tool(self) -> str:
        """Its name."""
        return self.cli.name

    def find(self) -> Path | None:
        """The real program: the first on PATH that is no shim of ours; None when there is none."""
        return find_real(self.tool, os.environ.get("PATH"))

    def program(self) -> Path:
        """The real program. Raises AIExecutionError when there is none."""
        found = self.find()
        if found is None:
            package = f": npm install -g {self.cli.package}" if self.cli.package else ""
            raise AIExecutionError(self.tool, None, reason=f"not found on PATH{package}")
        return found

    def words(self, prompt: str, args: tuple[str, ...] = (), *, structured: bool = False) -> tuple[str, ...]:
        """The arguments that ask one question. Raises ConfigError when its answer cannot be structured."""
        if structured and not self.cli.structured:
            raise ConfigError(f"{self.tool} has no structured output: ask without structured=True")
        return question(self.cli, (*args, *(self.cli.structured if structured else ())), prompt)

    def parse(self, output: str) -> ParsedResponse:
        """Its answer taken apart."""
        return ResponseParser().parse(output, self.tool)


class AdapterFactory:
    """Makes the adapter of each CLI that is known: one module of ``clis/`` each."""

    def tools(self) -> tuple[str, ...]:
        """Every name that ``create`` takes."""
        return tuple(members("clis"))

    def create(self, tool: str) -> Adapter:
        """The adapter. Raises ConfigError for a tool that is not known."""
        return Adapter(known_cli(tool))
