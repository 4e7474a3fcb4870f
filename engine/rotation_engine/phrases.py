"""What no list of terms can say: years of graduation, visa situations, stages of a career, and words in context.

Each rule is (kind, value, pattern). Patterns ignore case unless they say otherwise. The span of a rule is its whole match,
or its first group when there is a group "span" or when the value itself stands in the text (value None).
Texts come with straight apostrophes.
"""

# ruff: noqa: E501 - a pattern in one line is easier to check than one in pieces.

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

YEAR = r"((?:19[89]|20[0-3])\d)"
HAVE = r"(?:have|has|got|hold|holding|having|possess)"
SOME_VISA = (
    r"(?:(?:valid|us|u\.s\.|usa|american|tourist|visitor|visitors|visit|student|business|multiple[- ]entry|10[- ]year|ten[- ]year"
    r"|b-?1|b-?2|b-?1\s?/\s?b-?2|b1b2|f-?1|f-?2|j-?1|j-?2|h-?1b|h-?4)\s+)*"
)
VISA_CLASS = r"(?:b-?1\s?/\s?b-?2|b1b2|b-?1|b-?2|f-?1|j-?1|h-?1b|h-?4)"
NTH = r"(?:3rd|4th|5th|6th|third|fourth|fifth|sixth)"
NOT_ASKED = r"(?<!do )(?<!would )(?<!will )(?<!does )"


@dataclass(frozen=True)
class Found:
    """A thing found in a text: `kind` and canonical `value`, from `start` to `end` in characters."""

    kind: str
    value: str
    start: int
    end: int


def _rule(
    kind: str, value: str | None, pattern: str, flags: int = re.IGNORECASE
) -> tuple[str, str | None, re.Pattern[str]]:
    return kind, value, re.compile(pattern, flags)


RULES = [
    _rule("graduation_year", None, rf"\b(?:yog|y\.o\.g\.?|year of graduation)\s*(?:is|was|of|in|:|=|-)?\s*{YEAR}\b"),
    _rule(
        "graduation_year",
        None,
        r"\b(?:graduat(?:ed|ing|e|ion)|passed out|pass out|passout|finish(?:ed|ing)? (?:my )?(?:med(?:ical)? school|mbbs|md|degree|studies)"
        r"|(?:got|completed|received) my (?:degree|mbbs|md|diploma))"
        rf"(?:\s+(?:from )?(?:med(?:ical)? school|mbbs|college|university))?(?:\s+(?:was|is|back))?\s+(?:in|on|of|year)?\s*(?:\w{{3,9}}\s+)?{YEAR}\b",
    ),
    _rule("graduation_year", None, rf"\b(?:class|batch) of\s+{YEAR}\b"),
    _rule("graduation_year", None, rf"\b{YEAR}\s+(?:grads?|graduates?|graduation|passout|pass out|yog|batch)\b"),
    # Has not graduated: still a student, whatever the word "graduate" suggests.
    _rule(
        "career_stage",
        "student",
        r"\b(?:(?:have|has|had)(?:n'?t| not)(?: yet)?|(?:am|are|is|'m|im)(?: not| yet to)|not yet|not|yet to|before i|until i|till i|once i|when i|after i"
        r"|will|going to|gonna|about to|expect(?:ed|ing)? to)\s+(?:even\s+|yet\s+|a\s+|be\s+)?graduat(?:ed?|ing)\b(?:\s+yet)?",
    ),
    _rule(
        "career_stage",
        "student",
        rf"\b{NTH}[- ](?:and (?:last|final) )?(?:yr|year)(?:\s+(?:of\s+)?(?:med(?:ical)?|mbbs|md|student)(?:\s+(?:school|student))?)?\b",
    ),
    _rule("career_stage", "student", rf"\b{NTH}\s+(?:year\s+)?of\s+(?:my\s+)?(?:5|6|7|five|six|seven)(?:\s+years?)?\b"),
    _rule("career_stage", "student", r"\byear\s+[3-6]\b(?:\s+of\s+(?:[5-7]|med(?:ical)? school))?"),
    _rule("career_stage", "student", r"\b(?:MS|M|OMS)-?[1-4]\b", 0),
    _rule("career_stage", "student", r"\b(?:ms|oms)-?[34]\b"),
    _rule(
        "career_stage",
        "student",
        r"\b(?:i'?m|i am|im) (?:still )?(?:in|doing|studying) (?:my )?(?:med(?:ical)? school|mbbs|medicine)\b",
    ),
    _rule(
        "career_stage",
        "graduate",
        r"\b(?:i'?m|i am|im)(?: already)? an? (?:doctor|physician|gp|general practitioner|resident|surgeon)\b",
    ),
    _rule(
        "career_stage",
        "graduate",
        r"\b(?:finish(?:ed)?|complet(?:ed|e)|done with|did) (?:my |the )?(?:med(?:ical)? school|mbbs|house job|medical degree|degree|internship year)\b",
    ),
    _rule(
        "career_stage",
        "graduate",
        r"\b(?:[2-9]|1\d|two|three|four|five|six|seven|eight|nine|ten) (?:years?|yrs?) (?:post|after|since|out of) (?:graduat\w+|med(?:ical)? school)\b",
    ),
    # Questions about visas ("do I need a visa?") say nothing about the person's own.
    _rule("visa_status", "exempt", r"\besta\b|\bvisa[- ]waiver\b|\bvwp\b"),
    _rule(
        "visa_status",
        "exempt",
        r"\bgreen[- ]?card\b|\b(?:us|u\.s\.|usa|american|canadian) (?:citizen(?:ship)?|passport|national)\b|\bpermanent resident\b",
    ),
    _rule(
        "visa_status",
        "exempt",
        r"\bi (?:don'?t|do not|dont|won'?t|wouldn'?t) need (?:a |any )?(?:us )?visa\b|\bvisa[- ]exempt\b",
    ),
    _rule(
        "visa_status",
        "needs",
        rf"\b(?:don'?t|do not|dont|doesn'?t|haven'?t|not|didn'?t|never)(?: (?:yet|even|currently|really))? (?:have|got|get|had|applied for|gotten|received)(?: (?:a|any|my|the|an))? {SOME_VISA}visa\b(?: yet)?",
    ),
    _rule(
        "visa_status",
        "needs",
        r"(?<!needs )(?<!need )(?<!requires )(?<!require )(?<!there's )\b(?:no|without(?: an?| any)?) (?:us |valid )?visa\b(?! (?:interview|sponsor|support|help|letter|required|requirement|needed|necessary|appointment))(?: yet)?",
    ),
    _rule(
        "visa_status",
        "needs",
        rf"{NOT_ASKED}\b(?:i|we|i'll|i will|i would|i still|i also) (?:will |would |still |also |do )?need (?:to (?:get|apply for|obtain) )?(?:a |an |my )?{SOME_VISA}visa\b",
    ),
    _rule("visa_status", "needs", r"\bvisa (?:was |got |is |has been )?(?:refused|denied|rejected|expired)\b"),
    _rule(
        "visa_status",
        "has",
        rf"(?<!not )(?<!n't )(?<!dont )(?<!do i )(?<!to )\b(?:already |currently |i |we )*{HAVE} (?:already )?(?:a |an |my |the )?(?:{SOME_VISA}visa|{VISA_CLASS})\b(?! (?:interview|appointment|question|problem|issue))",
    ),
    _rule(
        "visa_status",
        "has",
        rf"\b(?:i'?m|i am|im|here|currently|living|already) (?:in the us |already |here )*on (?:a |an |my )?{SOME_VISA}(?:{VISA_CLASS}|visa)\b",
    ),
    _rule(
        "visa_status",
        "has",
        r"\b(?:my |the )?visa (?:is |was |got |has been |already )+(?:approved|issued|granted|stamped|valid|ready|done|sorted)\b",
    ),
    # "im" is mostly "I'm": internal medicine only in front of what one does in a specialty.
    _rule(
        "specialty",
        "internal medicine",
        r"\b(?P<span>im)(?=\s*(?:/|&|,|and\s+(?:fm|peds|surgery)|rotations?\b|electives?\b|observerships?\b|externships?\b|residency|sub-?i|clerkships?|programs?\b|ward|dept))",
    ),
    _rule(
        "specialty",
        "emergency medicine",
        r"\b(?P<span>em)(?=\s+(?:rotations?|electives?|observerships?|externships?|residency|sub-?i|clerkships?|programs?)\b)",
    ),
    _rule("specialty", "family medicine", r"\bfm\b"),
    # Cities named like common things count only with their state.
    _rule("city", "Mobile", r"\b(?P<span>[Mm]obile)(?=,?\s+(?:AL\b|[Aa]labama))", 0),
    _rule("city", "Temple", r"\b(?P<span>[Tt]emple)(?=,?\s+(?:TX\b|[Tt]exas))", 0),
]

# Two capitals that are also English words or titles ("OK", "MD"): a state only after a place word or a comma.
DOUBTFUL_STATES = frozenset({"OK", "OR", "IN", "ME", "HI", "MD", "ID", "CO", "DE", "PA", "MS", "AL", "MA", "ER", "ED"})
PLACE_BEFORE = re.compile(
    r"(?:\b(?:in|near|from|around|to|at|for|and|or|outside|inside|within)|[,/(]|\b[A-Z]{2}\s*[,/]?)\s*$"
)


def find_phrases(text: str) -> Iterator[Found]:
    """Everything that the rules find, overlaps included."""
    for kind, value, pattern in RULES:
        for match in pattern.finditer(text):
            start, end = match.span(1 if value is None or "span" in pattern.groupindex else 0)
            yield Found(kind, value or match.group(1), start, end)


def reads_as_place(text: str, start: int) -> bool:
    """Whether the words before `start` announce a place ("in OK", "Tulsa, OK"; not "OK, thanks")."""
    return bool(PLACE_BEFORE.search(text[:start]))
