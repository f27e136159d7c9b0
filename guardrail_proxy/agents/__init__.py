"""COLD. Agent roles: what an AI is asked to be in a session that is started through the Python API."""
