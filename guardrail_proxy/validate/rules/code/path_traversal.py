"""A file path made from what a user sent, or an archive unpacked without looking at its names.

``../`` in the name leaves the folder. Resolve the path and check that it is still below the folder; unpack with
``filter="data"``.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look, text

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = CODE
FIX = 'resolve the path and check that it stays below its folder; unpack with filter="data"'
bad = (
    "import tarfile\ntarfile.open(name).extractall(path)\n",
    "open('/data/' + request.args['name'])\n",
    "fs.readFile('./data/' + req.query.name, cb)",
    "include($_GET['page']);",
    "move_uploaded_file($tmp, 'uploads/x.php');",
)
good = (
    "import tarfile\ntarfile.open(name).extractall(path, filter='data')\n",
    "open('config.json')\n",
)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"\.(extractall|unpack_archive)$|^shutil\.unpack_archive$",
        unless=r"filter\s*=\s*[\"'](data|tar)|members\s*=\s*\[\s*\]|zip",
    ),
    call(
        "python",
        r"^(open|io\.open|codecs\.open|os\.(remove|unlink|listdir)|pathlib\.Path|(flask\.)?send_file|shutil\.\w+"
        r"|\w+\.read_text)$",
        r"request\.|\bargs\[|query_params|form\[|sys\.argv",
    ),
    call(
        JS,
        r"(^|\.)(readFile|readFileSync|createReadStream|writeFile|writeFileSync|unlink|unlinkSync|sendFile"
        r"|createWriteStream|readdir)$",
        r"\breq(uest)?\.|params\.|query\.|body\.",
    ),
    call(
        "php",
        r"^(include|require|include_once|require_once|file_get_contents|fopen|readfile|unlink|file_put_contents"
        r"|move_uploaded_file|file)$",
        r"\$_(GET|POST|REQUEST|COOKIE)|\$tmp|\.(exe|php)\b",
    ),
    text("php", r"\b(include|require)(_once)?\s*\(?\s*[^;]*\$_(GET|POST|REQUEST)"),
    call(
        "java kotlin",
        r"^(java\.io\.)?(File|FileInputStream|FileReader|FileOutputStream)$|Paths\.get$",
        r"getParameter|request\.|getOriginalFilename|getHeader",
    ),
    call(
        "go",
        r"^(os|ioutil|http)\.(Open|ReadFile|Create|ServeFile|WriteFile|Remove)$",
        r"r\.(URL|Form|FormValue)|c\.(Param|Query)",
    ),
    call("ruby", r"^(File\.(open|read|new|delete)|send_file|IO\.read)$", r"params"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "uses a name from outside as a path")
