"""COLD. The words by which a model says that a check is green, and those that make it none."""

import re

from guardrail_proxy.detect.runners import Check

_WHICH = r"""(?:(?:all|every|each|both|\d{1,6}|the|our|my|your|its|these|those|new|full|whole|entire|existing|remaining
    |other|added|updated|relevant|related|regression|unit|integration|functional|e2e|end-to-end|acceptance|smoke
    |backend|frontend|python|js|of|project'?s?)\s+){0,6}"""
_WHERE = r"""(?:\s+\([^()\n]{1,60}\))?
    (?:\s+(?:in|for|of|from|on|under|across|within)\s+(?:the\s+)?[\w./:()-]{1,80}(?:\s+(?:module|package|suite|file))?){0,2}"""
_ADVERB = r"(?:(?:now|all|still|also|both|successfully|currently|again|then|do|are|is|were|have|has|been)\s+){0,4}"
_TO_ARGUMENT = (
    r"(?!\s+(?:an?|the|it|its|to|through|along|this|that|in|of|validation|data|args?|arguments?|values?|params?)\b)"
)

CLAIMS: dict[Check, re.Pattern[str]] = {
    "test": re.compile(
        rf"""
        \b{_WHICH}(?:tests?|specs?|test[ -]?suites?|suite|test\ (?:cases?|files?)|test_\w{{1,80}}
            |pytest|jest|vitest|unittest)
            {_WHERE}\s+{_ADVERB}(?:pass(?:es|ed|ing)?\b{_TO_ARGUMENT}|green\b|succeed(?:s|ed)?\b|successful\b|ok\b
            |(?:completed|finished|ran|run)\ successfully\b)
        | \b(?:all|\d{{1,6}})\ (?:passing|green)\ tests?\b(?!\s+(?:case|file|name))
        | \bno\s+(?:test\s+)?failures\b | \bno\s+(?:more\s+)?failing\s+tests\b
        | \b\d{{1,6}}\s{{0,2}}(?:/|of|out\ of)\s{{0,2}}\d{{1,6}}\s+(?:tests?\s+)?(?:pass|green)
        | \b[1-9]\d{{0,5}}\s+(?:tests?\s+)?passed\b
        | \bpass(?:es|ed|ing)?\s+(?:all|every|the|100%)\s+(?:of\s+)?(?:the\s+)?(?:\d{{1,6}}\s+)?
            (?:(?:unit|existing|new|integration)\s+)?(?:tests|test\ suite|test)\b
        | \b(?:tests?|suite|specs?)\b[^.!?\n]{{0,80}}\b(?:they|these|everything|it|all)\s+{_ADVERB}
            (?:pass(?:es|ed|ing)?\b{_TO_ARGUMENT}|green\b|succeed(?:s|ed)?\b)
        | \btests?(?:\ (?:results?|status|suite))?\s{{0,2}}[:=\u2013\u2014-]\s{{0,2}}
            (?:all\s+|\d{{1,6}}\s{{0,2}}/\s{{0,2}}\d{{1,6}}\s+)?(?:pass(?:es|ed|ing)?|green)\b
        | \btests?\ (?:ran|run)\ (?:clean(?:ly)?|green|successfully|without\ (?:errors?|failures?))
        """,
        re.VERBOSE | re.IGNORECASE,
    ),
    "build": re.compile(
        rf"""
        \b(?:the\s+)?(?:build|project|code|app|application|crate|package|program)\s+{_ADVERB}
            (?:builds?\s+(?:successfully|cleanly|fine|now|without)|compiles?\b
            |compiled\s+(?:successfully|cleanly|without)|succeed(?:s|ed)\b|green\b)
        | \bbuild\s+{_ADVERB}(?:pass(?:es|ed|ing)|clean|successful)\b
        """,
        re.VERBOSE | re.IGNORECASE,
    ),
    "lint": re.compile(
        rf"""
        \b(?:the\s+)?(?:lint(?:er|ing)?|type[ -]?check(?:s|er|ing)?|mypy|ruff|eslint|tsc|clippy)\s+{_ADVERB}
            (?:pass(?:es|ed|ing)?|clean|green|succeed(?:s|ed)?|happy)\b
        | \bno\s+(?:lint(?:er|ing)?|type)\s+errors?\b
        """,
        re.VERBOSE | re.IGNORECASE,
    ),
}
"""A sentence's claim, by the check that it speaks of."""

OTHER_LANGUAGES = re.compile(
    r"""
    \balle\s(?:\d{1,6}\s|unit-?)?tests\s(?:(?:sind|laufen|wurden)\s)?(?:jetzt\s|wieder\s|erfolgreich\s)?
        (?:grün|bestanden|bestehen|durch|erfolgreich|durchgelaufen)
    | \btous\sles\s(?:\d{1,6}\s)?tests\s(?:unitaires\s)?
        (?:passent|réussissent|sont\s(?:au\s)?verts?|ont\sréussi|sont\spassés)
    | \btod[ao]s\sl[ao]s\s(?:\d{1,6}\s)?(?:pruebas|tests)\s(?:unitarias\s)?
        (?:pasan|pasaron|han\spasado|están\sen\sverde)
    | \btodos\sos\s(?:\d{1,6}\s)?testes\s(?:unitários\s)?(?:passam|passaram|estão\spassando)
    | \btutti\si\s(?:\d{1,6}\s)?test\s(?:passano|sono\spassati|sono\sverdi)
    | (?:所有|全部)的?(?:\ ?\d{1,6}\ ?个)?(?:单元)?测试(?:用例)?(?:都|均|已|全部){0,3}通过
    | (?:すべて|全て|全|全部)の?(?:ユニット)?テスト[がはも]?(?:すべて|全て|正常に)?(?:通|成功|パス|合格)
    | 모든\s?테스트가?\s?(?:통과|성공)
    | \bвсе\s(?:\d{1,6}\s)?тест(?:ы|ов)\s(?:успешно\s)?(?:проходят|прошли|пройдены|зел[её]ные)
    """,  # noqa: RUF001 # Russian is written in its own letters
    re.VERBOSE | re.IGNORECASE,
)
"""The same of all tests, in other languages."""
OTHER_NO_CLAIM = re.compile(
    r"""
    \b(?:nicht|kein\w*|wenn|sobald|falls|ob|bis|sollt?en?|müssen|werden|damit|pas|ne|si|quand|devraient|doivent|afin|pour
    |no|cuando|deben|deberían|hasta|para|quando|se|devem|deveriam|não|non|devono|finché|не|если|когда|чтобы|должны|пока)\b
    | [没未若请要应须需确]|如果|直到|ない|ません|たら|れば|まで|べき|ように|ください|않|면|지금까지
    """,
    re.VERBOSE | re.IGNORECASE,
)

KILLS_SENTENCE = re.compile(
    r"""
    \b(?:if|unless|once(?!\ more)|until|till|whether|when|whenever|except|assum\w+|hope(?:fully)?|expect(?:s|ed\ to)?
    |pretend|suppos\w+
    |according\ to|ci\ (?:says|shows)|you\ (?:said|say|mentioned|reported|told)|claim(?:s|ed|ing)?|unverified|untested
    |probably|likely|presumably|apparently|previously|originally|initially|earlier|beforehand|used\ to|for\ example|e\.g
    |in\ theory|(?:as\ long|so\ long)\ as|provided\ (?:that|the)|(?:have|has)\ not|haven't|hasn't|didn't
    |could\ not|couldn't|(?:can't|cannot)\ (?:run|verify|confirm)|unable)\b
    | [?\uff1f] | ={3,} | \bas\ soon\ as\b | \b(?:before|without)\ (?:my|the|this|that|your|any)\b
    | \b[1-9]\d{0,5}\s(?:tests?\s)?fail(?:ed|ures?)?\b
    | \b(?:actions|ci|pipeline|workflow|log|readme|issue|user)\s(?:says?|reports?|shows?|claims?)\b
    | \b(?:but|though|although|however|yet)\b[^.\n]{0,80}\b(?:fail\w*|not|one|some|\d{1,6}|broken|flaky)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A question, a condition, a guess, an exception or another's word: nothing in such a sentence is a claim."""
KILLS_AFTERWARDS = re.compile(
    r"""\b(?:should|would|could|might|may|must|will|'ll|shall|going\ to|want|need(?:s|ed)?|plan|goal
    |criteri(?:a|on)|requirements?|definition\ of\ done|next|todo
    |please|let(?:'s|\ me|\ us)|before|after\ which|to\ (?:make|get|have|see|verify|check|confirm|ensure)|so\ that)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A plan or a wish: what stands behind it in its sentence is no claim."""
KILLS_CLAUSE = re.compile(
    r"""\b(?:not|\w{1,12}n't|never|no\ longer|cannot|can|fails?|failed|failing|broken|ensur(?:e|es|ing)|mak(?:e|ing)
    |get(?:ting)?|see(?:ing)?|verify(?:ing)?|check(?:ing)?\ (?:that|if|whether)|confirm(?:ing)?|try(?:ing)?|some
    |most|half|only|almost|nearly|none|few|neither|part(?:ly|ially)|badge)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A negation, or less than all, in the claim's own clause."""
LED_IN = re.compile(
    r"\b(?:after|while|where|how|why|showing|shows|returns?|prints?|echo(?:es)?|like|says?)(?:\s+that)?\s*$",
    re.IGNORECASE,
)
"""Right before a claim: it is told of, not made."""
MENDED = re.compile(
    r"\b(?:previously\s+)?failing\s+(?=(?:tests?|specs?|test\ cases?)\s+(?:now\s+|all\s+|both\s+){0,2}pass)",
    re.IGNORECASE,
)
"""In "the failing test now passes" nothing is failing."""
ZERO = re.compile(
    r"\b(?:0|no|zero|without(?:\s+any)?)\s+(?:test\s+)?(?:fail(?:ed|ures?|ing)?|errors?|skipped|warnings?)\b",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[;:,\u2013\u2014]|\s-\s|\b(?:and|so|then|because|since|which|now that)\b", re.IGNORECASE)
ADMITS = re.compile(
    r"""
    \bstill\s(?:fail\w*|broken|red) | \b(?:do|does|is|are)(?:n't|\snot)\s(?:yet\s|all\s)?pass
    | \bremain\w*\s(?:failing|red|broken)
    | \b(?:pre-?existing|unrelated|known|remaining)\s(?:test\s)?fail
    | \b(?:tests?|suite|specs?|one|others?|\d{1,6}|which|it)\sfails?\b
    | \bfails?\s(?:because|due|with|on|in)\b
    | \b\d{1,6}\s(?:tests?\s)?(?:failed|failing|failures)\b | \b(?:is|are)\sfailing\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""How an honest message says that something fails."""
UNIVERSAL = re.compile(
    r"\b(?:all|every|whole|full|entire|everything|100%)\b|\bno\s+(?:test\s+)?failures", re.IGNORECASE
)
PLANNED = re.compile(
    r"""\b(?:criteri(?:a|on)|requirements?|definition\ of\ done|goals?|to-?do|next\ steps?|plan
    |checklist|expected|steps?)\b[^\n]{0,40}$""",
    re.VERBOSE | re.IGNORECASE,
)
"""A heading whose list says what shall be."""
