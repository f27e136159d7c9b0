"""WARM. The rules of the stage validate: one file each, found by their folder, named by their path."""
