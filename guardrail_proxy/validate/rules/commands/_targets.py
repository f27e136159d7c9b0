"""WARM. What a path on a command line stands for: a home, the system, the project, or something made to be deleted."""

import os.path
import re
from typing import Literal

from guardrail_proxy.validate.shell import SimpleCommand, Word

Target = Literal["root", "home", "system", "outside", "history", "project", "inside", "variable", "stdin", "disposable"]

_HOME = re.compile(r"(~[\w-]*|\$HOME|\$\{HOME\}|\$\{HOME:[^}]*\}|/home/[^/]+|/Users/[^/]+|/root|/home|/Users)(?=/|$)")
_CWD = re.compile(r"(\$PWD|\$\{PWD\}|\$\(pwd\)|`pwd`|\$GITHUB_WORKSPACE|\$\{GITHUB_WORKSPACE\})(?=/|$)")
_TEMP = re.compile(
    r"(/tmp|/private/tmp|/var/tmp|/dev/shm|\$\{?(TMPDIR|TMP|TEMP|RUNNER_TEMP|XDG_CACHE_HOME)\b(:-[^}]*)?\}?"
    r"|\$\(mktemp[^)]*\)|/var/folders|%TEMP%)(?=/|$)"
)
_VARIABLE = re.compile(r"[\"']?(\$\{?\w+|\$\(|`|%\w+%)")
_DISPOSABLE_VARIABLE = re.compile(
    r"\$[({]?(\w*_)?(build|builddir|dist|distdir|out|outdir|output|tmp|temp|cache|cachedir|target|targets|obj"
    r"|objs|objdir"
    r"|objects|coverage|artifacts?|bin|gen|generated|venv|node_modules|workdir|testdir|tmpdir|builds?)"
    r"(_?(dir|dirs|path|folder|root|files?))?[})]?(?=[/.:*]|$)",
    re.IGNORECASE,
)
_DISPOSABLE = re.compile(
    r"^(?:node_modules|_?build.*|_?dist\w*|.*[-_](?:build|dist|cache|tmp|out|coverage)|target|out|output|outputs"
    r"|\.cache|cache"
    r"|caches|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox|\.venv|venv|env|virtualenv|\.eggs"
    r"|.*\.egg-info"
    r"|.*\.dist-info|coverage\w*|\.coverage.*|htmlcov|\.nyc_output|\.next|\.nuxt|\.output|\.turbo|\.parcel-cache|\.vite"
    r"|\.svelte-kit|\.angular|\.gradle|\.terraform|\.serverless|\.webpack|\.rollup\.cache|tmp\w*|temp\w*"
    r"|\.tmp\w*|\.temp|obj|objs"
    r"|bin|lib|libs|es|esm|cjs|umd|logs?|artifacts?|generated|gen|\.generated|cmake-build-.*|CMakeFiles|CMakeCache\.txt"
    r"|bazel-.*|bower_components|vendor|Pods|DerivedData|public|site|_site|storybook-static|typings|types|docs?-build"
    r"|package|release|releases|reports?|test-results|test-reports|playwright-report|screenshots|\.hypothesis"
    r"|wheelhouse"
    r"|.*\.(?:pyc|pyo|o|a|so|obj|exe|class|tmp|temp|bak|log|swp|orig|rej|tgz|tar|gz|zip|xz|whl|jar|map|cache|egg"
    r"|tsbuildinfo)"
    r"|.*~|\.DS_Store|Thumbs\.db|\.eslintcache|\.stylelintcache|package-lock\.json|yarn\.lock|core)$"
)
_SYSTEM = re.compile(
    r"^/(?:etc|usr|bin|sbin|lib|lib32|lib64|boot|dev|proc|sys|var|opt|srv|mnt|media|run|root|System|Library"
    r"|Applications"
    r"|private|Volumes|app|data)?(?:/|$)"
)
_MADE_TO_GO = re.compile(
    r"^(/var/lib/apt/lists|/var/cache|/usr/share/(doc|man|info|locale|dotnet)|/usr/local/share|/usr/local/lib/android"
    r"|/opt/(ghc|hostedtoolcache)|/etc/apt/(sources\.list\.d|keyrings)|/etc/nginx/(sites-enabled|conf\.d)/|/usr/src/"
    r"|/usr/local/src/|/var/lib/jenkins/workspace|/opt/pip|/etc/apk/cache)"
)
_PRIVATE = re.compile(
    r"^\.(ssh|gnupg|aws|kube|config|local|bashrc|profile|bash_\w+|zsh\w*|docker|azure|gitconfig|netrc|m2|cargo"
    r"|rustup)(/|$)"
)
_HOME_CACHE = re.compile(
    r"^(\.cache|\.npm|\.gradle/caches|\.cargo/registry|\.m2/repository|Library/Caches|\.yarn|\.pnpm-store"
    r"|\.nuget|\.ivy2"
    r"|\.local/share/Trash|\.Trash|\.bun/install/cache|\.pub-cache|\.terraform\.d/plugin-cache)(/|$)"
)


def target_of(word: Word, cwd: str = "") -> Target:
    """What deleting this path would hit."""
    text = word.text.strip("\"'")
    if text in ("{}", ""):
        return "stdin"
    text = _CWD.sub(".", text)
    if cwd and _leaves(cwd) and not text.startswith(("/", "~", "$")):
        return "outside" if cwd.startswith("..") else _absolute(os.path.join(cwd, text))
    return _absolute(text)


def target_in(word: Word, command: SimpleCommand) -> Target:
    """What deleting this path would hit from where the command stands."""
    text = word.text.strip("\"'")
    where = os.path.join(command.folder, command.cwd)
    if not command.folder or where.startswith("$") or text in ("{}", "") or text.startswith(("/", "~", "$", "`")):
        return target_of(word, command.cwd)
    return _absolute(os.path.join(where, os.path.normpath(text)))


def targets(command: SimpleCommand) -> tuple[Target, ...]:
    """What each operand of a deleting command stands for."""
    return tuple(target_in(word, command) for word in command.operands)


def _leaves(cwd: str) -> bool:
    """Whether a cd went where a relative path would do harm: up, the root, a home itself, the system."""
    if cwd.startswith("..") or _TEMP.match(cwd):
        return True
    return target_of(Word(cwd)) in ("root", "system") or _HOME.fullmatch(cwd) is not None


def _absolute(text: str) -> Target:
    if _TEMP.match(text) and "/.." not in text:
        return "disposable"
    if home := _HOME.match(text):
        return _in_home(text[home.end() :].strip("/"), home[0])
    if _VARIABLE.match(text):
        return _of_variable(text)
    path = os.path.normpath(re.sub(r"(?<=.)/[*.]*$", "", text) or "/")
    if path.startswith("//"):
        path = path[1:]
    if path.startswith("/"):
        return _of_root(path, text)
    return _relative(path, text)


def _in_home(rest: str, home: str) -> Target:
    if home in ("/home", "/Users", "/root") and not rest:
        return "system"
    if ".." in rest:
        return "home"
    name = rest.rstrip("/*").rsplit("/", 1)[-1]
    if _HOME_CACHE.match(rest) or ("/" in rest and _DISPOSABLE.match(name)):
        return "disposable"
    return "home"


def _of_variable(text: str) -> Target:
    if _DISPOSABLE_VARIABLE.match(text):
        return "disposable"
    name = text.rstrip("/*").rsplit("/", 1)[-1]
    return "disposable" if "/" in text and "$" not in name and _DISPOSABLE.match(name) else "variable"


def _of_root(path: str, text: str) -> Target:
    if path == "/" or text in ("/*", "/."):
        return "root"
    if _TEMP.match(path) or _MADE_TO_GO.match(path):
        return "disposable"
    if _SYSTEM.match(path):
        deep = path.count("/") > 2 and path.startswith(("/app/", "/data/", "/srv/", "/opt/", "/mnt/", "/var/www/"))
        return "disposable" if deep and _DISPOSABLE.match(path.rsplit("/", 1)[-1]) else "system"
    return "disposable" if _DISPOSABLE.match(path.rsplit("/", 1)[-1]) else "outside"


def _relative(path: str, text: str) -> Target:
    name = path.rsplit("/", 1)[-1]
    if path == ".." or re.fullmatch(r"(\.\./?)+\*?", text):
        return "outside"
    if _DISPOSABLE.match(name):
        return "disposable"
    if path.startswith("../"):
        return "outside"
    if name == ".git" or path.startswith(".git/"):
        return "history"
    return "project" if text in (".", "./", "*", "./*", ".*", "./.*", "{*,.*}", "**", "**/*") else "inside"


def is_system_file(word: Word) -> bool:
    """Whether a single file of the system, or a start-up or credential file of a home, is meant."""
    text = word.text
    if text.startswith(
        ("/var/run", "/run/", "/dev/null", "/var/www", "/opt/", "/usr/local/", "/mnt/", "/app/", "/data/")
    ):
        return False
    if home := _HOME.match(text):
        return bool(_PRIVATE.match(text[home.end() :].lstrip("/")))
    return target_of(word) == "system"
