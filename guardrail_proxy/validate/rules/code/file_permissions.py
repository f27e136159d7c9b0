"""A file that others may write or run: chmod 777, umask 0, MODE_WORLD_READABLE.

Any other account can change what this one runs or reads. Use 0600 for data and 0700 for folders.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look, text

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "use 0o600 for files and 0o700 for folders"
bad = (
    "import os\nos.chmod(path, 0o777)\n",
    "mContext.openFileOutput(foo, Context.MODE_WORLD_READABLE);",
    "chmod($file, 0777);",
    "os.Chmod(name, 0777)",
)
good = (
    "import os\nos.chmod(path, 0o600)\n",
    "import os\nos.chmod(path, 0o644)\n",
)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"^(os\.(l|f)?chmod|pathlib\.\w+\.chmod|\w+\.chmod)$",
        r"0o?[0-7]*([0-7][2367]|[1357])\b|0o[0-7]*[2367][0-7]\b|\b(511|510|438)\b|S_I(W|X|RWX)(OTH|GRP|O|G)\b"
        r"|0x1ff|S_IRWX[OG]|0o[2-7]\d{5}|\d{12,}",
    ),
    call("python", r"^os\.(umask|mkdir|makedirs)$", r"^\(\s*0(o0*)?\s*\)$|0o777"),
    call("java kotlin", r"openFileOutput$|getSharedPreferences$|openOrCreateDatabase$", r"MODE_WORLD"),
    call("java kotlin", r"\.(setReadable|setWritable|setExecutable)$", r"true,\s*false"),
    call("php", r"^(chmod|mkdir)$", r"0?777|0666"),
    call("go", r"^(os|ioutil)\.(Chmod|WriteFile|Mkdir|MkdirAll|OpenFile)$", r"0o?[67](77|66)\b|0o?666|os\.ModePerm"),
    call("c cpp", r"^(chmod|fchmod|umask|open|mkdir)$", r"\b0?(777|666)\b|S_IRWXO|S_IWOTH|^\(\s*0(00)?\s*\)$"),
    call(JS, r"(chmod|chmodSync)$", r"0o?777|[\"\']777|0o?666"),
    call("c cpp", r"^(std::filesystem::|fs::)?permissions$", r"perms::(all|others_write)"),
    call("ruby", r"(chmod|chmod_R|File\.chmod)$", r"0?777|0?666"),
    text("swift objc", r"FileProtectionType\.none|NSFileProtectionNone"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "lets others write or run a file")
