"""COLD. The user's configuration: layered TOML files, read into frozen models.

``load(home, repository)`` is what everyone calls. docs/configuration.md describes every key; a test checks it.
"""

from guardrail_proxy.config.layers import load
from guardrail_proxy.config.models import Config

__all__ = ["Config", "load"]
