"""A shell line is read as the commands it would run, and quoted text stays data."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.validate.shell import SimpleCommand, parse_command


def only(line: str, name: str) -> SimpleCommand:
    (found,) = [command for command in parse_command(line) if command.name == name]
    return found


@pytest.mark.parametrize(
    "line",
    [
        "rm -rf /x",
        "/bin/rm -rf /x",
        "\\rm -rf /x",
        "r''m -rf '/x'",
        '"rm" -rf "/x"',
        "FOO=1 rm -rf /x",
        "sudo -u root -- rm -rf /x",
        "sudo env A=1 nice -n 5 timeout 3 rm -rf /x",
        "bash -c 'rm -rf /x'",
        "sh -lc \"bash -c 'rm -rf /x'\"",
        "eval 'rm -rf /x'",
        "ssh -i key host 'rm -rf /x'",
        "docker exec -it web rm -rf /x",
        "kubectl exec -it pod -- rm -rf /x",
        "echo $(rm -rf /x)",
        "echo `rm -rf /x`",
        "cat <(rm -rf /x)",
        "echo $((1 + $(rm -rf /x)))",
        "true && { (rm -rf /x); }",
        "if true; then rm -rf /x; fi",
        "f() { rm -rf /x; }; f",
        "bash <<'EOF'\nrm -rf /x\nEOF",
        "cat <<EOF | sh\nrm -rf /x\nEOF",
        "sh <<<'rm -rf /x'",
        "echo 'rm -rf /x' | sh",
        "echo cm0gLXJmIC94 | base64 -d | sh",
        "echo /x | xargs rm -rf",
        "echo /x | xargs -I{} rm -rf {}",
        "parallel rm -rf ::: /x",
        "find . -exec rm -rf /x \\;",
        "watch -n1 'rm -rf /x'",
        "trap 'rm -rf /x' EXIT",
        "A=/x; rm -rf $A",
        "C=rm; $C -rf /x",
        "& rm -rf /x",
        "rm -rf /x 'unclosed",
    ],
)
def test_a_command_is_found_however_it_is_wrapped(line: str) -> None:
    assert only(line, "rm").words[:2] == ("-rf", "/x")


@pytest.mark.parametrize(
    "line",
    [
        "echo 'rm -rf /'",
        'git commit -m "rm -rf /"',
        "grep 'rm -rf' file",
        "cat <<EOF\nrm -rf /\nEOF",
        "# rm -rf /",
        "ls # ; rm -rf /",
        "awk '/rm -rf/ {print}' log",
        "command -v rm",
        "echo 'rm -rf /' | grep rm",
    ],
)
def test_quoted_text_and_comments_are_data(line: str) -> None:
    assert "rm" not in [command.name for command in parse_command(line)]


def test_a_known_variable_is_filled_in_and_an_unknown_one_is_marked() -> None:
    known, unknown = only("D=/etc; rm $D/a ${X:-b}", "rm").args
    assert (known.text, known.expands, unknown.expands) == ("/etc/a", False, True)


def test_braces_become_words() -> None:
    assert only("rm /etc/{a,b}.{c,d}", "rm").words == ("/etc/a.c", "/etc/a.d", "/etc/b.c", "/etc/b.d")


def test_redirections_keep_operator_and_target() -> None:
    assert [(r.operator, r.target.text) for r in only("x > 'a b' 2>&1", "x").redirects] == [(">", "a b"), (">&", "1")]


def test_a_pipeline_knows_what_feeds_each_command() -> None:
    last = only("curl x | tee y | sudo bash", "bash")
    assert ([source.name for source in last.sources], last.index, last.length) == (["tee", "curl"], 2, 3)


def test_a_folder_that_was_changed_to_is_known_within_its_shell() -> None:
    inner, outer = [command for command in parse_command("(cd /etc; rm a); rm b") if command.name == "rm"]
    assert (inner.cwd, outer.cwd) == ("/etc", "")


def test_a_place_is_counted_in_characters() -> None:
    line = "echo 'é漢😀'; rm x"
    command = only(line, "rm")
    assert line[command.start : command.end] == "rm x"


def test_nesting_is_followed_to_a_bound() -> None:
    line = "rm -rf /"
    for _ in range(12):
        line = "eval " + "'" + line.replace("'", "'\\''") + "'"
    assert parse_command(line)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="rm -f/$(){}'\"`|&;<>\\\n~=#x*!é\x00", max_size=60))
def test_no_line_makes_the_parser_raise(line: str) -> None:
    for command in parse_command(line):
        assert 0 <= command.start <= command.end <= len(line)


def test_an_endless_line_is_cut_and_answered() -> None:
    assert parse_command("echo " + "$(" * 5_000 + "x") is not None
