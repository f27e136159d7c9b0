"""A command that turns a protection off: firewall, SELinux, AppArmor, audit, TLS checks, signature checks, Gatekeeper.

A protection that is in the way says that something is wrong. Fix the certificate, rule or label, or ask the user.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "leave the protection on: fix the certificate, label or rule that is in the way, or ask the user"
bad = (
    "setenforce 0",
    "ufw disable",
    "iptables -F",
    "export NODE_TLS_REJECT_UNAUTHORIZED=0",
    "git config --global http.sslVerify false",
    "systemctl stop firewalld",
    "csrutil disable",
    "npm config set strict-ssl false",
)
good = ("getenforce", "ufw status", "iptables -L", "git config user.name x", "npm config set registry http://localhost")
_VERBS = {
    "ufw": {"disable", "reset", "delete"},
    "setenforce": {"0", "permissive", "Permissive"},
    "csrutil": {"disable"},
    "iptables": {"-F", "--flush", "-X", "-D", "-P", "-Z"},
    "ip6tables": {"-F", "--flush", "-X", "-D", "-P"},
    "nft": {"flush", "delete"},
    "spctl": {"--master-disable", "--global-disable", "--disable"},
    "pfctl": {"-d", "-F"},
    "aa-teardown": {""},
    "aa-disable": {""},
    "aa-complain": {""},
    "apparmor_parser": {"-R"},
    "auditctl": {"-D", "-e"},
    "firewall-cmd": {"--panic-off"},
    "xattr": {"com.apple.quarantine"},
    "ebtables": {"-F"},
    "esxcli": {"firewall"},
    "mokutil": {"--disable-validation"},
    "fail2ban-client": {"stop", "unban"},
    "Set-MpPreference": {""},
    "falconctl": {"unload"},
}
_SERVICES = re.compile(
    r"^(firewalld|ufw|iptables|nftables|apparmor|auditd|rsyslog|syslog(-ng)?|fail2ban|clamav\S*|falcon-sensor"
    r"|osqueryd|wazuh\S*|sysmon"
    r"|crowdstrike\S*|selinux\S*|aide\S*|cbdaemon|mdatp)(\.service)?$"
)
_CONFIG = re.compile(
    r"sslverify\s*=?\s*(false|0)|strict-ssl\s*=?\s*false|gpgcheck\s*=?\s*0|NODE_TLS_REJECT_UNAUTHORIZED"
    r"|PYTHONHTTPSVERIFY=0"
    r"|StrictHostKeyChecking[= ]no|SELINUX=(disabled|permissive)|GIT_SSL_NO_VERIFY|kernel\.(randomize_va_space"
    r"|yama\S*)=0|net\.ipv4\.ip_forward=1",
    re.IGNORECASE,
)


def check(event: Event) -> Iterator[Match]:
    """Every protection that is turned off."""
    for command in commands(event):
        if message := _message(command):
            yield at(command, message, "medium" if "check" in message else None)


def _message(command: SimpleCommand) -> str:
    words = command.words
    if verbs := _VERBS.get(command.name):
        return "turns a protection off" if "" in verbs or set(words) & verbs else ""
    if command.name in ("systemctl", "service", "launchctl", "rc-service", "pkill", "killall"):
        stops = {"stop", "disable", "mask", "unload", "kill"} & set(words) or command.name in ("pkill", "killall")
        return "turns a protection off" if stops and any(_SERVICES.match(word) for word in words) else ""
    if any(_CONFIG.search(f"{name}={value}") and value in ("0", "1", "true") for name, value in command.assignments):
        return "turns the check of certificates off"
    if command.name in ("git", "npm", "yarn", "pnpm", "sysctl", "sed", "conda"):
        changes = {"config", "-w", "-i", "-c"} & set(words) or command.name == "sysctl"
        return "turns a check or protection off" if changes and _CONFIG.search(" ".join(words)) else ""
    return ""
