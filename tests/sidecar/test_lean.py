"""What every session's sidecar loads at its start: each of these costs every session memory and processor time."""

import subprocess
import sys

HEAVY = "ast dataclasses hashlib inspect pathlib re2 subprocess threading tomllib typing"
RECORD = """
import sys
before = set(sys.modules)
import guardrail_proxy.sidecar.__main__
from guardrail_proxy.sidecar.service import Service
from guardrail_proxy.sidecar.stream import StreamRedactor
stream = StreamRedactor()
said = stream.feed(0.0, b"the quick brown fox\\r\\n" * 500) + stream.rest()
assert sum(len(piece.text) for piece in said) == 500 * 21
print(*sorted(set(sys.modules) - before))
"""


def loaded(program: str) -> set[str]:
    return set(
        subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )


def test_a_session_without_hooks_and_keywords_records_without_what_judges() -> None:
    found = loaded(RECORD)
    assert found & set(HEAVY.split()) == set()
    assert {name for name in found if name.startswith("guardrail_proxy.validate")} == set()


def test_a_keyword_loads_the_expressions() -> None:
    assert "re2" in loaded(
        RECORD.replace("said =", "stream.feed(0.0, b'my password is here' * 200); said =").replace(
            "assert", "assert 1 or"
        )
    )
