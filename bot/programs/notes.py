"""What the notes of a program say about one fact: the sentences that speak of it, short enough to be quoted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z0-9])")
_CLAUSE = re.compile(r"(?:[,;:]|(?<=[a-z)])\.)\s+(?![^()]*\))")
_WORD = re.compile(r"[a-z0-9]{3,}")
_NOT_NOW = re.compile(
    r"\b(?:currently|now|temporarily|at present|for now)\b[^.]{0,30}\b(?:not|no|closed|paused|suspended)\b"
    r"|\b(?:paused|suspended|on hold|discontinued)\b|\bwas ended\b|\bno longer (?:offered|runs|taken|open|accepts?)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![\d.,-])\d{1,3}(?:,\d{3})+(?![\d-])|(?<![\d.,-])\d+(?![\d-])")
_MOST_WORDS = 45
_LEAST_SHARED = 2
_STEM = 5
_FEW = 0.04
_ABOUT = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "housing": r"housing|lodging|accommodation|dormitor|room and board|\brent\b",
        "stipend": r"stipend|salary|nothing is paid|funded|\bgrant|unpaid|scholarship",
        "acceptance_rate": r"applications a year|\bplaces\b|\bspots\b|competitive|\bchosen\b|only \d+ ",
        "schedule": r"\bhours|a\.m\.|p\.m\.|weekday|weekend|night",
        "certificate": r"certificate",
        "refund": r"refund|return(?:s|ed)\b|\bkept\b|cancel",
        "payment": r"instal?l?ment|credit card|payable|bank transfer|\bpaid (?:by|in|with)\b",
        "reply_time": r"\brepl(?:y|ies)\b|\brespon[ds]|\bnotif|\bdecisions?\b|\bhears?\b|\banswers? (?:in|within)\b",
        "includes": r"\binclud",
        "insurance": r"insurance|malpractice|liabilit|health cover",
        "vaccines": r"immuni[sz]|vaccin|\btiters?\b|\bTB\b|tubercul|flu shot",
        "background": r"background (?:check|screen)|drug (?:screen|test)|criminal",
        "year": r"\b(?:final|last|fourth|third|4th|3rd|fifth|sixth|senior)[- ]years?\b|core clerkship|clinical year",
        "cv": r"\bCV\b|curriculum vitae|r[eé]sum[eé]",
        "transcript": r"transcript|grade",
        "statement": r"statement|motivation|cover letter|letter of intent",
        "passport": r"passport",
        "good_standing": r"good standing|dean's (?:letter|certif)|dean certif",
        "contact": r"e-?mail|phone|(?<!patient )contact (?:person|address|the|them|details)",
        "english": r"TOEFL|English|IELTS|\bOET\b",
        "step1": r"Step 1|IFOM|USMLE|ECFMG",
        "step2ck": r"Step 2|USMLE|ECFMG",
        "fee": (
            r"(?<!application )(?<!processing )\bfees?\b|tuition|\bcosts?\b|charge|free of charge|\bpay\b|"
            r"USD [\d,]+ per|[\d,]+ USD (?:per|a|for)"
        ),
        "application_fee": r"application fee|processing fee|registration fee|\bapplication\b.*\bUSD\b",
        "visa": r"\bvisas?\b|ESTA|B-1|B-2|J-1|I-20|DS-",
        "lor": r"letters? of recommendation|recommendation letter|\bLOR\b|evaluation",
        "lead": r"deadline|\bdue\b|in advance|\bahead\b|before the start|(?:weeks?|months?) before|apply by|rolling",
        "duration": (
            r"(?:last|stay|long|rotation|elective|block|up to|at most|minimum|maximum)[^.]{0,40}\b(?:weeks?|months?)\b|"
            r"\d+-week|-month\b|(?:at most|up to|only) [a-z0-9]+ (?:hours|days)"
        ),
        "documents": r"insurance|immuni[sz]|vaccin|transcript|dean's letter|background check|health cover|\bCV\b",
        "hands_on": (
            r"hands-on|patient contact|observ(?:e|ing) only|shadow|touch|interview|triage|procedures?\b|scrub|"
            r"examin|\bnotes in the\b|take (?:a )?histor"
        ),
        "specialties": r"department|specialt|divisions?|service",
        "route": r"appl(?:y|ies|ication|ied)|\bVSLO\b|portal|nominat|through|department decides",
        "ecfmg": r"ECFMG",
        "graduated": r"years? (?:since|of|after) graduation|(?:within|last) \w+ years\b|graduated",
        "citizenship": r"\bcitizen|permanent resident|green card",
        "residency": r"residency (?:applicant|candidate|seeker|position)|aiming at|seeking (?:a )?residency",
        "agreement": r"\bagreement|\baffiliat|\bpartner",
        "decided_by": r"\bsponsor|\bapprov|\bdecides?\b|\bmentor|must agree|invites?\b",
        "conditions": (
            r"\bonly (?:for|those|US|graduates|students|citizens)\b|\brequired\b|\bmust\b|"
            r"\bneeds?\b (?:an?|one|two|the)\b|years? (?:since|of graduation)|(?:within|last) \w+ years\b|"
            r"\bno medical students\b|not (?:for|in) |refused|aiming at|ECFMG cert"
        ),
        "restriction": r"\bonly\b|partner|affiliat|agreement|exchange|consort|must be|closed to|not (?:taken|open)",
    }.items()
}


_PRICE = re.compile(
    r"USD ?\d|\d ?USD|\$ ?\d|\bfree\b|nothing is charged|waived|"
    r"\bno (?:fees?|charge|cost|tuition)\b|\bpays? (?:nothing|only)\b",
    re.IGNORECASE,
)


def quoted(notes: str, topic: str, *, most: int = 2) -> str:
    """The sentences of some notes about a fact, at most `most`; empty where they say nothing of it."""
    pattern = _ABOUT.get(topic)
    found = [part for part in sentences(notes) if pattern and pattern.search(part)]
    return first_words(" ".join(found[:most]))


def speaks_of(sentence: str, topic: str) -> bool:
    """Whether a sentence is about a fact."""
    return bool(_ABOUT[topic].search(sentence))


def names_price(note: str) -> bool:
    """Whether some notes say what is to be paid, or that nothing is."""
    return bool(_PRICE.search(note)) or not note


def warning(notes: str) -> str:
    """The sentence that says that something is not open now; empty where none does."""
    return next((part for part in sentences(notes) if _NOT_NOW.search(part)), "")


def spoken_of(notes: str, words: Iterable[str], *, telling: frozenset[str] = frozenset()) -> str:
    """The sentence of some notes that shares the most of these words, two at least; empty where none does.

    One shared word is enough where it is a `telling` one (see `telling_words`); the ends of words do not count.
    """
    asked = frozenset(map(_stem, words))
    shared = {part: asked & _words(part) for part in sentences(notes)}
    best = max(shared, key=lambda part: len(shared[part]), default="")
    is_found = len(shared.get(best, ())) >= _LEAST_SHARED or bool(shared.get(best, frozenset()) & telling)
    return first_words(best) if is_found else ""


def with_figures(notes: str, figures: Iterable[int]) -> str:
    """The first sentence of some notes that names one of these figures ("1,200"); empty where none does."""
    wanted = set(figures)
    return next((first_words(part) for part in sentences(notes) if wanted & set(_figures(part))), "")


def _figures(text: str) -> list[int]:
    return [int(found.replace(",", "")) for found in _FIGURE.findall(text)]


def telling_words(notes: Sequence[str]) -> frozenset[str]:
    """The words, without their ends, that few of all notes have: who asks with one of them asks for that note."""
    found = Counter(word for note in notes for word in _words(note) if len(word) == _STEM)
    return frozenset(word for word, count in found.items() if count <= max(1, len(notes) * _FEW))


def _words(text: str) -> frozenset[str]:
    return frozenset(map(_stem, _WORD.findall(text.lower())))


def _stem(word: str) -> str:
    """A word without its end: "cancel" and "cancellation" are one."""
    return word[:_STEM]


def shortened(notes: str, *, most: int = 2) -> str:
    """The first sentences of some notes."""
    return first_words(" ".join(sentences(notes)[:most]))


def sentences(notes: str) -> list[str]:
    """The sentences of some notes."""
    return [part.strip() for part in _SENTENCE.split(notes) if part.strip()]


def first_words(text: str) -> str:
    """A text cut behind a sentence where it is too long to be quoted; within its first one where that is too long."""
    first, *rest = sentences(text) or [""]
    said = first
    for part in rest:
        if len(f"{said} {part}".split()) > _MOST_WORDS:
            break
        said = f"{said} {part}"
    words = said.split()
    return said if len(words) <= _MOST_WORDS else " ".join(words[:_MOST_WORDS]) + "…"


def clause(note: str, topic: str) -> str:
    """The clauses of some notes that speak of a fact, without what else their sentences list."""
    parts = [part.strip(" ,;.") for part in _CLAUSE.split(note)]
    return "; ".join(part for part in parts if part and _ABOUT[topic].search(part))
