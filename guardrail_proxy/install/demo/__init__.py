"""COLD. A scripted, offline stand-in for an AI CLI: what it says, its hooks, its transcript."""
