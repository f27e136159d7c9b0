"""COLD. Which commands are checks: tests, a build, a linter."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from guardrail_proxy.validate.shell import SimpleCommand, parse_command

Check = Literal["test", "build", "lint"]


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


PROGRAMS: dict[Check, frozenset[str]] = {
    "test": words(
        "pytest py.test tox nox unittest jest vitest mocha ava karma rspec phpunit pest ctest bats minitest "
        "gotestsum trial nose2 nosetests runtests testcafe busted shunit2 kaocha stestr testthat prove"
    ),
    "build": words("cmake javac gcc g++ clang clang++ cc rustc webpack ninja msbuild rollup esbuild"),
    "lint": words(
        "ruff flake8 pylint mypy pyright basedpyright eslint tsc golangci-lint rubocop shellcheck biome stylelint "
        "phpstan psalm ktlint clippy staticcheck oxlint vue-tsc"
    ),
}
"""Programs that are a check by name alone."""
TARGETED = words(
    "npm yarn pnpm bun deno make gmake just task go-task rake rails mix gradle gradlew mvn mvnw cargo go "
    "dotnet swift flutter dart sbt lein stack cabal zig bazel bazelisk hatch pdm poe invoke inv composer "
    "artisan manage.py setup.py playwright cypress vite next ng nx turbo docker node meson ninja xcodebuild "
    "buck2 pants rye"
)
"""Programs that run what their words name."""
OTHER_VERBS = words(
    "install add i ci remove rm uninstall create init view info update upgrade new publish pack outdated "
    "audit why clean get mod tidy fetch pull push ps logs exec up down images"
)
"""What such programs also do: their other words name no check then."""
SEGMENTS: dict[str, Check] = {
    **dict.fromkeys(("lint", "linter", "eslint", "typecheck", "tsc", "mypy", "ruff", "clippy", "vet", "types"), "lint"),
    **dict.fromkeys(("build", "compile", "package", "assemble", "bundle"), "build"),
    **dict.fromkeys(("test", "tests", "tst", "t", "spec", "specs", "e2e", "unit", "unittest"), "test"),
    **dict.fromkeys(("pytest", "jest", "vitest", "integration", "coverage", "testdebugunittest", "tdd"), "test"),
}
"""What a target, split at its separators, says it is; the first segment that says something counts."""
LOOSE = frozenset(("check", "checks", "ci", "verify", "validate", "qa", "all", "precommit"))
"""Targets that run tests and more: green speaks for the tests, red only when their own summary says so."""
LAUNCHERS = words(
    "npx bunx pnpx uvx pipx dlx exec run poetry uv pipenv pdm bundle coverage xvfb-run conda mamba micromamba"
)
PYTHON = re.compile(r"python[\d.]*|pypy3?|py")
NOTHING_IS_RUN = words(
    "--version -V --help -h --collect-only --co --listTests --no-run --list --list-tests --dry-run --fixtures "
    "--setup-plan --init"
)
TEST_FILE = re.compile(
    r"(?:test[_-]\w+|\w+[._-](?:test|spec)|(?:run|all)?[_-]?tests?)(?:\.(?:py|sh|[mc]?[jt]s|rb|pl))?"
)
ALL_OF_MAVEN = frozenset(("package", "verify", "install", "check"))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a command checks."""

    check: Check
    is_loose: bool = False
    """It runs more than that: its exit status alone does not say that the check failed."""


def checks_of(line: str) -> tuple[Check, ...]:
    """Which checks a command line runs."""
    found = [kind.check for command in parse_command(line) if (kind := kind_of(command))]
    return tuple(dict.fromkeys(found))


def kind_of(command: SimpleCommand) -> Kind | None:
    """What a command checks, None when it is no check."""
    words = launched((command.path or command.name, *command.words))
    if not words or NOTHING_IS_RUN & set(words[1:]):
        return None
    name = words[0].rsplit("/", 1)[-1].removesuffix(".exe").removesuffix(".bat")
    if name == "ruff" and words[1:2] == ["format"]:
        return None
    for check, names in PROGRAMS.items():
        if name in names:
            return Kind(check)
    if name in TARGETED:
        return _targeted(name, words[1:])
    if TEST_FILE.fullmatch(name) and name != "test" and not _is_name_only(words[0]):
        return Kind("test")
    return Kind("test", is_loose=True) if _is_loose_script(words[0]) else None


def launched(words: Iterable[str]) -> list[str]:
    """The words from the program that is really run: python -m, npx, coverage run and their options taken off."""
    rest = list(words)
    while rest:
        name = rest[0].rsplit("/", 1)[-1]
        if PYTHON.fullmatch(name) and len(rest) > 1:
            rest = _after_python(rest[1:])
        elif name in LAUNCHERS and len(rest) > 1:
            rest = _after_options(rest[1:])
        elif name in ("bash", "sh", "zsh", "node", "ruby", "php", "perl") and _runs_file(rest):
            rest = rest[1:]
        else:
            return rest
    return rest


def _runs_file(words: list[str]) -> bool:
    return len(words) > 1 and not words[1].startswith("-")


def _after_python(words: list[str]) -> list[str]:
    while words and words[0].startswith("-"):
        if words[0] == "-m":
            return words[1:]
        if words[0] in ("-c", "-"):
            return []
        words = words[2:] if words[0] in ("-W", "-X") else words[1:]
    return words


def _after_options(words: list[str]) -> list[str]:
    while words and words[0].startswith("-"):
        if words[0] == "-m":
            return words[1:]
        words = (
            words[2:]
            if words[0] in ("-p", "-n", "--name", "--package", "--with", "--python", "--source")
            else words[1:]
        )
    return words


def _targeted(name: str, words: list[str]) -> Kind | None:
    if name == "node":
        return Kind("test") if "--test" in words else None
    cut = words[: words.index("--")] if "--" in words else words
    if name in ("make", "gmake") and {"-n", "-q"} & set(cut):
        return None
    if name == "make" and not [word for word in cut if not word.startswith("-") and "=" not in word]:
        return Kind("build")
    targets = [word for word in cut if not word.startswith(("-", "+")) and "=" not in word]
    if targets and targets[0] in OTHER_VERBS and name not in ("make", "just", "task", "mvn", "mvnw"):
        return None
    return _first_kind(name, targets[:4])


def _first_kind(name: str, targets: list[str]) -> Kind | None:
    kinds = [kind for target in targets if (kind := _target(name, target))]
    return next((kind for kind in kinds if kind.check == "test"), kinds[0] if kinds else None)


def _target(name: str, target: str) -> Kind | None:
    target = target.lower()
    if name in ("make", "gradle", "gradlew") and target == "check":
        return Kind("test")
    if name in ("cargo", "go") and target in ("check", "run"):
        return Kind("lint") if target == "check" else None
    if name in ("mvn", "mvnw") and target in ALL_OF_MAVEN:
        return Kind("test", is_loose=True)
    segments = re.split(r"[:_.\-]", target)
    found = next((SEGMENTS[segment] for segment in segments if segment in SEGMENTS), None)
    if found:
        return Kind(found)
    return Kind("test", is_loose=True) if LOOSE & set(segments) and name not in ("docker", "go", "cargo") else None


def _is_name_only(path: str) -> bool:
    """A bare word such as ``tests`` that is no file: no folder, no suffix, no separator."""
    return not re.search(r"[/._-]", path)


def _is_loose_script(path: str) -> bool:
    stem = re.split(r"[._\-/]", path.lower().removeprefix("./"))
    is_script = "/" in path or path.endswith((".sh", ".py", ".js", ".mjs", ".ts", ".rb"))
    return is_script and bool((LOOSE | {"test", "tests", "spec"}) & set(stem))
