"""HOT. What `guardrail-exec` runs: a program that a launcher names by its path, behind the guard of the AI CLI it is.

An editor that brings its own copy of a CLI starts it so: `guardrail-exec /path/to/claude ARGUMENT...`, or
`guardrail-exec node /path/to/cli.js ARGUMENT...`. A program that is no known AI CLI runs untouched after one line;
strict refuses it.
"""

import posix

from guardrail_proxy.context.carried import given
from guardrail_proxy.context.facts import Place, working_directory
from guardrail_proxy.context.mode import STANDARD, STRICT, choose_mode
from guardrail_proxy.context.permission import COULD_NOT_GUARD, shown
from guardrail_proxy.plan import Plan, load_plan, read_file
from guardrail_proxy.run.child import Program
from guardrail_proxy.run.descriptors import reserve_low, say
from guardrail_proxy.run.find import HEAD_BYTES, find_real, is_shim
from guardrail_proxy.shim import CANARY, NOT_FOUND, begin, execute, terminals

USAGE = 2
INTERPRETERS = (b"node", b"nodejs", b"bun", b"deno")
VALUED = (
    b"-r",
    b"--require",
    b"--import",
    b"--loader",
    b"--experimental-loader",
    b"-C",
    b"--conditions",
    b"--env-file",
)
"""Their flags that take the next word."""
SUFFIXES = (b".exe", b".js", b".mjs", b".cjs")
LINKS_MOST = 40


def main(cli: str, home: bytes, mode: str, words: "list[bytes]", env: "dict[bytes, bytes]") -> None:
    """Run the program in ``words``; ``mode`` is the strictest that any CLI has here. Does not return.

    Raises only what is a bug of ours, and only before the program has started.
    """
    if not words:
        say("usage: %s PROGRAM [ARGUMENT...]: the path of an AI CLI and its arguments" % cli)
        posix._exit(USAGE)
    program = Program(located(words[0], home, env), words[:1], words[1:], given(env), reserve_low())
    if not program.path:
        say("no %s on PATH: name the program by its path" % shown(words[0]))
        posix._exit(NOT_FOUND)
    if is_shim(program.path):
        execute(program)  # it guards itself
    plans = home + b"/plans/"
    name, count = recognised(plans, program.path, words)
    if not name:
        run_unknown(program, mode.encode(), home, env)
    if CANARY in env:
        from guardrail_proxy.run.canary import answer  # only when doctor asks

        answer(home, env[CANARY], name)
    guarded = Program(program.path, words[:count], words[count:], program.env, program.closed)
    plan, broken = load_plan(plans + name + b".plan")
    own_mode = mode.encode() if broken else mode_of_shim(home + b"/shims/" + name)
    choice = choose_mode(plan, own_mode, home, env, working_directory())
    place = Place(home, working_directory(), program.path, env, terminals(guarded))
    begin(plan, broken, choice, guarded, place)


def located(word: bytes, home: bytes, env: "dict[bytes, bytes]") -> bytes:
    """The program's path: as it was named, or found on PATH."""
    return word if b"/" in word else find_real(word, env.get(b"PATH", b"/bin:/usr/bin"), home + b"/shims")


def recognised(plans: bytes, path: bytes, words: "list[bytes]") -> "tuple[bytes, int]":
    """(the CLI's name, how many words begin it); (b'', 0) for a program that is none we know."""
    name = known(plans, path)
    if name:
        return name, 1
    at = script_at(words) if stem(path) in INTERPRETERS else 0
    return (known(plans, words[at]), at + 1) if at else (b"", 0)


def known(plans: bytes, path: bytes) -> bytes:
    """Which CLI the file is: by its name, by a place that the plans know, or by what its links point to."""
    for _ in range(LINKS_MOST):
        name = stem(path)
        if name and posix.access(plans + name + b".plan", posix.R_OK):
            return name
        name = by_place(plans, path)
        if name:
            return name
        try:
            target = posix.readlink(path)
        except OSError:
            break
        path = target if target.startswith(b"/") else path.rpartition(b"/")[0] + b"/" + target
    return b""


def by_place(plans: bytes, path: bytes) -> bytes:
    """The CLI whose plan says that such a path is its own."""
    try:
        names = sorted(name for name in posix.listdir(plans) if name.endswith(b".plan"))
    except OSError:
        return b""
    for name in names:
        places = [line[11:] for line in read_file(plans + name).split(b"\n") if line.startswith(b"known-path ")]
        if any(place in path for place in places):
            return name[:-5]
    return b""


def script_at(words: "list[bytes]") -> int:
    """Where the script stands among an interpreter's words; 0 when there is none."""
    at = 1
    while at < len(words) and words[at][:1] == b"-":
        at += 2 if words[at] in VALUED else 1
    return at if at < len(words) else 0


def stem(path: bytes) -> bytes:
    """A file's name without what only says how it is run."""
    name = path.rpartition(b"/")[2]
    return next((name[: -len(suffix)] for suffix in SUFFIXES if name.endswith(suffix)), name)


def mode_of_shim(shim: bytes) -> bytes:
    """The mode that is written into a CLI's shim; standard where it has none: its plan says more."""
    try:
        head = read_file(shim, HEAD_BYTES)
    except OSError:
        return STANDARD
    return STRICT if b"\nmode='strict'\n" in head else STANDARD


def run_unknown(program: Program, mode: bytes, home: bytes, env: "dict[bytes, bytes]") -> None:
    """One line, then the program as if we were not there; strict refuses. Does not return."""
    choice = choose_mode(Plan(b""), mode, home, env, working_directory())
    what = "%s is no AI CLI known here" % shown(program.path)
    if choice.mode == STRICT:
        say("refused: %s, and strict runs nothing that it cannot guard" % what)
        posix._exit(COULD_NOT_GUARD)
    say("%s: running it unguarded" % what)
    execute(program)
