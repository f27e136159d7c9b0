"""The folder is the registry: nothing in it may be skipped silently."""

from pathlib import Path

import pytest

from guardrail_proxy import discover

FOLDERS = ("clis", "validate.rules", "detect.failures", "commands")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_of_a_folder_is_found(folder: str) -> None:
    root = discover.PACKAGE / folder.replace(".", "/")
    files = {p for p in root.rglob("*.py") if not p.name.startswith("_")}
    assert files, folder
    assert len(discover.members(folder)) == len(files)


def test_the_path_is_the_id(tmp_path: Path) -> None:
    assert discover.member_id(tmp_path, tmp_path / "secrets/aws_access_key.py") == "secrets/aws-access-key"


def test_a_folder_without_init_raises_instead_of_hiding_its_rules(tmp_path: Path) -> None:
    (tmp_path / "forgotten").mkdir()
    (tmp_path / "forgotten/rule.py").write_text("")
    with pytest.raises(ImportError, match=r"no __init__\.py, so rule\.py would be skipped"):
        discover.member_files(tmp_path)


def test_private_files_are_no_members(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "_shared.py").write_text("")
    (tmp_path / "rule.py").write_text("")
    assert discover.member_files(tmp_path) == [tmp_path / "rule.py"]
