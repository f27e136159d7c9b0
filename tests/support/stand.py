"""A guardrail home made by hand, with a sidecar that notes its frames and says what the test wants."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pexpect

from guardrail_proxy.install.render_shim import render_shim

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "guardrail_proxy"
HOT = ("__init__.py", "shim.py", "guard.py", "wrapper.py", "plan.py", "hook.py", "run", "context")
FILES = (
    ("shims/claude", "shim", "claude"),
    ("bin/guardrail-exec", "shim", "guardrail-exec"),
    ("hook", "hook", "claude"),
)
SIDECAR = """#!{python} -IS
import os, sys
folder = sys.argv[-1]
home = os.path.dirname(os.path.dirname(folder))
with open(3, "rb") as frames, open(folder + "/frames", "ab", buffering=0) as notes:
    while True:
        head = frames.read(12)
        if len(head) < 12:
            break
        body = frames.read(int.from_bytes(head[8:], "little"))
        notes.write(head + body)
        if os.path.exists(home + "/die") and head[:1] == b"o":
            os.unlink(home + "/die")
            sys.exit(1)
        if head[:1] == b"x" or head[:1] == b"o" and os.path.exists(home + "/early"):
            os.write(4, open(home + "/reply", "rb").read())
"""
CLAUDE = """#!/bin/sh
printf 'out:%s\\n' "$*"
echo err >&2
env > "{seen}"
exit 3
"""


@dataclass(frozen=True)
class Ended:
    status: int
    out: bytes
    err: bytes


class Stand:
    """A home, a folder with a fake CLI, and runs of it through the shim."""

    def __init__(self, root: Path, mode: str = "standard") -> None:
        self.root, self.home, self.bin = root, root / "home", root / "bin"
        self.seen = root / "seen"
        self.bin.mkdir(parents=True)
        self.sidecar = self.script(root / "sidecar", SIDECAR.format(python=sys.executable))
        self.script(self.bin / "claude", CLAUDE.format(seen=self.seen))
        self.build(mode)

    def script(self, path: Path, text: str) -> Path:
        path.write_text(text)
        path.chmod(0o755)
        return path

    def build(self, mode: str) -> None:
        """The home as `install` would leave it."""
        shutil.rmtree(self.home, ignore_errors=True)
        for folder in ("shims", "bin", "hot/guardrail_proxy", "plans"):
            (self.home / folder).mkdir(parents=True)
        for name in HOT:
            source, target = PACKAGE / name, self.home / "hot/guardrail_proxy" / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        for name, template, cli in FILES:
            text = render_shim((ROOT / f"shims/{template}.template").read_text(), cli, self.home, mode)
            self.script(self.home / name, text)
        self.reply("")
        self.plan(mode=mode)

    def plan(self, *lines: str, **words: str) -> None:
        """Write the plan: these words instead of the usual ones, then these lines."""
        usual = {"cli": "claude", "mode": "standard", "inject": "yes", "hooked": "yes", "bypass": "no"}
        usual |= {"interpreter": str(self.sidecar), "verdict-timeout": "20"}
        usual |= {name.replace("_", "-"): value for name, value in words.items()}
        text = [f"{word} {value}" for word, value in usual.items()]
        (self.home / "plans/claude.plan").write_text("\n".join(["guardrail-proxy plan 1", *text, *lines, ""]))

    def reply(self, text: str) -> None:
        (self.home / "reply").write_text(text)

    def env(self, **more: str) -> dict[str, str]:
        ours = {"PATH": f"{self.home}/shims:{self.bin}:{os.environ['PATH']}", "HOME": str(self.root)}
        return {"LANG": "C.UTF-8", "TERM": "xterm"} | ours | more

    def run(self, *argv: str, **env: str) -> Ended:
        """Run `claude` by name, stdout a pipe."""
        return self.start("shims/claude", *argv, **env)

    def start(self, program: str, *argv: str, **env: str) -> Ended:
        """Run a program of the home, stdout a pipe."""
        done = subprocess.run(
            [Path(program).name, *argv],
            executable=str(self.home / program),
            input=b"",
            capture_output=True,
            env=self.env(**env),
            cwd=self.root,
            timeout=60,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def run_on_terminal(self, *argv: str, **env: str) -> Ended:
        """Run `claude` by name on a terminal of its own."""
        program = str(self.home / "shims/claude")
        child = pexpect.spawn(program, list(argv), env=self.env(**env), cwd=str(self.root), timeout=60)
        out = child.read()
        child.close()
        return Ended(child.exitstatus if child.signalstatus is None else -child.signalstatus, out, b"")

    def folders(self) -> list[Path]:
        return sorted((self.home / "sessions").glob("*"))

    def record(self, name: str) -> dict[str, object]:
        (folder,) = self.folders()
        found: dict[str, object] = json.loads((folder / f"{name}.json").read_text())
        return found

    def frames(self) -> list[tuple[str, bytes]]:
        """What the sidecar got, once it has got the last frame."""
        (folder,) = self.folders()
        data, found = (folder / "frames").read_bytes(), []
        while data:
            size = int.from_bytes(data[8:12], "little")
            found.append((chr(data[0]), data[12 : 12 + size]))
            data = data[12 + size :]
        return found

    def child_env(self) -> dict[str, str]:
        return dict(line.partition("=")[::2] for line in self.seen.read_text().splitlines())
