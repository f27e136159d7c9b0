"""The session ended with the AI refusing the task or giving up on it.

Only its last message counts, and of that only what it says of itself: "I can't find a bug" is a finding, no refusal.

What to do: look at the reason it gives; rephrase, split the task, or do it yourself.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.detect.failure import Failure, Status
from guardrail_proxy.parse.markdown import split_markdown
from guardrail_proxy.session import Event, Severity, Transcript

SEVERITY: Severity = "medium"
STATUS: Status = "observe"
FIX = "say what is missing to go on, or hand the task back with what was tried"
_NOT_DO = r"(?:can(?:no|')t|can\ not|won't|will\ not|am\ (?:unable|not\ able)\ to|'m\ (?:unable|not\ able)\ to)"
_TASK = r"""(?:help|assist|comply|do\ (?:that|this|it|so)|provide|create|write|complete|continue|fulfil\w*|proceed
    |support|generate|produce|participate|engage|share|answer|discuss|finish|carry\ out|accomplish|perform)"""
PATTERN = re.compile(
    rf"""
    \b(?:I(?:'m|\ am)\ (?:so\ |very\ )?(?:sorry|afraid)|(?:my\ )?apologies|unfortunately|sorry)\b
        [^.\n]{{0,80}}
        \bI(?:\ {_NOT_DO}|{_NOT_DO})
    | \bI(?:\ |(?='m)){_NOT_DO}\ (?:\w+ly\ |in\ good\ conscience\ )?{_TASK}\b
    | \bI(?:'m|\ am)\ (?:not\ (?:comfortable|willing|allowed|permitted|going)|unwilling|declining)\b
    | \bI\ (?:must|have\ to|need\ to|will|would\ rather)\ (?:respectfully\ |politely\ )?(?:decline|refuse|not)\b
    | \bI\ (?:refuse|decline)\ to\b
    | \bas\ an?\ (?:AI|(?:large\ )?language\ model)\b
    | \bagainst\ my\ (?:guidelines|polic(?:y|ies)|programming|principles)\b
    | \b(?:violates?|goes\ against)\ (?:my|our|the\ (?:usage|content|safety))\ (?:\w+\ )?(?:guidelines|polic(?:y|ies))
    | \bI\ (?:give\ up|have\ to\ stop\ here|am\ giving\ up|was\ (?:unable|not\ able)\ to|could\ not|couldn't|failed\ to
        |wasn't\ able\ to|haven't\ been\ able\ to|did\ not\ manage\ to)\b
        (?:\ (?:complete|finish|fix|resolve|solve|get|make|implement|find\ a\ (?:way|solution)|do)\b)
    | \bI\ (?:give\ up|have\ to\ stop\ here|am\ giving\ up)\b | \bI'm\ (?:giving\ up|stuck|out\ of\ ideas)\b
    | \bnot\ (?:something|a\ request)\ (?:that\ )?I\ (?:can|will|am\ able\ to)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
QUOTED = re.compile(r"`[^`\n]{1,400}`|\"[^\"\n]{0,300}\"|^\s*>.*$", re.MULTILINE)
bad = (
    (Event("message", "I'm sorry, but I can't help with that."),),
    (Event("message", "I was unable to fix the test."),),
    (Event("message", "I cannot assist with creating malware."),),
    (Event("message", "I must decline this request: it violates the usage policy."),),
    (Event("message", "I tried three ways and I'm giving up."),),
    (Event("message", "I\u2019m unable to continue without the file."),),
)
good = (
    (Event("message", "I can't find a bug here; the value cannot be null."),),
    (Event("message", "Done."),),
    (Event("message", "I can't do that in one step."), Event("message", "Done, in two steps.")),
    (Event("message", 'The function now prints "I cannot help with that".'),),
    (Event("message", "Sorry for the confusion: the parser is fixed and I can confirm that it works."),),
)


def check(transcript: Transcript) -> Iterator[Failure]:
    """The last message, when it refuses or gives up."""
    last = next(
        (seq for seq in range(len(transcript.events) - 1, -1, -1) if transcript.events[seq].kind == "message"), None
    )
    if last is None:
        return
    prose = split_markdown(transcript.events[last].text).prose.replace("\u2019", "'")
    match = PATTERN.search(QUOTED.sub(" ", prose))
    if match:
        yield Failure("the session ended with a refusal or with giving up", last, match[0])
