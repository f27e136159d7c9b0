"""WARM. Files that hold credentials, accounts or start-up commands."""

import re

CREDENTIALS = re.compile(
    r"(/|^|~|=@?|@|\*)(\.ssh(/|$)|id_(rsa|dsa|ecdsa|ed25519)(?!\.pub)\b|\.aws(/|$)|\.azure(/|$)|\.oci(/|$)"
    r"|\.kube/config|\.docker/config\.json"
    r"|\.netrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.git-credentials|\.gnupg(/|$)|\.config/gcloud|\.config/gh/hosts"
    r"|\.vault-token|\.env(\.(local|prod\w*|staging|dev\w*))?$|credentials(\.json|\.db)?$|accessTokens\.json"
    r"|access_tokens\.db"
    r"|msal_token_cache\.json|login\.keychain\S*|Keychains(/|$)|Login Data|Cookies(\.sqlite)?$|logins\.json"
    r"|key[34]\.db|cert9\.db"
    r"|\.mozilla|\.config/google-chrome|\.password-store|kdbx$|\.bitcoin|wallet\.dat|service[-_]account\S*\.json"
    r"|secrets?\.(ya?ml|json)$"
    r"|shadow-?$|gshadow-?$|master\.passwd|passwd\.master|group\.master|opasswd|sudoers(\.d)?(/|$)|environ$|SAM$"
    r"|krb5cc_|\.keytab)",
    re.IGNORECASE,
)
"""Paths whose content is a credential."""
ACCOUNTS = re.compile(
    r"^/etc/(passwd|group|shadow|gshadow|sudoers|security/|pam\.d|krb5\.conf|ssh/)|^/usr/share/base-passwd"
)
HISTORIES = re.compile(
    r"(\.(bash|zsh|sh|python|mysql|psql|node_repl|rediscli|ksh|ash)_?history|\.history|HISTFILE|fish_history)\b"
    r"|/var/log/(wtmp|btmp|lastlog|utmp)"
)
KERNEL = re.compile(r"^/(sys/kernel|proc/(kcore|kallsyms|cmdline|devices|\d+/|self/(environ|maps|mem)|keys|modules))")
PERSISTENT = re.compile(
    r"(^|/|~)(\.bashrc|\.bash_profile|\.bash_login|\.bash_logout|\.profile|\.zshrc|\.zshenv|\.zprofile|\.zlogin"
    r"|\.shrc|\.kshrc"
    r"|\.cshrc|\.tcshrc|\.config/fish|\.xinitrc|\.xsession|\.xprofile|authorized_keys2?|\.ssh/(rc|config|environment)"
    r"|\.config/autostart|\.config/systemd|LaunchAgents|LaunchDaemons|\.git/hooks|\.pam_environment)\b"
    r"|^/etc/(profile|bash\.?bashrc|zsh|environment|cron|rc\.|rc$|init\.d|init/|systemd/|ld\.so\.preload"
    r"|xdg/autostart|motd|update-motd"
    r"|pam\.d|at\.|inittab|periodic|apt/apt\.conf\.d|emond|udev/rules|modules|logrotate\.d|skel)"
    r"|^/(usr/)?lib/systemd/|^/usr/lib/pam|^/var/spool/(cron|at)|^/usr/local/etc/(rc\.d|profile)"
    r"|^/Library/(Launch|StartupItems)"
    r"|\.pth$|sitecustomize\.py$|usercustomize\.py$|^/var/at/"
)
"""Files whose content runs by itself later."""
