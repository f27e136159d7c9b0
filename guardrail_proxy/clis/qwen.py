"""WARM. Qwen Code. Not hooked yet."""

from guardrail_proxy.cli import Cli

CLI = Cli(
    name="qwen",
    package="@qwen-code/qwen-code",
    verified_version="0.15.10",
    executables=("qwen",),
    oneshot=("-p", "--prompt"),
    value_flags=(
        *("-m", "--model", "-p", "--prompt", "-i", "--prompt-interactive", "--system-prompt"),
        *("--append-system-prompt", "--approval-mode", "--channel", "--mcp-config", "--openai-logging-dir"),
        *("--openai-api-key", "--openai-base-url", "--input-format", "-o", "--output-format", "--json-fd"),
        *("--json-file", "--json-schema", "--input-file", "-r", "--resume", "--session-id", "--max-session-turns"),
        *("--auth-type", "--proxy", "--sandbox-image"),
    ),
    variadic_flags=(
        *("--allowed-mcp-server-names", "--allowed-tools", "-e", "--extensions", "--include-directories"),
        *("--add-dir", "--core-tools", "--exclude-tools", "--disabled-slash-commands"),
    ),
    # `review` and `channel` run a model and are recorded like any other call.
    housekeeping=(
        *("-h", "--help", "-v", "--version", "-l", "--list-extensions"),
        *("mcp", "extensions", "auth", "hooks", "hook"),
    ),
    protocol=("--acp", "--input-format=stream-json", "--input-file"),
    folder_env=("QWEN_HOME",),
    agent_env=("QWEN_CODE",),
    ask=("{args}", "--prompt={prompt}"),
    structured=("--output-format", "json"),
)
