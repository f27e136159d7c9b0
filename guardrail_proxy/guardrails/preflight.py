"""COLD. Strict's check before a call: plan and files up to date, no off-switch in settings, our words merged.

``python -I -m guardrail_proxy.guardrails.preflight HOME CLI``: the user's argv NUL-separated on standard input, the
working directory and the environment those of the call. Prints the whole argv, each word followed by NUL, status 0;
or one line why not, status 78.
"""

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from guardrail_proxy.cli import Cli, find_cli
from guardrail_proxy.context.call import Call
from guardrail_proxy.context.carried import conflicts, off_switches, tagged
from guardrail_proxy.errors import ExitCode, GuardrailError, RefusedError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.plan import Plan, PlanError, is_stale, read_plan

Words = tuple[str, ...]
LONGEST = 1000
"""Of a reason, in characters."""


def preflight(home: Home, name: str, argv: Words, env: Mapping[str, str]) -> Words:
    """The whole argv without argv[0]. Raises RefusedError when strict could not keep its word with it."""
    cli = find_cli(name)
    if cli is None:
        raise RefusedError(f"'{name}' is no CLI that is known, so strict cannot guard it")
    plan = current_plan(home, cli)
    call = Call(plan, [os.fsencode(word) for word in argv])
    refuse_switches(cli, plan, call, env)
    pairs = [tagged(line) for line in plan.all(b"arg", b"strict")]
    added = tuple((os.fsdecode(tag), os.fsdecode(value)) for tag, value in pairs)
    dropped = conflicts(plan, call, pairs)
    if not dropped:
        return (*(value for _, value in added), *argv)
    merged = cli.merge(argv, added)
    if merged is None:
        tags = ", ".join(os.fsdecode(tag) for tag in dropped)
        raise RefusedError(f"an argument of yours would replace the guard's own ({tags}): leave it out in strict")
    return merged


def current_plan(home: Home, cli: Cli) -> Plan:
    """The plan, made again first when an input or one of its files changed."""
    path = os.fsencode(home.plan(cli.name))
    plan = read_plan(path)
    if is_stale(plan) or not files_are_whole(home, cli, plan):
        from guardrail_proxy.config import load  # noqa: PLC0415 # pydantic: not for a plan that is up to date
        from guardrail_proxy.guardrails.compile_plan import write_plan  # noqa: PLC0415 # the same

        plan = read_plan(os.fsencode(write_plan(home, cli.name, load(home))))
    for word, why in ((b"enabled", "is disabled in the configuration"), (b"inject", "has inject = false")):
        if not plan.says(word):
            raise RefusedError(f"{cli.name} {why}, so strict cannot guard it")
    if not os.access(home.hook, os.X_OK):
        raise RefusedError(f"{home.hook} is gone: run guardrail-proxy install")
    return plan


def files_are_whole(home: Home, cli: Cli, plan: Plan) -> bool:
    """Whether every file that the plan refers to is there as it was written: a CLI says nothing of a missing one."""
    return all(_is_whole(home.plans / cli.name, os.fsdecode(line)) for line in plan.all(b"file"))


def _is_whole(folder: Path, line: str) -> bool:
    name, _, digest = line.rpartition(" ")
    try:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    except OSError:
        return False


def refuse_switches(cli: Cli, plan: Plan, call: Call, env: Mapping[str, str]) -> None:
    """Raise RefusedError for what puts the CLI's hooks to sleep and cannot be overridden."""
    found = off_switches(plan, call, {os.fsencode(name): os.fsencode(value) for name, value in env.items()})
    words = tuple(os.fsdecode(word) for word in call.argv)
    named = os.fsdecode(found[0]) if found else cli.argv_off_switch(words)
    switch = named or cli.setting_off_switch(_working_directory(), Path(env.get("HOME") or "/"), env)
    if switch:
        raise RefusedError(f"'{switch}' switches the guard's hooks off: leave it out, or use mode standard")


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except OSError:
        return Path("/")


def main() -> int:
    """The module as a program."""
    text = sys.stdin.buffer.read()
    argv = tuple(os.fsdecode(word) for word in text.split(b"\0")) if text else ()
    try:
        words = preflight(Home(Path(sys.argv[1])), sys.argv[2], argv, os.environ)
        answer = b"".join(os.fsencode(word) + b"\0" for word in words)
    except (GuardrailError, PlanError, OSError) as error:
        return refuse(str(error))
    except UnicodeEncodeError:
        return refuse("an argument of yours cannot be merged with the guard's own: leave it out in strict")
    sys.stdout.buffer.write(answer)
    return ExitCode.OK


def refuse(why: str) -> int:
    """Say why not, in one line that any terminal can show."""
    sys.stdout.buffer.write(one_line(why, LONGEST).encode() + b"\n")
    return ExitCode.COULD_NOT_GUARD


if __name__ == "__main__":
    sys.exit(main())
