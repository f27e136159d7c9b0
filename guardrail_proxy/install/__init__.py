"""COLD. Shims on PATH, the shells' start-up files, health checks, and the demo CLI."""
