"""COLD. Who pushes: one guardrail home, under a name of its own that stays when the machine is renamed."""

import hashlib
import json
import re
import socket
from pathlib import Path

from guardrail_proxy.durable import replace_durably
from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import make_private

NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9.-]{1,200}")
SOURCE = re.compile(r"[0-9a-f]{12}")
LONGEST_HOST = 60
MACHINE_ID = Path("/etc/machine-id")


def host_name() -> str:
    """This machine's name as a folder's: it is a name in every file system, and never hidden."""
    return NOT_IN_A_NAME.sub("-", socket.gethostname())[:LONGEST_HOST].strip(".-") or "unnamed"


def source_id(home: Home) -> str:
    """Twelve hexadecimal digits, kept in ``data/fleet.json``: two homes of one host are two sources.

    Where that file was lost, the same home on the same machine gets the same digits again. GuardrailError when the file
    says something else.
    """
    path = home.data / "fleet.json"
    try:
        known = json.loads(path.read_text("utf-8"))["source"]
    except FileNotFoundError:
        return _made(home, path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GuardrailError(f"cannot read '{path}': repair or remove it") from error
    if not isinstance(known, str) or not SOURCE.fullmatch(known):
        raise GuardrailError(f"'{path}' does not say a source of 12 hexadecimal digits: repair or remove it")
    return known


def _made(home: Home, path: Path) -> str:
    machine = MACHINE_ID.read_bytes() if MACHINE_ID.is_file() else socket.gethostname().encode()
    source = hashlib.sha256(machine + b"\0" + str(home.root).encode()).hexdigest()[:12]
    make_private(path.parent)
    replace_durably(path, json.dumps({"version": 1, "source": source}).encode() + b"\n")
    return source
