"""WARM. Which language a piece of code is in: as said, by the file's suffix, or by what it looks like."""

import re

_NAMES = {
    "py": "python",
    "python3": "python",
    "python2": "python",
    "pyi": "python",
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "node": "javascript",
    "ts": "typescript",
    "rb": "ruby",
    "rs": "rust",
    "golang": "go",
    "c++": "cpp",
    "cc": "cpp",
    "cxx": "cpp",
    "hpp": "cpp",
    "h": "c",
    "cs": "csharp",
    "c#": "csharp",
    "kt": "kotlin",
    "kts": "kotlin",
    "objective-c": "objc",
    "m": "objc",
    "mm": "objc",
    "php3": "php",
    "phtml": "php",
}
_LOOKS: tuple[tuple[str, str], ...] = (
    ("php", r"<\?php|^\s*\$\w+\s*=[^=]|\$_(GET|POST|REQUEST)\b"),
    ("go", r"^package \w+$|^func (\(\w+ \*?\w+\) )?\w+\(|:= "),
    (
        "java",
        (
            r"^\s*(public|private|protected)\s+(static\s+)?(final\s+)?[\w<>\[\]]+\s+\w+\s*[({]|^import java"
            r"|\w+ \w+ = new \w+\("
        ),
    ),
    ("rust", r"^\s*(pub )?fn \w+|let mut |::new\(|^use \w+::"),
    (
        "javascript",
        r"\b(const|let|var)\s+\w+\s*=|=>|\bfunction\s*\w*\(|require\(['\"]|document\.|console\.|^import .* from ['\"]",
    ),
    ("python", r"^\s*(def|class) \w+.*:\s*$|^\s*(import|from) [\w.]+|^\s*@\w+|^\w+ = |^[\w.]+\(|:\s*$|self\."),
    ("c", r"#include|^\s*(int|char|void|float|double)\s+\*?\w+"),
    ("ruby", r"^\s*(require|puts|end)\b|\bdo \|"),
)


def language_of(said: str, path: str, text: str) -> str:
    """The language's name as the parsers know it; '' when nothing speaks for one."""
    known = said.strip().lower() or path.rsplit("/", 1)[-1].rpartition(".")[2].lower()
    if known:
        return _NAMES.get(known, known)
    return next((name for name, look in _LOOKS if re.search(look, text[:4_000], re.MULTILINE)), "python")
