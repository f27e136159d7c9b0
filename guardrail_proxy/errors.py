"""WARM. Errors by whose fault they are, and the exit codes they become.

A message says what is wrong, where, and what to do; lower case, the value in quotes.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit statuses of our own; a wrapped CLI's own status is passed through untouched."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_APPROVED = 77
    COULD_NOT_GUARD = 78


class GuardrailError(Exception):
    """A failure with one clear line for the person who caused or met it."""

    exit_code = ExitCode.FAILED


class ConfigError(GuardrailError):
    """The user's configuration, document or argument is wrong."""

    exit_code = ExitCode.USAGE


class CliError(GuardrailError):
    """The wrapped AI CLI failed or is not there."""


class RefusedError(GuardrailError):
    """Refused by policy: a loosening command below a guarded session, a statement that writes."""

    exit_code = ExitCode.COULD_NOT_GUARD
