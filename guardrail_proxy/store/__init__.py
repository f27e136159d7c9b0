"""COLD. The session store: spool -> private DuckDB -> published DuckDB. The only package that speaks DuckDB.

A session is a file in the spool first. One elected ingester loads closed buckets into ``db/live.duckdb`` and publishes
copies behind the symlink ``sessions.duckdb``. Every copy shows its own rows and the spool's open buckets, so a session
is in the next query, and nobody's open shell blocks anybody.
"""
