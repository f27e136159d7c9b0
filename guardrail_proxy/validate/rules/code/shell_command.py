"""Code that runs a command through a shell, or one made of text from outside.

A quote, semicolon or ``$(...)`` in the text becomes a command of its own. Give the program and its arguments as a list
(``subprocess.run(["ls", path])``), without a shell.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look, text

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = CODE
FIX = "give the program and its arguments as a list, without a shell"
bad = (
    "import subprocess\nsubprocess.run(cmd, shell=True)\n",
    "import os\nos.system('ls ' + path)\n",
    "Runtime.getRuntime().exec(userInput);",
    "shell_exec($_GET['command']);",
    "const cp = require('child_process'); cp.exec(`ls ${dir}`);",
)
good = (
    "import subprocess\nsubprocess.run(['ls', path], check=True)\n",
    "import subprocess\nsubprocess.run(args, shell=False)\n",
)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"^(os\.(system|popen\d?|startfile)|popen2\.\w+|commands\.get\w+|subprocess\.get(status)?output"
        r"|asyncio\.create_subprocess_shell|pty\.spawn)$",
    ),
    call("python", r"^os\.(exec|spawn)[lv]p?e?$|^os\.posix_spawnp?$"),
    call(
        "python",
        r".",
        r"^\((.*,)?\s*shell\s*=\s*(?!False\b|None\b|0\b|\"\"|''|\[\]|\{\}|\(\)|shell\b|self\.)",
        unless=r"shell\s*=\s*(\{\*\*\{\}\}|\[\*\[\]\]|f\"\"|f\"\{''\}\"|0\.0)",
    ),
    call("python", r"\.(exec_command|invoke_shell)$", r"\+|%|\.format|f[\"']|^\(\s*\w+\s*[,)]"),
    call(
        JS,
        r"(^|\.|\))(exec|execSync)$",
        r"^\(\s*(`[^`]*\$\{|[\"\'][^\"\']*[\"\']\s*\+|\w*([cC]md|[cC]ommand|[iI]nput)\b)",
    ),
    call(JS, r"(^|\.)(spawn|spawnSync|execFile)$", r"shell\s*:\s*true"),
    call("java", r"(Runtime\.getRuntime\(\)|\brt|runtime)\.exec$", unless=r"^\(\s*\"[^\"]*\"\s*\)$"),
    call("java", r"^(java\.lang\.)?ProcessBuilder$", r"\"(sh|bash|cmd)\"|\+"),
    call("php", r"^\\?(exec|shell_exec|system|passthru|popen|proc_open|pcntl_exec)$", r"\$"),
    call("go", r"^(exec|syscall)\.(Command|CommandContext|Exec)$", r"\"(/bin/)?(sh|bash|cmd)\"|fmt\.Sprintf|\+"),
    call("ruby", r"^(Kernel\.)?(system|exec|spawn)$|^IO\.popen$|^Open3\.\w+$", r"#\{|params|\+"),
    call("ruby", r"^`", r"#\{"),
    text("ruby", r"`[^`\n]*#\{|%x[\(\[{][^)\n]*#\{"),
    call("rust", r"^(std::process::)?Command::new$", unless=r"^\(\s*\""),
    call(
        "c cpp objc",
        r"^(system|popen|_popen|execlp|execvp|ShellExecute\w*|WinExec)$",
        unless=r"^\(\s*\"[^\"]*\"\s*(,\s*\"r\"\s*)?\)$|^\(\s*\)$",
    ),
    call("csharp", r"Process\.Start$", r"\+|\$\"|^\(\s*\w+"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "runs a command through a shell")
