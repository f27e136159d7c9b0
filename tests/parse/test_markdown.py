"""Messages apart: fenced blocks, prose, and the sentences that claim something."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.parse.claims import claim_sentences, sentences
from guardrail_proxy.parse.expand import with_parts
from guardrail_proxy.parse.markdown import CodeBlock, split_markdown
from guardrail_proxy.session import Event


@pytest.mark.parametrize(
    ("text", "blocks", "prose"),
    [
        ("just text", [], "just text"),
        ("a\n```python\nx = 1\n```\nb", [CodeBlock("python", "x = 1\n")], "a\n\nb"),
        ("```\nx\n```", [CodeBlock("", "x\n")], ""),
        ("~~~Bash title=x\nls\n~~~", [CodeBlock("bash", "ls\n")], ""),
        ("````md\n```\nx\n```\n````", [CodeBlock("md", "```\nx\n```\n")], ""),
        ("```py\n~~~\n```", [CodeBlock("py", "~~~\n")], ""),
        ("```\nx\n```py\ny\n```", [CodeBlock("", "x\n```py\ny\n")], ""),
        ("```js\nopen", [CodeBlock("js", "open\n", is_closed=False)], ""),
        ("```js", [CodeBlock("js", "", is_closed=False)], ""),
        ("``` inline ``` code", [], "``` inline ``` code"),
        ("- a\n  - b\n\n      ```sh\n      ls\n      ```\n- c", [CodeBlock("sh", "      ls\n")], "- a\n  - b\n\n\n- c"),
        ("```md\n    ```\nx\n```", [CodeBlock("md", "    ```\nx\n")], ""),
        ("1. a\n   ```\n   x\n```\nb", [CodeBlock("", "   x\n")], "1. a\n\nb"),
    ],
)
def test_a_message_is_its_blocks_and_the_prose_between(text: str, blocks: list[CodeBlock], prose: str) -> None:
    found = split_markdown(text)
    assert (list(found.blocks), found.prose) == (blocks, prose)


PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="`~"))


@settings(deadline=None, max_examples=50)
@given(before=PLAIN, code=st.lists(PLAIN), after=PLAIN)
def test_what_stands_in_a_fence_comes_out_of_it(before: str, code: list[str], after: str) -> None:
    inside = "".join(f"{line}\n" for line in code)
    found = split_markdown(f"{before}\n```py\n{inside}```\n{after}")
    assert (found.blocks, found.prose.split("\n")[0]) == ((CodeBlock("py", inside),), before)


@settings(deadline=None, max_examples=50)
@given(text=st.text(st.sampled_from("`~ \n\tpx>-")))
def test_every_line_is_in_the_prose_or_in_one_block_or_a_fence(text: str) -> None:
    found = split_markdown(text)
    inside = sum(block.text.count("\n") for block in found.blocks)
    fences = sum(1 + block.is_closed for block in found.blocks)
    prose = len(found.prose.split("\n")) if found.prose or found.blocks else len(text.splitlines())
    assert prose + inside + fences - len(found.blocks) == len(text.splitlines())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? four", ("One.", "Two!", "Three? four")),
        ("See a.b and e.g. this. Then go", ("See a.b and e.g. this.", "Then go")),
        ("- [x] one\n2) two\n* three", ("one", "two", "three")),
        ("> quoted\nmine", ("mine",)),
        ("a\n```\ncode.\n```\nb", ("a", "b")),
        ("", ()),
    ],
)
def test_sentences_are_the_proses(text: str, expected: tuple[str, ...]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I looked at it. All tests pass.", ("All tests pass.",)),
        ("Do all tests pass?", ()),
        ("> All tests pass.", ()),
        ("```\nAll tests pass.\n```", ()),
        ("The bug is fixed, and I added a test.", ("The bug is fixed, and I added a test.",)),
        ("Hello there.", ()),
        ("x" * 3000 + " done.", ()),
    ],
)
def test_a_claim_is_a_sentence_that_asserts_the_works_state(text: str, expected: tuple[str, ...]) -> None:
    assert claim_sentences(text) == expected


def test_a_message_is_followed_by_its_blocks_and_claims_and_nothing_else_is() -> None:
    message = Event("message", "Done.\n```PY\nx\n```\n", 5.0, name="n", call_id="c", agent_path="a", model="m")
    prompt = Event("prompt", "Done.\n```py\nx\n```\n")
    like = Event("message", "", 5.0, agent_path="a", model="m")
    told = [(event.kind, event.text, event.language) for event in with_parts((prompt, message))]
    assert told[1:] == [("message", message.text, ""), ("code block", "x\n", "py"), ("claim", "Done.", "")]
    parts = list(with_parts((message,)))[1:]
    assert {(e.at, e.agent_path, e.model, e.name, e.call_id) for e in parts} == {(5.0, "a", like.model, "", "")}
