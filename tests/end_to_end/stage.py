"""A stage for one play: a HOME, a git project and a scripted model of its own; nothing of the caller's is touched."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CLIS = Path(os.environ.get("GUARDRAIL_TEST_CLIS", "/nonexistent"))
"""The folder that holds the real CLIs' executables; tests/run sets it."""
KEY = "sk-ant-scripted-0123456789abcdefghijklmnopqrstuvwxyz"
KEPT = ("LANG", "TMPDIR", "SHELL", "USER")


@dataclass(frozen=True)
class Stage:
    """Folders of one play."""

    root: Path

    @property
    def home(self) -> Path:
        """HOME of the CLI."""
        return self.root / "home"

    @property
    def project(self) -> Path:
        """The git project the CLI works in."""
        return self.root / "project"


def make_stage(root: Path, files: dict[str, str] | None = None) -> Stage:
    """A HOME with a folder worth keeping, and a committed project."""
    stage = Stage(root)
    (stage.home / "Documents").mkdir(parents=True)
    (stage.home / "Documents/thesis.txt").write_text("years of work\n")
    (stage.home / ".gitconfig").write_text("[user]\nname = Dev\nemail = dev@example.invalid\n")
    stage.project.mkdir()
    for name, text in {"README.md": "# Project\n", **(files or {})}.items():
        (stage.project / name).write_text(text)
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "start"]):
        subprocess.run(["git", *words], cwd=stage.project, env={**os.environ, "HOME": str(stage.home)}, check=True)
    return stage


def settings(path: Path, value: object) -> None:
    """A settings file of a CLI, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


def claude(stage: Stage, url: str) -> dict[str, str]:
    """Onboarding done, key approved, folder trusted."""
    trusted = {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True}
    known = {"approved": [KEY[-20:]], "rejected": []}
    value = {"hasCompletedOnboarding": True, "lastOnboardingVersion": "9.9.9", "theme": "dark", "numStartups": 9}
    settings(
        stage.home / ".claude.json",
        {**value, "customApiKeyResponses": known, "projects": {str(stage.project): trusted}},
    )
    quiet = (
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
        "DISABLE_AUTOUPDATER",
        "DISABLE_TELEMETRY",
        "DISABLE_ERROR_REPORTING",
    )
    return {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": KEY, **dict.fromkeys(quiet, "1")}


def codex(stage: Stage, url: str) -> dict[str, str]:
    """A provider of our own, the folder trusted."""
    folder = stage.home / ".codex"
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(f"""model = "gpt-5.5"
model_provider = "scripted"
check_for_update_on_startup = false
[model_providers.scripted]
name = "scripted"
base_url = "{url}/v1"
wire_api = "responses"
env_key = "SCRIPTED_KEY"
[projects."{stage.project}"]
trust_level = "trusted"
[analytics]
enabled = false
[tui]
screen_reader_detection_done = true
[tui.model_availability_nux]
"gpt-6.1-sol" = 1
[notice.model_migrations]
"gpt-5.5" = "gpt-6-sol"
""")
    return {"CODEX_HOME": str(folder), "SCRIPTED_KEY": KEY}


def gemini(stage: Stage, url: str) -> dict[str, str]:
    """API-key login, no updates."""
    auth = {"auth": {"selectedType": "gemini-api-key"}, "folderTrust": {"enabled": False}}
    settings(
        stage.home / ".gemini/settings.json",
        {"security": auth, "general": {"enableAutoUpdate": False}, "privacy": {"usageStatisticsEnabled": False}},
    )
    return {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": url, "GEMINI_TELEMETRY_ENABLED": "false"}


def qwen(stage: Stage, url: str) -> dict[str, str]:
    """OpenAI-compatible login."""
    settings(
        stage.home / ".qwen/settings.json",
        {
            "security": {"auth": {"selectedType": "openai"}},
            "general": {"disableAutoUpdate": True},
            "telemetry": {"enabled": False},
        },
    )
    return {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{url}/v1", "OPENAI_MODEL": "scripted"}


def opencode(stage: Stage, url: str) -> dict[str, str]:
    """A provider of our own."""
    options = {"baseURL": f"{url}/v1", "apiKey": KEY}
    models = {"scripted": {"name": "Scripted", "limit": {"context": 200000, "output": 8192}}}
    provider = {"npm": "@ai-sdk/openai-compatible", "name": "Scripted", "options": options, "models": models}
    names = {"model": "scripted/scripted", "small_model": "scripted/scripted", "autoupdate": False, "share": "disabled"}
    settings(stage.home / ".config/opencode/opencode.json", {**names, "provider": {"scripted": provider}})
    return {"OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_MODELS_FETCH": "1"}


def copilot(stage: Stage, url: str) -> dict[str, str]:
    """Offline, with a key of our own; the unpacked program is kept for the next play."""
    settings(stage.home / ".copilot/settings.json", {"trustedFolders": [str(stage.project)], "autoUpdate": False})
    return {
        "COPILOT_OFFLINE": "true",
        "COPILOT_PROVIDER_BASE_URL": f"{url}/v1",
        "COPILOT_PROVIDER_API_KEY": KEY,
        "COPILOT_MODEL": "scripted",
        "COPILOT_AUTO_UPDATE": "false",
        "COPILOT_CACHE_HOME": str(CLIS.parent.parent / "copilot-cache"),
    }


SETUPS: dict[str, Callable[[Stage, str], dict[str, str]]] = {
    "claude": claude,
    "codex": codex,
    "gemini": gemini,
    "qwen": qwen,
    "opencode": opencode,
    "copilot": copilot,
}

ONESHOT: dict[str, tuple[str, ...]] = {
    "claude": ("-p", "PROMPT", "--allowedTools", "Bash,Write,Edit,Read"),
    "codex": ("exec", "--dangerously-bypass-approvals-and-sandbox", "PROMPT"),
    "gemini": ("-p", "PROMPT", "--approval-mode", "yolo"),
    "qwen": ("-p", "PROMPT", "--approval-mode", "yolo"),
    "opencode": ("run", "--auto", "PROMPT"),
    "copilot": ("-p", "PROMPT", "--allow-all-tools", "--allow-all-paths"),
}


def oneshot(cli: str, prompt: str) -> list[str]:
    """The CLI's arguments for one question without a terminal, tools allowed."""
    return [prompt if word == "PROMPT" else word for word in ONESHOT[cli]]


def environment(stage: Stage, cli: str, url: str, ahead: tuple[Path, ...] = ()) -> dict[str, str]:
    """What the CLI gets to see; ``ahead`` are folders in front of the real CLIs on PATH."""
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.pathsep.join([*map(str, ahead), str(CLIS), os.environ["PATH"]])
    env.update(HOME=str(stage.home), PATH=path, TERM="xterm-256color", LANG="C.UTF-8", IS_SANDBOX="1")
    return {**env, **(SETUPS[cli](stage, url) if cli in SETUPS else {})}


INTERACTIVE: dict[str, tuple[str, ...]] = {
    "claude": ("--allowedTools", "Bash,Write,Edit,Read"),
    "codex": ("--dangerously-bypass-approvals-and-sandbox",),
}
"""Arguments of the full program, tools allowed."""
