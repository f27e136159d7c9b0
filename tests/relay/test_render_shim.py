"""A shim's text: what its first line may hold, and what no shim can carry."""

import subprocess
from pathlib import Path

import pytest

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.install.render_shim import LINE_BYTES_MOST, render_shim, uses_own_interpreter

SHIMS = Path(__file__).resolve().parents[2] / "shims"
TEMPLATES = {name: (SHIMS / f"{name}.template").read_text() for name in ("shim", "hook")}
TEMPLATE = TEMPLATES["shim"]


HOMES = {
    "/h": True,
    "/höme": True,
    "/with space": False,
    "/q'": False,
    "/$x": False,
    "/a:b": False,
    "/" + "n" * 150: False,
}


@pytest.mark.parametrize("home", HOMES, ids=range(len(HOMES)))
def test_a_first_line_always_fits_and_names_our_interpreter_where_it_can(home: str) -> None:
    shim = render_shim(TEMPLATE, "claude", Path(home), "strict")
    assert len(shim.split("\n", 1)[0].encode()) <= LINE_BYTES_MOST
    assert uses_own_interpreter(shim, Path(home)) is HOMES[home]
    assert "@" not in shim.split("def ")[0]


def test_a_shim_says_what_it_is_and_its_mode_in_its_first_bytes() -> None:
    head = render_shim(TEMPLATE, "claude", Path("/h"), "strict")[:4096]
    assert "guardrail-proxy shim" in head
    assert "\nmode='strict'\n" in head


@pytest.mark.parametrize(
    ("cli", "home", "mode"),
    [("a b", "/h", "strict"), ("../x", "/h", "strict"), ("", "/h", "strict"), ("x", "h", "strict"), ("x", "/h", "off")],
)
def test_what_no_shim_can_carry_is_refused(cli: str, home: str, mode: str) -> None:
    with pytest.raises(ConfigError):
        render_shim(TEMPLATE, cli, Path(home), mode)


@pytest.mark.parametrize("name", ["shim", "hook"])
def test_a_first_line_has_nothing_that_a_kernel_could_split_otherwise_than_env(name: str) -> None:
    text = TEMPLATES[name]
    line = render_shim(text, "claude", Path("/h"), "strict").split("\n", 1)[0]
    assert not set("\"'\\\t#") & set(line[2:])
    assert text.isascii()


@pytest.mark.parametrize("is_split", [False, True])
def test_a_shim_starts_whether_the_kernel_splits_its_first_line_or_not(is_split: bool, tmp_path: Path) -> None:
    """Linux hands everything after the interpreter over as one word, macOS word by word."""
    shim = tmp_path / "claude"
    shim.write_text(render_shim(TEMPLATES["shim"], "claude", tmp_path, "standard"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/claude").write_text('#!/bin/sh\necho "$PATH" "$@"\n')
    (tmp_path / "bin/claude").chmod(0o755)
    interpreter, _, rest = shim.read_text().split("\n", 1)[0][2:].partition(" ")
    words = [interpreter, *(rest.split() if is_split else [rest]), str(shim), "a b", "c"]
    path = f"{tmp_path}/bin:/usr/bin:/bin"
    done = subprocess.run(words, env={"PATH": path}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"{path} a b c\n"), done.stderr
