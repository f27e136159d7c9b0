"""COLD. What findings about the guard itself mean: they come from no rule's file, so their documentation is here."""

GUARD_FINDINGS = {
    "guard/tampered": """Files that the guard stands on (shims, plans, rules, configuration) changed during the session.

What to do: look at what the session did, then run guardrail-proxy install again.""",
    "guard/hooks-silent": """Strict, and the CLI never called the guard's hooks, so its tool calls were not judged.

What to do: run guardrail-proxy doctor; look for settings that switch hooks off.""",
    "guard/evidence-contradiction": """A tool call that the hooks saw is missing in the CLI's own transcript.

What to do: compare the calls in guardrail-proxy show with the CLI's transcript.""",
    "guard/call-not-judged": """Strict: the CLI's transcript has a command that the guard's hook was never asked about.

What to do: run guardrail-proxy doctor; look for what kept the hook from answering in time.""",
    "guard/drift": """A source held data and no event could be read from it: the CLI's format may have changed.

What to do: update guardrail-proxy.""",
    "guard/rule-error": """A rule or failure mode raised an error, so it has not looked: strict does not approve.

What to do: report the rule and the error that the finding names.""",
    "guard/stage-error": """A stage of judging the session failed, so it is unjudged, which is not approved.

What to do: report the error that the finding names.""",
    "guard/no-evidence": """There was nothing to look at: no transcript, hook call or recording. Approval needs some.

What to do: run guardrail-proxy doctor.""",
    "guard/unjudged": """The verdict did not come: the judging process died or took too long. Not approved.

What to do: ask guardrail-proxy show for the session; raise strict.verdict_timeout_s when it only took long.""",
    "guard/no-transcript": """Strict, and the CLI kept no transcript of an answer, so nobody could look at what it said.

In what we record ourselves secrets are masked, and hooks do not tell what a tool answered.

What to do: leave out what keeps the CLI from writing its transcript (--no-session-persistence, --ephemeral).""",
    "guard/unjudged-input": """A program that takes its orders from what is typed into it, which no hook hears of.

What to do: say what to run in the command itself (bash -c '...', python3 -c '...') or in a file.""",
    "guard/unreadable-hook": """What the CLI told its hook could not be read, so strict denied the call.

What to do: run guardrail-proxy doctor; the CLI's version may be newer than the guard.""",
}
"""Id -> its documentation."""
