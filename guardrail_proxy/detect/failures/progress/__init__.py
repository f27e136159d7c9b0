"""Failure modes: one file each, the path is the id."""
