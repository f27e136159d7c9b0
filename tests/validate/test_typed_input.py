"""Programs that take their orders from what is typed into them later."""

import pytest

from guardrail_proxy.validate.typed_input import takes_orders


@pytest.mark.parametrize(
    "line",
    [
        *("bash", "sh", "bash -i", "bash -l", "bash -s", "exec sh", "env bash", "cat | sh", "bash /dev/stdin"),
        *("python3", "python3.11 -q", "python3 -i x.py", "node", "cd /tmp && bash", "nohup bash", ". /dev/stdin"),
        *("sudo -i", "sudo -s", "su"),
    ],
)
def test_a_shell_or_interpreter_without_a_script_takes_orders(line: str) -> None:
    assert takes_orders(line)


@pytest.mark.parametrize(
    "line",
    [
        *("bash -c ls", "bash -lc 'ls'", "bash x.sh", "bash < x.sh", "bash <<< ls", "echo ls | bash", "cat x | sh"),
        *("python3 -c 'print(1)'", "python3 -m pytest", "python3 x.py", "python3 - <<'E'\nprint(1)\nE", "node x.js"),
        *("node -e 1", "python3 --version", "sudo ls", "ls", "which bash", "ruby -e 'puts 1'", "perl -pe s/a/b/ f"),
        *("bash <<'E'\nls\nE", "curl x | sh", "su -c ls"),
    ],
)
def test_what_is_said_in_the_line_itself_is_judged_there(line: str) -> None:
    assert not takes_orders(line)
