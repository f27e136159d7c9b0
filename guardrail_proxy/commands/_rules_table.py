"""COLD. ``python -m guardrail_proxy.commands._rules_table docs/detection.md`` renews that page's table of rules."""

import sys
from pathlib import Path
from types import ModuleType

from guardrail_proxy.discover import members

FOLDERS = ("validate.rules", "detect.failures")
BEGIN, END = "<!-- rules -->\n", "<!-- /rules -->\n"


def rules_table() -> str:
    """Every rule and failure mode in Markdown: id, severity, the first line of its documentation."""
    found = [item for folder in FOLDERS for item in members(folder).items()]
    rows = [f"| `{rule_id}` | {_severity(module)} | {_first_line(module)} |" for rule_id, module in found]
    return "\n".join(("| id | severity | what is looked for |", "|---|---|---|", *rows)) + "\n"


def renewed(page: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{rules_table()}\n{END}{rest.partition(END)[2]}"


def _severity(module: ModuleType) -> str:
    """The severity of a rule; a failure mode's with whether it is held against a session."""
    status = getattr(module, "STATUS", "")
    return f"{module.SEVERITY}, {status}" if status else str(module.SEVERITY)


def _first_line(module: ModuleType) -> str:
    return (module.__doc__ or "").partition("\n")[0].replace("``", "`").replace("|", "\\|")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renewed(target.read_text("utf-8")), "utf-8")
