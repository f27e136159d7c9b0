"""WARM. Claude Code: a plugin folder of our own carries the hooks, next to the user's own plugins and settings."""

import json
from collections.abc import Mapping
from pathlib import Path

from guardrail_proxy.cli import Cli, Injection
from guardrail_proxy.clis._claude_hooks import hooks_json
from guardrail_proxy.clis._claude_transcript import find_transcript, parse_structured, parse_transcript
from guardrail_proxy.parse.shape import as_object
from guardrail_proxy.session import Mode

SWITCHES = ("CLAUDE_CODE_SIMPLE", "CLAUDE_CODE_SAFE_MODE", "CLAUDE_CODE_SHELL_PREFIX")
"""Variables that put hooks to sleep, from the environment or from ``env`` of a settings file.

The prefix is a program that runs each hook, or does not.
"""
KEPT_ON: dict[str, object] = {
    "disableAllHooks": False,
    "disableSkillShellExecution": True,  # shell lines in skills and slash commands run without a PreToolUse hook
    "enabledPlugins": {"guardrail-proxy@inline": True},
    "env": dict.fromkeys(SWITCHES, ""),
}
"""What strict says in ``--settings``, which beats user, project and local settings (each tried with 2.1.197)."""
MANAGED = Path("/etc/claude-code")
MANIFEST = {
    "name": "guardrail-proxy",
    "version": "1.0.0",
    "description": "Records the session and, in strict mode, judges each tool call.",
}


def inject(home: Path, mode: Mode, document: str) -> Injection:
    """A plugin folder with our hooks; the document is the hook's answer, not an argument."""
    del document
    args = [("plugin", "--plugin-dir"), ("plugin", str(home / "plans" / "claude" / mode))]
    if mode == "strict":
        args += [("settings", "--settings"), ("settings", json.dumps(KEPT_ON, separators=(",", ":")))]
    manifest = json.dumps(MANIFEST, indent=2) + "\n"
    files = {
        f"{mode}/.claude-plugin/plugin.json": manifest,
        f"{mode}/hooks/hooks.json": hooks_json(home, mode, "claude"),
    }
    return Injection(tuple(args), files=files)


def merge(argv: tuple[str, ...], added: tuple[tuple[str, str], ...]) -> tuple[str, ...] | None:
    """Both ``--settings`` as one: the last one wins in claude, so the user's value takes ours in.

    A settings file of the user's is never copied into an argument, where others could read it in the process list:
    then the two cannot be merged, and the answer is None.
    """
    given = [at for at, word in enumerate(argv) if word == "--settings" or word.startswith("--settings=")]
    if len(given) != 1 or "--" in argv[: given[0]]:
        return None
    at = given[0]
    has_own_word = argv[at] == "--settings"
    text = argv[at + 1 : at + 2][0] if has_own_word and at + 1 < len(argv) else argv[at].partition("=")[2]
    settings = _inline(text)
    if settings is None:
        return None
    kept = tuple(value for tag, value in added if tag != "settings")
    both = json.dumps(_merged(settings, KEPT_ON), separators=(",", ":"), ensure_ascii=False)
    return (*kept, *argv[:at], "--settings", both, *argv[at + 1 + has_own_word :])


def setting_off_switch(cwd: Path, home: Path, env: Mapping[str, str]) -> str | None:
    """The setting of an administrator that no flag beats; all other settings are overridden."""
    del cwd, home, env
    files = [MANAGED / "managed-settings.json", *sorted(MANAGED.glob("managed-settings.d/*.json"))]
    for path in files:
        try:
            settings = as_object(json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            return f"{path} (cannot be read)"
        if found := _switch_in(settings):
            return f"{found} in {path}"
    return None


def _switch_in(settings: dict[str, object]) -> str | None:
    for name in ("disableAllHooks", "allowManagedHooksOnly"):
        if settings.get(name):
            return name
    env = as_object(settings.get("env"))
    if as_object(settings.get("enabledPlugins")).get("guardrail-proxy@inline") is False:
        return "enabledPlugins"
    return next((f"env.{name}" for name in SWITCHES if env.get(name)), None)


def _inline(text: str) -> dict[str, object] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _merged(settings: dict[str, object], ours: dict[str, object]) -> dict[str, object]:
    inner = {k: {**as_object(settings.get(k)), **as_object(v)} if isinstance(v, dict) else v for k, v in ours.items()}
    return {**settings, **inner}


CLI = Cli(
    name="claude",
    package="@anthropic-ai/claude-code",
    verified_version="2.1.197",
    executables=("claude",),
    places=(".claude/local/claude", ".local/bin/claude"),
    bundles=(".*/extensions/anthropic.claude-code-*/resources/native-binary/claude",),
    wrapper_setting="claudeCode.claudeProcessWrapper",
    known_paths=("/anthropic.claude-code-", "/claude/versions/"),
    needs=("--plugin-dir", "--settings"),
    oneshot=("-p", "--print"),
    value_flags=(
        *("--agent", "--agents", "--append-system-prompt", "--append-system-prompt-file", "--debug-file", "--effort"),
        *("--fallback-model", "--input-format", "--json-schema", "--max-budget-usd", "--max-turns", "--model", "-n"),
        *("--name", "--output-format", "--permission-mode", "--permission-prompt-tool", "--plugin-dir"),
        *("--plugin-url", "--session-id", "--setting-sources", "--settings", "--system-prompt"),
        *("--system-prompt-file", "--remote-control-session-name-prefix"),
    ),
    variadic_flags=(
        *("--add-dir", "--allowedTools", "--allowed-tools", "--betas", "--disallowedTools", "--disallowed-tools"),
        *("--file", "--mcp-config", "--tools"),
    ),
    # `agents` starts background sessions and `ultrareview` a review: both are recorded like any other call.
    housekeeping=(
        *("-h", "--help", "-v", "--version", "auth", "auto-mode config", "auto-mode defaults", "doctor", "install"),
        *("mcp add", "mcp add-from-claude-desktop", "mcp add-json", "mcp get", "mcp help", "mcp list", "mcp login"),
        *("mcp logout", "mcp remove", "mcp reset-project-choices", "plugin", "plugins", "project", "setup-token"),
        *("update", "upgrade"),
    ),
    protocol=("--input-format=stream-json", "mcp serve", "gateway"),
    conflicts=(("--settings", "settings"),),
    off_switches=(
        "--bare",
        "--safe-mode",
        "--managed-settings",
        *(f"env {name}" for name in SWITCHES),
        "setting managed",
    ),
    folder_env=("CLAUDE_CONFIG_DIR",),
    hooked=True,
    inject=inject,
    merge=merge,
    setting_off_switch=setting_off_switch,
    find_transcript=find_transcript,
    parse_transcript=parse_transcript,
    parse_structured=parse_structured,
    agent_env=("CLAUDECODE",),
    ask=("-p", "{args}", "--", "{prompt}"),
    structured=("--output-format", "json"),
)
