"""COLD. The guardrail documents that a model gets to read, and their compilation into the plans that shims read."""
