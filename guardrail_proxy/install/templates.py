"""COLD. Where the templates of shims and hook are: beside the package in a source checkout, inside it in a wheel."""

from pathlib import Path

from guardrail_proxy.errors import GuardrailError

HERE = Path(__file__).parent
FOLDERS = (HERE / "shims", HERE.parent.parent / "shims")


def template(name: str) -> str:
    """The text of ``shim.template`` or ``hook.template``; GuardrailError when the installation lacks it."""
    for folder in FOLDERS:
        path = folder / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise GuardrailError(f'template "{name}" is missing from {FOLDERS[0]}: run install.sh again')
