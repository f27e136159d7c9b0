"""Patches in the form of codex's apply_patch."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.parse.patch import PatchedFile, patched_files

PATCH = """*** Begin Patch
*** Add File: new file.py
+A = 1
++B
*** Update File: old.py
*** Move to: moved.py
@@ def f
 kept
-gone
+here
*** Delete File: dead.py
*** End Patch
+not part of it
*** Add File: nor.this
"""


@pytest.mark.parametrize("around", ["{}", "apply_patch <<'END'\n{}\nEND", "cd src && apply_patch '{}'"])
def test_each_file_has_its_change_and_the_lines_that_it_adds(around: str) -> None:
    assert patched_files(around.format(PATCH)) == (
        PatchedFile("new file.py", "added", "A = 1\n+B\n"),
        PatchedFile("old.py", "modified", "here\n"),
        PatchedFile("dead.py", "deleted", ""),
    )


@pytest.mark.parametrize("text", ["", "*** Add File: a\n+x", "*** Begin Patch", "*** Begin Patch\n+x\n*** End Patch"])
def test_a_text_without_a_file_of_a_patch_has_none(text: str) -> None:
    assert patched_files(text) == ()


def test_a_patch_that_is_cut_has_what_is_there() -> None:
    assert patched_files(PATCH[: PATCH.index("++B")]) == (PatchedFile("new file.py", "added", "A = 1\n"),)


LINES = st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])), min_size=1)


@settings(deadline=None, max_examples=50)
@given(lines=LINES)
def test_an_added_file_comes_out_as_it_went_in(lines: list[str]) -> None:
    text = "".join(f"+{line}\n" for line in lines)
    (file,) = patched_files(f"*** Begin Patch\n*** Add File: a.py\n{text}*** End Patch")
    assert file.added == "".join(f"{line}\n" for line in lines)
