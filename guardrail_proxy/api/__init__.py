"""COLD. The Python API: one question to a real AI CLI, through the same stages as a call that a shim guards."""
