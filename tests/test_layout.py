"""The layout says what it is: stages are folders, members stand alone, every module names its temperature."""

import ast
from pathlib import Path

import pytest

from guardrail_proxy.discover import PACKAGE

STAGES = ("context", "run", "parse", "validate", "detect", "enforce", "log", "result")
MEMBER_FOLDERS = ("clis", "validate/rules", "detect/failures", "commands", "workers")
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py")
HOT = ("bundle.py", "shim.py", "guard.py", "wrapper.py", "plan.py", "hook.py", "context/", "run/")
UNSAFE = {"eval", "exec", "compile", "__import__"}
OWN_CODE = {"bundle.py": {"exec"}, "install/make_bundle.py": {"compile"}}
"""What loads and makes the bundle of our own modules, as import and compileall do with their files."""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_folder_exports_one_function_of_its_own_name(stage: str) -> None:
    module = tree(PACKAGE / stage / "__init__.py")
    exported = next(
        ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    )
    assert list(exported) == [stage]


def test_the_pipeline_names_every_stage_in_order() -> None:
    words = " -> ".join(STAGES)
    assert words in (ast.get_docstring(tree(PACKAGE / "pipeline.py")) or "")


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_names_its_temperature(path: Path) -> None:
    doc = ast.get_docstring(tree(path)) or ""
    if any(name(path).startswith(folder) for folder in MEMBER_FOLDERS[1:4]):
        assert len(doc) > 20, "the docstring of a rule, failure mode or command is its documentation for users"
    else:
        assert doc.startswith(("HOT.", "WARM.", "COLD.")), doc[:60]
    assert doc.startswith("HOT.") == name(path).startswith(HOT)


@pytest.mark.parametrize("folder", MEMBER_FOLDERS)
def test_members_never_import_each_other(folder: str) -> None:
    root = PACKAGE / folder
    files = [p for p in root.rglob("*.py") if not p.name.startswith("_")]
    modules = {".".join(("guardrail_proxy", *p.relative_to(PACKAGE).with_suffix("").parts)) for p in files}
    assert [(name(p), m) for p in files for m in imported(p) & modules] == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_store_speaks_duckdb(path: Path) -> None:
    assert name(path).startswith("store/") or not any(m.split(".")[0] == "duckdb" for m in imported(path))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_is_evaluated_and_no_shell_gets_a_string(path: Path) -> None:
    calls = [n for n in ast.walk(tree(path)) if isinstance(n, ast.Call)]
    called = {c.func.id for c in calls if isinstance(c.func, ast.Name)}
    assert called & UNSAFE == OWN_CODE.get(name(path), set())
    shells = [k for c in calls for k in c.keywords if k.arg == "shell" and getattr(k.value, "value", None) is not False]
    assert not shells
