"""WARM. Codex: hooks as configuration of the call itself, with the trust hash that codex wants for each."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from guardrail_proxy.cli import Cli, Injection
from guardrail_proxy.clis._claude_hooks import EVENTS, TIMEOUT_S, hook_command
from guardrail_proxy.clis._codex_find import find_transcript
from guardrail_proxy.clis._codex_transcript import parse_structured, parse_transcript
from guardrail_proxy.parse.shape import as_object
from guardrail_proxy.session import Mode

SNAKE = {"SessionStart": "session_start", "UserPromptSubmit": "user_prompt_submit", "PreToolUse": "pre_tool_use"}
LAYER = "/<session-flags>/config.toml"
"""Codex's own name for the configuration that ``-c`` makes."""
MANAGED = Path("/etc/codex")
CONFIGS = (
    *("$CODEX_HOME/config.toml", "~/.codex/config.toml", "./.codex/config.toml"),
    *("/etc/codex/config.toml", "/etc/codex/managed_config.toml"),
)
"""Where developer instructions may stand."""


def trust_hash(event: str, command: str) -> str:
    """The hash by which codex 0.169 knows that a hook is trusted: of its canonical JSON, timeout included."""
    hook = {"type": "command", "command": command, "timeout": TIMEOUT_S, "async": False}
    identity = {"event_name": event, "hooks": [hook]}
    canonical = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def inject(home: Path, mode: Mode, document: str) -> Injection:
    """One ``-c`` for each event, and one for their trust; the document is the hook's answer.

    ``codex exec`` shows on stderr that a hook ran. In standard it gets the document as an argument instead, wherever
    the user has no developer instructions of his own that it would replace.
    """
    command = hook_command(home, mode, "codex")
    hook = f'{{type="command",command={_toml(command)},timeout={TIMEOUT_S}}}'
    args: list[tuple[str, str]] = []
    for event in EVENTS[mode]:
        args += [(event, "-c"), (event, f"hooks.{event}=[{{hooks=[{hook}]}}]")]
    trust = (f'"{LAYER}:{SNAKE[e]}:0:0"={{trusted_hash="{trust_hash(SNAKE[e], command)}"}}' for e in EVENTS[mode])
    args += [("trust", "-c"), ("trust", f"hooks.state={{{','.join(trust)}}}")]
    if mode == "strict":  # beats the same key in config.toml and in profiles
        args += [("features", "-c"), ("features", "features.hooks=true")]
        return Injection(tuple(args))
    quiet = (("document", "-c"), ("document", f"developer_instructions={_toml(document)}"))
    return Injection(tuple(args), quiet_args=quiet)


def _toml(text: str) -> str:
    """A TOML basic string: JSON's escapes are among TOML's, but DEL must be escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def argv_off_switch(argv: tuple[str, ...]) -> str | None:
    """An override that replaces a whole table with our keys in it, or that hides which key it sets."""
    for override in _overrides(argv):
        key, _, value = override.partition("=")
        parts = [part.strip().strip("\"'") for part in key.split(".")]
        if parts[0] in ("hooks", "features") and len(parts) == 1:
            return f"-c {parts[0]}"
        if parts[:2] == ["features", "hooks"] and value.strip() != "true":
            return "-c features.hooks"
        if parts[0] == "hooks" and parts[1] in (*SNAKE, "state"):
            return f"-c hooks.{parts[1]}"
    return None


def _overrides(argv: tuple[str, ...]) -> Iterator[str]:
    words = iter(argv)
    for word in words:
        if word in ("-c", "--config"):
            yield next(words, "")
        elif word.startswith("--config="):
            yield word.partition("=")[2]
        elif word.startswith("-c") and not word.startswith("--"):
            yield word[2:].removeprefix("=")
        elif word in ("--disable", "--disable=hooks") and (word != "--disable" or next(words, "") == "hooks"):
            yield "features.hooks=false"


def setting_off_switch(cwd: Path, home: Path, env: Mapping[str, str]) -> str | None:
    """The requirement of an administrator that no override beats; config.toml and profiles are overridden."""
    del cwd, home, env
    for path in (MANAGED / "requirements.toml", MANAGED / "managed_config.toml"):
        try:
            settings = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            return f"{path} (cannot be read)"
        if as_object(settings.get("features")).get("hooks") is False:
            return f"features.hooks in {path}"
        if settings.get("allow_managed_hooks_only"):
            return f"allow_managed_hooks_only in {path}"
    return None


def _conflicts() -> Iterator[tuple[str, str]]:
    for flag in ("-c", "--config"):
        for event in SNAKE:
            yield f"{flag} hooks.{event}", event
            yield f"{flag} hooks.state", event
        yield f"{flag} hooks.SessionStart", "trust"
        yield f"{flag} hooks.state", "trust"
        yield f"{flag} developer_instructions", "document"
        yield f"{flag} profile", "document"
    for flag in ("-p", "--profile", "-C", "--cd", "--worktree"):  # other files than those we look at may hold them
        yield flag, "document"


CLI = Cli(
    name="codex",
    package="@openai/codex",
    verified_version="0.169.0",
    executables=("codex",),
    bundles=(".*/extensions/openai.chatgpt-*/bin/*/codex",),
    needs=("--config",),
    oneshot=("exec", "e", "review"),
    value_flags=(
        *("-c", "--config", "--enable", "--disable", "--remote", "--remote-auth-token-env", "-m", "--model"),
        *("--local-provider", "-p", "--profile", "-s", "--sandbox", "-C", "--cd", "--add-dir", "-a"),
        *("--ask-for-approval", "--output-schema", "--color", "-o", "--output-last-message", "--thread-source"),
        "--cyber-access-program",
    ),
    variadic_flags=("-i", "--image"),
    # `cloud`, `queue`, `agents` and `remote-control` make a model work somewhere: recorded like any other call.
    housekeeping=(
        *("-h", "--help", "-V", "--version", "help", "login", "logout", "plugin", "completion", "update", "doctor"),
        *("mcp add", "mcp get", "mcp help", "mcp list", "mcp login", "mcp logout", "mcp remove", "sandbox"),
        *("debug models", "debug prompt-input", "debug help"),  # `debug app-server send-message-v2` asks a model
        *("apply", "a", "archive", "delete", "migrate-rollouts", "migrate-nfs-db", "unarchive", "features"),
    ),
    protocol=("app-server", "exec-server", "mcp-server"),
    conflicts=tuple(_conflicts()),
    file_conflicts=tuple((file, "developer_instructions", "document") for file in CONFIGS),
    off_switches=(
        *("--disable hooks", "-c features.hooks=false", "--config features.hooks=false", "--remote"),
        "setting managed",
    ),
    folder_env=("CODEX_HOME",),
    hooked=True,
    answers_on_stderr=True,  # codex exec tells the whole conversation there
    types_unjudged=True,  # `write_stdin`, into what `exec_command` started on a terminal
    inject=inject,
    setting_off_switch=setting_off_switch,
    argv_off_switch=argv_off_switch,
    find_transcript=find_transcript,
    parse_transcript=parse_transcript,
    parse_structured=parse_structured,
    agent_env=("CODEX_SESSION_ID", "CODEX_CI"),
    ask=("exec", "{args}", "--", "{prompt}"),
    structured=("--json",),
)
