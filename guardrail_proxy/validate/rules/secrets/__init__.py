"""WARM. Credentials in what an AI runs, writes or prints."""
