"""WARM. Knows secrets when it sees them, and masks them: the rules are data, ``find_secrets`` and ``mask`` apply them.

Every session's sidecar keeps this in memory, so what only a match needs is loaded at the first keyword of a rule.
"""
