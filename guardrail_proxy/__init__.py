"""A transparent proxy around AI coding CLIs.

Importing the package loads nothing: the shim's interpreter passes through here before the real CLI runs. The names of
the Python API are looked up when they are asked for (docs/python-api.md).
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from guardrail_proxy.api.adapters import AdapterFactory
    from guardrail_proxy.api.checks import FailureDetector, GuardrailValidator
    from guardrail_proxy.api.context_manager import ContextManager
    from guardrail_proxy.api.execution_error import AIExecutionError
    from guardrail_proxy.api.request import AIRequest
    from guardrail_proxy.api.response import ResponseParser
    from guardrail_proxy.api.result import AIResult
    from guardrail_proxy.config import Config
    from guardrail_proxy.daemon import GuardrailDaemon
    from guardrail_proxy.store.database import DatabaseManager
    from guardrail_proxy.workers._background import BackgroundWorker
    from guardrail_proxy.workers._manager import WorkerManager
    from guardrail_proxy.workers.analysis import AnalysisWorker
    from guardrail_proxy.workers.cleanup import CleanupWorker
    from guardrail_proxy.workers.markdown import MarkdownExporter
    from guardrail_proxy.workers.metrics import MetricsWorker

__all__ = (
    "AIExecutionError",
    "AIRequest",
    "AIResult",
    "AdapterFactory",
    "AnalysisWorker",
    "BackgroundWorker",
    "CleanupWorker",
    "Config",
    "ContextManager",
    "DatabaseManager",
    "FailureDetector",
    "GuardrailDaemon",
    "GuardrailValidator",
    "MarkdownExporter",
    "MetricsWorker",
    "ResponseParser",
    "WorkerManager",
)
_PLACES = {
    "AIExecutionError": "api.execution_error",
    "AIRequest": "api.request",
    "AIResult": "api.result",
    "AdapterFactory": "api.adapters",
    "AnalysisWorker": "workers.analysis",
    "BackgroundWorker": "workers._background",
    "CleanupWorker": "workers.cleanup",
    "Config": "config",
    "ContextManager": "api.context_manager",
    "DatabaseManager": "store.database",
    "FailureDetector": "api.checks",
    "GuardrailDaemon": "daemon",
    "GuardrailValidator": "api.checks",
    "MarkdownExporter": "workers.markdown",
    "MetricsWorker": "workers.metrics",
    "ResponseParser": "api.response",
    "WorkerManager": "workers._manager",
}

if not TYPE_CHECKING:

    def __getattr__(name):
        """The name's module is imported now."""
        if name not in _PLACES:
            raise AttributeError("module '%s' has no attribute '%s'" % (__name__, name))
        from importlib import import_module

        return getattr(import_module(__name__ + "." + _PLACES[name]), name)

    def __dir__():
        return sorted({*globals(), *__all__})
