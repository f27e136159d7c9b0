"""WARM. OpenCode. Not hooked yet: its hooks are JavaScript plugins."""

from guardrail_proxy.cli import Cli

CLI = Cli(
    name="opencode",
    package="opencode-ai",
    verified_version="1.18.33",
    executables=("opencode",),
    oneshot=("run",),
    value_flags=(
        *("-m", "--model", "-s", "--session", "--prompt", "--agent", "--log-level", "--port", "--hostname"),
        *("--mdns-domain", "--format", "--title", "--attach", "-p", "--password", "-u", "--username", "--dir"),
        *("--variant", "--command", "--replay-limit"),
    ),
    variadic_flags=("-f", "--file", "--cors"),
    # `pr`, `github`, `web`, `serve` and `agent create` run a model and are recorded like any other call.
    housekeeping=(
        *("-h", "--help", "-v", "--version", "completion", "mcp", "providers", "auth", "agent list", "upgrade"),
        *("uninstall", "models", "stats", "export", "import", "session", "plugin", "plug", "db"),
    ),
    protocol=("acp",),
    folder_env=("XDG_CONFIG_HOME", "XDG_DATA_HOME", "OPENCODE_CONFIG_DIR"),
    agent_env=("OPENCODE",),
    ask=("run", "{args}", "--", "{prompt}"),
    structured=("--format", "json"),
)
