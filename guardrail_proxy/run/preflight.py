"""HOT. Strict's question to the COLD side before a call: are settings in order, and which words to pass."""

from guardrail_proxy.run.ask import ask

MODULE = b"guardrail_proxy.guardrails.preflight"


def preflight(
    interpreter: bytes, home: bytes, cli: bytes, argv: "list[bytes]", env: "dict[bytes, bytes]"
) -> "tuple[list[bytes], str]":
    """(the whole argv, '') or ([], why not). Raises OSError when it cannot be asked."""
    status, answer = ask([interpreter, b"-I", b"-m", MODULE, home, cli], b"\0".join(argv), env)
    if status:
        lines = answer.decode("utf-8", "replace").split("\n")
        return [], lines[0].strip() or "the strict preflight failed (status %d): run guardrail-proxy doctor" % status
    if not answer:
        return [], ""
    return (answer[:-1] if answer.endswith(b"\0") else answer).split(b"\0"), ""
