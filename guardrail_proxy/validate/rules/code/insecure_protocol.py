"""A protocol without protection: telnet, FTP, SNMP v1 and v2, CGI.

Passwords cross the network as they are. Use SSH, SFTP, HTTPS or SNMP v3 with keys.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import Row, call, look

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "use SSH, SFTP, HTTPS, or SNMP v3 with authentication and privacy keys"
bad = (
    "import telnetlib\ntelnetlib.Telnet('localhost', 23)\n",
    "from pysnmp.hlapi import CommunityData\nCommunityData('public', mpModel=0)\n",
)
good = (
    "import smtplib\nsmtplib.SMTP_SSL('localhost')\n",
    "from pysnmp.hlapi import CommunityData\nCommunityData('public', mpModel=2)\n",
)
_TABLE: tuple[Row, ...] = (
    call("python", r"^telnetlib\.Telnet$|^ftplib\.FTP$"),
    call("python", r"(^|\.)CommunityData$", r"mpModel\s*=\s*[01]\b"),
    call("python", r"(^|\.)UsmUserData$", unless=r"^\([^,]+,[^,]+,[^,)]+|auth\w*=.*priv\w*="),
    call("python", r"(^|\.)twcgi\.CGI(Script|Directory)$|wsgiref\.handlers\.CGIHandler$|(^|\.)CGI(Script|Directory)$"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "uses a protocol without protection")
