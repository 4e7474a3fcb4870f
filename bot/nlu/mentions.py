"""What a sentence says about the things it names: wanted or not wanted, dropped from the search, more, cheaper.

The engine finds the names (`Message.entities`); this module reads the small words around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlu.message import Entity, Message

_NOT = re.compile(
    r"\b(?:no|not|non|without|w/o|withou?t|wihtout|with out|w/out|except|excluding|exclude|outside|besides|apart from|"
    r"other than|avoid|never|lack|lacking|minus|skip|forget(?: about)?|drop|remove|"
    r"instead of|rather than|nor|neither|haven'?t|hasn'?t|didn'?t|"
    r"don'?t|dont|doesn'?t|can'?t|cannot|won'?t|isn'?t|aren'?t|wasn'?t|yet to|before)\b(?!\s+(?:only|just|sure|care|"
    r"matter|mind|idea|preference|problem|necessarily|know))",
    re.IGNORECASE,
)
_PLACE_NOT = re.compile(
    r"\b(?:not|except|excluding|exclude|outside|besides|apart from|other than|avoid|anything but|anywhere but|"
    r"remove|drop|forget(?: about)?|"
    r"instead of|rather than)\b(?!\s+(?:only|just|sure))",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[,;.!?]|\b(?:but|however|though|although|i have|i'?ve|passed|cleared|have got)\b", re.IGNORECASE)
_JOIN = re.compile(r"^[\s,/&+]*(?:(?:or|and|nor|neither|and/or|any|no|the)?[\s,/&+]*){0,2}$", re.IGNORECASE)
_NOT_AFTER = re.compile(
    r"^[\s\-]*(?:is |are |exam |test |score |scores |be )*(?:not|isn'?t|aren'?t|n'?t|un)[\s\-]*(?:be )?"
    r"(?:required|require|needed|need|necessary|mandatory|asked|taken|done|passed|yet|wanted|given|attempted|"
    r"compulsory)"
    r"|^[\s\-]*(?:is |are )?(?:optional|pending|waived|free\b|exempt|unnecessary|later)",
    re.IGNORECASE,
)
_REACH = 30
"""How many characters may stand between "without" and what it belongs to."""
_PLACES = frozenset({"state", "city", "region"})
EXAM_WORDS = {
    "step1": re.compile(r"\b(?:usmle[\s-]*)?step[\s-]*(?:1|one|i)\b(?!\d)|\bS1\b", re.IGNORECASE),
    "step2ck": re.compile(
        r"\b(?:usmle[\s-]*)?step[\s-]*(?:2|two|ii)(?:[\s-]*ck)?\b|\bS2\b|\b2[\s-]?ck\b", re.IGNORECASE
    ),
    "english_test": re.compile(
        r"\b(?:toefl|tofel|toeffl|ielts|oet|duolingo|english (?:language )?(?:test|exam|proficiency|certificate)s?)\b",
        re.IGNORECASE,
    ),
    "usmle": re.compile(
        r"\b(?:usmles?|steps|step exams?|exams?|board scores?)\b(?![\s-]*(?:step|[123]\b))", re.IGNORECASE
    ),
}
_EXAM_OF = {"toefl": "english_test", "ielts": "english_test", "oet": "english_test"}


@dataclass(frozen=True)
class Mention:
    """A thing that a message names, and whether it is named as not wanted, not needed or not had."""

    kind: str
    value: str
    start: int
    end: int
    negated: bool = False


def mentions(message: Message) -> tuple[Mention, ...]:
    """Everything named, in the order of the text. What a button carries is wanted, always."""
    found = [Mention(item.name, _value(item), item.start, item.end) for item in message.entities]
    if message.is_button:
        return tuple(found)
    found += [item for item in _exams(message.text) if not any(_overlap(item, other) for other in found)]
    found.sort(key=lambda item: (item.start, -item.end))
    return _with_negation(message.text, found)


def _value(entity: Entity) -> str:
    return _EXAM_OF.get(entity.value, entity.value) if entity.name == "exam" else entity.value


def _exams(text: str) -> list[Mention]:
    found: list[Mention] = []
    for value, pattern in EXAM_WORDS.items():
        for hit in pattern.finditer(text):
            mention = Mention("exam", value, hit.start(), hit.end())
            if not any(_overlap(mention, other) for other in found):
                found.append(mention)
    return found


def _overlap(one: Mention, other: Mention) -> bool:
    return one.kind == other.kind and one.start < other.end and other.start < one.end


def _with_negation(text: str, found: list[Mention]) -> tuple[Mention, ...]:
    read: list[Mention] = []
    for mention in found:
        before = next((item for item in reversed(read) if item.end <= mention.start), None)
        chained = before is not None and before.kind == mention.kind and _JOIN.match(text[before.end : mention.start])
        if (
            chained
            and before is not None
            and not re.search(r"\b(?:but|have|passed)\b", text[before.end : mention.start])
        ):
            negated = before.negated
        else:
            negated = _is_denied(text, mention, before)
        negated = negated or (mention.kind == "exam" and bool(_NOT_AFTER.match(text[mention.end :])))
        read.append(Mention(mention.kind, mention.value, mention.start, mention.end, negated))
    return _spread_back(text, read)


def _is_denied(text: str, mention: Mention, before: Mention | None) -> bool:
    start = max(before.end if before else 0, mention.start - _REACH)
    if before is not None and before.kind == "exam" and (spent := _NOT_AFTER.match(text[before.end :])):
        start = max(start, before.end + spent.end())
    gap = text[start : mention.start]
    words = _PLACE_NOT if mention.kind in _PLACES else _NOT
    denials = list(words.finditer(gap))
    return bool(denials) and not _BREAK.search(gap[denials[-1].end() :])


def _spread_back(text: str, read: list[Mention]) -> tuple[Mention, ...]:
    """ "Step 1 and TOEFL not required" denies both."""
    for at in range(len(read) - 2, -1, -1):
        one, after = read[at], read[at + 1]
        joined = one.kind == after.kind == "exam" and _JOIN.match(text[one.end : after.start])
        if joined and after.negated and _NOT_AFTER.match(text[after.end :]):
            read[at] = Mention(one.kind, one.value, one.start, one.end, True)
    return tuple(read)


_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
}
_ORDINAL = re.compile(
    r"\b(first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th)\b"
    r"(?=\s*(?:one|programs?|options?|results?|hospital|school|place|card|and|or|vs\.?|with|[,&?!.]|$))|"
    r"(?:#|\bnumber |\bno\.? ?|\boption |\bprogram |\bresult )([1-5])\b",
    re.IGNORECASE,
)
_FIRST_N = re.compile(r"\b(?:first|top)\s+(two|three|four|2|3|4)\b", re.IGNORECASE)
_COUNTS = {"two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4}


def selection(text: str, shown: int) -> tuple[int, ...]:
    """Which of `shown` results a person points at ("the second one", "1 and 3", "the last"), counted from 1."""
    many = _FIRST_N.search(text)
    if many:
        return tuple(range(1, min(_COUNTS[many[1].lower()], shown) + 1))
    if re.search(r"\b(?:both|the two)\b", text, re.IGNORECASE) and shown >= 2:
        return (1, 2)
    found = [_ORDINALS[hit[1].lower()] if hit[1] else int(hit[2]) for hit in _ORDINAL.finditer(text)]
    if re.search(r"\b(?:the )?last (?:one|option|program|result)\b|\blast\W*$", text, re.IGNORECASE):
        found.append(shown)
    if not found and re.fullmatch(r"\W*[1-5](?:\s*(?:,|and|&|vs\.?|or)\s*[1-5])*\W*", text):
        found = [int(digit) for digit in re.findall(r"[1-5]", text)]
    return tuple(dict.fromkeys(at for at in found if 1 <= at <= shown))


MORE = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|yes|please|can you|could you|show|give|see|list|tell)\W+)*(?:me |us )?(?:some |a few |"
    r"any |the )?"
    r"(?:more|next|others?|other ones|rest|what else|anything else|else|another(?: one)?|further)"
    r"(?:\s+(?:results?|options?|programs?|ones?|page|please|five|5|of (?:them|those)|like (?:this|these|that)|"
    r"do you have|is there|are there|pls))*\W*$",
    re.IGNORECASE,
)
CHEAP = re.compile(
    r"\b(?:cheap(?:er|est)?|less expensive|lowest (?:price|cost|fee)s?|low(?:er)?[\s-](?:cost|price|fee)s?|affordable|"
    r"(?:sort|order)(?:ed)? by (?:price|cost|fee)|inexpensive|least expensive|too expensive|too much money|"
    r"too costly)\b",
    re.IGNORECASE,
)
FREE = re.compile(
    r"(?<!feel )(?<!hands-)(?<!hands )(?<!risk-)(?<!am )(?<!i'm )\bfree\b(?! time| of| in | from| on | to )|"
    r"\bfree of (?:charge|cost)\b|"
    r"\b(?:no|without(?: an?y?)?|zero|doesn'?t|don'?t|do not|not) (?:fees?|cost|charge|tuition|pay(?:ing|ment)?|"
    r"money)\b|\bunpaid\b|\b(?:for nothing)\b",
    re.IGNORECASE,
)
FOLLOW_UP = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|but|fine|hmm+|now|so|well|thanks|great|cool|yes|no)\W+)*(?:what about|how about|and\b|"
    r"only\b|just\b|also\b|or\b|"
    r"but\b|any\b|cheap|same\b|instead|not\b|without\b|remove|drop|add|with\b|in\b|more\b|other|another|"
    r"which of (?:them|these|those)|"
    r"do any|are any|is there (?:any )?(?:cheaper|one)|the ones?|those|these|ones?\b|what if|anywhere|make it|"
    r"change|try|switch)",
    re.IGNORECASE,
)
SEEKING = re.compile(
    r"\b(?:find|search|look(?:ing)?|show|list|which|where|who|want|need|give me|wanna|interested|suggest|"
    r"options for|is there|are there|"
    r"seeking|searching|programs?|programmes?|places?|hospitals?|schools?|help me)\b",
    re.IGNORECASE,
)
ALSO = re.compile(
    r"\b(?:also|too|as well|add|plus|in addition|along with|or even|include)\b|^\W*or\s+(?:in\s+|"
    r"maybe\s+)?\w+(?:\s\w+)?\W*$",
    re.IGNORECASE,
)
UNRESTRICTED = re.compile(
    r"\b(?:no|without|not|non|doesn'?t (?:need|require)|don'?t (?:need|require|have)|isn'?t|unaffiliated|"
    r"any school)\b[^.?!]{0,25}\b(?:affiliat\w*|partner\w*|agreement|exchange school)|\bunaffiliated\b",
    re.IGNORECASE,
)
VISA = re.compile(r"\b(j-?1|h-?1b|f-?1|b-?1(?:\s*/\s*b-?2)?|b-?2|esta)\b", re.IGNORECASE)
_DROP = (
    r"(?:\bany(?: kind of| type of)?|\bwhatever|\bremove|\bdrop|\bforget(?: about)?|\bignore|\bclear|\bdelete|"
    r"\bno matter(?: the| which| what)?|"
    r"\bregardless of|\b(?:don'?t|do not|dont) (?:really )?care(?: about| which| what)?|\b(?:doesn'?t|does not|dont|"
    r"don'?t) matter(?: which| what)?|\ball(?: the)?|"
    r"\bevery|\bwithout (?:a |the )(?=\w+ (?:filter|limit))|\bno (?=\w+ (?:filter|limit|preference)))"
)
_FACET_WORDS = {
    "states": r"states?|locations?|places?|city|cities|regions?|areas?|where",
    "specialties": r"special(?:i)?t(?:y|ies)|fields?|departments?",
    "budget": r"price|budget|cost|fees?|money|amount",
    "rotation_types": r"(?:rotation )?types?|kinds?",
    "exams": r"exams?|steps?(?: 1| 2)?|toefl|usmle|english(?: test)?",
    "weeks": r"durations?|lengths?|weeks?|how long",
    "start_month": r"dates?|months?|when|starts?(?: date)?|timing",
    "hands_on": r"hands[\s-]?on",
    "routes": r"routes?|vslo",
    "audience": r"audience|students? or graduates?",
}
_DROPPED = {
    name: re.compile(
        rf"{_DROP}\s+(?:the\s+|a\s+|my\s+)?(?:{words})\b|\b(?:{words})\s+(?:filter\s+)?(?:doesn'?t|does not|don'?t|"
        rf"is not|isn'?t) (?:matter|important)",
        re.IGNORECASE,
    )
    for name, words in _FACET_WORDS.items()
}
_ANYWHERE = re.compile(
    r"\b(?:any\s?where|everywhere|nationwide|wherever|all over(?: the)? (?:us|usa|country|states)|(?:whole|"
    r"entire) (?:us|usa|country)|"
    r"across the (?:us|usa|country))\b(?!\s+but)",
    re.IGNORECASE,
)
SKIP = re.compile(
    r"^\W*(?:skip(?: it| this)?|any(?:thing| one)?(?: is fine| works| will do)?|whatever|no preference|"
    r"(?:i )?(?:don'?t|do not|dont) (?:care|mind|know)|"
    r"(?:it )?(?:doesn'?t|does not|dont) matter|not sure(?: yet)?|i'?m not sure|idk|no idea|unsure|either|both|"
    r"all(?: of them)?|all fine|none|no|nope|open to (?:all|any(?:thing)?)|"
    r"undecided|haven'?t decided|maybe|not decided)\b",
    re.IGNORECASE,
)


def dropped(text: str) -> frozenset[str]:
    """The facets that a person takes back: "any state", "remove the price", "anywhere"."""
    found = {name for name, pattern in _DROPPED.items() if pattern.search(text)}
    if _ANYWHERE.search(text):
        found.add("states")
    return frozenset(found)
