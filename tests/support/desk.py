"""Where a caller of the Python API sits: a guardrail home, a folder of AI CLIs of his own, questions to them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from guardrail_proxy import AIRequest, AIResult, Config, GuardrailDaemon
from guardrail_proxy.home import Home, default_home

DEMO = "guardrail-demo-ai"


class Desk:
    """Where a caller of the API sits."""

    def __init__(self, programs: Path, project: Path) -> None:
        self.programs, self.project = programs, project

    @property
    def home(self) -> Home:
        return default_home()

    def program(self, name: str, script: str) -> None:
        """A CLI of that name first on PATH."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def ask(self, request: AIRequest, config: Config | None = None) -> AIResult:
        """One answer; its session is logged when this returns."""

        async def once() -> AIResult:
            async with GuardrailDaemon(config) as daemon:
                return await daemon.process_request(request)

        return asyncio.run(once())

    def demo(self, scenario: str = "text", **more: object) -> AIRequest:
        """A question to the demo CLI."""
        return AIRequest(DEMO, "Hello", args=("--scenario", scenario), cwd=self.project, **more)  # type: ignore[arg-type] # the test's own words
