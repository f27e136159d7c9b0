"""WARM. Insecure code in what an AI writes or prints."""
