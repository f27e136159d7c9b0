"""WARM. The session's second process: redacts and records the output, answers the hooks, then judges the session."""
