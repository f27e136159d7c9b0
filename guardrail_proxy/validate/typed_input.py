"""WARM. Whether a command leaves a shell or interpreter that takes its orders from what is typed into it later."""

from guardrail_proxy.validate.shell import SimpleCommand, parse_command

SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ksh", "fish", "csh", "tcsh", "ash"})
INTERPRETERS = frozenset(
    {
        "python",
        "python2",
        "python3",
        "ipython",
        "node",
        "deno",
        "bun",
        "ruby",
        "irb",
        "perl",
        "php",
        "lua",
        "tclsh",
        "R",
    }
)
TYPED = frozenset({"/dev/stdin", "/dev/tty", "/dev/fd/0", "-"})
GIVEN = frozenset({"-c", "-e", "-p", "-r", "-m", "--eval", "--print", "eval", "--version", "--help"})
"""Flags whose text is what runs; of a shell also in a cluster, as ``-lc``."""
FROM_A_TERMINAL = frozenset({"cat", "tee", "head", "read", ""})


def takes_orders(line: str) -> bool:
    """Whether any command of the line is one that reads what to run from its terminal."""
    return any(_takes_orders(command) for command in parse_command(line))


def _takes_orders(command: SimpleCommand) -> bool:
    if command.name in ("source", "."):
        return any(word in TYPED for word in command.words) and _reads_terminal(command)
    if command.name in ("su", "sudo", "doas"):
        return not command.operands and not _is_given(command)
    is_shell, is_interpreter = command.name in SHELLS, _plain(command.name) in INTERPRETERS
    if not (is_shell or is_interpreter) or _is_given(command):
        return False
    if not is_shell and command.has_flag("ia", "--interactive"):
        return _reads_terminal(command)
    script = next((word.text for word in command.operands), "-")
    return (script in TYPED or (is_shell and command.has_flag("s"))) and _reads_terminal(command)


def _is_given(command: SimpleCommand) -> bool:
    clusters = command.name in SHELLS and any(w[:1] == "-" and w[1:2] != "-" and "c" in w for w in command.words)
    return clusters or any(word.partition("=")[0] in GIVEN for word in command.words)


def _reads_terminal(command: SimpleCommand) -> bool:
    """Whether nothing else is connected to its input."""
    if any(redirect.operator.startswith("<") for redirect in command.redirects):
        return False
    return command.previous is None or (
        command.previous.name in FROM_A_TERMINAL and not command.previous.operands and _reads_terminal(command.previous)
    )


def _plain(name: str) -> str:
    """``python3`` for ``python3.11``."""
    return name.partition(".")[0]
