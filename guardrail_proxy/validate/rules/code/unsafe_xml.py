"""Code that parses XML with external entities or DTDs on.

A document can then read local files and call addresses. Turn DTDs off, or use ``defusedxml``.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "use defusedxml, or turn DTDs and external entities off"
bad = (
    "import xml.etree.ElementTree as ET\nET.fromstring(text)\n",
    'DocumentBuilderFactory.setFeature("http://xml.org/sax/features/external-parameter-entities", true);',
    "simplexml_load_string($xml, 'SimpleXMLElement', LIBXML_NOENT);",
)
good = ("import defusedxml.ElementTree as ET\nET.fromstring(text)\n",)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"^xml\.(etree\.c?ElementTree|sax|sax\.expatreader|dom\.minidom|dom\.pulldom|dom\.expatbuilder)\.(parse"
        r"|parseString|fromstring|iterparse|XMLParser|create_parser|make_parser)$|^(xmlrpc|xmlrpclib"
        r"|SimpleXMLRPCServer)\.|^lxml\.etree\.(parse|fromstring|XMLParser|RestrictedElement\w*|XML)$",
        unless=r"resolve_entities\s*=\s*False",
    ),
    call(
        "java",
        r"\.(setFeature|setProperty|setAttribute)$",
        r"(external-(parameter|general)-entities|isSupportingExternalEntities|SUPPORT_DTD|supportDTD"
        r"|IS_SUPPORTING_EXTERNAL\w*|load-external-dtd|isReplacingEntityReferences)\"?,\s*(true|Boolean\.TRUE)"
        r"|disallow-doctype-decl\"?,\s*false|SECURE_PROCESSING\w*\"?,\s*false",
    ),
    call("java", r"\.(setExpandEntityReferences|setXIncludeAware)$", r"true"),
    call(
        "php",
        r"^(simplexml_load_(string|file)|libxml_disable_entity_loader)$|->load(XML)?$",
        r"LIBXML_(NOENT|DTDLOAD)|false",
    ),
    call(JS, r"\.parseXml(String)?$", r"noent\s*:\s*true"),
    call("ruby", r"Nokogiri", r"noent|NOENT|dtdload"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "parses XML in a way that lets a document read files")
