"""Which events change code."""

import pytest

from guardrail_proxy.detect.edits import edits_of
from guardrail_proxy.session import Event, Transcript

EDITS = [
    "sed -i 's/1/2/' a.py",
    "perl -pi -e s/1/2/ src/a.js",
    "echo x | tee -a a.go",
    "cat > a.py <<'EOF'\nx = 1\nEOF",
    "bash -lc 'printf x >> a.rb'",
    "git checkout -- a.py",
    "git checkout HEAD~1 src/a.py",
    "git restore .",
    "git apply x.patch",
    "git stash pop",
    "git reset --hard HEAD~1",
    "patch -p1 < x.diff",
    "cp new.py old.py",
]
NONE = [
    "sed -n 1,3p a.py",
    "cat a.py > /tmp/a.py",
    "pytest > out.txt 2>&1",
    "echo done >> README.md",
    "git checkout -b topic",
    "git apply --check x.patch",
    "git commit -am fix",
    "git stash",
    "patch --dry-run -p1",
    "cp a.py a.md",
    "python a.py 2> /dev/null",
]
PATHS = {
    "a.py": True,
    "CMakeLists.txt": True,
    "requirements.txt": True,
    "": True,
    "package.json": True,
} | dict.fromkeys(
    ["README.md", "docs/a.rst", "notes.txt", "LICENSE", ".gitignore", ".github/workflows/ci.yml", "/tmp/x.py"], False
)


@pytest.mark.parametrize("line", EDITS)
def test_the_command_changes_code(line: str) -> None:
    assert edits_of(Transcript((Event("command", line),)))


@pytest.mark.parametrize("line", NONE)
def test_the_command_changes_none(line: str) -> None:
    assert edits_of(Transcript((Event("command", line),))) == ()


@pytest.mark.parametrize(("path", "is_code"), PATHS.items())
def test_a_written_file_counts_by_its_name(path: str, is_code: bool) -> None:
    assert bool(edits_of(Transcript((Event("file write", "x", path=path),)))) is is_code
