"""COLD. A team's sessions, as Parquet in a folder that all machines push to and any engine reads.

``push`` ships a machine's closed days, ``compact`` merges what many machines pushed, ``engine`` says what to read. What
counts is named in a manifest, written last: a file that no manifest names is not there yet, or not any more.
"""
