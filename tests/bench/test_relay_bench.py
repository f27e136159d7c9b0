"""bench/relay.py still measures: every figure is there. How large it is, is not a test's business."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RELAY = Path(__file__).resolve().parents[2] / "bench/relay.py"
LITTLE = "--reps 1 --out-mb 1 --growth-mb 1 --in-mb 1 --pipe-mb 2 --keys 5 --calls 4 --idle-s 0.2 --peers bare,shim"
PAGE = "above\n<!-- relay.py: from here -->\nold\n<!-- relay.py: to here -->\nbelow\n"
FIGURES = {
    "start": {"exec_ms", "wall_ms", "cpu_ms", "later_cpu_ms"},
    "housekeeping": {"version_ms", "version_cpu_ms"},
    "exit": {"exit_ms"},
    "out": {"out_mb_s", "later_ms_mb"},
    "in": {"in_mb_s"},
    "pipes": {"pipe_mb_s"},
    "keys": {"key_p50_us", "key_p99_us"},
    "flow": {"flow_key_p50_us", "flow_key_p99_us"},
    "judged": {"judged_key_p50_us", "judged_key_p99_us", "call_ms"},
    "memory": {
        *(
            f"{whose}{what}_mb"
            for whose in ("", "relay_", "monitor_", "sidecar_")
            for what in ("rss", "pss", "private")
        ),
        *(f"{whose}growth_mb" for whose in ("", "relay_", "monitor_", "sidecar_")),
    },
    "idle": {"idle_cpu_ms", "idle_switches"},
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("cc") is None, reason="cc is not on PATH"),
]


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(RELAY), *words], capture_output=True, text=True, timeout=300)


def shims_of(folder: Path, script: str) -> Path:
    shim = folder / "shims/claude"
    shim.parent.mkdir()
    shim.write_text(script)
    shim.chmod(0o755)
    return shim.parent


def test_one_repetition_gives_every_figure_of_the_shim_as_json_and_as_a_table(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    done = bench(*LITTLE.split(), "--markdown", "--json", str(tmp_path / "all"), "--into", str(page))
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "all").read_text())
    assert [what["failures"] for run in found["runs"].values() for what in run.values() if what["failures"]] == []
    of_shim = {group: set(runs["shim"]["measured"][0]) for group, runs in found["runs"].items()}
    assert of_shim == FIGURES
    rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6}
    assert len(rows) == 2 + sum(map(len, FIGURES.values()))
    assert page.read_text() == PAGE.replace("old\n", done.stdout)


def test_a_folder_without_the_shim_is_one_clear_line(tmp_path: Path) -> None:
    done = bench("--shims", str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"relay: '{tmp_path}/claude' is not there: give --shims the folder")
    assert done.stderr.count("\n") == 1


def test_a_shim_that_does_not_start_its_cli_is_one_clear_line(tmp_path: Path) -> None:
    shims = shims_of(tmp_path, "#!/usr/bin/env -S G= PATH=/usr/bin:/bin python3 -IS -c \"print('no plan')\"\n")
    done = bench("--shims", str(shims), "--peers", "bare,shim")
    assert done.returncode == 1
    assert done.stderr == f"relay: '{shims}/claude' does not start its CLI: ended with 'no plan'\n"


def test_what_is_no_shim_is_one_clear_line(tmp_path: Path) -> None:
    done = bench("--shims", str(shims_of(tmp_path, "#!/bin/sh\n")))
    assert done.stderr.startswith(f"relay: '{tmp_path}/shims/claude' names no interpreter")


def test_a_page_without_a_place_for_the_table_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("nothing here\n")
    done = bench("--into", str(tmp_path / "page.md"))
    assert done.stderr.startswith(f"relay: '{tmp_path}/page.md' has no place for the table")
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)


@pytest.mark.parametrize("option", ["--only", "--peers"])
def test_a_name_that_nobody_has_is_told_with_those_there_are(tmp_path: Path, option: str) -> None:
    shims = shims_of(tmp_path, "#!/usr/bin/env -S G= PATH=/usr/bin:/bin python3 -IS \n")
    done = bench("--shims", str(shims), option, "nobody")
    assert done.stderr.startswith("relay: 'nobody' is none of ")
