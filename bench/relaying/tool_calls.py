"""Asks a session's gate about tool calls, one after the other, as the hook client does: ``FOLDER COUNT BYTES``.

Prints the time of each in milliseconds as a JSON list. The protocol is in docs/formats.md.
"""

import json
import os
import socket
import sys
import time

LINE = "def answer(question: str) -> str:\n    return cache[question] if question in cache else ask(question)\n"


def payloads(size: int) -> list[bytes]:
    """A file to write and a command with a file in it, of about that size."""
    text = LINE * (size // len(LINE) + 1)
    given = (
        ("Write", {"file_path": "answer.py", "content": text}),
        ("Bash", {"command": f"cat > answer.py <<'EOF'\n{text}EOF\n"}),
    )
    return [
        json.dumps({"hook_event_name": "PreToolUse", "tool_name": name, "tool_input": what}).encode()
        for name, what in given
    ]


def ask(payload: bytes) -> bytes:
    """The gate's answer: exit status, stdout, NUL, stderr."""
    with socket.socket(socket.AF_UNIX) as gate:
        gate.connect("hook.sock")  # relative: the absolute name may be too long
        gate.sendall(len(payload).to_bytes(4, "little") + payload)
        with gate.makefile("rb") as answer:
            return answer.read(int.from_bytes(answer.read(4), "little"))


def main() -> None:
    """Ask and print."""
    folder, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.chdir(folder)
    calls, took = payloads(size), []
    for i in range(count):
        began = time.perf_counter()
        answer = ask(calls[i % len(calls)])
        took.append((time.perf_counter() - began) * 1e3)
        if not answer or answer[0]:
            sys.exit(f"the gate answered {answer[:80]!r}")
    print(json.dumps(took))


if __name__ == "__main__":
    main()
