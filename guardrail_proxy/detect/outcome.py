"""COLD. Whether a check that was run was green: by its exit status where that is its own, else by its summary."""

import re
from dataclasses import dataclass
from typing import Literal

from guardrail_proxy.detect.runners import Check, kind_of
from guardrail_proxy.session import Event
from guardrail_proxy.validate.shell import SimpleCommand, parse_command

Outcome = Literal["green", "red", "empty", "unknown"]

RED: dict[Check, re.Pattern[str]] = {
    "test": re.compile(
        r"""
        ^\s{0,8}(?:FAILED\b|FAIL\b|---\ FAIL|not\ ok\ \d) | \[FAIL(?:ED)?\] | test\ result:\ FAILED
        | \bFAILED\ \((?:failures|errors|\d)
        | \b[1-9]\d{0,5}\ (?:tests?\ |specs?\ |examples?\ )?(?:failed|failing|failures?)\b
        | \b(?:Failures|Errors|Failed):\s{1,8}[1-9] | \b[1-9]\d{0,5}\ errors?\ (?:in\ \d|during) | \bfail\ [1-9]
        | There\ (?:was|were)\ \d{1,6}\ (?:failure|error) | BUILD\ FAIL | npm\ (?:ERR!|error)
        | ^make(?:\[\d+\])?:\ \*\*\* | No\ module\ named\ '?(?:pytest|nose2)\b | command\ not\ found$
        """,
        re.VERBOSE | re.MULTILINE,
    ),
    "build": re.compile(
        r"""
        \berror(?:\[\w{1,12}\])?: | BUILD\ FAIL | ^make(?:\[\d+\])?:\ \*\*\* | ^ERROR\ in | (?i:build\ failed)
        | (?i:compilation\ (?:failed|terminated)) | npm\ (?:ERR!|error)
        """,
        re.VERBOSE | re.MULTILINE,
    ),
    "lint": re.compile(
        r"""
        Found\ [1-9]\d{0,6}\ errors? | \b[1-9]\d{0,6}\ (?:problems?|errors?|offenses?)\b
        | error\ TS\d{1,6} | error(?:\[\w{1,12}\])?:
        """,
        re.VERBOSE,
    ),
}
GREEN: dict[Check, re.Pattern[str]] = {
    "test": re.compile(
        r"""
        \b[1-9]\d{0,5}\ (?:tests?\ |specs?\ )?pass(?:ed|ing)\b | ^OK\b | ^ok\s+\S | ^PASS\b | test\ result:\ ok
        | BUILD\ SUCCESS | ^\#\ pass\ [1-9] | ,\ 0\ failures\b | Failed:\s{1,8}0\b | (?i:all\ tests\ passed)
        | \b100%\ tests\ passed
        """,
        re.VERBOSE | re.MULTILINE,
    ),
    "build": re.compile(r"BUILD SUCC|Finished [`\w]|(?i:compiled successfully)|built in \d|(?i:build succeeded)"),
    "lint": re.compile(r"All checks passed|no issues found|\b0 (?:problems|errors)\b|no offenses"),
}
NOTHING_RAN = re.compile(
    r"no tests? (?:ran|found|to run|collected)|collected 0 items|Ran 0 tests|Tests:\s+0 total", re.IGNORECASE
)
BACKGROUND = re.compile(
    r"(?:running|moved|started) (?:in|to) (?:the )?background|running with (?:session|process) ID", re.IGNORECASE
)
ECHOED = re.compile(
    r"\b(?:exit|status|code|rc|ret)\w{0,8}[ :=]{0,4}(\d{1,3})\s*$|^\s*(\d{1,3})\s*$", re.IGNORECASE | re.MULTILINE
)
REDIRECT = re.compile(r"\d?&?>{1,2}\|?\s*&?\s*[^\s;&|]{1,400}|<{1,3}-?\s*[^\s;&|]{1,400}")
OPERATOR = re.compile(r"&&|\|\||\|&?|;|\n|&")
SHELLS = frozenset(("bash", "sh", "zsh", "dash", "ksh"))
SUMMARY_LINES = 6
ODD = frozenset(("loop", "function", "substitution"))


@dataclass(frozen=True, slots=True)
class Proof:
    """What the exit status of a whole line says about one check in it."""

    by_zero: bool
    """Zero means that the check was green."""
    by_failure: bool
    """Anything else means that it was not."""


def outcome_of(line: str, check: Check, result: Event | None) -> Outcome:
    """Green, red, empty (it ran nothing), or unknown."""
    if result is None or BACKGROUND.search(result.text[:500]):
        return "unknown"
    line = unwrapped(line)
    proof = proof_of(line, check)
    failed = result.ok is False or (result.exit_code or 0) != 0
    passed = not failed and (result.ok is True or result.exit_code == 0)
    if "$?" in line and (echoed := ECHOED.search(result.text.rstrip()[-200:])):
        return "green" if int(echoed[1] or echoed[2]) == 0 else "red"
    if passed and proof.by_zero:
        return _when_passed(check, result.text)
    said = summary_of(check, result.text)
    if said != "unknown" or not (failed and proof.by_failure):
        return said
    return "empty" if NOTHING_RAN.search(result.text) else "red"


def _when_passed(check: Check, text: str) -> Outcome:
    """Of a run with status 0: red only when its last lines count failures, as of a script that swallows the status."""
    lines = reversed(text.rstrip().splitlines()[-SUMMARY_LINES:])
    last = next((line for line in lines if RED[check].search(line) or GREEN[check].search(line)), "")
    if RED[check].search(last):
        return "red" if check == "test" else "unknown"
    return "empty" if NOTHING_RAN.search(text) and not GREEN[check].search(text) else "green"


def summary_of(check: Check, text: str) -> Outcome:
    """What an output says by itself."""
    if RED[check].search(text):
        return "red"
    if GREEN[check].search(text):
        return "green"
    return "empty" if NOTHING_RAN.search(text) else "unknown"


def unwrapped(line: str) -> str:
    """The line that a shell is given: of ``bash -lc LINE`` the inner one."""
    outer = [command for command in parse_command(line) if command.level == 0]
    if len(outer) != 1 or outer[0].name not in SHELLS:
        return line
    words = outer[0].words
    inner = next((words[i + 1] for i, word in enumerate(words[:-1]) if re.fullmatch(r"-[a-z]*c", word)), "")
    return unwrapped(inner) if inner and inner != line else line


def proof_of(line: str, check: Check) -> Proof:
    """What the line's exit status proves, by what follows the check in it."""
    commands = parse_command(line)
    kinds = [kind_of(command) for command in commands]
    places = [i for i, kind in enumerate(kinds) if kind and kind.check == check]
    if not places or any(ODD & commands[i].wrappers or _is_negated(line, commands[i]) for i in places):
        return Proof(by_zero=False, by_failure=False)
    quiet = {"|", "|&"} if "pipefail" in line else set()
    after_first = set(_operators(line, commands, places[0])) - quiet
    after_last = set(_operators(line, commands, places[-1])) - quiet
    others = any(kind and kind.check != check for kind in kinds[: places[0]])
    last = kinds[places[-1]]
    is_loose = last is not None and last.is_loose
    return Proof(after_first <= {"&&"}, after_last <= {"||"} and not others and not is_loose)


def _is_negated(line: str, command: SimpleCommand) -> bool:
    return line[: command.start].rstrip().endswith("!")


def _operators(line: str, commands: tuple[SimpleCommand, ...], place: int) -> list[str]:
    """The operators between a command and the end of its line."""
    own = commands[place]
    inner = [c for c in commands[place + 1 :] if own.level and c.start == own.start and c.level == own.level]
    found = ["|" if own.index < own.length - 1 else ";"] if inner else []
    end = own.end
    for command in sorted((c for c in commands if c.level == 0 and c.start >= own.end), key=lambda c: c.start):
        found += OPERATOR.findall(REDIRECT.sub(" ", line[end : command.start]))
        end = max(end, command.end)
    rest = REDIRECT.sub(" ", line[end:]).strip().rstrip(";").strip()
    return found + ([";"] if re.search(r"\b(?:fi|done|esac)\b", rest) else OPERATOR.findall(rest))
