"""Code that makes objects from data in a form that can run code.

Pickle, marshal, yaml.load, unserialize, ObjectInputStream.

Loading such data runs what its author wants. Use JSON, or ``yaml.safe_load``.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = CODE
FIX = "use json or yaml.safe_load; never load pickles from outside"
bad = (
    "import pickle\npickle.loads(data)\n",
    "import yaml\nyaml.load(text)\n",
    "unserialize($_COOKIE['x']);",
    "ObjectInputStream s = new ObjectInputStream(in);",
)
good = (
    "import yaml\nyaml.safe_load(text)\n",
    "import yaml\nyaml.load(text, Loader=yaml.SafeLoader)\n",
    "import json\njson.loads(text)\n",
)
_TABLE: tuple[Row, ...] = (
    call("python", r"^_?(c?[pP]ickle|_pickle|dill|cloudpickle|marshal|jsonpickle)\.(loads?|Unpickler|decode)$"),
    call(
        "python",
        r"^(shelve\.(open|DbfilenameShelf)|pandas\.read_pickle|pd\.read_pickle|joblib\.load|numpy\.load|torch\.load)$",
        unless=r"weights_only\s*=\s*True|allow_pickle\s*=\s*False",
    ),
    call("python", r"^yaml\.(load|load_all|unsafe_load|full_load|UnsafeLoader)$", unless=r"C?(Safe|Base)Loader"),
    call(
        "python",
        r"^(datasets\.load_dataset|huggingface_hub\.(hf_hub_download|snapshot_download)|\w*(AutoModel"
        r"|AutoTokenizer|Model|Tokenizer)\w*\.from_pretrained|transformers\.\w+\.from_pretrained)$",
        unless=r"revision\s*=\s*[\"'][0-9a-f]{7,}",
    ),
    call("php", r"^\\?unserialize$", r"\$", unless=r"allowed_classes"),
    call("java", r"ObjectInputStream$|XMLDecoder$|\.readObject$|^Yaml$|XStream$"),
    call(JS, r"(^|\.)(unserialize|deserialize)$"),
    call("ruby", r"^(Marshal|YAML|Psych|Oj)\.(load|unsafe_load|load_file)$"),
    call("csharp", r"BinaryFormatter|\.Deserialize$|LosFormatter|NetDataContractSerializer"),
    call("java", r"(enableDefaultTyping|activateDefaultTyping)$"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "makes objects from data that can run code")
