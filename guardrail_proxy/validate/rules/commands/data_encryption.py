"""A command that encrypts files the way ransomware does.

A password on the line, then the original gone or a system file.

Encrypted work without its key is lost work. Encrypt only what the user named, keep the original, and never put the
password on the command line.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "encrypt only what the user named, keep the original, and read the password from a prompt"
bad = (
    "gpg --batch --passphrase x -c /etc/passwd",
    "zip -P secret out.zip /etc/passwd",
    "openssl enc -aes-256-cbc -k pw -in /home/u/doc -out doc.enc",
)
good = (
    "openssl enc -d -in a -out b",
    "gpg --verify x.sig",
    "zip -r out.zip src",
    "openssl rand -hex 16",
    "openssl genrsa -out key.pem",
)
_PATH = re.compile(r"^(/etc/|/home/|~|\$HOME|/var/|/root|/Users/|/usr/)")


def check(event: Event) -> Iterator[Match]:
    """Every encryption of that kind."""
    for command in commands(event):
        if _encrypts(command):
            yield at(command, "encrypts files with a password on the command line")


def _encrypts(command: SimpleCommand) -> bool:
    words = command.words
    theirs = any(_PATH.match(word) for word in words)
    name = command.name.lower()
    if "gpg" in name:
        return command.has_flag("ce", "--symmetric", "--encrypt") and (theirs or "--passphrase" in words)
    if "openssl" in name:
        verbs = {"enc", "rsautl", "smime", "pkeyutl"} & set(words[:1])
        return bool(verbs) and ("-encrypt" in words or ("enc" in verbs and "-d" not in words and theirs))
    if "7z" in name or name in ("zip", "rar", "ccrypt", "age"):
        password = any(re.match(r"-p\S+|-P$|--password|-hp", word) for word in words)
        return (password and theirs) or name == "ccrypt"
    return False
