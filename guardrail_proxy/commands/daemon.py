"""Host the background workers in a process that stays."""

import os
import signal
import subprocess
import time

import click

from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home, default_home
from guardrail_proxy.install.below_session import refuse_below_session
from guardrail_proxy.workers._host import daemon_pid, serve, wait_for_end
from guardrail_proxy.workers._service import command_of, install_service, uninstall_service

LOOK_EVERY_S = 0.02


@click.group("daemon")
def command() -> None:
    """Host the background workers in a process that stays.

    Nobody needs one: without it, due workers run after each session. At most one runs for each guardrail home.
    """


@command.command("run")
def run() -> None:
    """Host the workers here until ctrl-C or SIGTERM; what is being written is finished.

    Exit status: 0 ended, 1 another daemon runs.
    """
    serve(default_home())


@command.command("start")
def start() -> None:
    """Start one in the background."""
    home = default_home()
    pid = daemon_pid(home) or _start(home)
    click.echo(f"the daemon runs, pid {pid}")


@command.command("stop")
def stop() -> None:
    """End it, once it has finished what it is writing.

    Exit status: 0 ended, or there was none, 78 refused inside a guarded session.
    """
    refuse_below_session("daemon stop")
    home = default_home()
    pid = daemon_pid(home)
    if pid is None:
        click.echo("no daemon runs")
        return
    os.kill(pid, signal.SIGTERM)
    wait_for_end(home)
    click.echo(f"the daemon ended, pid {pid}")


@command.command("status")
def status() -> None:
    """Say whether one runs.

    Exit status: 0 it runs, 1 it does not.
    """
    pid = daemon_pid(default_home())
    if pid is None:
        raise GuardrailError("no daemon runs: due workers run after each session")
    click.echo(f"the daemon runs, pid {pid}; 'worker status' tells of each worker")


@command.command("install")
def install() -> None:
    """Have it started at login: a systemd user unit, or a launchd agent on macOS."""
    path, trouble = install_service(default_home())
    click.echo(f"wrote {one_line(str(path))}")
    if trouble:
        raise GuardrailError(f"it is not started: {trouble}")
    click.echo("started, and again at every login")


@command.command("uninstall")
def uninstall() -> None:
    """Take that back.

    Exit status: 0 done, or it was not installed, 78 refused inside a guarded session.
    """
    refuse_below_session("daemon uninstall")
    path = uninstall_service()
    click.echo(f"removed {one_line(str(path))}" if path else "it is not installed")


def _start(home: Home) -> int:
    """Start one, detached; its process id once it runs."""
    with subprocess.Popen(
        command_of(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        while process.poll() is None:
            pid = daemon_pid(home)
            if pid is not None:
                process.returncode = 0  # it outlives us: nobody waits for it
                return pid
            time.sleep(LOOK_EVERY_S)
        said = process.stderr.read().decode("utf-8", "replace") if process.stderr else ""
    raise GuardrailError(f"the daemon did not start: {one_line(said) or process.returncode}")
