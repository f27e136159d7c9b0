"""A one-line program (python -c, perl -e, node -e, ruby -e) that deletes, runs a shell or removes a hosted index.

A shell rule cannot see what such a line does, nor can a reader. Write the steps as plain commands, or as a file that
the user can read.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate._shell_inner import literal, stdin_text
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "use plain commands, or write a script to a file and say what it does before running it"
bad = (
    "python -c \"import shutil; shutil.rmtree('/home/user')\"",
    "node -e \"require('child_process').execSync('rm -rf /')\"",
    "perl -e 'unlink glob(\"*\")'",
    "python3 -c \"import subprocess; subprocess.run(['rm','-rf','/home/user/x'])\"",
    "python3 - <<'EOF'\nimport os\nos.remove('/etc/passwd')\nEOF",
    'python3 -c \'exec(__import__("base64").b64decode("cHJpbnQ="))\'',
)
good = (
    "python -c 'print(1)'",
    'node -e "console.log(1)"',
    "python -c 'import json,sys; print(json.load(sys.stdin))'",
    "perl -pe 's/a/b/' file",
    "ruby -e 'puts 1'",
    "python3 -c 'import shutil; print(shutil.which(\"git\"))'",
)
_INTERPRETERS = re.compile(
    r"^(python|pypy|perl|ruby|node|nodejs|deno|bun|php|lua|osascript|Rscript|pwsh|powershell|tclsh"
    r"|groovy)[\d.]*(\.exe)?$"
)
_DELETES = re.compile(
    r"shutil\.rmtree|os\.(remove|unlink|rmdir|removedirs)\s*\(|\.unlink\s*\(|\.rmdir\s*\(|FileUtils\.(rm"
    r"|remove)\w*|File\.(delete|unlink)"
    r"|Dir\.(delete|rmdir)|\bfs(\.promises)?\.(rm|rmSync|rmdir\w*|unlink\w*)\s*\(|\.(rmSync|rmdirSync"
    r"|unlinkSync)\s*\(|\bunlink\s|\brmtree\b|rimraf"
    r"|['\"]rm['\"]\s*,\s*['\"]-\w*[rf]"
    r"|\brm\s+-\w*[rf]|find\s+\S+\s+-delete|Remove-Item|file_put_contents\s*\(\s*['\"]/etc|\.(deleteIndex"
    r"|dropDatabase|delete_index)\s*\("
    r"|git\s+(reset\s+--hard|clean\s+-\w*f|push\s+(-f|--force))|mkfs|\bdd\s+if=|os\.kill\s*\(|DROP\s+(TABLE"
    r"|DATABASE)|TRUNCATE\s"
    r"|open\s*\(\s*['\"](/etc|/root|/boot|~)[^'\"]*['\"]\s*,\s*['\"][wa]"
)
_RUNS = re.compile(
    r"(exec|eval)\s*\(\s*(__import__|base64|bytes|codecs|compile|requests|urllib|zlib|Buffer|atob|decode|open"
    r"|input)|b64decode[^;]{0,80}(exec|eval)"
    r"|urlopen\([^)]*\)\.read\(\)[^;]{0,40}(exec|eval)|exec\(urllib|subprocess\.\w+\([^)]*(sh|bash|nc)['\"]"
    r"|os\.system\([^)]*(rm |curl|wget|nc |sh )"
    r"|\bsystem\s*\(?\s*['\"](rm|curl|wget|nc|sh|bash)\b|exec\s*['\"]/bin/(ba)?sh|pty\.spawn"
    r"|os\.exec\w+\([^)]*sh['\"]|setuid\(0\)"
)
_FAR = re.compile(
    r"[\"'\s(](/(?!tmp|var/tmp|dev/null)|~|\$HOME)"
    r"|Path\.home\(|\$ENV\{['\"]?HOME|ENV\[['\"]HOME|Dir\.home|\benv\.HOME\b|homedir\("
)
_SDK = re.compile(
    r"^\s*[\w$]+(\.[\w$]+){1,4}\.?(delete|destroy|cancel|remove|deleteIndex|delete_index|clear_objects|void)\s*\("
)


def check(event: Event) -> Iterator[Match]:
    """Every destroying one-liner."""
    if found := _SDK.match(event.text):
        yield Match(found.start(), found.end(), "deletes a hosted object")
    for command in commands(event):
        program = _program(command) if _INTERPRETERS.match(command.name) else ""
        if program and (_DELETES.search(program) or _RUNS.search(program)):
            severity: Severity = "critical" if _DELETES.search(program) and _FAR.search(program) else SEVERITY
            yield at(command, "a one-line program that deletes or runs something", severity)


def _program(command: SimpleCommand) -> str:
    """The program in the arguments or on standard input."""
    words = command.words
    for place, word in enumerate(words[:-1]):
        if re.fullmatch(r"-[a-zA-Z]*[ceErp]|--eval|--execute|eval|-Command|--print", word):
            return words[place + 1]
    if words[:1] in ((), ("-",)):
        return stdin_text(command) or literal(command.previous) or ""
    return ""
