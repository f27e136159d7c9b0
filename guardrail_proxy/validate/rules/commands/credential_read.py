"""A command that reads or searches for credentials: keys, tokens, password files, browser stores, process environments.

What a model has read is in its transcript and at its provider. Name the file's path and let programs read it
themselves.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate._shell_wrappers import words
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.rules.commands._sensitive import ACCOUNTS, CREDENTIALS, KERNEL
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "do not read credentials: refer to the file by its path, and let the program that needs it read it"
bad = (
    "cat ~/.ssh/id_rsa",
    "cat /etc/shadow",
    "find / -name id_rsa",
    "grep -ri password /",
    "security dump-keychain",
    "cp ~/.aws/credentials /tmp/x",
    "cat /proc/1/environ",
)
good = (
    "ls -la ~/.ssh",
    "ssh -i ~/.ssh/id_rsa host",
    "cat ~/.ssh/id_rsa.pub",
    "grep -r password src",
    "cat .env.example",
    "cat /proc/cpuinfo",
    "chmod 600 ~/.ssh/id_rsa",
    "cp .env.example .env",
    "ssh-keygen -lf ~/.ssh/id_rsa.pub",
)
_READERS = words(
    "cat less more head tail strings xxd od hexdump base64 grep egrep fgrep rg ag awk sed cut cp mv tar zip 7z "
    "rsync dd sqlite3 vi vim"
    " nano tac nl sort tee scp python python3 openssl gpg source bat jq yq while read install gcore gdb testcat "
    "ln"
)
_ALWAYS = {
    "security": (
        "dump-keychain",
        "find-generic-password",
        "find-internet-password",
        "find-certificate",
        "export",
        "unlock-keychain",
    ),
    "secret-tool": ("lookup", "search"),
    "getent": ("shadow", "passwd"),
    "mimipenguin": (),
    "unshadow": (),
    "john": (),
    "hashcat": (),
    "laZagne.py": (),
    "lazagne": (),
    "ssh-keyscan-dump": (),
    "gpg": ("--export-secret-keys",),
    "cmdkey": (),
    "kinit-dump": (),
    "klist": (),
    "keyctl": ("print", "read", "pipe"),
    "gcore": (),
    "truffleHog": (),
}
_TOOLS = re.compile(
    r"laZagne|LinEnum|linpeas|mimipenguin|mimikatz|dump_heap\.py|unshadow|pspy|linux-exploit-suggester|lse\.sh"
    r"|swiftbelt|chainbreaker"
    r"|GTFONow|keychaindump|keydump|sharphound|bloodhound|impacket|responder\.py|hydra|crackmapexec",
    re.IGNORECASE,
)
_SECRET_WORDS = re.compile(r"passw|secret|token|credential|api_?key|id_rsa|private.?key", re.IGNORECASE)
_EXAMPLE = re.compile(r"\.(example|sample|template|pub|dist|md|test)$")


def check(event: Event) -> Iterator[Match]:
    """Every credential that is read or looked for."""
    for command in commands(event):
        if message := _message(command):
            system = "accounts" in message or "kernel" in message
            yield at(command, message, "medium" if system else None)


def _message(command: SimpleCommand) -> str:
    words = command.words
    if command.name in _ALWAYS:
        verbs = _ALWAYS[command.name]
        return "takes credentials out of their store" if not verbs or set(verbs) & set(words) else ""
    if _TOOLS.search(command.path) or any(
        _TOOLS.search(word) for word in words[:3] if command.name not in ("echo", "grep", "rg")
    ):
        return "runs a tool that collects credentials"
    if command.name in ("find", "locate", "fd", "mdfind"):
        named = any(CREDENTIALS.search(word.strip("*")) or _SECRET_WORDS.search(word) for word in words[1:])
        wide = bool(words) and words[0].startswith(("/", "~", "$HOME"))
        return "looks for credentials" if named and (wide or command.name in ("locate", "mdfind")) else ""
    return _of_reader(command) if command.name in _READERS else _of_input(command)


def _of_input(command: SimpleCommand) -> str:
    reads = [r.target.text for r in command.redirects if r.operator == "<"]
    return "reads credentials" if any(CREDENTIALS.search(path) for path in reads) else ""


def _of_reader(command: SimpleCommand) -> str:
    operands = [word.text for word in command.operands if not _EXAMPLE.search(word.text)]
    if command.name in ("grep", "egrep", "rg", "ag", "fgrep"):
        if any(_SECRET_WORDS.search(word) for word in operands[:1]) and any(
            w in ("/", "/etc", "/home", "~", "$HOME", "/root") for w in operands[1:]
        ):
            return "looks for credentials"
        operands = operands[1:]
    if command.name in ("cp", "mv", "scp", "rsync", "install", "ln") and len(operands) > 1:
        operands = operands[:-1]
    if command.name in ("sed", "awk", "jq", "yq"):
        operands = operands[1:]
    if any(CREDENTIALS.search(path) for path in operands):
        return _local_environment(operands)
    if any(ACCOUNTS.match(path) for path in operands):
        return "reads the machine's accounts"
    return "reads the kernel's state" if any(KERNEL.match(path) for path in operands) else ""


def _local_environment(operands: list[str]) -> str:
    """A project's own .env is read every day: said, but not as a stolen key."""
    only_env = all(re.fullmatch(r"(\./)?\.env(\.\w+)?", path) or not CREDENTIALS.search(path) for path in operands)
    return "" if only_env else "reads credentials"
