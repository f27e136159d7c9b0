"""WARM. Gemini CLI. Not hooked yet: its hooks need an installed extension or files that belong to root."""

from guardrail_proxy.cli import Cli

CLI = Cli(
    name="gemini",
    package="@google/gemini-cli",
    verified_version="0.61.0",
    executables=("gemini",),
    oneshot=("-p", "--prompt"),
    value_flags=(
        *("-m", "--model", "-p", "--prompt", "-i", "--prompt-interactive", "-w", "--worktree", "--approval-mode"),
        *("-r", "--resume", "--session-file", "--session-id", "--delete-session", "-o", "--output-format"),
    ),
    variadic_flags=(
        *("--policy", "--admin-policy", "--allowed-mcp-server-names", "--allowed-tools", "-e", "--extensions"),
        "--include-directories",
    ),
    housekeeping=(
        *("-h", "--help", "-v", "--version", "-l", "--list-extensions", "--list-sessions", "--delete-session"),
        *("mcp", "extensions", "extension", "skills", "skill", "hooks", "hook", "gemma"),
    ),
    protocol=("--acp", "--experimental-acp"),
    folder_env=("GEMINI_CLI_HOME",),
    agent_env=("GEMINI_CLI",),
    ask=("{args}", "--prompt={prompt}"),
    structured=("--output-format", "json"),
)
