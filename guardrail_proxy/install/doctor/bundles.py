"""COLD. Copies of a CLI that editors bring and start by their path: guarded where the editor puts us before them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from guardrail_proxy.cli import Cli
from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.bounded import run
from guardrail_proxy.install.doctor.coverage import Cell
from guardrail_proxy.install.doctor.fire import canary
from guardrail_proxy.install.find_clis import bundled, known_clis

EDITORS = {
    ".vscode": ("VS Code", "Code"),
    ".vscode-server": ("VS Code remote", ""),
    ".vscode-insiders": ("VS Code Insiders", "Code - Insiders"),
    ".vscode-oss": ("VSCodium", "VSCodium"),
    ".cursor": ("Cursor", "Cursor"),
    ".cursor-server": ("Cursor remote", ""),
    ".windsurf": ("Windsurf", "Windsurf"),
}
"""Its folder below HOME -> its name, and the folder of its settings; a remote half keeps them in its own."""
SETTINGS = (".config/{app}/User/settings.json", "Library/Application Support/{app}/User/settings.json")
SERVER_SETTINGS = "data/Machine/settings.json"
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


def bundle_cells(home: Home) -> Iterator[Cell]:
    """The newest copy of each editor, of each CLI."""
    for cli in known_clis().values():
        newest = {_editor(file): file for file in sorted(bundled(cli.name), key=lambda file: file.stat().st_mtime)}
        for editor, file in newest.items():
            yield bundle_cell(home, cli, editor, file)


def bundle_cell(home: Home, cli: Cli, editor: str, file: Path) -> Cell:
    """Whether the canary gets through what the editor's settings put before the copy."""
    name = f"{EDITORS.get(editor, (editor, ''))[0]}: its own {cli.name}"
    settings = settings_files(editor)
    wrapper = _wrapper(cli, settings)
    if wrapper and cli.name in _reached(home, [wrapper, str(file), *cli.version_args]):
        return Cell(name, cli.name, "covered")
    why = f"it is started by its path ({file})"
    if not cli.wrapper_setting:
        fix = f"no setting that wraps it is known: start {cli.name} in a terminal instead"
        return Cell(name, cli.name, "BYPASSED", why, fix, is_note=True)
    fix = f'"{cli.wrapper_setting}": "{home.wrapper}" in {settings[0]}'
    return Cell(name, cli.name, "BYPASSED", f"{why}{f' through {wrapper}' if wrapper else ''}", fix)


def settings_files(editor: str) -> list[Path]:
    """Where an editor keeps the user's settings, those that are there first."""
    app = EDITORS.get(editor, ("", ""))[1]
    names = [form.format(app=app) for form in SETTINGS] if app else [f"{editor}/{SERVER_SETTINGS}"]
    return sorted((Path.home() / name for name in names), key=lambda path: not path.exists())


def _editor(file: Path) -> str:
    return file.relative_to(Path.home()).parts[0]


def _wrapper(cli: Cli, files: list[Path]) -> str:
    """What the settings put before the copy; "" for nothing."""
    if not cli.wrapper_setting:
        return ""
    value = re.compile(rf'"{re.escape(cli.wrapper_setting)}"\s*:\s*"([^"\n]{{1,4096}})"')
    for path in files:
        try:
            found = value.search(COMMENT.sub("", path.read_text(errors="replace")))
        except OSError:
            continue
        if found:
            return found[1]
    return ""


def _reached(home: Home, words: list[str]) -> frozenset[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("GUARDRAIL_")}
    with canary(home) as one:
        run(words, {**env, "GUARDRAIL_CANARY": one.nonce}, "null", lambda: True)
        return one.reached()
