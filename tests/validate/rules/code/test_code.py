"""The code rules read any language, fragment and indentation, and never a comment."""

import pytest

from guardrail_proxy.session import Event, Finding, Transcript
from guardrail_proxy.validate import validate


def found(text: str, **where: str) -> tuple[Finding, ...]:
    event = Event("file write", text, path=where.get("path", ""), language=where.get("language", ""))
    return tuple(f for f in validate(Transcript((event,))) if f.category in ("code", "guard"))


def ids(text: str, **where: str) -> set[str]:
    return {finding.id for finding in found(text, **where)}


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        ("a.py", "import os\nos.system(cmd)\n", "code/shell-command"),
        ("a.js", "require('child_process').exec(`ls ${dir}`)", "code/shell-command"),
        ("A.java", "Runtime.getRuntime().exec(userInput);", "code/shell-command"),
        ("a.php", "<?php system($_GET['c']);", "code/shell-command"),
        ("a.go", 'package a\nfunc f(){ exec.Command("sh", "-c", x) }', "code/shell-command"),
        ("a.rb", 'system("ls #{dir}")', "code/shell-command"),
        ("a.ts", "element.innerHTML = value;", "code/xss"),
        ("a.c", "void f(char *a, char *b) { strcpy(a, b); }", "code/memory-unsafe"),
    ],
)
def test_the_language_comes_from_the_suffix(path: str, text: str, rule: str) -> None:
    assert rule in ids(text, path=path)


def test_the_language_is_guessed_where_nothing_says_it() -> None:
    assert "code/eval-use" in ids("const x = require('y');\neval(x);\n")


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess as sp\nsp.run(c, shell=True)\n",
        "from subprocess import run as go\ngo(c, shell=True)\n",
        "from os import (system, path)\nsystem(c)\n",
    ],
)
def test_a_renamed_import_is_seen_through(text: str) -> None:
    assert "code/shell-command" in ids(text, language="python")


def test_a_comment_or_string_is_no_code() -> None:
    assert ids('# eval(x)\ndoc = """never call eval(x)"""\n', language="python") == set()


def test_an_indented_fragment_keeps_its_places() -> None:
    (finding,) = found("    def f(x):\n        return eval(x)\n", language="python")
    assert (finding.quote, finding.line) == ("eval(x)", 2)


def test_code_findings_are_never_critical() -> None:
    text = "import pickle, os\npickle.loads(d)\nos.system(c)\neval(x)\n"
    severities = {finding.severity for finding in found(text, language="python")}
    assert severities
    assert "critical" not in severities


def test_ordinary_code_is_not_spoken_of() -> None:
    text = (
        "import json\nimport subprocess\nfrom pathlib import Path\n\n\n"
        "def load(path: Path) -> dict[str, str]:\n    return json.loads(path.read_text())\n\n\n"
        "def build() -> None:\n    subprocess.run(['make', 'all'], check=True)\n"
        "    token_count = 3\n    print(token_count)\n"
    )
    assert ids(text, path="a.py") == set()


def test_a_language_without_a_parser_is_silent() -> None:
    assert ids("eval(x)", language="brainfuck") == set()
