"""COLD. What a model gets to read besides the prompt."""

from guardrail_proxy.agents.roles import find_role, role_files
from guardrail_proxy.guardrails.compile_plan import context_of, known_cli
from guardrail_proxy.guardrails.documents import documents_for
from guardrail_proxy.home import Home, default_home


class ContextManager:
    """The guardrail documents and roles of a guardrail home; the configuration knows where that is."""

    def __init__(self, home: Home | None = None) -> None:
        self.home = home or default_home()

    def context(self, tool: str, agent: str | None = None) -> str:
        """The text of a session of this CLI, in this role. Raises ConfigError for an unknown one of either."""
        role = find_role(self.home, agent).text if agent else ""
        return "\n".join(filter(None, (context_of(self.home, known_cli(tool).name), role)))

    def documents(self, tool: str) -> tuple[str, ...]:
        """The ids of the guardrail documents that sessions of this CLI get."""
        return tuple(document.id for document in documents_for(self.home, tool))

    def agents(self) -> tuple[str, ...]:
        """The names of all roles."""
        return tuple(role_files(self.home))
