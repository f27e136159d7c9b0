"""The package's own names: all there, none loaded before it is asked for."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

import guardrail_proxy
from guardrail_proxy.discover import PACKAGE

PROMISED = {
    *("Config", "AIRequest", "AIResult", "AIExecutionError", "GuardrailDaemon", "ContextManager", "AdapterFactory"),
    *("ResponseParser", "GuardrailValidator", "FailureDetector", "DatabaseManager"),
    *("BackgroundWorker", "AnalysisWorker", "MetricsWorker", "MarkdownExporter", "CleanupWorker", "WorkerManager"),
}


def test_every_promised_name_is_exported() -> None:
    assert set(guardrail_proxy.__all__) >= PROMISED


@pytest.mark.parametrize("name", guardrail_proxy.__all__)
def test_an_exported_name_is_a_class_of_that_name(name: str) -> None:
    assert getattr(guardrail_proxy, name).__name__ == name


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'guardrail_proxy' has no attribute 'Nothing'"):
        guardrail_proxy.Nothing  # type: ignore[attr-defined] # noqa: B018 # what is tested


def test_importing_the_package_loads_nothing() -> None:
    look = "import sys; before = set(sys.modules); import guardrail_proxy; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["guardrail_proxy"]


def test_any_python_that_a_shim_finds_can_read_it() -> None:
    ast.parse((PACKAGE / "__init__.py").read_text(), feature_version=(3, 8))


def test_what_type_checkers_see_is_where_it_is_found() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    told = {
        alias.name: node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    places = guardrail_proxy._PLACES
    assert {name: f"guardrail_proxy.{place}" for name, place in places.items()} == {
        name: module for name, module in told.items() if name in places
    }
    assert set(places) == set(guardrail_proxy.__all__)
