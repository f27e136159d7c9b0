"""COLD. ``python -m guardrail_proxy`` is ``guardrail-proxy``."""

from guardrail_proxy.commands import main

if __name__ == "__main__":
    main()
