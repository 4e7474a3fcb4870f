"""The words of reminders as people type them: asking, deleting, times of day, and the steps of a plan."""

# ruff: noqa: E501 (a pattern is easier to read in one piece)

from __future__ import annotations

import re
from datetime import time

from bot.nlu.date_words import NUMBER, UNIT

MORNING = time(9)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LEFT_OVER = frozenset({"for", "in", "on", "at", "by", "about", "of", "to", "me", "the"})
ASKING = re.compile(
    r"^.*?\b(?:remind(?:ers?|ed)?|notif(?:y|ication)|alert|text me|ping me|drop me a line|message me)\b(?: me)?(?: again)?[\s,:]*"
)
DELETE = re.compile(r"\b(?:delete|cancel|remove|stop|turn off|mute|no more|clear|off|don'?t|quit)\b")
ALL = re.compile(
    r"\b(?:all|every|each|whole)\b|\breminders? (?:for|of|about) (?:my|the) (?:time ?line|plan|deadlines|dates|milestones)\b|\bturn on\b"
)
PLURAL = re.compile(r"\breminders\b|\breminding\b|\beverything\b|\ball\b")
LIST = re.compile(
    r"\b(?:which|what|show|list|see|view|any|do i have|my)\b[^.?!]*\breminders\b|^\W*(?:my )?reminders\W*$"
)
IN_LIST = re.compile(r"(?:reminder|number|no\.?|#)\s*#?(\d{1,2})\b")
BEFORE = re.compile(
    rf"\b(?:(?P<n>{NUMBER})\s*(?P<unit>{UNIT})\s+|(?P<day>the (?:day|night|evening) )|(?P<soon>shortly |right |just |some time )?)(?:before|ahead of|prior to|in advance of)\s+(?P<anchor>.+)$"
)
WHEN = re.compile(r"\b(?:when|once|on the day|as soon as|at the time)(?: of| that| it is time for)?\s+(?P<anchor>.+)$")
HOURS = re.compile(rf"\bin (?:about )?(?P<n>{NUMBER}|half an)\s*(?P<unit>minutes?|mins?|hours?|hrs?)\b")
CLOCK = re.compile(
    r"\b(?:at|around|by)\s+(?P<h>\d{1,2})(?::(?P<m>\d\d))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?(?!\d|\s*(?:days|weeks|months|of))|\b(?P<word>noon|midday|in the evening|in the morning|tonight)\b"
)
WORDED = {
    "noon": time(12),
    "midday": time(12),
    "in the evening": time(19),
    "in the morning": MORNING,
    "tonight": time(20),
}
WEEKDAY = re.compile(
    rf"\b(?:(?P<which>next|this|on|coming|by)\s+)?(?P<name>{'|'.join(WEEKDAYS)}|mon|tues?|wed|thurs?|fri|sat|sun)\b"
)
DAY_OF_MONTH = re.compile(r"\bthe (?P<d>\d{1,2})(?:st|nd|rd|th)(?: of (?P<which>this|next) month)?\b")
SUBJECT = re.compile(r"\b(?:to|about|abt|regarding)\s+(?P<words>\S.*)$")
DATE_START = re.compile(
    rf"(?:on|in|at|by|next|this|tomorrow|today|tonight|the|around|before|\d|{'|'.join(WEEKDAYS)}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$)"
)
BEFORE_DATE = re.compile(r"(?:in|on|at|by|next|this|for|the|from|around|of|early|mid|late|\d{1,2}(?:st|nd|rd|th)?),?")
EVERY = re.compile(r"\b(?:every|each|daily|weekly|monthly)\b")
FILLER = re.compile(
    r"^(?:please|pls|my|the|a|an|on|in|at|by|about|of|for|to|that|i (?:must|have to|need to|should))\s+|[\s.,;:!?]+$"
)

STEPS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (step, re.compile(pattern))
    for step, pattern in (
        ("esta", r"\besta\b"),
        ("eras_token", r"\btoken\b|\bmyeras\b"),
        ("eras_review", r"\bprograms (?:open|review)"),
        ("eras_submit", r"\beras\b"),
        ("nrmp_registration", r"\bnrmp\b"),
        ("rank_list", r"\brank"),
        ("match_day", r"\bmatch day\b|\bthe match\b"),
        ("pathway", r"\bpathway"),
        ("certification", r"\bcertificat"),
        ("oet", r"\boet\b"),
        ("english_test", r"\btoefl\b|\bielts\b|\benglish\b"),
        ("step2ck_exam", r"\bstep\s?(?:2|two)|\bck\b"),
        ("step1_exam", r"\bstep\s?(?:1|one)\b|\busmle\b"),
        (
            "visa_booking",
            r"\b(?:book|pay|schedul)\w*\b.*\b(?:visa|interview|fee)|\bvisa (?:fee|appointment|application)",
        ),
        ("visa_interview", r"\bvisa\b|\bembassy\b|\bconsul|\binterview\b"),
        ("passport", r"\bpassport"),
        ("hepatitis_b", r"\bhepatitis|\bvaccin|\bimmuni[sz]"),
        ("tb_test", r"\btb\b|\btubercul"),
        ("letters", r"\bletters?\b|\blors?\b"),
        ("onboarding", r"\bonboarding|\bforms?\b"),
        ("documents", r"\bdocuments?\b|\bpapers\b|\btranscript"),
        ("decision", r"\baccept(?:ance|ed)|\binvitation"),
        ("apply", r"\bappl(?:y|ication|ying)|\bdeadline|\bsend it\b"),
        ("rotation_end", r"\b(?:end|last day)\b"),
        ("travel", r"\btravel|\bfl(?:y|ight)|\bhousing|\binsurance|\bleave\b"),
        ("rotation", r"\brotation|\bstart|\bbegin|\belective|\bobservership|\bexternship"),
    )
)
