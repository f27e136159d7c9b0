"""COLD. The group of all commands, found by their file names, and the one place where errors become exit statuses."""

import ast
import errno
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path

import click

from guardrail_proxy import __version__
from guardrail_proxy.discover import member_files, member_id
from guardrail_proxy.errors import ExitCode, GuardrailError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import default_home
from guardrail_proxy.install.other_user import refuse_for_other_user

FOLDER = Path(__file__).parent
INTERRUPTED = 130
BROKEN_PIPE = 141
LONGEST_MESSAGE = 1000
OF_THE_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EIO}
)


def command_files() -> dict[str, Path]:
    """Command name -> its file, sorted by name; nothing is imported."""
    return {member_id(FOLDER, path): path for path in sorted(member_files(FOLDER))}


class _ReaderLeftError(Exception):
    """A BrokenPipeError that click does not know: of that one it would make status 1."""


class Commands(click.Group):
    """A group that imports a command's file when that command is typed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, by file name."""
        del ctx
        return list(command_files())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None when there is no such file."""
        del ctx
        path = command_files().get(cmd_name)
        if path is None:
            return None
        parts = path.relative_to(FOLDER).with_suffix("").parts
        command = import_module(".".join((__package__, *parts))).command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was typed."""
        refuse_for_other_user(default_home(), os.environ)
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderLeftError from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in ``--help``: first docstring lines, read without importing."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_line(path)) for name, path in command_files().items()])


def first_line(path: Path) -> str:
    """The first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[0]


@click.group("guardrail-proxy", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="guardrail-proxy %(version)s")
def group() -> None:
    """Record, judge and, in strict mode, block what AI coding CLIs do.

    Exit status: 0 done, 1 failed or not found, 2 wrong usage or configuration, 78 refused.
    """


def run(argv: list[str]) -> int:
    """Run one command line; return its exit status. Nothing but a line on stderr tells of an error."""
    _make_output_safe()
    try:
        status = group.main(argv, prog_name="guardrail-proxy", standalone_mode=False)
        if sys.stdout is not None:  # a caller may have closed it
            sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except (BrokenPipeError, _ReaderLeftError):
        _drop_output()
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 # the edge: a bug of ours is one line, not a traceback
        return _told(error)
    return status if isinstance(status, int) else ExitCode.OK


def _told(error: Exception) -> int:
    """The exit status of an error, which has been said in one line; a command that wants a word prints its help."""
    match error:
        case GuardrailError():
            return _say(str(error), error.exit_code)
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message(), err=True)
            return error.exit_code
        case click.UsageError(ctx=click.Context(command_path=path)):
            return _say(f"{error.format_message().rstrip('.')}: see {path} --help", error.exit_code)
        case click.ClickException():
            return _say(error.format_message(), error.exit_code)
        case OSError() if _is_of_the_machine(error):
            _drop_output()
            return _say(_machine(error), ExitCode.FAILED)
        case _:
            return INTERRUPTED if _is_interrupt(error) else _say(_bug(error), ExitCode.FAILED)


def _drop_output() -> None:
    """What is still buffered goes nowhere: the interpreter would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _is_of_the_machine(error: OSError) -> bool:
    """A full disk, a file that is not ours, a working directory that was deleted: no bug."""
    return error.errno in OF_THE_MACHINE or _is_without_folder(error)


def _is_without_folder(error: OSError) -> bool:
    """What os.getcwd() says where the folder is gone: no such file, and no name."""
    return error.errno == errno.ENOENT and error.filename is None


def _machine(error: OSError) -> str:
    if _is_without_folder(error):
        return "the working directory is gone: change to a folder that is there"
    where = f"'{error.filename}'" if error.filename else "the output"
    return f"cannot use {where}: {error.strerror}: make room or make it yours, or choose another GUARDRAIL_HOME"


def _is_interrupt(error: Exception) -> bool:
    """DuckDB turns a ctrl-C during one of its calls into an error of this name."""
    return isinstance(error, RuntimeError) and str(error) == "Query interrupted"


def _make_output_safe() -> None:
    """A terminal that cannot show a character gets its number, not a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _say(message: str, status: int) -> int:
    click.echo(f"guardrail-proxy: {one_line(message, LONGEST_MESSAGE)}", err=True)
    return int(status)


def _bug(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"a bug of ours, please report it: {type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
    )
