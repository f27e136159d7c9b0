"""A command that publishes a package, image or release, or takes one back.

What is published is used by others within minutes and cannot be made unseen. Build and show the result; the user
publishes.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "build and show what would be published (--dry-run), and let the user publish"
bad = (
    "npm publish",
    "npm unpublish pkg --force",
    "twine upload dist/*",
    "cargo publish",
    "gem push x.gem",
    "gradle publish",
)
good = ("npm run build", "npm publish --dry-run", "cargo build", "twine check dist/*", "mvn package", "gradle build")
_VERBS = {
    "npm": {"publish", "unpublish", "deprecate", "dist-tag"},
    "yarn": {"publish"},
    "pnpm": {"publish"},
    "bun": {"publish"},
    "cargo": {"publish", "yank"},
    "gem": {"push", "yank"},
    "twine": {"upload"},
    "poetry": {"publish"},
    "uv": {"publish"},
    "flit": {"publish"},
    "hatch": {"publish"},
    "gradle": {"publish", "publishToMavenCentral", "bintrayUpload", "uploadArchives"},
    "gradlew": {"publish", "publishToMavenCentral", "uploadArchives"},
    "mvn": {"deploy", "release:perform", "deploy:deploy"},
    "mvnw": {"deploy"},
    "dotnet": {"nuget push"},
    "nuget": {"push", "delete"},
    "helm": {"push"},
    "lerna": {"publish"},
    "goreleaser": {"release"},
    "vsce": {"publish", "unpublish"},
    "ovsx": {"publish"},
    "conda": {"upload"},
    "anaconda": {"upload"},
    "jsr": {"publish"},
    "mix": {"hex.publish"},
    "composer": (),
    "pod": {"trunk"},
    "sbt": {"publish", "publishSigned"},
    "changeset": {"publish"},
    "semantic-release": {""},
    "np": {""},
}
_SAFE = frozenset({"--dry-run", "--dryrun", "-n", "--snapshot", "ls", "list"})


def check(event: Event) -> Iterator[Match]:
    """Every publication."""
    for command in commands(event, _VERBS):
        verbs = _VERBS[command.name]
        words = command.words[:4]
        if _SAFE.isdisjoint(command.words) and ("" in verbs or set(words) & set(verbs)) and "run" not in words[:1]:
            yield at(command, "publishes or takes back a package")
