"""What identifies a person goes; the numbers of the field stay."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.delivery.normalization import plain
from bot.delivery.personal.surroundings import MARKERS
from bot.delivery.redaction import first_address, redact
from tests.unit.delivery.samples import HARMLESS, PERSONAL

REMOVED = [
    ("write to ana.silva+us@med.example.edu please", "write to [e-mail] please"),
    ("ANA@EXAMPLE.COM", "[e-mail]"),
    ("(ana@example.co.uk)", "([e-mail])"),
    ("two: a@b.co, c_d@e-f.org.", "two: [e-mail], [e-mail]."),
    ("ana at gmail dot com", "[e-mail]"),
    ("ana [at] example [dot] org", "[e-mail]"),
    ("call me at +1 (555) 123-4567 tomorrow", "call me at [phone] tomorrow"),
    ("+919876543210", "[phone]"),
    ("+92 300 1234567", "[phone]"),
    ("my whatsapp is 98765 43210", "my whatsapp is [phone]"),
    ("212-555-0187", "[phone]"),
    ("(212) 555-0187 ok?", "[phone] ok?"),
    ("212.555.0187", "[phone]"),
    ("0300-1234567", "[phone]"),
    ("9876543210", "[phone]"),
    ("00971501234567", "[phone]"),
    ("phone: 555-0187", "phone: [phone]"),
    ("tel 4412345", "tel [phone]"),
    ("my number is 5550187.", "my number is [phone]."),
    ("I am Ana, 2125550187, graduate 2021", "I am Ana, [phone], graduate 2021"),
    ("my passport number is A1234567", "my passport number is [passport]"),
    ("passport no. AB1234567, valid until 2027", "passport no. [passport], valid until 2027"),
    ("Passport: 123456789", "Passport: [passport]"),
    ("A1234567 is my passport", "[passport] is my passport"),
    ("passport C01X00T47", "passport [passport]"),
    ("passport number K 1234567", "passport number [passport]"),
    ("passport x1234567 and mail a@b.org, tel 5550187", "passport [passport] and mail [e-mail], tel [phone]"),
]

KEPT = [
    "2027",
    "I graduated in 2021",
    "2019 2020 2021 2022",
    "2019-2020-2021",
    "from 2026-09-01 to 2026-12-31",
    "2026-09-01 10:30",
    "12.11.2026 - 14.12.2026",
    "01/09/2026",
    "September 1, 2026",
    "01-09-2026",
    "$3,000",
    "$ 1200000",
    "USD 5000000",
    "1500000 INR",
    "Rs. 2500000 for 4 weeks",
    "fees of 4,999.00 and 1,250.50",
    "my step 1 is 245 and step 2 ck 251",
    "scores 230 245 2021",
    "245, 251, 230",
    "TOEFL 104, OET 350 350 360 370",
    "AAMC ID 12345678",
    "my ERAS token is 12345678901",
    "USMLE ID 0-123-456-7",
    "ECFMG 1-023-456-7 number",
    "NRMP N0123456",
    "VSLO costs 15 per application",
    "J-1 or B-1/B-2 visa",
    "4 weeks, 8 weeks or 12 weeks",
    "is the I-20 or DS-2019 needed",
    "my passport is valid until 2027",
    "passport expires 05/2028 is that ok",
    "does my passport need 6 months of validity",
    "passport fee $1300000",
    "ZIP 10029",
    "3.1415926535",
    "me @ home",
    "@everyone",
    "see you at the dot",
    "what is the discount at Yale",
    "100-2000 beds",
    "24/7",
    "",
    "GPA 3.85/4.00",
    "1000 applicants for 25 places",
    "step1 step2ck",
    "😀👍",
    "مرحبا 2027",
]


SAMPLES = [(marker, text) for marker, texts in PERSONAL.items() for text in texts]
SENTENCES = (
    "{}",
    "({})",
    "Hello, I am Ana. {} Thanks!",
    "{}. Which programs take students?",
    "I want a rotation in 2027 in Texas and my step 2 ck is 250; {}, is that ok?",
    "two lines\n{}\nand a third",
)
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
DISGUISES = {
    "as it is": lambda value: value,
    "full-width": lambda value: value.translate(_FULL_WIDTH),
    "mathematical digits": lambda value: value.translate({48 + digit: 0x1D7CE + digit for digit in range(10)}),
    "zero-width spaces": "\u200b".join,
    "word joiners": "\u2060".join,
    "soft hyphens": "\u00ad".join,
    "variation selectors": "\ufe0f".join,
    "direction marks": lambda value: f"\u202a{value}\u202c",
    "keycaps": lambda value: value.translate({48 + digit: f"{digit}\ufe0f\u20e3" for digit in range(10)}),
    "no-break spaces": lambda value: value.replace(" ", "\u00a0"),
    "no-break hyphens": lambda value: value.replace("-", "\u2011"),
}
PIECES = [
    *(text.replace("<", "").replace(">", "") for _, text in SAMPLES),
    *HARMLESS,
    *MARKERS,
    *" \n.,;:()[]@+-/#$A0123456789",
    "passport ",
    "phone ",
    "AAMC ID ",
    "born ",
    "SSN ",
    "card ",
    " USD",
    "\u200b",
    "\ufe0f",
    "\u0661",
    "\uff15",
]


def taken_apart(text: str) -> tuple[str, str, str]:
    """What stands before the value, the value, and what stands after it."""
    before, _, rest = text.partition("<")
    value, _, after = rest.rpartition(">")
    return before, value, after


@pytest.mark.parametrize(("written", "kept"), REMOVED)
def test_personal_data_is_replaced(written: str, kept: str) -> None:
    assert redact(written) == kept


@pytest.mark.parametrize(("marker", "text"), SAMPLES)
def test_each_kind_is_found_however_it_is_written(marker: str, text: str) -> None:
    before, value, after = taken_apart(text)
    read = {
        (name, sentence): redact(sentence.format(before + disguise(value) + after))
        for name, disguise in DISGUISES.items()
        for sentence in SENTENCES
    }
    assert read == {key: key[1].format(before + marker + after) for key in read}


@pytest.mark.parametrize("written", [*KEPT, *HARMLESS])
def test_numbers_of_the_field_stay_untouched(written: str) -> None:
    assert redact(written) == written


@pytest.mark.parametrize("written", HARMLESS)
def test_numbers_of_the_field_stay_in_a_sentence(written: str) -> None:
    sentence = f"I ask about this: {written}, and about the visa"
    assert redact(sentence) == sentence


def test_there_are_enough_samples_to_mean_something() -> None:
    assert len(set(SAMPLES)) >= 150
    assert len(set(HARMLESS)) >= 150
    assert set(PERSONAL) == set(MARKERS)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("card 4532 0151 1283 0366, iban DE89370400440532013000", "card [card], iban [bank account]"),
        ("DOB 15/03/1995, start 15/03/2027", "DOB [birth date], start 15/03/2027"),
        ("SSN 536-90-4399 and A-number A123456789", "SSN [national id] and A-number [A-number]"),
        ("a@b.org, +12125550187, N0012345678, K1234567", "[e-mail], [phone], [SEVIS id], [passport]"),
        ("my AAMC ID is 12345678 and my phone 2125550187", "my AAMC ID is 12345678 and my phone [phone]"),
    ],
)
def test_several_kinds_in_one_message(written: str, kept: str) -> None:
    assert redact(written) == kept


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("ana(at)gmail.com", "ana@gmail.com"),
        ("ana @ example . org", "ana@example.org"),
        ("ana@ex\u200bample.org", "ana@example.org"),
        (
            "ana\uff20example\uff0eorg",
            "ana@example.org",
        ),
        ("ana at the rate gmail dot com", "ana@gmail.com"),
        ("a n a @ g m a i l . c o m", "ana@gmail.com"),
        ("my number is 2125550187", ""),
    ],
)
def test_a_disguised_address_can_be_written_to(written: str, address: str) -> None:
    assert first_address(written) == address


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_redacting_twice_changes_nothing_more(written: str) -> None:
    assert redact(redact(written)) == redact(written)


@given(st.text(max_size=200) | st.text("0123456789@+-.() A[]<#", max_size=200))
def test_whatever_comes_is_redacted_without_an_error_and_for_good(written: str) -> None:
    once = redact(written)
    assert redact(once) == once
    assert len(once) <= 3 * len(plain(written)) + max(map(len, MARKERS))


@given(st.text(st.characters(exclude_categories=["Nd"], exclude_characters="@\uff20﹫<\uff1c﹤"), max_size=200))
@example("look \u200bat it")
def test_text_without_digits_and_signs_is_only_made_plain(written: str) -> None:
    text = plain(written)
    if "@" not in text and not any(letter.isdecimal() for letter in text) and "dot" not in text.lower():
        assert redact(written) == text


UNITS = [
    "a",
    "1",
    "1 ",
    " ",
    "@",
    "a.",
    "a@",
    "a@a.",
    "a at ",
    "passport ",
    "(",
    "+1-",
    "+",
    "A1234567 ",
    "-.",
    "\u0661",
    "\uff11",
    "1234567, ",
    "phone 1234567 ",
    "2125550187 ",
    "917 230 1234, ",
    "4532 0151 1283 0366 ",
    "4111 ",
    "GB82 ",
    "GB82WEST",
    "born in ",
    "born 1/1/",
    "DOB ",
    "15 March ",
    "A-number ",
    "SSN ",
    "N00",
    "AAMC ID ",
    "https://",
    "\u200b",
    "a\u200d",
    "\u200d",
    "\u0627\u200d\u200d",
    "5\u200d\u200d\ufe0f",
    "👩\u200d",
    "½",
    "<",
    "A<",
    "a dot ",
    "a@b dot ",
    "( at ",
    "1.",
    "1-",
    "card ",
    "card 1",
    "a @ ",
    "at the rate of ",
    "5 4 ",
]


@pytest.mark.parametrize("unit", UNITS)
def test_the_longest_message_takes_a_moment(unit: str) -> None:
    """20 ms, or as many times a message of plain words where a processor is slower than the one of that figure."""
    text, plain = ((words * 2_000)[:2_000] for words in (unit, "may I rotate in the summer of next year "))
    assert min(_seconds(text) for _ in range(3)) < max(0.02, 300 * min(_seconds(plain) for _ in range(3)))


@pytest.mark.parametrize("unit", UNITS)
def test_long_text_takes_linear_time(unit: str) -> None:
    assert _seconds((unit * 20_000)[:20_000]) < 1.0


def _seconds(text: str) -> float:
    """Of this thread alone, for others may use the machine at the same time."""
    started = time.thread_time()
    redact(text)
    return time.thread_time() - started


def test_the_document_names_each_marker() -> None:
    document = Path("docs/privacy.md").read_text(encoding="utf8")
    assert {marker for marker in MARKERS if f"`{marker}`" in document} == set(MARKERS)
