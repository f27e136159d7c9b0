"""Stubs and code that breaks off, over whole files and every prefix of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.detect.failures.completeness._cut_code import LANGUAGES, is_cut
from guardrail_proxy.detect.failures.completeness._python_stubs import python_stubs

WHOLE = {
    "python": "def f(x):\n    return [\n        x,\n        (x, 1),\n    ]\n",
    "javascript": "function f(x) {\n  if (x) {\n    return [x];\n  }\n  return {};\n}\n",
    "go": "package a\n\nfunc f(x int) int {\n\tif x > 0 {\n\t\treturn x\n\t}\n\treturn 0\n}\n",
    "rust": "fn f(x: u8) -> u8 {\n    if x > 0 {\n        return x;\n    }\n    0\n}\n",
    "java": "class A {\n  int f(int x) {\n    return x;\n  }\n}\n",
    "ruby": "class A\n  def f(x)\n    [x]\n  end\nend\n",
    "csharp": "class A {\n  int F(int x) {\n    return x;\n  }\n}\n",
}
STUBS = {
    "def f(): pass": (1,),
    "x = 1\ndef f():\n    ...": (2,),
    "async def f():\n    raise NotImplementedError('later')": (1,),
    "class A:\n    def __init__(self): pass\n    def f(self): pass": (3,),
    "    def f(self):\n        pass": (1,),
    "def noop(): pass": (),
    "def f():\n    pass  # ignored on purpose": (),
    "class Base:\n    def f(self): raise NotImplementedError": (),
    "class A(Protocol):\n    def f(self): ...": (),
    "class A:\n    def f(self): return 1\n    def g(self): pass": (),
    "@overload\ndef f(x: int) -> int: ...": (),
}


@pytest.mark.parametrize(("language", "text"), WHOLE.items())
def test_a_whole_file_is_not_cut(language: str, text: str) -> None:
    assert not is_cut(text, language)


@pytest.mark.parametrize(("language", "text"), WHOLE.items())
def test_a_file_without_its_last_line_is_cut(language: str, text: str) -> None:
    assert is_cut(text.rstrip().rpartition("\n")[0] + "\n", language)


@given(st.sampled_from(sorted(set(LANGUAGES.values()))), st.text(max_size=80))
def test_any_text_is_cut_or_not_and_nothing_else(language: str, text: str) -> None:
    assert is_cut(text, language) in (True, False)


@pytest.mark.parametrize(("text", "lines"), STUBS.items())
def test_python_functions_that_are_only_stubs(text: str, lines: tuple[int, ...]) -> None:
    assert python_stubs(text) == lines


@given(st.text(max_size=200))
def test_any_text_is_read_for_stubs_without_an_error(text: str) -> None:
    assert python_stubs(text) is None or isinstance(python_stubs(text), tuple)
