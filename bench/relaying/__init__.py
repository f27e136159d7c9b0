"""The figures of ``bench/relay.py``: one file a group of them, and what they share."""
