"""WARM. The AI CLIs that are known: one file each, holding ``CLI``; the file's name is the CLI's name."""
