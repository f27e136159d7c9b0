"""Where everything is measured: the programs made for it, the shim under test, the environment."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OURS = ("GUARDRAIL_HOME", "GUARDRAIL_MODE", "GUARDRAIL_BYPASS", "GUARDRAIL_SESSION")
SHIM_PATH = re.compile(rb"^#!/usr/bin/env -S .*? PATH=(\S+) (\S+) -\S+ ")
BESIDE = Path(sys.executable).parent
"""Where the commands of this interpreter's environment are."""


class BenchError(Exception):
    """Nothing can be measured; the message is one line: what, and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """One run's scratch folder and what is in it, and the shim under test."""

    root: Path
    shims: Path
    cli: str
    env: dict[str, str]

    @property
    def child(self) -> Path:
        """The program every peer runs: what the shim finds behind itself on PATH."""
        return self.root / "real" / self.cli

    @property
    def times(self) -> Path:
        """Where the child notes its times."""
        return self.root / "times"

    @property
    def work(self) -> Path:
        """The working directory of every call: in no repository, so that none is looked at."""
        return self.root / "work"

    @property
    def home(self) -> Path:
        """The guardrail home of the shim."""
        return self.shims.parent


def make_place(root: Path, shims: Path, cli: str) -> Place:
    """Compile what is compiled, check what is given. Raises BenchError."""
    if not (shims / cli).exists():
        raise BenchError(f"'{shims / cli}' is not there: give --shims the folder that `guardrail-proxy install` made")
    compiled(HERE / "child.c", root / "real" / cli)
    compiled(HERE / "c_relay.c", root / "c_relay", "-lutil")
    (root / "work").mkdir()
    (root / "times").write_bytes(bytes(4096))
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    env |= {
        "PATH": f"{shims}:{root / 'real'}:{env.get('PATH', os.defpath)}:{BESIDE}",
        "TERM": env.get("TERM", "xterm-256color"),
    }
    env["ASCIINEMA_CONFIG_HOME"] = str(root / "asciinema")
    return Place(root, shims, cli, env)


def compiled(source: Path, program: Path, *libraries: str) -> None:
    """A program made of one C file. Raises BenchError."""
    program.parent.mkdir(exist_ok=True)
    compiler = shutil.which("cc")
    if not compiler:
        raise BenchError("cc is not on PATH: install a C compiler (Debian: gcc)")
    done = subprocess.run(
        [compiler, "-O2", "-o", str(program), str(source), *libraries], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BenchError(f"{source.name} does not compile: {' '.join(done.stderr.split())[:200]}")


def shim_python(place: Place) -> str:
    """The interpreter that the shim's first line finds. Raises BenchError."""
    with (place.shims / place.cli).open("rb") as shim:
        first = SHIM_PATH.match(shim.readline())
    found = first and shutil.which(os.fsdecode(first[2]), path=os.fsdecode(first[1]))
    if not found:
        raise BenchError(f"'{place.shims / place.cli}' names no interpreter: is it a shim? run guardrail-proxy install")
    return found


def scratch_home(root: Path, cli: str) -> Path:
    """The shims of a new installation that injects nothing, so that the bare relay is measured. Raises BenchError."""
    home, user, real = root / "home", root / "user", root / "installed"
    for folder in (home, user, real):
        folder.mkdir(mode=0o700)
    (home / "config.toml").write_text(f"[tools.{cli}]\ninject = false\n")
    (home / "config.toml").chmod(0o600)
    compiled(HERE / "child.c", real / cli)
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    env |= {"HOME": str(user), "GUARDRAIL_HOME": str(home), "PATH": f"{real}:{env.get('PATH', os.defpath)}"}
    words = [str(BESIDE / "guardrail-proxy"), "install", "--shell", "bash", cli]
    try:
        done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BenchError(f"'{words[0]}' does not start ({error.strerror}): run tests/run once") from None
    if done.returncode:
        raise BenchError(f"guardrail-proxy install {cli}: {' '.join((done.stderr + done.stdout).split())[:200]}")
    return home / "shims"
