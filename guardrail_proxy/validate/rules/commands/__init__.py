"""WARM. Shell commands that destroy, leak, take over or loosen."""
