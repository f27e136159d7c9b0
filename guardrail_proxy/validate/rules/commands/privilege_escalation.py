"""A command that gains rights: editing sudoers, adding users or passwords, listing sudo rights, escaping a container.

A session works with the rights that it was given. Ask the user to run what needs root.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate._shell_wrappers import words
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "do not change accounts or rights; say which rights are missing and let the user grant them"
bad = (
    "echo 'me ALL=(ALL) NOPASSWD:ALL' >> /etc/sudoers",
    "useradd -o -u 0 evil",
    "usermod -aG sudo evil",
    "sudo -l",
    "docker run --privileged -v /:/host alpine chroot /host",
    "chpasswd < users",
)
good = ("sudo apt-get install -y git", "id", "groups", "docker run --rm alpine ls", "whoami")
_ACCOUNTS = words(
    "useradd adduser usermod userdel groupadd groupmod groupdel passwd chpasswd gpasswd visudo vipw chsh deluser "
    "addgroup"
    " newusers sysadminctl dseditgroup"
)
_SHELL_ESCAPE = re.compile(
    r"system\(|exec\s|/bin/(ba|z|da)?sh\s*&?|term\s+\"/bin|!\s*(/bin/)?(ba)?sh\b|:!sh|os\.execute"
)
_EDITORS = words("awk gawk mawk vi vim emacs less man nmap ftp gdb ed tar zip cpan lua ruby rvim env")
_ACCOUNT_TOOLS = frozenset({"dscl", "pw", "net", "dsutil"})
_ACCOUNT_VERBS = words("-create -append -passwd -delete useradd usermod groupadd userdel /add user")
_READERS = words("sed tee cp mv vim vi nano ee cat")
_RIGHTS = re.compile(r"sudoers(\.d)?(/|$|\b)")


def check(event: Event) -> Iterator[Match]:
    """Every gain of rights."""
    for command in commands(event):
        if message := _message(command):
            yield at(command, message)


def _message(command: SimpleCommand) -> str:
    given = command.words
    if command.name in _ACCOUNTS or (command.name in _ACCOUNT_TOOLS and _ACCOUNT_VERBS & set(given)):
        return "changes accounts or who has which rights"
    if any(r.operator.startswith(">") and _RIGHTS.search(r.target.text) for r in command.redirects):
        return "changes who may become root"
    if command.name in _READERS and _RIGHTS.search(" ".join(given)):
        return "reads or changes who may become root"
    return _of_root(command) or _shell_of(command)


def _of_root(command: SimpleCommand) -> str:
    given = command.words
    if command.name == "sudo":
        return "asks for rights of root" if {"-l", "--list", "-s", "-i"} & set(given) else ""
    if command.name in ("docker", "podman"):
        return "gives a container the whole machine" if _breaks_out(given) else ""
    return "enters the machine's own namespaces" if command.name == "nsenter" and "1" in given else ""


def _shell_of(command: SimpleCommand) -> str:
    """A program that is no shell and starts one."""
    escapes = command.name in _EDITORS and _SHELL_ESCAPE.search(" ".join(command.words))
    return "starts a shell from a program that is no shell" if escapes or _fed_cpan(command) else ""


def _fed_cpan(command: SimpleCommand) -> bool:
    return command.name == "cpan" and bool(command.sources)


def _breaks_out(words: tuple[str, ...]) -> bool:
    mounts = [w for w in words if re.match(r"(-v|--volume)?=?(/|/etc|/root|/home|/var/run/docker\.sock):", w)]
    return "run" in words[:2] and ("--privileged" in words or "--pid=host" in words or bool(mounts))
