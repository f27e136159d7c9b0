"""WARM. GitHub Copilot CLI. Not hooked yet."""

from guardrail_proxy.cli import Cli

CLI = Cli(
    name="copilot",
    package="@github/copilot",
    verified_version="1.0.102",
    executables=("copilot",),
    oneshot=("-p", "--prompt"),
    value_flags=(
        *("-i", "--interactive", "-p", "--prompt", "--model", "--reasoning-effort", "--context", "--auto-tier"),
        *("--agent", "-n", "--name", "--session-id", "-C", "--log-dir", "--extension-sdk-path", "--log-level"),
        *("--stream", "--output-format", "--add-dir", "--attachment", "--disable-mcp-server"),
        *("--add-github-mcp-toolset", "--add-github-mcp-tool", "--plugin-dir", "--additional-mcp-config"),
        *("--mcp-github-auth", "--max-autopilot-continues", "--mode", "--environment-host"),
        *("--environment-compute-id", "--dynamic-retrieval", "--enable-mcp-server", "--max-ai-credits"),
        "--usage-output-file",
    ),
    variadic_flags=(
        *("--allow-tool", "--deny-tool", "--available-tools", "--excluded-tools", "--secret-env-vars"),
        *("--allow-url", "--deny-url"),
    ),
    # `app` and `sandbox` may run a model and are recorded like any other call.
    housekeeping=(
        *("-h", "--help", "-v", "--version", "login", "help", "config", "update", "version", "sessions"),
        *("memories", "plugin", "mcp", "skill", "instruction", "lsp", "completion"),
    ),
    protocol=("--acp", "--environment-host"),
    folder_env=("COPILOT_HOME",),
    agent_env=("COPILOT_CLI",),
    ask=("{args}", "--prompt={prompt}"),
    structured=("--output-format", "json"),
)
