"""COLD. Background workers: one file each, found by its name; the first line of its docstring says what it does.

``_background.py`` is what they share, ``_manager.py`` runs all of them in a process that stays, ``_due.py`` those that
are due after a session. Any number of processes may do so at once: a lock and a record of the last run keep them apart.
"""
